"""A key stands for one message."""

# These tests inspect the ledger behind the public API.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import datetime

import pytest
from outbox_places import let_time_pass
from sqlalchemy import event

from blooio_client import Blooio, InvalidArgumentError
from blooio_client.outbox import Added, Outbox, OutboxConflictError
from blooio_outbox.ledger import queries

DAY = 24 * 3600.0
TO = "+15550000001"


def test_a_key_is_added_once(outbox: Outbox) -> None:
    """Adding the same message again changes nothing."""
    assert outbox.add(TO, "Hi", key="a")
    assert not outbox.add(TO, "Hi", key="a")
    assert outbox.progress().counts == {"waiting": 1}


@pytest.mark.parametrize(
    "other",
    [{"text": "Ho"}, {"to": "+15550000002"}, {"from_number": "+15559990000"}, {"format": "markdown"}],
    ids=["text", "to", "number", "format"],
)
def test_a_key_stands_for_one_message(outbox: Outbox, other: dict[str, str]) -> None:
    """A known key with another text, recipient, number or format raises an error, and nothing of the batch is added."""
    outbox.add(TO, "Hi", key="a")
    rows = [{"to": "+15550000009", "text": "new", "key": "b"}, {"to": TO, "text": "Hi", "key": "a", **other}]
    with pytest.raises(OutboxConflictError, match="row 1: the key") as raised:
        outbox.add_many(rows)

    assert raised.value.row == 1
    assert outbox.progress().total == 1


def test_another_text_in_a_campaign(outbox: Outbox) -> None:
    """If the key comes from the campaign and the recipient, the error names both; `add` has no rows to name."""
    outbox.add(TO, "Hi", campaign="spring")
    with pytest.raises(OutboxConflictError, match=r"^this recipient is already in the campaign with another text"):
        outbox.add(TO, "Ho", campaign="spring")
    with pytest.raises(InvalidArgumentError, match=r"^text must be a str") as raised:
        outbox.add(TO, 5)  # type: ignore[arg-type]
    assert raised.value.row is None  # type: ignore[attr-defined]


def test_two_messages_under_one_key_in_one_batch(outbox: Outbox) -> None:
    """Rows with the same key within a batch are compared, too."""
    with pytest.raises(OutboxConflictError, match="row 1"):
        outbox.add_many([{"to": TO, "text": "Hi", "key": "a"}, {"to": TO, "text": "Ho", "key": "a"}])

    assert outbox.progress().total == 0


def test_a_campaign_has_one_message_for_each_recipient(outbox: Outbox) -> None:
    """Without a key, campaign and recipient form the key, and another campaign adds another message."""
    rows = [{"to": TO, "text": "Hi"}, {"to": TO, "text": "Hi"}]

    assert outbox.add_many(rows, campaign="spring") == Added(new=1, known=1)
    assert outbox.add_many(rows[:1], campaign="summer") == Added(new=1)
    assert outbox.add([TO, "+15550000002"], "Hi", campaign="spring")
    assert not outbox.add(["+15550000002", TO], "Hi", campaign="spring")


def test_plain_is_the_default_format(outbox: Outbox) -> None:
    """Passing the default format does not make another message."""
    assert outbox.add(TO, "Hi", key="a")
    assert not outbox.add(TO, "Hi", key="a", format="plain")


def test_an_email_address_is_one_recipient_however_it_is_capitalized(outbox: Outbox) -> None:
    """The same campaign reaches the same address once."""
    assert outbox.add("Ann@Example.com", "Hi", campaign="spring")
    assert not outbox.add("ann@example.com", "Hi", campaign="spring")


def test_texts_are_erased_and_keys_kept(outbox: Outbox, client: Blooio, url: str) -> None:
    """A key that was sent is never sent again, until it is pruned."""
    outbox.add(TO, "Hi", key="a")
    outbox.run(client, until_empty=True)
    assert not outbox.add(TO, "Hi", key="a")
    assert outbox.prune() == 0
    (sent,) = outbox.outcomes()
    outbox.note_status(str(sent.message_id), "failed")
    with pytest.raises(InvalidArgumentError, match="was erased"):
        outbox.retry("a")
    let_time_pass(url, 91 * DAY)

    assert outbox.prune() == 1
    assert list(outbox.outcomes()) == []


def test_pruning_leaves_room_for_other_writers(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many messages are deleted in several transactions: on SQLite, workers cannot write during any of them."""
    monkeypatch.setattr(queries, "_PRUNED_AT_ONCE", 2)
    deletions: list[str] = []

    def note(*given: object) -> None:
        if str(given[2]).startswith("DELETE FROM blooio_outbox_messages"):
            deletions.append("part")

    outbox.add_many([{"to": f"+1555000000{number}", "text": "Hi"} for number in range(5)], campaign="c")
    outbox.cancel("c")
    event.listen(outbox._database.engine, "before_cursor_execute", note)

    assert outbox.prune(datetime.timedelta()) == 5
    assert len(deletions) == 3
    assert outbox.progress().total == 0
