"""Quiet hours and time zones."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blooio_client import InvalidArgumentError
from blooio_outbox.quiet import (
    Hours,
    QuietHours,
    checked_zone,
    next_allowed,
    next_day,
    parse_hours,
    read_hours,
    zones_of,
)

NIGHT = Hours(21 * 60, 8 * 60)
ZONES = ["America/New_York", "America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]


def at(text: str) -> float:
    """A moment in UTC."""
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC).timestamp()


@pytest.mark.parametrize(
    ("now", "zones", "then"),
    [
        ("2026-11-27T14:00", ("America/New_York",), "2026-11-27T14:00"),  # 9:00
        ("2026-11-27T04:00", ("America/New_York",), "2026-11-27T13:00"),  # 23:00
        ("2026-11-27T11:30", ("America/New_York",), "2026-11-27T13:00"),  # 6:30
        ("2026-11-27T14:00", ("America/New_York", "America/Los_Angeles"), "2026-11-27T16:00"),  # 6:00 in the west
        ("2026-11-28T03:00", ("America/New_York", "America/Los_Angeles"), "2026-11-28T16:00"),  # 22:00 in the east
        ("2026-11-27T20:59", ("UTC",), "2026-11-27T20:59"),
        ("2026-11-27T21:00", ("UTC",), "2026-11-28T08:00"),
        ("2026-11-27T08:00", ("UTC",), "2026-11-27T08:00"),
    ],
)
def test_the_next_time_that_is_not_quiet(now: str, zones: tuple[str, ...], then: str) -> None:
    """A message waits until quiet hours are over in every zone of its number."""
    assert next_allowed(at(now), zones, NIGHT) == at(then)


def test_hours_within_one_day() -> None:
    """Quiet hours need not span midnight."""
    noon = Hours(12 * 60, 14 * 60)

    assert next_allowed(at("2026-11-27T12:30"), ("UTC",), noon) == at("2026-11-27T14:00")
    assert next_allowed(at("2026-11-27T15:00"), ("UTC",), noon) == at("2026-11-27T15:00")


def test_zones_that_are_never_awake_together() -> None:
    """If no time suits all zones, the result is None."""
    almost_always = Hours(9 * 60, 8 * 60)

    assert next_allowed(at("2026-11-27T12:30"), ("UTC", "Asia/Tokyo"), almost_always) is None


@given(
    now=st.floats(at("2026-01-01"), at("2028-01-01")),
    zones=st.lists(st.sampled_from(ZONES), min_size=1, max_size=3, unique=True),
    begin=st.integers(0, 1439),
    end=st.integers(0, 1439),
)
def test_no_message_leaves_in_quiet_hours(now: float, zones: list[str], begin: int, end: int) -> None:
    """For any zones, hours and clock changes, the time is outside quiet hours everywhere and not in the past."""
    quiet = Hours(begin, end)
    found = next_allowed(now, tuple(zones), quiet)

    if found is not None:
        assert found >= now
        for zone in zones:
            local = datetime.datetime.fromtimestamp(found, ZoneInfo(zone))
            assert not quiet.contains(local.hour * 60 + local.minute)


@pytest.mark.parametrize(
    ("recipient", "zones"),
    [
        ("+12125551234", ("America/New_York",)),
        ("+33612345678", ("Europe/Paris",)),
        ("+15551234567", ()),
        ("+1", ()),
        ("+" + "9" * 40, ()),
        ("ann@example.com", ()),
        ("grp_abc", ()),
        ("+12125551234,+14155551234", ()),
    ],
)
def test_zones_of_numbers(recipient: str, zones: tuple[str, ...]) -> None:
    """A number determines its zones; other recipients have no zone."""
    assert zones_of(recipient) == zones


def test_numbers_in_many_zones() -> None:
    """A number from a country with several zones has all of them."""
    assert len(zones_of("+79161234567")) > 5


@pytest.mark.parametrize(
    ("quiet", "zone", "hours", "allowed"),
    [
        (QuietHours(), None, None, "now"),  # the outbox has no quiet hours
        (QuietHours(NIGHT, "UTC"), None, "", "now"),  # the message has no quiet hours
        (QuietHours(NIGHT), None, None, None),  # the zone is unknown
        (QuietHours(NIGHT, "UTC"), None, None, "2026-11-28T08:00"),
        (QuietHours(NIGHT, "UTC"), "America/New_York", None, "now"),  # 17:00 there
        (QuietHours(None, "UTC"), None, "21:30-22:30", "2026-11-27T22:30"),  # the message's own
    ],
)
def test_whose_hours_count(quiet: QuietHours, zone: str | None, hours: str | None, allowed: str | None) -> None:
    """The message's hours and zone take precedence over the number's, and those over the outbox's."""
    now = at("2026-11-27T22:00")
    expected = now if allowed == "now" else None if allowed is None else at(allowed)

    assert quiet.allowed_at(now, "ann@example.com", zone, hours) == expected


EAST, WEST = "America/New_York", "America/Los_Angeles"


@pytest.mark.parametrize(
    ("people", "default", "zones"),
    [
        ("+12125551234,+13105551234", None, (EAST, WEST)),
        ("+12125551234,+13105551234", EAST, (EAST, WEST)),
        ("+12125551234,ann@example.com", WEST, (EAST, WEST)),
        ("+12125551234,ann@example.com", None, ()),
    ],
)
def test_quiet_hours_of_several_people(people: str, default: str | None, zones: tuple[str, ...]) -> None:
    """A message to several people has the zones of each of them, and none if one of them is unknown."""
    assert QuietHours(NIGHT, default).zones(people) == zones


@pytest.mark.parametrize(
    "value", ["21:00", ("21:00",), ("21:00", "8"), ("25:00", "08:00"), ("08:00", "08:00"), (21, 8)]
)
def test_invalid_quiet_hours(value: object) -> None:
    """Quiet hours that are not two different local times raise an error that says so."""
    with pytest.raises(InvalidArgumentError, match="quiet_hours must"):
        parse_hours(value)


def test_hours_as_the_ledger_has_them() -> None:
    """Stored quiet hours are read back unchanged."""
    hours = parse_hours(("9:05", "22:00"))

    assert str(hours) == "09:05-22:00"
    assert read_hours(str(hours)) == hours
    assert parse_hours(None) is None


@pytest.mark.parametrize("name", ["Nowhere/City", "../etc/passwd", "", "America"])
def test_zones_that_do_not_exist(name: str) -> None:
    """An unknown zone raises an error that names the argument."""
    with pytest.raises(InvalidArgumentError, match="default_zone must be the name of a time zone"):
        checked_zone(name, "default_zone")


def test_a_quota_restarts_after_midnight() -> None:
    """The next day starts five minutes after midnight in the quota's zone."""
    assert next_day(at("2026-11-27T22:00"), "UTC") == at("2026-11-28T00:05")
    assert next_day(at("2026-11-28T03:00"), "America/New_York") == at("2026-11-28T05:05")
