"""Check the arguments of groups: names and members."""

from __future__ import annotations

from typing import Final

from blooio_client.types import UNSET, JsonObject

from ..arguments import checked_text, id_of, one_or_more, reject
from ..chat_ids import ChatId, person

MAX_GROUP_NAME: Final = 255


def group_body(name: object, members: object, chat_guid: object) -> JsonObject:
    """Return the body of a new group.

    Raises:
        InvalidArgumentError: The name is blank or too long, or a member is neither a phone number nor an email address.
    """
    body: JsonObject = {"name": _group_name(name)}
    if members is not None:
        body["members"] = list(dict.fromkeys(person(member, "member") for member in one_or_more(members, "members")))
    if chat_guid is not None:
        body["chat_guid"] = checked_text(chat_guid, "chat_guid", "expected the guid of an iMessage chat")
    return body


def changed_group(name: object) -> JsonObject:
    """Return the body of an update of a group.

    Raises:
        InvalidArgumentError: The name is blank or too long; it cannot be cleared.
    """
    return {} if name is UNSET else {"name": _group_name(name)}


def _group_name(name: object) -> str:
    if not isinstance(name, str):
        reject(f"name is {type(name).__name__}; expected str")
    if not name.strip() or len(name) > MAX_GROUP_NAME:
        reject(f"name has {len(name.strip())} characters; expected 1 to {MAX_GROUP_NAME} characters")
    return name


def group_id(group: object) -> str:
    """Return the id of a group, which may be given as an object that has one.

    Raises:
        InvalidArgumentError: It is not a group id.
    """
    return id_of(str(group) if isinstance(group, ChatId) else group, "group", "group_id")
