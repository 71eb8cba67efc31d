"""What responses and failures mean."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import BROKEN, NOT_SENT, SLOW

from blooio_overrides._call.outcome import (
    UNREADABLE,
    Failure,
    Problem,
    Response,
    is_transient,
    is_unknown,
    read_problem,
)

THROTTLED = b'{"error":"ApiError","status":429}'
QUOTA = b'{"error":"ApiError","status":429,"code":"outbound_limit_reached"}'


def response(status: int, body: bytes = b"{}") -> Response:
    """A response with only a status and a body."""
    return Response(status, {}, body)


@pytest.mark.parametrize("failure", [NOT_SENT, BROKEN, SLOW])
def test_failures_of_the_transport_are_transient(failure: Failure) -> None:
    """Connection failures and read timeouts are transient."""
    assert is_transient(failure) is True


@pytest.mark.parametrize("status", [408, 425, 500, 502, 503, 504])
@pytest.mark.parametrize("body", [b"", b"<html>", b"{}", QUOTA])
def test_transient_statuses(status: int, body: bytes) -> None:
    """Timeouts and most server errors are transient, with any body."""
    assert is_transient(response(status, body)) is True


@pytest.mark.parametrize("status", [200, 202, 301, 302, 400, 401, 402, 403, 404, 405, 409, 410, 413, 422, 501, 505])
@pytest.mark.parametrize("body", [b"", b"{}", THROTTLED])
def test_permanent_statuses(status: int, body: bytes) -> None:
    """Every other status is permanent."""
    assert is_transient(response(status, body)) is False


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", True),
        (b"<html>", True),
        (THROTTLED, True),
        (b'{"code":null}', True),
        (b'{"code":""}', True),
        (b'{"code":"  "}', True),
        (b'{"code":true}', True),
        (b'{"code":429}', True),
        (b'{"error":{"code":"429"}}', True),
        (QUOTA, False),
        (b'{"error":{"code":"slow_down"}}', False),
        (b'{"code":1013}', False),
    ],
)
def test_a_429_is_transient_unless_it_has_a_code(body: bytes, expected: bool) -> None:
    """A 429 without a code is transient; one with a code is a quota."""
    assert expected is is_transient(response(429, body))


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (NOT_SENT, False),
        (BROKEN, True),
        (SLOW, True),
        *((response(status), False) for status in (200, 201, 202, 204, 400, 401, 402, 403, 404, 422, 425, 429)),
        *((response(status), True) for status in (100, 301, 302, 307, 408, 409, 500, 502, 503, 504, 599)),
    ],
)
def test_unknown_outcomes(outcome: Response | Failure, expected: bool) -> None:
    """408, 409, 5xx, redirects and broken connections have an unknown outcome."""
    assert expected is is_unknown(outcome)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"error": "no such chat", "status": 404}, Problem(None, "no such chat", {})),
        ({"error": "Bad", "message": "text is empty", "status": 400}, Problem(None, "text is empty", {})),
        (
            {"error": "ApiError", "message": "no", "status": 429, "code": "outbound_limit_reached", "limit": 20},
            Problem("outbound_limit_reached", "no", {"limit": 20}),
        ),
        ({"error": "ApiError"}, Problem(None, "ApiError", {})),
        ({"error": "Coming soon", "message": "not yet"}, Problem(None, "not yet", {})),
        ({"id": "+15551234567", "name": "Ann"}, Problem(None, None, {"id": "+15551234567", "name": "Ann"})),
        (
            {"error": {"code": "gone", "message": "it is gone", "details": {"since": 5}}},
            Problem("gone", "it is gone", {"since": 5}),
        ),
        ({"error": {"code": "gone", "details": ["no object"]}}, Problem("gone", None, {})),
        ({"error": {}}, Problem()),
        ({"error": None, "message": None, "code": None, "status": None}, Problem()),
        ({"error": 5, "message": ["x"], "code": {}}, Problem()),
        ({"code": 1013}, Problem("1013", None, {})),
        ({"code": 1.5}, Problem()),
        ({}, Problem()),
        ([], Problem()),
        (None, Problem()),
        ("no", Problem()),
        (UNREADABLE, Problem()),
    ],
)
def test_error_bodies_of_every_known_shape(body: Any, expected: Problem) -> None:
    """Flat, nested, partial and unknown error bodies yield their code, message and details."""
    assert expected == read_problem(body)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(st.text() | st.sampled_from(["error", "code", "message", "details", "status"]), x)
        ),
    )
)
def test_no_error_body_raises(body: Any) -> None:
    """Any JSON in an error body is accepted, and code and message are non-empty strings."""
    problem = response(429, json.dumps(body).encode()).problem

    assert problem.code is None or problem.code.strip()
    assert problem.message is None or problem.message


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b'{"message_id":', b"\xff\xfe\x00", b"[" * 100_000, b"9" * 5_000, b"{'a': 1}"],
    ids=["empty", "html", "cut", "no-text", "deep", "digits", "python"],
)
def test_a_body_that_is_not_json_is_unreadable(body: bytes) -> None:
    """A body that is not JSON is UNREADABLE, and raises nothing."""
    assert response(500, body).json is UNREADABLE


@pytest.mark.parametrize(("body", "expected"), [(b"null", None), (b"[]", []), (b'{"a":1}', {"a": 1}), (b" 5 ", 5)])
def test_a_body_that_is_json_is_read(body: bytes, expected: object) -> None:
    """A JSON value of any kind is parsed."""
    assert expected == response(500, body).json
