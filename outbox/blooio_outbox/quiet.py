"""Quiet hours, checked in every time zone that a number may be in. Pure functions."""

from __future__ import annotations

import datetime
import functools
import itertools
import re
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from blooio_client import InvalidArgumentError

NONE: Final = ""
"""The stored form of no quiet hours; NULL means those of the outbox."""
_TIME: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@attrs.frozen
class Hours:
    """A span of local time, in minutes after midnight; it may span midnight."""

    begin: int
    end: int

    def __str__(self) -> str:
        return "-".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (self.begin, self.end))

    def contains(self, minute: int) -> bool:
        """Return whether a minute after midnight lies in this span."""
        if self.begin <= self.end:
            return self.begin <= minute < self.end
        return minute >= self.begin or minute < self.end


def parse_hours(value: object, name: str = "quiet_hours") -> Hours | None:
    """Parse quiet hours: None, or two local times such as `("21:00", "08:00")`."""
    if value is None:
        return None
    if not isinstance(value, tuple | list) or len(value) != 2:  # type: ignore[arg-type, unused-ignore]  # noqa: PLR2004
        raise InvalidArgumentError(f'{name} must be None or two local times such as ("21:00", "08:00")')
    begin, end = (_minutes(each, name) for each in value)  # type: ignore[attr-defined, unused-ignore]
    if begin == end:
        raise InvalidArgumentError(f"{name} must begin and end at different times")
    return Hours(begin, end)


def _minutes(value: object, name: str) -> int:
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise InvalidArgumentError(f'{name} must be local times such as "21:00"')
    return int(found[1]) * 60 + int(found[2])


@functools.lru_cache(maxsize=256)
def read_hours(text: str) -> Hours:
    """Parse quiet hours in the form that the ledger stores."""
    begin, end = (_minutes(part, "quiet_hours") for part in text.split("-"))
    return Hours(begin, end)


@functools.lru_cache(maxsize=1024)
def checked_zone(zone: str, name: str = "zone") -> str:
    """Return a time zone, checked; `name` is the name of the argument.

    Raises:
        InvalidArgumentError: The zone does not exist.
    """
    try:
        ZoneInfo(zone)
    except (KeyError, OSError, TypeError, ValueError):  # KeyError: an unknown name; the others: an invalid one
        expected = "the name of a time zone such as America/New_York"
        raise InvalidArgumentError(f"{name} must be {expected}, not {zone!r}") from None
    return zone


@functools.lru_cache(maxsize=65_536)
def zones_of(recipient: str) -> tuple[str, ...]:
    """Return the time zones that a phone number may be in; none for email addresses, groups and unknown numbers."""
    if not recipient.startswith("+") or "," in recipient:
        return ()
    import phonenumbers
    from phonenumbers import timezone

    try:
        zones = timezone.time_zones_for_number(phonenumbers.parse(recipient))
    except phonenumbers.NumberParseException:
        return ()
    return tuple(zone for zone in zones if zone != "Etc/Unknown")


@attrs.frozen
class QuietHours:
    """The quiet hours of recipients."""

    hours: Hours | None = None
    default_zone: str | None = None

    def allowed_at(self, now: float, recipient: str, zone: str | None, hours: str | None) -> float | None:
        """Return the first time, now or later, at which a recipient may get a message; None if there is none.

        Args:
            now: Seconds since 1970.
            recipient: The recipient, whose number determines the zones unless `zone` does.
            zone: The recipient's zone, if known.
            hours: The message's own quiet hours, in the form that the ledger stores.
        """
        quiet = self.hours if hours is None else read_hours(hours) if hours else None
        if quiet is None:
            return now
        zones = (zone,) if zone else self.zones(recipient)
        return next_allowed(now, zones, quiet) if zones else None

    def zones(self, recipient: str) -> tuple[str, ...]:
        """Return the zones that a recipient may be in, or the default zone; for several people, those of each."""
        default = (self.default_zone,) if self.default_zone else ()
        each = [zones_of(person) or default for person in recipient.split(",")]
        return tuple(dict.fromkeys(itertools.chain.from_iterable(each))) if all(each) else ()


def next_allowed(at: float, zones: tuple[str, ...], quiet: Hours) -> float | None:
    """Return the first time, `at` or later, outside quiet hours in every zone; None if there is none."""
    moment = datetime.datetime.fromtimestamp(at, datetime.UTC)
    limit = moment + datetime.timedelta(days=3)
    while moment < limit:
        later = max(_end_of_quiet(moment, zone, quiet) for zone in zones)
        if later <= moment:
            return max(at, moment.timestamp())
        moment = later
    return None


def _end_of_quiet(moment: datetime.datetime, zone: str, quiet: Hours) -> datetime.datetime:
    local = moment.astimezone(ZoneInfo(zone))
    minute = local.hour * 60 + local.minute
    if not quiet.contains(minute):
        return moment
    day = local.date() + datetime.timedelta(days=quiet.begin > quiet.end and minute >= quiet.begin)
    end = datetime.datetime.combine(day, datetime.time(quiet.end // 60, quiet.end % 60), ZoneInfo(zone))
    # When clocks change, a local time exists twice or not at all: the later one is always safe.
    return max(end.replace(fold=fold).astimezone(datetime.UTC) for fold in (0, 1))


def next_day(now: float, zone: str) -> float:
    """Return five minutes past the next midnight of a zone, when a daily quota has certainly reset."""
    local = datetime.datetime.fromtimestamp(now, ZoneInfo(zone))
    tomorrow = local.date() + datetime.timedelta(days=1)
    return datetime.datetime.combine(tomorrow, datetime.time(0, 5), ZoneInfo(zone)).timestamp()
