"""Messages are added once, and invalid rows are reported."""

from __future__ import annotations

import datetime
import hashlib
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from blooio_client import InvalidArgumentError
from blooio_client.outbox import Added, Outbox, OutboxRowError
from blooio_client.types import UNSET
from blooio_outbox.ledger.schema import messages

TO = "+15550000001"
LONG = hashlib.shake_128(b"").hexdigest(1001)  # that it cannot be compressed matters to PostgreSQL
DAY = datetime.timedelta(days=1)
SOON = datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)


class Nowhere(datetime.tzinfo):
    """A time zone that does not know its offset."""

    def utcoffset(self, _moment: datetime.datetime | None) -> None:
        """Return no offset."""

    dst = tzname = utcoffset


BAD_ROWS: list[tuple[Any, str]] = [
    ({"text": "Hi", "key": "k"}, "to is missing"),
    ({"to": "", "text": "Hi", "key": "k"}, "to is missing"),
    ({"to": "(555) 123-4567", "text": "Hi", "key": "k"}, "E.164 format"),
    ({"to": TO, "key": "k"}, "text must be"),
    ({"to": TO, "text": " ", "key": "k"}, "text must be"),
    ({"to": TO, "text": "\ud800", "key": "k"}, "surrogate"),
    ({"to": TO, "text": "a\0b", "key": "k"}, "NUL"),
    ({"to": TO, "text": "Hi"}, "pass key="),
    ({"to": TO, "text": "Hi", "key": ""}, "key must be"),
    ({"to": TO, "text": "Hi", "key": "a\nb"}, "key must be"),
    ({"to": TO, "text": "Hi", "key": 7}, "key must be"),
    ({"to": TO, "text": "Hi", "key": "k", "from_number": "5551"}, "from_number must be"),
    ({"to": TO, "text": "Hi", "key": "k", "not_before": datetime.datetime(2027, 1, 1)}, "not_before must be aware"),  # noqa: DTZ001
    ({"to": TO, "text": "Hi", "key": "k", "not_before": 7}, "not_before must be a datetime"),
    ({"to": TO, "text": "Hi", "key": "k", "not_before": SOON.replace(tzinfo=Nowhere())}, "not_before must be aware"),
    ({"to": TO, "text": "Hi", "key": LONG}, "key is too long; expected at most 2,000 bytes"),
    ({"to": f"{LONG}@example.com", "text": "Hi", "key": "k"}, "to is too long"),
    ({"to": TO, "text": "Hi", "key": "k", "not_before": SOON, "not_after": SOON}, "not_after must be"),
    (
        {"to": TO, "text": "Hi", "key": "k", "not_before": SOON - 2 * DAY, "not_after": SOON - DAY},
        "not_after must be in the future",
    ),
    ({"to": TO, "text": "Hi", "key": "k", "not_after": SOON - DAY}, "not_after"),
    ({"to": TO, "text": "Hi", "key": "k", "zone": "Mars/Base"}, "zone must be the name of a time zone"),
    ({"to": TO, "text": "Hi", "key": "k", "zone": 1}, "zone must be"),
    ({"to": TO, "text": "Hi", "key": "k", "quiet_hours": "night"}, "quiet_hours must"),
    ({"to": TO, "text": "Hi", "key": "k", "sender": "me"}, "unknown fields sender"),
    ({"to": {"x": 1}, "text": "Hi", "key": "k"}, "the chat id"),
    ({"to": [{"x": 1}], "text": "Hi", "key": "k"}, "the chat id"),
    ({"to": TO, "text": "Hi", "key": "k", "from_number": 0}, "from_number must be"),
    ({"to": TO, "text": "Hi", "key": "k", "format": "html"}, "format must be 'plain' or 'markdown'"),
    ({"to": TO, "text": "Hi", "key": "k", "format": 1}, "format"),
    ({"to": TO, "text": "**a** " * 257, "key": "k", "format": "markdown"}, "257 formatted ranges"),
    ([TO, "Hi"], "a row must be a mapping"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "says"), BAD_ROWS)
