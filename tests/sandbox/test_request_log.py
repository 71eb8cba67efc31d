"""The request log."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from blooio_sandbox.api.ledger import RecordedRequest
from blooio_sandbox.api.request_log import describe, describe_delivery
from blooio_sandbox.deliveries.posting import DeliveryAttempt

MOMENT = datetime(2026, 11, 1, 12, 30, 5, tzinfo=UTC)


def _record(**values: Any) -> RecordedRequest:
    basic: dict[str, Any] = {"method": "POST", "raw_path": "/v2/api/x", "query": "", "headers": {}, "raw_body": b""}
    basic |= {"duration_ms": 3, **values}
    return RecordedRequest(**basic)


def test_a_request_is_one_line() -> None:
    """A line has the time, method, path, operation, status and duration of a request."""
    record = _record(query="limit=1", operation="sendMessage", status=202, raw_response=b'{"status": "queued"}')

    assert describe(record, at=MOMENT) == "12:30:05 POST   /v2/api/x?limit=1  sendMessage  202  3 ms"


def test_an_error_says_why() -> None:
    """An error line includes the message."""
    record = _record(status=404, raw_response=b'{"error": "ApiError", "message": "Not found", "status": 404}')

    assert describe(record, at=MOMENT) == "12:30:05 POST   /v2/api/x  -  404 (Not found)  3 ms"


def test_a_dropped_connection_has_no_status() -> None:
    """A dropped connection is logged as such."""
    assert "connection dropped" in describe(_record(), at=MOMENT)


def test_bodies_are_shown_without_secrets() -> None:
    """Keys and signing secrets are masked."""
    response = b'{"list": [{"signing_secret": "whsec_1"}], "api_key": "k"}'
    record = _record(raw_body=b'{"text": "Hi"}', status=200, raw_response=response)
    lines = describe(record, with_bodies=True).splitlines()

    assert lines[1:] == ['    > {"text": "Hi"}', '    < {"list": [{"signing_secret": "***"}], "api_key": "***"}']


def test_long_and_binary_bodies_are_cut() -> None:
    """Long bodies are shortened."""
    binary = describe(_record(raw_body=b"\xff" * 10, status=400), with_bodies=True)
    long = describe(_record(raw_body=b'"' + b"x" * 5000 + b'"', status=400), with_bodies=True)

    assert "    > 10 bytes, not JSON" in binary
    assert "... (5002 characters)" in long


def _attempt(**values: Any) -> DeliveryAttempt:
    basic: dict[str, Any] = {"event": "message.sent", "webhook_url": "https://ann:canary@[::1]:80/canary?canary#canary"}
    basic |= {"number": 1, "status": 200, "error": None, "duration_ms": 3, "is_replay": False, **values}
    return DeliveryAttempt(**basic)


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({}, "[::1]:80  message.sent  200  attempt 1  3 ms"),
        ({"number": 2, "status": 503}, "[::1]:80  message.sent  503  attempt 2  3 ms"),
        ({"is_replay": True}, "[::1]:80  message.sent  200  attempt 1, a replay  3 ms"),
        (
            {"status": None, "error": "ConnectError"},
            "[::1]:80  message.sent  no response (ConnectError)  attempt 1  3 ms",
        ),
        ({"webhook_url": "HTTP://\x9bexample.com"}, "\\x9bexample.com  message.sent  200  attempt 1  3 ms"),
    ],
)
def test_a_delivery_is_one_line(values: dict[str, Any], line: str) -> None:
    """A line has time, host, event, status, attempt and duration of a delivery, but no path, which may be secret."""
    assert describe_delivery(_attempt(**values), at=MOMENT) == f"12:30:05 EVENT  {line}"


def test_a_terminal_gets_plain_characters_only() -> None:
    """Control characters in a path are escaped."""
    assert "\\x9b" in describe(_record(raw_path="/\x9b31m", status=404), at=MOMENT)
