"""Whether a 2xx answer can serve as the result that was asked for."""

from __future__ import annotations

from typing import Any

from blooio_client.types import Call

from .json_types import is_list, is_object
from .outcomes import UNREADABLE, Answer


def shortcoming(call: Call[Any], answer: Answer) -> str | None:
    """Say why an answer cannot be the result of a call; None if it can."""
    if not call.operation:  # built by hand: any JSON will do, and nothing at all as well
        return None if not answer.body or answer.json is not UNREADABLE else "its answer is no JSON"
    data = answer.json
    if not is_object(data):
        return "its answer is no JSON object"
    for name, kind in call.required.items():
        if data.get(name) is None or (kind is not None and not isinstance(data[name], kind)):
            return f"its answer has no usable {name!r}"
    if call.operation == "sendMessage" and not message_ids(data):
        return "its answer names no message"
    return None


def message_ids(data: dict[str, Any]) -> list[str]:
    """Return the ids that the answer to a send holds, in order, under whichever of their three names."""
    listed = data.get("message_ids")
    for named in (listed if is_list(listed) else [], [data.get("message_id")], [data.get("id")]):
        if usable := [each for each in named if isinstance(each, str) and each]:
            return usable
    return []


def result_data(answer: Answer) -> Any:
    """Return the JSON of an answer, or None where it has no body."""
    return answer.json if answer.body else None
