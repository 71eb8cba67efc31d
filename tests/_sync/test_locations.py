# Derived from ../_async/test_locations.py by `make derive`. Do not edit.
"""Where contacts are."""

from __future__ import annotations

from typing import Any

import pytest
from asked import asked
from pytest_httpserver import HTTPServer

from blooio_client import Blooio
from blooio_client.errors import InvalidArgumentError, NotFoundError
from blooio_sandbox import Sandbox

PHONE = "+15551234567"


def test_locations_are_listed_read_and_refreshed(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """A place has a latitude and a longitude, and can be passed back as whose it is."""
    blooio_sandbox.phone(PHONE).shares_location(48.25, -16.5)

    (listed,) = client.locations.list()
    read = client.locations.get(listed)
    (refreshed,) = client.locations.refresh()

    for place in (listed, read, refreshed):
        assert (place.handle, place.latitude, place.longitude, place.status) == (PHONE, 48.25, -16.5, "live")
        assert place.last_updated is not None
        assert place.last_updated.tzinfo is not None
    assert asked(blooio_sandbox) == [
        ("GET", "/location/contacts", None),
        ("GET", "/location/contacts/%2B15551234567", None),
        ("POST", "/location/contacts/refresh", None),
    ]


@pytest.mark.parametrize("coordinates", [None, [], [1.5], [1.5, 2.5, 3.5], ["1", "2"], "1,2", {}])
def test_a_place_without_coordinates_has_none(stub: Blooio, httpserver: HTTPServer, coordinates: object) -> None:
    """Whatever is no pair of numbers is no place, and raises nothing."""
    friend = {"handle": PHONE, "coordinates": coordinates}
    httpserver.expect_request("/v2/api/location/contacts").respond_with_json({"friends": [None, friend]})

    (place,) = stub.locations.list()

    assert (place.latitude, place.longitude, place.raw) == (None, None, friend)


def test_who_shares_no_location_is_not_found(client: Blooio) -> None:
    """There is nothing to read of somebody who does not share."""
    with pytest.raises(NotFoundError):
        client.locations.get("ann@example.com")


@pytest.mark.parametrize("nobody", ["", "555-1234-567", "grp_1", None])
def test_nobody_is_refused(client: Blooio, blooio_sandbox: Sandbox, nobody: Any) -> None:
    """A location is somebody's."""
    with pytest.raises(InvalidArgumentError, match="expected"):
        client.locations.get(nobody)

    assert blooio_sandbox.requests == []
