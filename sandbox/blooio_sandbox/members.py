"""Who is in a group: listing members, and adding and removing them where an account has that switched on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blooio_sandbox.addresses import parse_person, participants_key
from blooio_sandbox.answers import Answer, ApiRequest, Handler, Json, not_found, page_of
from blooio_sandbox.contacts import add_contact
from blooio_sandbox.rooms import contact_ref, contact_row, delete_group_row, member_ids, require_group

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blooio_sandbox.state import Row, State


def list_group_members(request: ApiRequest, state: State) -> Answer:
    """Answer listGroupMembers."""
    group = require_group(state, request.ids["groupId"])
    statement = "SELECT * FROM group_members WHERE group_id = ? ORDER BY rowid"
    rows, pagination = page_of(state.rows(statement, group["group_id"]), request)
    view = {"group_id": group["group_id"], "group_name": group["name"], "icon_url": group["icon_url"]}
    return Answer(view | {"members": [_member_view(state, row) for row in rows], "pagination": pagination})


def add_group_member(request: ApiRequest, state: State) -> Answer:
    """Answer addGroupMember: 201 for a new member, and 200 for one who is there already."""
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
    return Answer(view, 201 if is_new else 200)


def remove_group_member(request: ApiRequest, state: State) -> Answer:
    """Answer removeGroupMember: removing an own number leaves the group, which is then gone for this account."""
    group_id = require_group(state, request.ids["groupId"])["group_id"]
    person = parse_person(request.ids["contactId"])
    if person in state.account.numbers:
        delete_group_row(state, group_id)
    elif not state.change("DELETE FROM group_members WHERE group_id = ? AND identifier = ?", group_id, person):
        raise not_found("Member")
    else:
        _remember_participants(state, group_id)
    return Answer({"success": True, "removed_at": state.now()})


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
    "listGroupMembers": list_group_members,
    "addGroupMember": add_group_member,
    "removeGroupMember": remove_group_member,
}
