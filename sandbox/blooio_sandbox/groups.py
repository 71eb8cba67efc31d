"""The directory of groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blooio_sandbox.addresses import parse_person, participants_key
from blooio_sandbox.answers import Answer, ApiRequest, Handler, Json, Refusal, contains, invalid, page_of
from blooio_sandbox.contacts import add_contact, order_of
from blooio_sandbox.rooms import contact_row, create_group, delete_group_row, member_ids, require_group

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blooio_sandbox.state import Row, State

_LONGEST_NAME = 255


def list_groups(request: ApiRequest, state: State) -> Answer:
    """Answer listGroups."""
    statement = f"SELECT * FROM groups WHERE deleted_at IS NULL ORDER BY {order_of(request)}"  # noqa: S608 - a constant
    found = [row for row in state.rows(statement) if contains(request.query.get("q"), row["name"])]
    rows, pagination = page_of(found, request)
    return Answer({"groups": [_group_view(state, row) for row in rows], "pagination": pagination})


def post_group(request: ApiRequest, state: State) -> Answer:
    """Answer createGroup: 409 for a chat that has a group, or for people who have one."""
    name, chat_guid = _check_name(request.body["name"]), request.body.get("chat_guid")
    people = tuple(dict.fromkeys(parse_person(member) for member in request.body.get("members", [])))
    _refuse_second_group(state, people, chat_guid)
    created = [person for person in people if contact_row(state, person) is None]
    for person in created:
        add_contact(state, person, None)
    group = require_group(state, create_group(state, name, people, chat_guid))
    return Answer(_group_view(state, group) | {"added_members": list(people), "created_contacts": created}, 201)


def get_group(request: ApiRequest, state: State) -> Answer:
    """Answer getGroup."""
    return Answer(_group_view(state, require_group(state, request.ids["groupId"])))


def update_group(request: ApiRequest, state: State) -> Answer:
    """Answer updateGroup."""
    group_id = require_group(state, request.ids["groupId"])["group_id"]
    if "name" in request.body:
        state.change("UPDATE groups SET name = ? WHERE group_id = ?", _check_name(request.body["name"]), group_id)
    return get_group(request, state)


def delete_group(request: ApiRequest, state: State) -> Answer:
    """Answer deleteGroup."""
    delete_group_row(state, require_group(state, request.ids["groupId"])["group_id"])
    return Answer({"success": True, "deleted_at": state.now()})


def _refuse_second_group(state: State, people: tuple[str, ...], chat_guid: str | None) -> None:
    where = "participants_key = ? AND chat_guid IS NULL" if chat_guid is None else "chat_guid = ?"
    value = participants_key(people) if chat_guid is None else chat_guid
    statement = f"SELECT 1 FROM groups WHERE deleted_at IS NULL AND {where}"  # noqa: S608 - one of two constants
    if value and state.row(statement, value) is not None:
        what = "the same participants" if chat_guid is None else "this chat_guid"
        raise Refusal(409, f"A group with {what} already exists", "group_exists")


def _check_name(name: str) -> str:
    if not 0 < len(name) <= _LONGEST_NAME:
        raise invalid("/name", f"a group's name has 1 to {_LONGEST_NAME} characters")
    return name


def _group_view(state: State, group: Row) -> Json:
    group_id = group["group_id"]
    last = state.row("SELECT * FROM messages WHERE chat_id = ? ORDER BY position DESC LIMIT 1", group_id)
    return {
        **{column: group[column] for column in ("group_id", "name", "chat_guid", "icon_url", "created_at")},
        "member_count": len(member_ids(state, group_id)),
        "message_count": state.value("SELECT count(*) FROM messages WHERE chat_id = ?", group_id),
        "last_message_text": last["text"] if last else None,
        "last_message_time": last["accepted_at"] if last else None,
        "last_message_direction": last["direction"] if last else None,
    }


HANDLERS: Mapping[str, Handler] = {
    "listGroups": list_groups,
    "createGroup": post_group,
    "getGroup": get_group,
    "updateGroup": update_group,
    "deleteGroup": delete_group,
}
