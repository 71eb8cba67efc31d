"""Locations of contacts."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from received import received

from blooio_client import AsyncBlooio
from blooio_client.errors import InvalidArgumentError, NotFoundError
from blooio_sandbox import Sandbox

pytestmark = pytest.mark.anyio

PHONE = "+15551234567"


async def test_locations_are_listed_read_and_refreshed(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """A location has a latitude and a longitude, and identifies its contact in later calls."""
    blooio_sandbox.phone(PHONE).shares_location(48.25, -16.5)

    (listed,) = await client.locations.list()
    read = await client.locations.get(listed)
    (refreshed,) = await client.locations.refresh()

    for place in (listed, read, refreshed):
        assert (place.handle, place.latitude, place.longitude, place.status) == (PHONE, 48.25, -16.5, "live")
        assert place.last_updated is not None
        assert place.last_updated.tzinfo is not None
    assert received(blooio_sandbox) == [
        ("GET", "/location/contacts", None),
        ("GET", "/location/contacts/%2B15551234567", None),
        ("POST", "/location/contacts/refresh", None),
    ]


@pytest.mark.parametrize("coordinates", [None, [], [1.5], [1.5, 2.5, 3.5], ["1", "2"], "1,2", {}])
async def test_a_place_without_coordinates_has_none(
    stub: AsyncBlooio, httpserver: HTTPServer, coordinates: object
) -> None:
    """Coordinates that are not a pair of numbers are None, and raise nothing."""
    friend = {"handle": PHONE, "coordinates": coordinates}
    httpserver.expect_request("/v2/api/location/contacts").respond_with_json({"friends": [None, friend]})

    (place,) = await stub.locations.list()

    assert (place.latitude, place.longitude, place.raw) == (None, None, friend)


async def test_an_unshared_location_is_not_found(client: AsyncBlooio) -> None:
    """Reading a location that is not shared raises an error."""
    with pytest.raises(NotFoundError):
        await client.locations.get("ann@example.com")


@pytest.mark.parametrize("invalid", ["", "555-1234-567", "grp_1", None])
async def test_an_invalid_contact_raises(client: AsyncBlooio, blooio_sandbox: Sandbox, invalid: Any) -> None:
    """Only a phone number or an email address has a location."""
    with pytest.raises(InvalidArgumentError, match="expected"):
        await client.locations.get(invalid)

    assert blooio_sandbox.requests == []
