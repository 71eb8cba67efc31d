"""Where contacts are."""

from __future__ import annotations

from typing import Any

import pytest
from asked import asked
from pytest_httpserver import HTTPServer

from blooio_client import AsyncBlooio
from blooio_client.errors import InvalidArgumentError, NotFoundError
from blooio_sandbox import Sandbox

pytestmark = pytest.mark.anyio

PHONE = "+15551234567"


async def test_locations_are_listed_read_and_refreshed(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """A place has a latitude and a longitude, and can be passed back as whose it is."""
    blooio_sandbox.phone(PHONE).shares_location(48.25, -16.5)

    (listed,) = await client.locations.list()
    read = await client.locations.get(listed)
    (refreshed,) = await client.locations.refresh()

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
async def test_a_place_without_coordinates_has_none(
    stub: AsyncBlooio, httpserver: HTTPServer, coordinates: object
) -> None:
    """Whatever is no pair of numbers is no place, and raises nothing."""
    friend = {"handle": PHONE, "coordinates": coordinates}
    httpserver.expect_request("/v2/api/location/contacts").respond_with_json({"friends": [None, friend]})

    (place,) = await stub.locations.list()

    assert (place.latitude, place.longitude, place.raw) == (None, None, friend)


async def test_who_shares_no_location_is_not_found(client: AsyncBlooio) -> None:
    """There is nothing to read of somebody who does not share."""
    with pytest.raises(NotFoundError):
        await client.locations.get("ann@example.com")


@pytest.mark.parametrize("nobody", ["", "555-1234-567", "grp_1", None])
async def test_nobody_is_refused(client: AsyncBlooio, blooio_sandbox: Sandbox, nobody: Any) -> None:
    """A location is somebody's."""
    with pytest.raises(InvalidArgumentError, match="expected"):
        await client.locations.get(nobody)

    assert blooio_sandbox.requests == []
