"""Groups and their members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blooio_sandbox.api.contacts import add_contact, order_of
from blooio_sandbox.responses import (
    ApiError,
    ApiRequest,
    Handler,
    Json,
    Response,
    contains,
    invalid,
    not_found,
    page_of,
)
from blooio_sandbox.state.addresses import parse_person, participants_key
from blooio_sandbox.state.chats import (
    contact_ref,
    contact_row,
    create_group,
    delete_group_row,
    device_sync,
    group_id_of,
    group_row,
    member_ids,
    require_group,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blooio_sandbox.state.database import Row, State


_MAX_NAME = 255


def list_groups(request: ApiRequest, state: State) -> Response:
    """Handle listGroups."""
    statement = f"SELECT * FROM groups WHERE deleted_at IS NULL ORDER BY {order_of(request)}"  # noqa: S608 - a constant
    found = [row for row in state.rows(statement) if contains(request.query.get("q"), row["name"])]
    rows, pagination = page_of(found, request)
    return Response({"groups": [_group_view(state, row) for row in rows], "pagination": pagination})


def post_group(request: ApiRequest, state: State) -> Response:
    """Handle createGroup: 409 if the chat or the same people already have a group."""
    name, chat_guid = _check_name(request.body["name"]), request.body.get("chat_guid")
    people = tuple(dict.fromkeys(parse_person(member) for member in request.body.get("members", [])))
    _reject_second_group(state, people, chat_guid)
    created = [person for person in people if contact_row(state, person) is None]
    for person in created:
        add_contact(state, person, None)
    group = require_group(state, create_group(state, name, people, chat_guid))
    return Response(_group_view(state, group) | {"added_members": list(people), "created_contacts": created}, 201)


def get_group(request: ApiRequest, state: State) -> Response:
    """Handle getGroup."""
    return Response(_group_view(state, require_group(state, request.ids["groupId"])))


def update_group(request: ApiRequest, state: State) -> Response:
    """Handle updateGroup: a linked iMessage chat gets the new name, too."""
    group = require_group(state, request.ids["groupId"])
    if "name" not in request.body:
        return Response(_group_view(state, group))
    name = _check_name(request.body["name"])
    state.change("UPDATE groups SET name = ? WHERE group_id = ?", name, group["group_id"])
    synced = {} if group["chat_guid"] is None else {"device_sync": device_sync(group)}
    return Response(_group_view(state, group) | {"name": name} | synced)


def delete_group(request: ApiRequest, state: State) -> Response:
    """Handle deleteGroup."""
    delete_group_row(state, require_group(state, request.ids["groupId"])["group_id"])
    return Response({"success": True, "deleted_at": state.now()})


def _reject_second_group(state: State, people: tuple[str, ...], chat_guid: str | None) -> None:
    where = "participants_key = ? AND chat_guid IS NULL" if chat_guid is None else "chat_guid = ?"
    value = participants_key(people) if chat_guid is None else chat_guid
    statement = f"SELECT 1 FROM groups WHERE deleted_at IS NULL AND {where}"  # noqa: S608 - one of two constants
    is_known = chat_guid is not None and group_row(state, group_id_of(chat_guid)) is not None
    if is_known or (value and state.row(statement, value) is not None):
        what = "the same participants" if chat_guid is None else "this chat_guid"
        raise ApiError(409, f"A group with {what} already exists", "group_exists")


def _check_name(name: str) -> str:
    if not 0 < len(name) <= _MAX_NAME:
        raise invalid("/name", f"name must have 1 to {_MAX_NAME} characters")
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


def list_group_members(request: ApiRequest, state: State) -> Response:
    """Handle listGroupMembers."""
    group = require_group(state, request.ids["groupId"])
    statement = "SELECT * FROM group_members WHERE group_id = ? ORDER BY rowid"
    rows, pagination = page_of(state.rows(statement, group["group_id"]), request)
    view = {"group_id": group["group_id"], "group_name": group["name"], "icon_url": group["icon_url"]}
    return Response(view | {"members": [_member_view(state, row) for row in rows], "pagination": pagination})


def add_group_member(request: ApiRequest, state: State) -> Response:
    """Handle addGroupMember: 201 for a new member, 200 for an existing one."""
    group_id = require_group(state, request.ids["groupId"])["group_id"]
    person = parse_person(request.body["contact_id"])
    is_new, is_contact = person not in member_ids(state, group_id), contact_row(state, person) is not None
    if is_new and not is_contact:
        add_contact(state, person, None)
    if is_new:
        state.insert("group_members", group_id=group_id, identifier=person, added_at=state.now())
        _remember_participants(state, group_id)
    message = "Member added" if is_new else "Contact is already a member"
    member = _member_view(state, _member_row(state, group_id, person))
    view = {"message": message, "member": member, "contact_created": is_new and not is_contact}
    return Response(view, 201 if is_new else 200)


def remove_group_member(request: ApiRequest, state: State) -> Response:
    """Handle removeGroupMember: removing an own number leaves the group."""
    group_id = require_group(state, request.ids["groupId"])["group_id"]
    person = parse_person(request.ids["contactId"])
    if person in state.account.numbers:
        delete_group_row(state, group_id)
    elif not state.change("DELETE FROM group_members WHERE group_id = ? AND identifier = ?", group_id, person):
        raise not_found("Member")
    else:
        _remember_participants(state, group_id)
    return Response({"success": True, "removed_at": state.now()})


def _remember_participants(state: State, group_id: str) -> None:
    key = participants_key(tuple(member_ids(state, group_id)))
    state.change("UPDATE groups SET participants_key = ? WHERE group_id = ?", key, group_id)


def _member_row(state: State, group_id: str, person: str) -> Row:
    (member,) = state.rows("SELECT * FROM group_members WHERE group_id = ? AND identifier = ?", group_id, person)
    return member


def _member_view(state: State, member: Row) -> Json:
    identifier = member["identifier"]
    return {"id": identifier, **contact_ref(state, identifier), "added_at": member["added_at"]}


HANDLERS: Mapping[str, Handler] = {
    "listGroups": list_groups,
    "createGroup": post_group,
    "getGroup": get_group,
    "updateGroup": update_group,
    "deleteGroup": delete_group,
    "listGroupMembers": list_group_members,
    "addGroupMember": add_group_member,
    "removeGroupMember": remove_group_member,
}
