"""Changes that meet a worker halfway."""

# These tests inspect the ledger behind the public API.

# pyright: standard
# Strict mode rejects test doubles, database rows and access to internals; mypy checks this file strictly.

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from waiting import wait_until

from blooio_client.outbox import Outbox
from blooio_outbox import deliver
from blooio_outbox.ledger.record import release
from blooio_outbox.ledger.schema import messages

TO = "+15550000001"
WAITING = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")


def test_cancelling_a_message_that_is_released_meanwhile(
    open_outbox: Callable[[str], Outbox], postgresql_url: str
) -> None:
    """A campaign is cancelled as a whole, even if a worker puts a message back while that is being written."""
    outbox = open_outbox(postgresql_url)
    outbox.add_many([{"to": TO, "text": "Hi"}, {"to": "+15550000002", "text": "Hi"}], campaign="c")
    first, in_hand = outbox.plan()
    attempt = deliver.begin(outbox._context, in_hand.id)
    assert isinstance(attempt, deliver.Attempt)
    engine = sa.create_engine(postgresql_url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    cancelling = threading.Thread(target=outbox.cancel, args=["c"])
    releasing = threading.Thread(target=release, args=[outbox._database, attempt.claim])
    with engine.connect() as watch:
        with outbox._database.begin() as tx:
            tx.execute(sa.select(messages).where(messages.c.id == first.id).with_for_update())
            cancelling.start()
            wait_until(lambda: watch.scalar(WAITING) == 1)  # for the first message
            releasing.start()
            wait_until(lambda: watch.scalar(WAITING) == 2 or not releasing.is_alive())
        for thread in (cancelling, releasing):
            thread.join()

    assert outbox.progress().counts == {"cancelled": 2}


@pytest.mark.parametrize("place", ["BEGIN", "SELECT", "INSERT"])
def test_an_interruption_leaves_no_lock(sqlite_url: str, place: str) -> None:
    """After Ctrl-C at any statement, as in a notebook, other processes can write, though the traceback is kept."""
    outbox = Outbox(sqlite_url)
    outbox.migrate()

    def interrupt(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(place):
            raise KeyboardInterrupt

    event.listen(outbox._database.engine, "after_cursor_execute", interrupt)
    with pytest.raises(KeyboardInterrupt) as raised:
        outbox.add(TO, "Hi", key="a")
    with closing(sqlite3.connect(sa.make_url(sqlite_url).database or "", timeout=0.0)) as other:
        other.execute("BEGIN IMMEDIATE")

    assert raised.traceback
    outbox.close()


def test_threads_do_not_wait_for_connections(sqlite_url: str) -> None:
    """An interruption may cost a connection of the pool: on SQLite, there is always another one."""
    outbox = Outbox(sqlite_url)
    outbox.migrate()
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(outbox._database.read())

        assert outbox.progress().total == 0
    outbox.close()
