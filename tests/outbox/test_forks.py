"""An outbox in a forked process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from blooio_client.outbox import Outbox

TO = "+15550000001"


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_forked_child_has_connections_of_its_own(outbox: Outbox) -> None:
    """After a fork, parent and child both add messages."""
    outbox.add(TO, "Hi", key="parent")
    child = os.fork()
    if child == 0:  # pragma: no cover - the child's result is checked in the ledger
        try:
            outbox.add(TO, "Hi", key="child")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    outbox.add(TO, "Hi", key="parent again")

    assert {each.key for each in outbox.outcomes()} == {"parent", "child", "parent again"}


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_child_process_outlives_its_parent(sqlite_url: str) -> None:
    """What a forked child adds is kept if its parent, such as the starter of a daemon, closes the file first."""
    outbox = Outbox(sqlite_url)
    outbox.add(TO, "Hi", key="parent")
    is_open, close = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - the child's result is checked in the ledger
        try:
            outbox.add(TO, "Hi", key="child")
            os.write(is_open[1], b"!")
            os.read(close[0], 1)
            outbox.add(TO, "Hi", key="child again")
        finally:
            os._exit(0)
    os.read(is_open[0], 1)
    outbox.close()
    os.write(close[1], b"!")
    os.waitpid(child, 0)
    for end in (*is_open, *close):
        os.close(end)

    assert {each.key for each in outbox.outcomes()} == {"parent", "child", "child again"}
    outbox.close()


def test_outboxes_that_are_gone_cost_nothing_at_a_fork(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An outbox registers no function that Python would call at each fork, and could never remove."""
    registered: list[object] = []

    def register(**functions: object) -> None:
        registered.append(functions)

    monkeypatch.setattr(os, "register_at_fork", register)
    Outbox(f"sqlite:///{tmp_path / 'outbox.db'}")

    assert registered == []
