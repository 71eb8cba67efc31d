"""The account, its numbers, and their contact cards."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from blooio_sandbox.responses import ApiError, ApiRequest, Handler, Json, Response, invalid
from blooio_sandbox.state.database import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blooio_sandbox.state.database import State

_PLAN = "dedicated"
_US_NUMBER = re.compile(r"\+1[2-9][0-9]{9}")


def get_me(_request: ApiRequest, state: State) -> Response:
    """Handle getMe."""
    account = state.account
    organization = {"organization_id": account.organization_id, "name": account.organization_name}
    return Response(
        {
            "auth_type": "api_key",
            "valid": True,
            "api_key": account.api_key,
            "organization_id": account.organization_id,
            "organization": organization | {"country_code": "US"},
            "metadata": {},
            "integration_details": None,
            "devices": [_device(state, number) for number in account.numbers],
            "usage": _usage(state),
        }
    )


def list_numbers(_request: ApiRequest, state: State) -> Response:
    """Handle listNumbers: times are ISO 8601, unlike in getMe."""
    return Response({"numbers": [_number(state, number) for number in state.account.numbers]})


def get_my_contact_card(request: ApiRequest, state: State) -> Response:
    """Handle getMyContactCard: there is no picture, and the name is shared with contacts."""
    number = _own_number(request, state)
    card = state.row("SELECT first_name, last_name FROM contact_cards WHERE number = ?", number)
    names: Json = dict(card) if card else {"first_name": None, "last_name": None}
    name = " ".join(part for part in names.values() if part) or None
    sharing = {"enabled": True, "audience": 0, "name_format": 0}
    return Response(
        {"phone_number": number, **names, "name": name, "avatar": None, "has_wallpaper": False, "sharing": sharing}
    )


def update_my_contact_card(request: ApiRequest, state: State) -> Response:
    """Handle updateMyContactCard."""
    number = _own_number(request, state)
    card = state.row("SELECT first_name, last_name FROM contact_cards WHERE number = ?", number)
    given = {name: request.body[name] for name in ("first_name", "last_name") if name in request.body}
    names = {"first_name": None, "last_name": None, **(dict(card) if card else {}), **given}
    state.change("INSERT OR REPLACE INTO contact_cards VALUES (?, ?, ?)", number, *names.values())
    return Response({"success": True, "phone_number": number, **names})


def request_call_forwarding(request: ApiRequest, state: State) -> Response:
    """Handle requestCallForwarding: nothing is forwarded, and the ticket has no effect."""
    number, target = _own_number(request, state), request.body["forward_to"]
    if _US_NUMBER.fullmatch(target) is None:
        raise invalid("/forward_to", "forward_to must be a US phone number")
    ticket = {"success": True, "ticket_id": new_id("tkt"), "status": "open"}
    return Response(ticket | {"number": number, "forward_to": target}, 201)


def _own_number(request: ApiRequest, state: State) -> str:
    number = request.ids["number"]
    if number not in state.account.numbers:
        raise ApiError(403, "Phone number not accessible with this API key")
    return number


def _device(state: State, number: str) -> Json:
    last_active = state.activity.last(number=number)
    return {"phone_number": number, "is_active": True, "last_active": last_active, "plan_kind": _PLAN}


def _number(state: State, number: str) -> Json:
    moment = state.activity.last(number=number)
    text = None if moment is None else datetime.fromtimestamp(moment / 1000, UTC).isoformat().replace("+00:00", "Z")
    return {"phone_number": number, "is_active": True, "last_active": text, "plan_kind": _PLAN}


def _usage(state: State) -> Json:
    return {
        "inbound_messages": state.activity.total("inbound"),
        "outbound_messages": state.activity.total("outbound"),
        "last_message_sent": state.activity.last(direction="outbound"),
    }


HANDLERS: Mapping[str, Handler] = {
    "getMe": get_me,
    "listNumbers": list_numbers,
    "getMyContactCard": get_my_contact_card,
    "updateMyContactCard": update_my_contact_card,
    "requestCallForwarding": request_call_forwarding,
}
