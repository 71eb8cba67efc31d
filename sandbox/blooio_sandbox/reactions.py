"""addReaction: on a message by its id, or counted from the end of the chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blooio_sandbox.answers import Answer, ApiRequest, Handler, invalid
from blooio_sandbox.events import publish_reaction
from blooio_sandbox.history import keep_reaction, require_message
from blooio_sandbox.rooms import require_room

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blooio_sandbox.state import State

_TAPBACKS = frozenset({"love", "like", "dislike", "laugh", "emphasize", "question"})
_ACTIONS = {"+": "add", "-": "remove"}


def add_reaction(request: ApiRequest, state: State) -> Answer:
    """Answer addReaction."""
    action, reaction = read_reaction(request.body["reaction"])
    room = require_room(state, request.ids["chatId"])
    message = require_message(state, room, request.ids["messageId"], request.body.get("direction"))
    keep_reaction(state, message, reaction, is_added=action == "add", sender="")
    publish_reaction(state, message, reaction, action, None)
    view = {"success": True, "message_id": message["message_id"], "reaction": reaction, "action": action}
    return Answer(view)


def read_reaction(text: str) -> tuple[str, str]:
    """Return what to do, and the reaction itself.

    Raises:
        Refusal: The sign is missing, or there is no such reaction (400).
    """
    action, reaction = _ACTIONS.get(text[:1]), text[1:]
    if action is None:
        raise invalid("/reaction", "a reaction begins with + to add it or - to remove it")
    if not is_reaction(reaction):
        raise invalid("/reaction", f"a reaction is one of {', '.join(sorted(_TAPBACKS))}, or one emoji")
    return action, reaction


def is_reaction(reaction: str) -> bool:
    """Say whether this is one of the six tapbacks, or looks like an emoji."""
    return reaction in _TAPBACKS or (0 < len(reaction) <= _LONGEST_EMOJI and not any(map(_is_plain, reaction)))


def _is_plain(character: str) -> bool:
    # Digits, # and * begin the keycap emoji; letters and other plain characters begin none.
    return character.isspace() or character.isalpha() or (character.isascii() and character not in "0123456789#*")


_LONGEST_EMOJI = 16

HANDLERS: Mapping[str, Handler] = {"addReaction": add_reaction}
