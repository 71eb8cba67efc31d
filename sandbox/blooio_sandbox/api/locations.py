"""Shared locations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blooio_sandbox.responses import ApiError, ApiRequest, Handler, Json, Response
from blooio_sandbox.state.addresses import parse_person

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blooio_sandbox.state.database import Row, State


def list_location_contacts(_request: ApiRequest, state: State) -> Response:
    """Handle listLocationContacts."""
    rows = state.rows("SELECT * FROM locations ORDER BY rowid")
    return Response({"friends": [_location_view(row) for row in rows], "success": True})


def get_location_contact(request: ApiRequest, state: State) -> Response:
    """Handle getLocationContact."""
    location = state.row("SELECT * FROM locations WHERE handle = ?", parse_person(request.ids["handle"]))
    if location is None:
        raise ApiError(404, "No location found for this contact")
    return Response(_location_view(location))


def refresh_location_contacts(request: ApiRequest, state: State) -> Response:
    """Handle refreshLocationContacts: locations do not change."""
    state.change("UPDATE locations SET last_updated = ?", state.now())
    return list_location_contacts(request, state)


def keep_location(state: State, handle: str, latitude: float, longitude: float) -> None:
    """Save the location of a person."""
    statement = "INSERT OR REPLACE INTO locations VALUES (?, ?, ?, 'live', ?)"
    state.change(statement, handle, latitude, longitude, state.now())


def _location_view(location: Row) -> Json:
    return {
        "handle": location["handle"],
        "coordinates": [location["latitude"], location["longitude"]],
        "status": location["status"],
        "last_updated": location["last_updated"],
    }


HANDLERS: Mapping[str, Handler] = {
    "listLocationContacts": list_location_contacts,
    "getLocationContact": get_location_contact,
    "refreshLocationContacts": refresh_location_contacts,
}
