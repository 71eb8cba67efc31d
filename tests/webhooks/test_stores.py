"""Where accepted events are kept until they are handled."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import store_taker

from blooio_overrides._call import retries as deadlines
from blooio_overrides.errors import InvalidArgumentError
from blooio_overrides.webhooks import MemoryStore, Noted, SQLiteStore, Store, sqlite_store

RECORD = '{"text": "canary"}'


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        """The time, which stands still."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of both stores."""
    clock = Clock()
    monkeypatch.setattr(deadlines, "now", clock)
    monkeypatch.setattr(time, "time", clock)
    return clock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a store may be."""
    return tmp_path / "events.db"


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, path: Path) -> Iterator[Store]:
    """Each kind of store."""
    if request.param == "memory":
        yield MemoryStore()
    else:
        with SQLiteStore(path) as opened:
            yield opened


def test_an_event_is_noted_taken_and_finished_once(store: Store) -> None:
    """A key is new once; its event is in one pair of hands at a time, and is over when it is finished."""
    assert store.take() is None
    assert [store.note("one", RECORD), store.note("one", RECORD), store.note("two", RECORD)] == [True, False, True]
    assert [store.take(), store.take(), store.take()] == [Noted("one", RECORD), Noted("two", RECORD), None]
    assert not store.note("one", RECORD)

    store.finish("one")

    assert not store.note("one", RECORD)
    assert store.take() is None


def test_an_event_that_is_given_back_is_taken_again_when_it_is_due(store: Store, clock: Clock) -> None:
    """A postponed event comes back after its time, not before, and says how often it was taken; others pass it."""
    store.note("one", RECORD)
    store.take()
    store.postpone("one", 10.0)
    store.note("two", RECORD)

    assert store.take() == Noted("two", RECORD)
    assert store.take() is None
    clock.now += 10.0
    assert store.take() == Noted("one", RECORD, attempts=1)


def test_threads_share_a_store(store: Store) -> None:
    """However many threads note and take, each event is new to one of them and taken by one."""
    keys = [f"event {number}" for number in range(100)]
    with ThreadPoolExecutor(8) as pool:
        new = list(pool.map(store.note, keys * 3, [RECORD] * 300))
        taking = [pool.submit(store.take) for _ in range(len(keys) + 10)]
    taken = [future.result() for future in taking]

    assert new.count(True) == len(keys)
    assert sorted(keys) == sorted(noted.key for noted in taken if noted)


def test_a_store_shows_nothing(store: Store) -> None:
    """What an event holds stands in no repr."""
    store.note("one", RECORD)

    assert "canary" not in repr(store) + repr(store.take())


def test_memory_is_bounded() -> None:
    """A full memory takes nothing in until something is handled, and then forgets the oldest handled key."""
    store = MemoryStore(capacity=2)
    store.note("one", RECORD)
    store.note("two", RECORD)
    with pytest.raises(OverflowError, match="full"):
        store.note("three", RECORD)

    for key in ("one", "two"):
        store.finish(key)
    assert [store.note("three", RECORD), store.note("one", RECORD)] == [True, False]
    store.finish("three")
    assert store.note("one", RECORD)


@pytest.mark.parametrize("capacity", [0, -1, 1.5, "1", True])
def test_a_capacity_is_a_count(capacity: Any) -> None:
    """A memory that can hold nothing, or nobody knows how much, is refused."""
    with pytest.raises(InvalidArgumentError, match="capacity"):
        MemoryStore(capacity=capacity)


@pytest.mark.parametrize("seconds", [0, -1, "1", True, None, float("inf"), float("nan")])
@pytest.mark.parametrize("name", ["lease", "keep"])
def test_times_are_seconds(path: Path, name: str, seconds: Any) -> None:
    """A lease that is no time is refused, and nothing is made."""
    with pytest.raises(InvalidArgumentError, match=name):
        SQLiteStore(path, **{name: seconds})

    assert not path.exists()


def test_a_file_survives_the_process(path: Path) -> None:
    """What was noted is there in the next process, and what was finished is known to be."""
    with SQLiteStore(path) as store:
        store.note("one", RECORD)
        store.note("two", RECORD)
        store.finish("one")
    with SQLiteStore(str(path)) as store:
        assert [store.note("one", RECORD), store.note("two", RECORD)] == [False, False]
        assert [store.take(), store.take()] == [Noted("two", RECORD), None]


def test_a_closed_file_opens_again(path: Path) -> None:
    """Whoever closes a store early loses nothing."""
    store = SQLiteStore(path)
    store.close()
    store.close()
    assert store.note("one", RECORD)
    store.close()


def test_a_file_is_its_owners_and_forgets_what_is_handled(path: Path) -> None:
    """Others cannot read it, and the contents of a handled event are in none of its bytes."""
    with SQLiteStore(path) as store:
        store.note("one", RECORD)
        store.finish("one")
        assert not (path.stat().st_mode & 0o077)

    assert b"canary" not in path.read_bytes()
    assert b"one" in path.read_bytes()


def test_old_keys_are_forgotten(path: Path, clock: Clock) -> None:
    """A file does not grow for ever: a key that was handled long ago is new again."""
    with SQLiteStore(path, keep=60.0) as store:
        for key in ("one", "two"):
            store.note(key, RECORD)
            store.finish(key)
            clock.now += 61.0
        assert store.note("one", RECORD)
        assert not store.note("two", RECORD)


def test_what_is_no_store_is_left_alone(path: Path) -> None:
    """Another kind of file is refused by SQLite, and stays as it is."""
    path.write_bytes(b"canary" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        SQLiteStore(path)

    assert path.read_bytes() == b"canary" * 100


def taken_by_another_process(path: Path, how_many: int) -> list[str]:
    """The keys that another process took before it ended."""
    command = [sys.executable, "-W", "error", store_taker.__file__, str(path), str(how_many)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_what_a_dead_process_had_in_hand_is_taken_up(path: Path) -> None:
    """An event whose process ended comes back at once, and one that this process holds does not."""
    with SQLiteStore(path) as store:
        for key in ("mine", "theirs", "free"):
            store.note(key, RECORD)
        store.take()

        assert taken_by_another_process(path, 1) == ["theirs"]
        assert [store.take(), store.take(), store.take()] == [
            Noted("theirs", RECORD, attempts=1),
            Noted("free", RECORD),
            None,
        ]


def test_processes_share_a_file(path: Path) -> None:
    """However many processes take at once, each event is in the hands of one that lives."""
    keys = {f"event-{number}" for number in range(60)}
    with SQLiteStore(path) as store:
        for key in keys:
            store.note(key, RECORD)
        with ThreadPoolExecutor(3) as pool:
            shares = list(pool.map(taken_by_another_process, [path] * 3, [10] * 3))
        rest = [noted.key for noted in iter(store.take, None)]

    assert all(len(set(share)) == 10 for share in shares)
    assert keys == set(rest)


def owned_by(path: Path, owner: str) -> None:
    """Let somebody else have the first event in hand."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE webhook_events SET owner = ?", (owner,))
    connection.close()


