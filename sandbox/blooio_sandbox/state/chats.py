"""Chats: people, and groups of people."""

from __future__ import annotations

from blooio_sandbox.responses import ApiError, Json, not_found
from blooio_sandbox.state.addresses import Address, parse_chat_id, participants_key
from blooio_sandbox.state.database import Row, State, new_id

_GUID = "iMessage;+;chat"


def chat_for_sending(state: State, text: str) -> tuple[str, Json]:
    """Return the chat id that a message goes to, and the response fields for several recipients.

    Raises:
        ApiError: The id is not valid (400), or the group does not exist (404) or has no members (400).
    """
    address = parse_chat_id(text)
    if address.kind == "several":
        return _unnamed_group(state, address)
    if address.kind == "group":
        require_group(state, address.id)
        if not member_ids(state, address.id):
            raise ApiError(400, "This group has no members to send to", "group_without_members")
    return address.id, {}


def find_chat(state: State, text: str) -> str | None:
    """Return the chat id that a path names, or None if there is no such chat yet."""
    address = parse_chat_id(text)
    if address.kind == "several":
        return _group_of(state, address.people)
    if address.kind == "group":
        return None if group_row(state, address.id) is None else address.id
    return address.id if _has_messages(state, address.id) else None


def require_chat(state: State, text: str) -> str:
    """Return the chat id that a path names.

    Raises:
        ApiError: The chat does not exist (404), or the id is not valid (400).
    """
    chat_id = find_chat(state, text)
    if chat_id is None:
        raise not_found("Chat")
    return chat_id


def to_chat_id(state: State, text: str) -> str:
    """Return the chat id that a path names, whether or not the chat exists.

    Raises:
        ApiError: The id is not valid (400).
    """
    return find_chat(state, text) or parse_chat_id(text).id


def group_row(state: State, group_id: str) -> Row | None:
    """Return a group, or None if it is unknown or deleted."""
    if not group_id.startswith("grp_"):
        return None
    return state.row("SELECT * FROM groups WHERE group_id = ? AND deleted_at IS NULL", group_id)


def guid_of(group_id: str) -> str:
    """Return the GUID of the iMessage chat that the first message of an unlinked group creates."""
    return f"{_GUID}{group_id.removeprefix('grp_')}"


def group_id_of(chat_guid: str) -> str:
    """Return the id of the group whose chat has this GUID, the inverse of `guid_of`."""
    return f"grp_{chat_guid.removeprefix(_GUID)}"


def require_group(state: State, group_id: str) -> Row:
    """Return a group.

    Raises:
        ApiError: Not found (404).
    """
    group = group_row(state, group_id)
    if group is None:
        raise not_found("Group")
    return group


def member_ids(state: State, group_id: str) -> list[str]:
    """Return the members of a group in the order they were added."""
    rows = state.rows("SELECT identifier FROM group_members WHERE group_id = ? ORDER BY rowid", group_id)
    return [row["identifier"] for row in rows]


def member_refs(state: State, group_id: str) -> list[Json]:
    """Return the members of a group as contacts."""
    return [contact_ref(state, identifier) for identifier in member_ids(state, group_id)]


def contact_ref(state: State, identifier: str) -> Json:
    """Return a person as a contact, saved or not."""
    contact = contact_row(state, identifier)
    if contact is None:
        return {"identifier": identifier, "name": None}
    return {"contact_id": contact["contact_id"], "identifier": identifier, "name": contact["name"]}


def contact_row(state: State, identifier: str) -> Row | None:
    """Return a contact, or None if it is unknown or deleted."""
    return state.row("SELECT * FROM contacts WHERE identifier = ? AND deleted_at IS NULL", identifier)


def create_group(state: State, name: str | None, people: tuple[str, ...], chat_guid: str | None = None) -> str:
    """Create a group, and return its id."""
    group_id, now = new_id("grp"), state.now()
    key = participants_key(people)
    state.insert("groups", group_id=group_id, name=name, chat_guid=chat_guid, participants_key=key, created_at=now)
    for person in people:
        state.insert("group_members", group_id=group_id, identifier=person, added_at=now)
    return group_id


def device_sync(group: Row) -> Json:
    """Return the result of changing the iMessage chat that a group is linked to."""
    return {"chat_guid": group["chat_guid"], "synced": True}


def delete_group_row(state: State, group_id: str) -> None:
    """Mark a group as deleted; its messages stay."""
    state.change("UPDATE groups SET deleted_at = ? WHERE group_id = ?", state.now(), group_id)


def chat_ids_of(state: State, person: str) -> list[str]:
    """Return the chats of a person: their own and their groups."""
    rows = state.rows("SELECT group_id FROM group_members WHERE identifier = ?", person)
    return [person, *(row["group_id"] for row in rows)]


def own_number_for(state: State, chat_id: str) -> str:
    """Return the own number used in a chat: a conversation keeps its number."""
    used = state.value("SELECT own_number FROM messages WHERE chat_id = ? ORDER BY position DESC LIMIT 1", chat_id)
    return used or state.account.numbers[0]


def _unnamed_group(state: State, address: Address) -> tuple[str, Json]:
    found = _group_of(state, address.people)
    group_id = found or create_group(state, None, address.people)
    fields = {"group_id": group_id, "group_created": found is None, "participants": list(address.people)}
    return group_id, fields


def _group_of(state: State, people: tuple[str, ...]) -> str | None:
    # A group linked to an existing iMessage chat has its own conversation.
    statement = """SELECT group_id FROM groups WHERE participants_key = ? AND deleted_at IS NULL
        AND chat_guid IS NULL ORDER BY name IS NOT NULL, rowid LIMIT 1"""
    group_id: str | None = state.value(statement, participants_key(people))
    return group_id


def _has_messages(state: State, chat_id: str) -> bool:
    return state.value("SELECT 1 FROM messages WHERE chat_id = ? LIMIT 1", chat_id) is not None