def test_a_bad_row_is_named(open_outbox: Callable[[str], Outbox], sqlite_url: str, row: Any, says: str) -> None:
    """The error names the row and what is expected, and nothing of its batch is added."""
    outbox = open_outbox(sqlite_url)
    good = {"to": TO, "text": "Hi", "key": "good"}
    with pytest.raises(OutboxRowError, match=f"row 1: .*{says}") as raised:
        outbox.add_many([good, row])

    assert raised.value.row == 1
    assert pickle.loads(pickle.dumps(raised.value)).row == 1  # noqa: S301 - our own
    assert outbox.progress().total == 0


def test_bad_rows_can_be_collected(outbox: Outbox) -> None:
    """With `on_error="collect"`, valid rows are added and invalid ones returned with their positions."""
    outbox.add(TO, "Hi", key="a")
    rows = [
        {"to": TO, "text": "", "key": "b"},
        {"to": TO, "text": "Hi", "key": "a"},
        {"to": TO, "text": "Ho", "key": "a"},
        {"to": TO, "text": "Hi", "key": "c"},
    ]
    added = outbox.add_many(rows, on_error="collect")

    assert (added.new, added.known, [bad.row for bad in added.bad]) == (1, 1, [0, 2])
    assert outbox.add_many(rows[:1], on_error="collect").bad[0].row == 0


def test_rows_beyond_the_first_batch_have_their_own_position(outbox: Outbox) -> None:
    """An invalid row is reported by its position in all rows, and the batches before it are added."""
    rows = [{"to": f"+1555{number:07}", "text": "Hi"} for number in range(1200)]
    with pytest.raises(OutboxRowError, match="row 1200"):
        outbox.add_many([*rows, {"to": TO}], campaign="c")

    assert outbox.progress().total == 1000
    assert outbox.add_many(rows, campaign="c") == Added(new=200, known=1000)


@pytest.mark.parametrize("campaign", ["", "a\0b", "\ud800", 7])
def test_a_campaign_needs_a_name_that_can_be_stored(outbox: Outbox, campaign: Any) -> None:
    """An invalid campaign raises an error, and nothing is added."""
    with pytest.raises(InvalidArgumentError, match="campaign must be a printable str"):
        outbox.add_many([{"to": TO, "text": "Hi", "key": "a"}], campaign=campaign)

    assert outbox.progress().total == 0


def test_a_generator_that_reuses_its_mapping(outbox: Outbox) -> None:
    """A row is read when it is yielded: a generator may fill the same dict for the next person."""
    row: dict[str, Any] = {}

    def rows() -> Iterator[dict[str, Any]]:
        for digit in range(3):
            row["to"], row["text"] = f"+1555000000{digit}", f"Dear {digit}"
            yield row

    assert outbox.add_many(rows(), campaign="c").new == 3


def test_an_unknown_on_error(outbox: Outbox) -> None:
    """Any `on_error` but "raise" and "collect" raises an error."""
    with pytest.raises(InvalidArgumentError, match="on_error must be"):
        outbox.add_many([], on_error="ignore")  # type: ignore[arg-type]


def test_quiet_hours_of_one_message(outbox: Outbox, url: str) -> None:
    """With quiet_hours=None, a message is sent at any time; by default, the outbox's quiet hours apply."""
    for key, hours in (("a", UNSET), ("b", None), ("c", ("20:00", "9:00"))):
        outbox.add(TO, "Hi", key=key, quiet_hours=hours)
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        found = connection.scalars(sa.select(messages.c.quiet_hours).order_by(messages.c.id)).all()

    assert found == [None, "", "20:00-09:00"]


def test_a_message_for_the_end_of_time(outbox: Outbox) -> None:
    """A message that is held back with the latest datetime can be listed."""
    latest = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    outbox.add(TO, "Hi", key="a", not_before=latest)

    assert [each.due for each in outbox.outcomes()] == [latest.replace(microsecond=0)]
