"""The table of known errors in the documentation matches the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from blooio_overrides._call.known_errors import KNOWN, KnownError, known_error

METHODS = {"createWebhook": "webhooks.create", "requestCallForwarding": "numbers.forward_calls"}
# The codes in Blooio's newer document and SDK.
DOCUMENTED = [
    (400, "attachment_first_message_not_allowed"),
    (400, "reply_target_invalid"),
    (400, "reply_target_chat_mismatch"),
    (400, "reply_target_device_mismatch"),
    (400, "reply_target_expired"),
    (400, "reply_target_not_supported"),
    (400, "format_unsupported_for_channel_type"),
    (400, "invalid_content"),
    (403, "inbound_only_no_prior_inbound"),
    (404, "reply_target_not_found"),
    (429, "outbound_limit_reached"),
    (429, "new_conversation_limit_reached"),
]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "errors.md"


def row(known: KnownError) -> str:
    """Return the table row for one known error."""
    code = "any other code" if known.code == "*" else f"`{known.code}`" if known.code else "none"
    where = f" of `{METHODS[known.operation]}`" if known.operation else ""
    advice = known.advice or "Follow `error.hint`."
    return f"| {known.status}{where} | {code} | `{known.kind.__name__}` | `{known.sent}` | {known.meaning} | {advice} |"


def test_the_table_lists_every_known_error() -> None:
    """Each known status and code has one row with its class, `sent`, meaning and advice, in the order of the code."""
    rows = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith(("| 4", "| 5"))]

    assert rows == list(map(row, KNOWN))


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: f"{known.status}-{known.code}")
def test_every_row_is_reached(known: KnownError) -> None:
    """The status and code of each row lead to that row."""
    code = known.code and known.code.replace("*", "something")

    assert known_error(known.status, code, known.operation or "") is known


@pytest.mark.parametrize(("status", "code"), DOCUMENTED)
def test_every_documented_code_is_known(status: int, code: str) -> None:
    """Each code that Blooio documents for sending has a row of its own."""
    known = known_error(status, code, "sendMessage")

    assert (known.status, known.code, known.sent) == (status, code, False)
