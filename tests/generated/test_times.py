from __future__ import annotations

import math
import pickle
import time
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blooio_client import models
from blooio_client.errors import InvalidArgumentError

TEN = datetime(2025, 11, 22, 10, tzinfo=UTC)
TEN_IN_MILLISECONDS = 1763805600000


def read(value: Any) -> Any:
    """Return the time of a message as the model reads it."""
    return models.Message.from_dict({"message_id": "m1", "time_sent": value}).time_sent


@pytest.mark.parametrize(
    ("wire", "expected"),
    [
        (TEN_IN_MILLISECONDS, TEN),
        (float(TEN_IN_MILLISECONDS), TEN),
        (TEN_IN_MILLISECONDS + 0.5, TEN + timedelta(microseconds=500)),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (-1, datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
        ("2025-11-22T10:00:00Z", TEN),
        ("2025-11-22T10:00:00.000Z", TEN),
        ("2025-11-22 10:00:00+00:00", TEN),
        ("2025-11-22T11:30:00+01:30", TEN),
        ("2025-11-22T03:00-0700", TEN),
        ("20251122T100000Z", TEN),
        ("2025-11-22T10:00:00", TEN),
        ("2025-11-22T10:00:00.123456789Z", TEN + timedelta(microseconds=123456)),
        ("2025-11-22T10:00:00,5Z", TEN + timedelta(milliseconds=500)),
        ("2025-11-22", TEN.replace(hour=0)),
        ("2025-W47-6", TEN.replace(hour=0)),
        ("2025-W47-6T10:00Z", TEN),
        ("2025-11-21T24:00:00Z", TEN.replace(hour=0)),
        ("2025-11-21T24:00", TEN.replace(hour=0)),
    ],
)
def test_read(wire: Any, expected: datetime) -> None:
    """Epoch milliseconds and every form of ISO 8601 read as an aware datetime in UTC; naive times are UTC."""
    moment = read(wire)

    assert moment == expected
    assert moment.tzinfo is UTC


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata"])
def test_local_time_zone(monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    """A naive time is UTC whatever the time zone of the machine."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", zone)
        time.tzset()

        assert (read("2025-11-22T10:00:00"), read("2025-11-22")) == (TEN, TEN.replace(hour=0))
    time.tzset()


@pytest.mark.parametrize(
    "wire",
    [
        *("", "may", "now", "T", "-T-", "20251122", "1763805600000", "2025-13-01", "2025-02-30", "10:00", "0000-00-00"),
        *("2025-11-22T24:01:00Z", "9999-12-31T24:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-01:00"),
        *("\ud800-", "\x00-", "२०२५-११-२२T", "-" * 10_000, True, False, [TEN_IN_MILLISECONDS], {"ms": 1}),
        *(10**15, -(10**15), 10**400, 1e300, math.inf, -math.inf),
    ],
)
def test_not_a_time(wire: Any) -> None:
    """A value that is not a time, or out of range for a datetime, is kept as received."""
    message = models.Message.from_dict({"message_id": "m1", "time_sent": wire})

    assert message.time_sent == wire
    assert message.time_sent is wire
    assert message.to_dict() == {"message_id": "m1", "time_sent": wire}


def test_not_a_number() -> None:
    """NaN is kept as received."""
    assert math.isnan(read(math.nan))


@settings(deadline=None, derandomize=True)
@given(wire=st.text() | st.from_regex(r"[0-9T:WZ+.,-]{1,30}") | st.integers() | st.floats(allow_nan=False))
def test_anything(wire: Any) -> None:
    """Any value reads as an aware datetime or as itself, and is returned unchanged."""
    message = models.Message.from_dict({"message_id": "m1", "time_sent": wire})
    moment: Any = message.time_sent

    assert moment is wire or moment.tzinfo is UTC
    assert message.to_dict()["time_sent"] is wire


@settings(deadline=None, derandomize=True)
@given(wire=st.integers(-(10**13), 10**13) | st.integers(3_999_999_999_000, 4_000_000_001_000))
def test_each_millisecond(wire: int) -> None:
    """Epoch milliseconds read as exactly that moment, however it is computed."""
    assert read(wire) == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=wire)


@settings(deadline=None, derandomize=True)
@given(moment=st.datetimes(timezones=st.timezones()))
def test_write_then_read(moment: datetime) -> None:
    """A time that is written and read again is the same moment, to the millisecond."""
    written = models.Message(message_id="m1", time_sent=moment).to_dict()
    again: Any = models.Message.from_dict(written).time_sent
    try:
        expected = moment.astimezone(UTC)
    except OverflowError:  # the moment is outside the years that UTC supports
        assert again == written["time_sent"]
        return

    assert timedelta(0) <= expected - again < timedelta(milliseconds=1)


def test_wire_form() -> None:
    """An assigned time is sent in the documented form of its field: epoch milliseconds or ISO 8601."""
    message = models.Message.from_dict({"message_id": "m1", "time_sent": "2020-01-01"})
    number = models.PhoneNumber.from_dict({"last_active": 5})

    message.time_sent = TEN.astimezone(timezone(timedelta(hours=2)))
    number.last_active = TEN

    assert message.to_dict() == {"message_id": "m1", "time_sent": TEN_IN_MILLISECONDS}
    assert number.to_dict() == {"last_active": "2025-11-22T10:00:00+00:00"}


@pytest.mark.parametrize("wire", ["2025-11-22", "2025-11-22T10:00:00.000Z", TEN_IN_MILLISECONDS + 0.25, str(TEN)])
def test_unchanged(wire: Any) -> None:
    """A time that was only read is returned exactly as received."""
    message = models.Message.from_dict({"message_id": "m1", "time_sent": wire})

    assert message.time_sent is not None
    assert message.to_dict()["time_sent"] is wire


@pytest.mark.parametrize("never", [-1, -1.0, None])
def test_never(never: Any) -> None:
    """A webhook without an end reads as None, and is returned as received."""
    webhook = models.Webhook.from_dict({"webhook_id": "wh_1", "valid_until": never})

    assert webhook.valid_until is None
    assert webhook.to_dict() == {"webhook_id": "wh_1", "valid_until": never}


def test_until() -> None:
    """In a request, None means no end, a time is sent, and unset fields are left out."""
    assert models.UpdateWebhookRequest(valid_until=None).to_dict() == {"valid_until": -1}
    assert models.UpdateWebhookRequest(valid_until=TEN).to_dict() == {"valid_until": TEN_IN_MILLISECONDS}
    assert models.UpdateWebhookRequest(valid_until=-1).to_dict() == {"valid_until": -1}
    assert models.UpdateWebhookRequest(valid_until=TEN_IN_MILLISECONDS).to_dict() == {
        "valid_until": TEN_IN_MILLISECONDS
    }
    assert models.UpdateWebhookRequest().to_dict() == {}


def test_end_is_assigned() -> None:
    """The end of a webhook that was read can be removed."""
    webhook = models.Webhook.from_dict({"webhook_id": "wh_1", "valid_until": TEN_IN_MILLISECONDS})

    webhook.valid_until = None

    assert webhook.to_dict() == {"webhook_id": "wh_1", "valid_until": -1}


class NoOffset(tzinfo):
    """A time zone that does not say its offset, so it tells no moment."""

    def utcoffset(self, dt: datetime | None) -> None:
        """Return nothing."""

    dst = tzname = utcoffset


@pytest.mark.parametrize("moment", [datetime(2025, 11, 22), datetime(2025, 11, 22, tzinfo=NoOffset())])  # noqa: DTZ001
def test_naive(moment: datetime) -> None:
    """A time without a time zone raises an error before anything is sent: it is ambiguous."""
    with pytest.raises(InvalidArgumentError, match="time zone"):
        models.UpdateWebhookRequest(valid_until=moment).to_dict()
    with pytest.raises(InvalidArgumentError, match="time zone"):
        models.PhoneNumber(phone_number="+15551234567", last_active=moment).to_dict()


def test_iso_of_nested_lists() -> None:
    """However deep the lists in a response are, they are returned as received."""
    nested: Any = []
    for _ in range(5_000):
        nested = [nested]

    written = models.MessageList.from_dict({"messages": nested}).to_dict(times="iso")

    depth = 0
    while written["messages"]:
        (written["messages"],) = written["messages"]
        depth += 1
    assert depth == 5_000


def test_iso() -> None:
    """`to_dict(times="iso")` writes all times as ISO 8601, including nested ones; other values are unchanged."""
    body: Any = {
        "messages": [
            {"message_id": "m1", "time_sent": TEN_IN_MILLISECONDS, "time_delivered": None, "new": 5},
            {"message_id": "m2", "time_sent": "soon", "reactions": [{"reaction": "love", "time_sent": 0}]},
        ]
    }
    page = models.MessageList.from_dict(body)
    first, second = page.to_dict(times="iso")["messages"]

    assert first == body["messages"][0] | {"time_sent": "2025-11-22T10:00:00+00:00"}
    assert second == {
        "message_id": "m2",
        "time_sent": "soon",
        "reactions": [{"reaction": "love", "time_sent": "1970-01-01T00:00:00+00:00"}],
    }
    assert page.to_dict() == page.to_dict(times="wire") == body
    webhook = models.Webhook.from_dict({"webhook_id": "wh_1", "valid_until": -1})
    assert webhook.to_dict(times="iso") == {"webhook_id": "wh_1", "valid_until": None}
    with pytest.raises(InvalidArgumentError, match="times must be"):
        page.to_dict(times="local")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_read_or_not() -> None:
    """A model whose times were read equals one whose times were not, and both have the same JSON, repr and hash."""
    came = {"message_id": "m1", "time_sent": TEN_IN_MILLISECONDS, "time_delivered": "2025-11-22T10:00:00Z"}
    read, unread = models.Message.from_dict(came), models.Message.from_dict(came)
    assert read.time_sent == read.time_delivered == TEN

    assert unread.to_dict() == read.to_dict() == came
    assert (repr(unread), hash(unread)) == (repr(read), hash(read))
    assert pickle.loads(pickle.dumps(unread)) == read == unread  # noqa: S301 - our own


def test_assigned_milliseconds() -> None:
    """A time that is assigned as epoch milliseconds is written as such, and read as a datetime."""
    message = models.Message(message_id="m1")
    message.time_sent = TEN_IN_MILLISECONDS  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]

    assert message.to_dict()["time_sent"] == TEN_IN_MILLISECONDS
    assert message.time_sent == TEN
