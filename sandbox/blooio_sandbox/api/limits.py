"""Limits of an account: messages and new conversations per number per day, and safety restrictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blooio_sandbox.responses import ApiError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blooio_sandbox.responses import Json
    from blooio_sandbox.state.database import State

_DAY = 24 * 60 * 60 * 1000
_SENT = "SELECT count(*) FROM messages WHERE direction = 'outbound' AND own_number = ? AND accepted_at >= ?"
# A conversation is new on the day of its first message, if that is ours.
_STARTED = """SELECT count(*) FROM (SELECT direction, own_number, min(accepted_at) AS started FROM messages
    GROUP BY chat_id) WHERE direction = 'outbound' AND own_number = ? AND started >= ?"""

SAFETY: Mapping[str, str] = {
    "safety_new_conversations_paused": "New conversations are paused to protect this number",
    "safety_reply_only": "This number can only reply",
    "safety_account_review": "This account is under review",
}


def check_limits(state: State, chat_id: str, number: str, count: int) -> None:
    """Check that a number may send some more messages today, on the sandbox's clock in UTC.

    Raises:
        ApiError: A daily limit is reached (429), or a safety restriction applies (403).
    """
    account, midnight = state.account, state.now() // _DAY * _DAY
    is_new = state.row("SELECT 1 FROM messages WHERE chat_id = ?", chat_id) is None
    _check_safety(state, chat_id, is_new=is_new)
    if account.daily_limit is not None:
        current = state.value(_SENT, number, midnight)
        if current + count > account.daily_limit:
            details: Json = {"limit": account.daily_limit, "current": current, "mode": "daily", "sender_number": number}
            raise ApiError(429, "Daily outbound message limit reached", "outbound_limit_reached", **details)
    if account.new_conversation_limit is not None and is_new:
        current = state.value(_STARTED, number, midnight)
        if current >= account.new_conversation_limit:
            details = {"cap": account.new_conversation_limit, "current": current, "plan_id": "sandbox"}
            raise ApiError(429, "Daily limit of new conversations reached", "new_conversation_limit_reached", **details)


def _check_safety(state: State, chat_id: str, *, is_new: bool) -> None:
    code = state.account.safety
    if code is None:
        return
    inbound = "SELECT 1 FROM messages WHERE chat_id = ? AND direction = 'inbound'"
    if code == "safety_account_review" or is_new or (code == "safety_reply_only" and not state.row(inbound, chat_id)):
        raise ApiError(403, SAFETY[code], code)