@pytest.mark.parametrize(
    ("owner", "is_taken"),
    [
        (f"{socket.gethostname()} {os.getpid()} another-token", True),
        (f"{socket.gethostname()} {os.getppid()} token", False),
        (f"another-machine {os.getpid()} token", False),
    ],
    ids=["a process id that came again", "alive", "another machine"],
)
def test_only_who_is_known_to_be_gone_loses_an_event(path: Path, clock: Clock, owner: str, is_taken: bool) -> None:
    """An event in the hands of somebody who may be alive comes back when the lease is over."""
    with SQLiteStore(path, lease=60.0) as store:
        store.note("one", RECORD)
        store.take()
        owned_by(path, owner)

        assert is_taken is (store.take() is not None)
        clock.now += 61.0
        assert store.take()


def test_a_process_of_somebody_else_is_alive(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that may not be asked is there; and where asking would end it, it is not asked."""

    def forbid(*_: object) -> None:
        raise PermissionError

    with SQLiteStore(path) as store:
        store.note("one", RECORD)
        store.take()
        owned_by(path, f"{socket.gethostname()} 1 token")
        monkeypatch.setattr(os, "kill", forbid)
        assert store.take() is None

    assert not sqlite_store.is_gone(None)
    monkeypatch.setattr(os, "name", "nt")
    assert not sqlite_store.is_gone(f"{socket.gethostname()} {os.getpid()} token")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_child_process_has_a_connection_of_its_own(path: Path) -> None:
    """After a fork, parent and child both use the store, each through its own connection."""
    with SQLiteStore(path) as store:
        store.note("parent", RECORD)
        child = os.fork()
        if child == 0:
            try:
                os._exit(int(not (store.note("child", RECORD) and not store.note("parent", RECORD))))
            finally:
                os._exit(2)
        _, status = os.waitpid(child, 0)

        assert os.waitstatus_to_exitcode(status) == 0
        assert [noted.key for noted in iter(store.take, None)] == ["parent", "child"]
