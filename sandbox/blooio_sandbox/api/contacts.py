"""Contacts, their tags and capabilities, and FaceTime links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import uuid4

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
from blooio_sandbox.state.addresses import kind_of_person, parse_person
from blooio_sandbox.state.chats import contact_row
from blooio_sandbox.state.database import Row, State, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blooio_sandbox.state.database import State


_ORDERS = {
    "recent": "created_at DESC, rowid DESC",
    "oldest": "created_at, rowid",
    "name_asc": "name IS NULL, name COLLATE NOCASE, rowid",
    "name_desc": "name IS NULL, name COLLATE NOCASE DESC, rowid",
}


def order_of(request: ApiRequest) -> str:
    """Return the sort order as SQL."""
    return _ORDERS[request.query.get("sort", "recent")]


def list_contacts(request: ApiRequest, state: State) -> Response:
    """Handle listContacts."""
    statement = f"SELECT * FROM contacts WHERE deleted_at IS NULL ORDER BY {order_of(request)}"  # noqa: S608 - a constant
    query = request.query.get("q")
    found = [row for row in state.rows(statement) if contains(query, row["identifier"], row["name"])]
    rows, pagination = page_of(found, request)
    return Response({"contacts": [_contact_view(state, row) for row in rows], "pagination": pagination})


def create_contact(request: ApiRequest, state: State) -> Response:
    """Handle createContact: 409 with the existing contact for a known identifier."""
    identifier = parse_person(request.body["identifier"])
    known = contact_row(state, identifier)
    if known is not None:
        raise ApiError(409, "Contact already exists", "contact_exists", contact=_contact_view(state, known))
    add_contact(state, identifier, request.body.get("name"))
    return Response(_contact_view(state, _require_contact(state, identifier)), 201)


def add_contact(state: State, identifier: str, name: str | None) -> None:
    """Save a contact."""
    contact_id = new_id("ct")
    state.insert("contacts", contact_id=contact_id, identifier=identifier, name=name, created_at=state.now())


def get_contact(request: ApiRequest, state: State) -> Response:
    """Handle getContact."""
    return Response(_contact_view(state, _contact_of(request, state)))


def update_contact(request: ApiRequest, state: State) -> Response:
    """Handle updateContact: null clears the name."""
    contact = _contact_of(request, state)
    if "name" in request.body:
        statement = "UPDATE contacts SET name = ? WHERE contact_id = ?"
        state.change(statement, request.body["name"], contact["contact_id"])
    return Response(_contact_view(state, _contact_of(request, state)))


def delete_contact(request: ApiRequest, state: State) -> Response:
    """Handle deleteContact: its messages stay."""
    contact, now = _contact_of(request, state), state.now()
    state.change("UPDATE contacts SET deleted_at = ? WHERE contact_id = ?", now, contact["contact_id"])
    return Response({"success": True, "deleted_at": now})


def get_contact_capabilities(request: ApiRequest, state: State) -> Response:
    """Handle getContactCapabilities: the contact need not be saved."""
    person = parse_person(request.ids["contactId"])
    phone = state.row("SELECT * FROM phones WHERE identifier = ?", person)
    has_imessage = phone is None or phone["protocol"] == "imessage"
    is_phone = kind_of_person(person) == "phone"
    capabilities = {"imessage": has_imessage, "sms": is_phone, "facetime": has_imessage}
    kind = kind_of_person(person)
    return Response({"contact": person, "type": kind, "capabilities": capabilities, "last_checked": state.now()})


def list_contact_tags(request: ApiRequest, state: State) -> Response:
    """Handle listContactTags."""
    rows = _tags(state, _contact_of(request, state))
    return Response({"tags": [{"tag": row["tag"], "created_at": row["created_at"]} for row in rows]})


def add_contact_tags(request: ApiRequest, state: State) -> Response:
    """Handle addContactTags: existing tags are skipped."""
    contact, tags = _contact_of(request, state), request.body["tags"]
    if not all(tags):
        raise invalid("/tags", "a tag must not be empty")
    statement = "INSERT OR IGNORE INTO contact_tags VALUES (?, ?, ?)"
    added = [tag for tag in tags if state.change(statement, contact["contact_id"], tag, state.now())]
    return Response({"success": True, "tags_added": added}, 201)


def remove_contact_tag(request: ApiRequest, state: State) -> Response:
    """Handle removeContactTag."""
    contact = _contact_of(request, state)
    statement = "DELETE FROM contact_tags WHERE contact_id = ? AND tag = ?"
    if not state.change(statement, contact["contact_id"], request.ids["tag"]):
        raise not_found("Tag")
    return Response({"success": True, "deleted_at": state.now()})


def _contact_of(request: ApiRequest, state: State) -> Row:
    return _require_contact(state, parse_person(request.ids["contactId"]))


def _require_contact(state: State, identifier: str) -> Row:
    contact = contact_row(state, identifier)
    if contact is None:
        raise not_found("Contact")
    return contact


def _tags(state: State, contact: Row) -> list[Row]:
    return state.rows("SELECT * FROM contact_tags WHERE contact_id = ? ORDER BY rowid", contact["contact_id"])


def _contact_view(state: State, contact: Row) -> Json:
    identifier = contact["identifier"]
    return {
        "id": identifier,
        "contact_id": contact["contact_id"],
        "identifier": identifier,
        "name": contact["name"],
        "type": kind_of_person(identifier),
        "created_at": contact["created_at"],
        "last_message_time": state.value("SELECT max(accepted_at) FROM messages WHERE chat_id = ?", identifier),
        "tags": [row["tag"] for row in _tags(state, contact)],
    }


def call_face_time(request: ApiRequest, _state: State) -> Response:
    """Handle callFaceTime: the link looks real but leads nowhere."""
    handle = parse_person(request.body["handle"])
    return Response({"success": True, "link": f"https://facetime.apple.com/join#v=1&p={uuid4().hex}", "handle": handle})


HANDLERS: Mapping[str, Handler] = {
    "listContacts": list_contacts,
    "createContact": create_contact,
    "getContact": get_contact,
    "updateContact": update_contact,
    "deleteContact": delete_contact,
    "getContactCapabilities": get_contact_capabilities,
    "listContactTags": list_contact_tags,
    "addContactTags": add_contact_tags,
    "removeContactTag": remove_contact_tag,
    "callFaceTime": call_face_time,
}
