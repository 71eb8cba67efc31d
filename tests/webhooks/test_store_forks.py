"""Stores in forked processes."""

from __future__ import annotations

import os
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from webhook_stores import FILES, entry, lone, opened

from blooio_overrides.webhooks import MemoryStore, SQLiteStore

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork"),
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning"),
]


def test_a_child_process_has_connections_of_its_own(store: Any) -> None:
    """After a fork, both processes use the store; a store in memory stays with the parent, and the child's is empty."""
    store.add([entry("parent", "a")])
    child = os.fork()
    if child == 0:
        code = 2
        try:
            is_shared = not isinstance(store, MemoryStore)
            code = int([store.add([entry("child", "b")]), store.add([entry("parent", "a")])] != [1, int(not is_shared)])
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    found = {claim.key for claim in iter(store.claim, None)}
    assert found == ({"parent"} if isinstance(store, MemoryStore) else {"parent", "child"})


@pytest.mark.parametrize("kind", FILES)
def test_a_child_process_outlives_its_parent(path: Path, kind: str) -> None:
    """What a forked child notes is kept if its parent, such as the starter of a daemon, closes the store first."""
    is_open, close = os.pipe(), os.pipe()
    with opened(kind, path) as store:
        store.add([lone("parent")])
        child = os.fork()
        if child == 0:
            try:
                store.add([lone("child")])
                os.write(is_open[1], b"!")
                os.read(close[0], 1)
                store.add([lone("child again")])
            finally:
                os._exit(0)
        os.read(is_open[0], 1)
    os.write(close[1], b"!")
    os.waitpid(child, 0)
    for end in (*is_open, *close):
        os.close(end)

    with opened(kind, path) as store:
        assert {claim.key for claim in iter(store.claim, None)} == {"parent", "child", "child again"}


@pytest.mark.parametrize("state", ["in use", "closed"])
def test_a_fork_while_the_connection_is_not_idle(path: Path, state: str) -> None:
    """A child does not wait for a thread of its parent, which it does not have, and needs no open connection."""
    with SQLiteStore(path) as store:
        store.add([lone("parent")])
        if state == "closed":
            store.close()
        with vars(store)["_lock"] if state == "in use" else nullcontext():
            child = os.fork()
            if child == 0:
                code = 2
                try:
                    code = store.add([lone("child")]) - 1
                finally:
                    os._exit(code)
        _, status = os.waitpid(child, 0)

        assert os.waitstatus_to_exitcode(status) == 0
        assert {claim.key for claim in iter(store.claim, None)} == {"parent", "child"}
