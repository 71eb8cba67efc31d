"""Reachability and locations of contacts."""

from __future__ import annotations

from typing import Any

import pytest

from blooio_client.models import ContactCapabilities, ContactLocation, ContactLocationList
from blooio_overrides.results import Location, Reachability

NOON = "2023-11-14T22:13:20+00:00"


@pytest.mark.parametrize(
    "response",
    [
        {"last_checked": 1_700_000_000_000},
        {"lastChecked": 1_700_000_000_000},
        {"lastChecked": NOON},
        {"last_checked": None, "lastChecked": NOON},
        {"capabilities": {"last_checked": NOON}},
        {"capabilities": {"lastChecked": 1_700_000_000_000}},
    ],
)
def test_the_time_of_a_check_has_many_spellings(response: dict[str, Any]) -> None:
    """The time of a check is parsed in every documented form."""
    reach = Reachability.of(ContactCapabilities.from_dict({"capabilities": {}, **response}))

    assert reach.last_checked is not None
    assert reach.last_checked.isoformat() == NOON


@pytest.mark.parametrize("said", [{}, {"imessage": None, "sms": 0, "facetime": "no"}, {"imessage": False}])
def test_missing_channels_are_false(said: dict[str, Any]) -> None:
    """A channel that is missing or not a boolean is False."""
    response = {"capabilities": said}
    reach = Reachability.of(ContactCapabilities.from_dict(response))

    assert [reach.imessage, reach.sms, reach.facetime] == [False, False, False]
    assert (reach.contact, reach.type, reach.last_checked, reach.raw) == (None, None, None, response)


def test_a_location_is_a_pair_of_numbers() -> None:
    """Coordinates are a latitude and a longitude; integers are accepted."""
    place = Location.of(ContactLocation.from_dict({"handle": "+15551234567", "coordinates": [48, -16.5]}))

    assert (place.latitude, place.longitude) == (48, -16.5)


def test_an_entry_that_is_not_an_object_is_skipped() -> None:
    """Entries that are not objects are not locations."""
    friends = [None, 7, "x", {"handle": "+15551234567"}]

    places = Location.all_of(ContactLocationList.from_dict({"friends": friends}))

    assert [place.handle for place in places] == ["+15551234567"]
