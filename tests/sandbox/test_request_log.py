"""Requests as people read them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from blooio_sandbox.ledger import RecordedRequest
from blooio_sandbox.request_log import describe

MOMENT = datetime(2026, 11, 1, 12, 30, 5, tzinfo=UTC)


def _record(**values: Any) -> RecordedRequest:
    basic: dict[str, Any] = {"method": "POST", "raw_path": "/v2/api/x", "query": "", "headers": {}, "raw_body": b""}
    basic |= {"duration_ms": 3, **values}
    return RecordedRequest(**basic)


def test_a_request_is_one_line() -> None:
    """Time, method, path, operation, status and duration."""
    record = _record(query="limit=1", operation="sendMessage", status=202, raw_answer=b'{"status": "queued"}')

    assert describe(record, at=MOMENT) == "12:30:05 POST   /v2/api/x?limit=1  sendMessage  202  3 ms"


def test_a_refusal_says_why() -> None:
    """The message of the error is part of the line."""
    record = _record(status=404, raw_answer=b'{"error": "ApiError", "message": "Not found", "status": 404}')

    assert describe(record, at=MOMENT) == "12:30:05 POST   /v2/api/x  -  404 (Not found)  3 ms"


def test_a_dropped_connection_has_no_status() -> None:
    """Nothing was answered."""
    assert "connection dropped" in describe(_record(), at=MOMENT)


def test_bodies_are_shown_without_secrets() -> None:
    """Keys and signing secrets are masked wherever they stand."""
    answer = b'{"list": [{"signing_secret": "whsec_1"}], "api_key": "k"}'
    record = _record(raw_body=b'{"text": "Hi"}', status=200, raw_answer=answer)
    lines = describe(record, with_bodies=True).splitlines()

    assert lines[1:] == ['    > {"text": "Hi"}', '    < {"list": [{"signing_secret": "***"}], "api_key": "***"}']


def test_long_and_binary_bodies_are_cut() -> None:
    """A terminal is spared."""
    binary = describe(_record(raw_body=b"\xff" * 10, status=400), with_bodies=True)
    long = describe(_record(raw_body=b'"' + b"x" * 5000 + b'"', status=400), with_bodies=True)

    assert "    > 10 bytes that are no JSON" in binary
    assert "... (5002 characters)" in long


def test_a_terminal_gets_plain_characters_only() -> None:
    """Whatever a path holds, no control sequence comes out of it."""
    assert "\\x9b" in describe(_record(raw_path="/\x9b31m", status=404), at=MOMENT)
