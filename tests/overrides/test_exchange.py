"""How a call ended: a result or an error."""

from __future__ import annotations

import pytest

from blooio_client import calls
from blooio_client.types import UNSET
from blooio_overrides._call.exchange import Exchange, Options
from blooio_overrides._call.failures import CallState
from blooio_overrides._call.operations import Repeat
from blooio_overrides._call.outcome import Failure, Outcome, Response
from blooio_overrides.errors import ConnectionFailedError, NotFoundError, UnexpectedResponseError
from blooio_overrides.results import RawResponse

CHAT = calls.get_chat("+15551234567")


def exchange(outcome: Outcome) -> Exchange:
    """A call that ended with an outcome at its first attempt."""
    return Exchange(CallState(CHAT, Repeat.SAFE, None, attempts=1), outcome, expired=False)


def test_a_result_is_read() -> None:
    """A valid 2xx is parsed into the model of its call."""
    chat = exchange(Response(200, {}, b'{"id":"+15551234567","new":1}')).result(CHAT)

    assert (chat.id, chat.additional_properties) == ("+15551234567", {"new": 1})


def test_a_call_built_by_hand_may_return_no_body() -> None:
    """A 204 to a call built by hand is None."""
    call = CHAT.build("DELETE", "/somewhere")
    ended = Exchange(CallState(call, Repeat.ONCE, None, attempts=1), Response(204, {}, b""), expired=False)

    assert ended.result(call) is None


def test_a_failure_is_raised_with_its_cause() -> None:
    """Without a response, every access raises an error with the transport's exception as its cause."""
    cause = OSError("no route")
    ended = exchange(Failure("the connection failed", sent=False, timed_out=False, cause=cause))

    for ask in (ended.response, ended.successful_response, ended.raw):
        with pytest.raises(ConnectionFailedError) as caught:
            ask()
        assert caught.value.__cause__ is cause


def test_an_error_status_is_raised() -> None:
    """A non-2xx response raises an error, but is available raw."""
    ended = exchange(Response(404, {"a": "b"}, b'{"error":"x"}'))

    with pytest.raises(NotFoundError):
        ended.result(CHAT)
    assert ended.response().status == 404


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        *((body, True) for body in (b"", b"[]", b"null", b"{}", b'{"id":null}')),
        *((body, None) for body in (b"<html>", b'{"id":', b"\xff")),
    ],
)
def test_a_2xx_that_cannot_be_the_result_is_raised(body: bytes, *, sent: bool | None) -> None:
    """A 2xx without required fields raises an error with the raw response; if it is not JSON, it may be a proxy's."""
    with pytest.raises(UnexpectedResponseError) as caught:
        exchange(Response(200, {"a": "b"}, body)).result(CHAT)

    assert (caught.value.status, caught.value.headers, caught.value.body) == (200, {"a": "b"}, body)
    assert caught.value.sent is sent


@pytest.mark.parametrize(("body", "expected"), [(b'{"error":"x"}', {"error": "x"}), (b"<html>", None), (b"null", None)])
@pytest.mark.parametrize("status", [200, 302, 404, 503])
def test_a_raw_response_raises_nothing(status: int, body: bytes, expected: object) -> None:
    """Every response is available raw, with its JSON parsed."""
    assert RawResponse(status, {"a": "b"}, body, expected) == exchange(Response(status, {"a": "b"}, body)).raw()


def test_options_are_unset_by_default() -> None:
    """A call without options uses those of its client."""
    assert (Options().timeout, Options().headers) == (UNSET, None)
