"""A store in a file: restarts, other processes, interruptions, and deleted files."""

from __future__ import annotations

import gc
import os
import signal
import sqlite3
import subprocess
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy
import store_taker
from webhook_stores import move_clock, transact

from blooio_overrides.errors import InvalidArgumentError
from blooio_overrides.webhooks import Entry, MemoryStore, SQLiteStore, SQLStore
from blooio_overrides.webhooks.stores import owners

RECORD = '{"text": "canary"}'


started: Callable[[int], str] = vars(owners)["_started"]


def entry(key: str, chat: str | None = None) -> Entry:
    """An event in its own chat."""
    return Entry(key, chat or f"chat of {key}", RECORD)


@pytest.mark.parametrize("seconds", [0, -1, "1", True, None, float("inf"), float("nan")])
@pytest.mark.parametrize("name", ["lease", "keep"])
def test_times_are_seconds(path: Path, name: str, seconds: Any) -> None:
    """A lease that is not a number of seconds raises an error, and no file is created."""
    with pytest.raises(InvalidArgumentError, match=name):
        SQLiteStore(path, **{name: seconds})

    assert not path.exists()


def test_a_file_survives_the_process(path: Path) -> None:
    """Stored events and finished keys survive a restart."""
    with SQLiteStore(path) as store:
        store.note([entry("one"), entry("two")])
        noted = store.take()
        assert noted is not None
        store.finish(noted)
    with SQLiteStore(str(path)) as store:
        assert store.note([entry("one"), entry("two")]) == 0
        assert [noted.key for noted in iter(store.take, None)] == ["two"]


@pytest.mark.parametrize("kind", ["file", "memory"])
def test_a_forgotten_store_closes(path: Path, kind: str) -> None:
    """A store that is no longer referenced does not warn about an open database."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        store: SQLiteStore | MemoryStore | None = SQLiteStore(path) if kind == "file" else MemoryStore()
        assert store is not None
        store.note([entry("one")])
        store = None
        gc.collect()

    assert [each for each in warned if "database" in str(each.message)] == []


def test_a_closed_file_opens_again(path: Path) -> None:
    """Closing a store early loses nothing."""
    store = SQLiteStore(path)
    store.close()
    store.close()
    assert store.note([entry("one")]) == 1
    store.close()


def test_a_file_is_private_and_forgets_handled_events(path: Path) -> None:
    """The file is private, and none of its bytes holds the contents of a handled event."""
    with SQLiteStore(path) as store:
        store.note([entry("one")])
        noted = store.take()
        assert noted is not None
        store.finish(noted)
        assert not (path.stat().st_mode & 0o077)

    assert b"canary" not in path.read_bytes()
    assert b"one" in path.read_bytes()


def test_old_keys_are_forgotten(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file does not grow forever: keys handled long ago are deleted."""
    monkeypatch.setattr(SQLiteStore, "_forget_every", 1)
    ahead = [0.0]
    move_clock(monkeypatch, SQLiteStore, ahead)
    with SQLiteStore(path, keep=60.0) as store:
        for key in ("one", "two"):
            store.note([entry(key)])
            noted = store.take()
            assert noted is not None
            store.finish(noted)
            ahead[0] += 61.0
        assert [store.note([entry("one")]), store.note([entry("two")])] == [1, 0]


def test_a_file_that_is_not_a_store_is_unchanged(path: Path) -> None:
    """A file of another kind is rejected and not changed."""
    path.write_bytes(b"canary" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        SQLiteStore(path)

    assert path.read_bytes() == b"canary" * 100


def taken_by_another_process(path: Path, how_many: int) -> list[str]:
    """The keys that another process took before it ended."""
    command = [sys.executable, "-W", "error", store_taker.__file__, str(path), str(how_many)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_events_of_a_dead_process_are_taken_over(path: Path) -> None:
    """An event held by a process that has ended is handed out at once; one held by this process is not."""
    with SQLiteStore(path) as store:
        for key in ("mine", "theirs", "free"):
            store.note([entry(key)])
        store.take()

        assert taken_by_another_process(path, 1) == ["theirs"]
        vars(store)["_looked_at"] = float("-inf")
        found = {noted.key: noted.attempts for noted in iter(store.take, None)}
        assert found == {"theirs": 1, "free": 0}


def test_processes_share_a_file(path: Path) -> None:
    """With many concurrent processes, each event is held by one that is alive."""
    keys = {f"event-{number}" for number in range(60)}
    with SQLiteStore(path) as store:
        store.note([entry(key) for key in keys])
        with ThreadPoolExecutor(3) as pool:
            shares = list(pool.map(taken_by_another_process, [path] * 3, [10] * 3))
        vars(store)["_looked_at"] = float("-inf")
        rest = [noted.key for noted in iter(store.take, None)]

    assert all(len(set(share)) == 10 for share in shares)
    assert keys == set(rest)


def owner(**changed: str) -> str:
    """Return the owner name of this process, with some parts changed."""
    parts = dict(zip(("boot", "namespace", "pid", "started", "token"), owners.this_process().split(" "), strict=True))
    return " ".join({**parts, **changed}.values())


@pytest.mark.parametrize(
    ("who", "is_gone"),
    [
        (owner(), False),
        (owner(token="other"), True),
        (owner(boot="another"), True),
        (owner(namespace="pid:[1]", token="other"), False),
        (owner(pid=str(os.getppid()), started=started(os.getppid())), False),
        (owner(pid=str(os.getppid()), started="1"), True),
        (owner(pid="999999999"), True),
    ],
    ids=["itself", "its id reused", "an earlier boot", "another container", "alive", "an id reused", "ended"],
)
def test_only_processes_known_to_be_gone_are_gone(who: str, is_gone: bool) -> None:
    """A process is gone if its boot, PID namespace, id and start time prove it; otherwise, its lease decides."""
    assert owners.is_gone(who) is is_gone


def test_a_process_of_another_user_is_alive(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that we may not signal counts as alive, and no signal is sent that could end it."""

    def forbid(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", forbid)
    assert not owners.is_gone(owner(pid=str(os.getppid()), started=started(os.getppid())))
    monkeypatch.setattr(os, "name", "nt")
    assert not owners.is_gone(owner(pid="1", started="1"))


def test_systems_without_proc_have_owners_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without boot, namespace and start time, a token distinguishes processes."""
    for cached in (vars(owners)["_named"], owners.boot):
        cached.cache_clear()
    monkeypatch.setattr(owners, "_PROC", Path("/nonexistent"))
    monkeypatch.setattr(owners, "_BOOT_TIME", None)
    try:
        assert owners.this_process().split(" ")[:2] == ["-", "-"]
        assert not owners.is_gone(owners.this_process())
        assert owners.since_boot() > 0
        store = SQLiteStore(":memory:")
        assert store.note([entry("one")]) == 1
        store.close()
    finally:
        Path(":memory:").unlink(missing_ok=True)
        for cached in (vars(owners)["_named"], owners.boot):
            cached.cache_clear()


class InterruptionError(BaseException):
    """The exception of a signal handler."""


def test_an_interruption_of_a_statement_rolls_back(path: Path) -> None:
    """Interrupted at any statement, the store keeps a delivery completely or not at all, and holds no lock."""
    left = [-1]

    class Interrupted(sqlite3.Connection):
        """A connection that is interrupted after a number of statements."""

        def execute(self, *arguments: Any) -> sqlite3.Cursor:
            """Run a statement."""
            cursor = super().execute(*arguments)
            left[0] -= 1
            if left[0] == 0:
                raise InterruptionError
            return cursor

    engine = sqlalchemy.create_engine(f"sqlite:///{path}", connect_args={"timeout": 0.0, "factory": Interrupted})
    interrupted = 0
    with SQLStore(engine) as store, closing(sqlite3.connect(path, timeout=0.0, isolation_level=None)) as other:
        for at in range(1, 20):
            left[0] = at
            with suppress(InterruptionError):
                store.note([entry("a"), entry("b")])
                break
            interrupted += 1
            other.execute("BEGIN IMMEDIATE")
            assert other.execute("SELECT count(*) FROM blooio_webhook_events").fetchone() in {(0,), (2,)}
            other.execute("ROLLBACK")
        left[0] = -1

        assert interrupted >= 2
        assert store.note([entry("a"), entry("b"), entry("c")]) == 1
    engine.dispose()


# If interrupted while closing a connection, SQLAlchemy leaves it to the garbage collector; Python 3.13+ warns.
@pytest.mark.filterwarnings("ignore:unclosed database:ResourceWarning")
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers")
@pytest.mark.parametrize("kind", ["file", "sqlalchemy"])
def test_an_interruption_rolls_back(path: Path, kind: str) -> None:
    """A signal handler that raises at any moment leaves no lock in this or another process."""

    def interrupt(*_: object) -> None:
        raise InterruptionError

    before = signal.signal(signal.SIGALRM, interrupt)
    # Coverage's tracer holds a lock on entering a function; interrupting it there would block all other threads.
    tracer = sys.gettrace()
    sys.settrace(None)
    gc.disable()  # Hypothesis hooks into garbage collection, which swallows exceptions
    interrupted = 0
    with SQLiteStore(path) if kind == "file" else SQLStore(f"sqlite:///{path}") as store:
        other = sqlite3.connect(path, timeout=0.0, isolation_level=None)
        try:
            for number in range(300):
                try:
                    signal.setitimer(signal.ITIMER_REAL, 1e-5 + number * 1e-5)
                    store.note([entry(f"{number}")])
                    signal.setitimer(signal.ITIMER_REAL, 0)
                except InterruptionError:
                    interrupted += 1
                    with ThreadPoolExecutor(1) as pool:
                        pool.submit(store.note, [entry(f"after {number}")]).result(30.0)
                    other.execute("BEGIN IMMEDIATE")
                    other.execute("ROLLBACK")
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            sys.settrace(tracer)
            gc.enable()
            other.close()
    gc.collect()

    assert interrupted


@pytest.mark.parametrize("kind", ["file", "sqlalchemy"])
def test_a_relative_path_stays_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """A process that changes its directory, such as a daemon, keeps using the file that it has opened."""
    monkeypatch.chdir(tmp_path)
    with SQLiteStore("events.db") if kind == "file" else SQLStore("sqlite:///events.db") as store:
        store.note([entry("before")])
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        monkeypatch.chdir(elsewhere)
        store.note([entry("after")])
        assert [noted.key for noted in iter(store.take, None)] == ["before", "after"]
    assert not [*elsewhere.iterdir()]


@pytest.mark.parametrize("kind", ["file", "sqlalchemy"])
@pytest.mark.parametrize("what", ["deleted", "replaced"])
def test_a_file_that_is_deleted_is_noticed(path: Path, what: str, kind: str) -> None:
    """Events stored after the file was deleted or replaced are in the new file."""
    with SQLiteStore(path) if kind == "file" else SQLStore(f"sqlite:///{path}") as store:
        store.note([entry("before")])
        for each in path.parent.glob(f"{path.name}*"):
            each.unlink()
        if what == "replaced":
            SQLiteStore(path).close()
        assert store.note([entry("after")]) == 1

    with SQLiteStore(path) as again:
        assert [noted.key for noted in iter(again.take, None)] == ["after"]


@pytest.mark.parametrize("kind", ["file", "sqlalchemy"])
def test_a_file_that_is_deleted_before_the_commit_is_noticed(
    path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events are not lost either if the file is deleted between check and commit."""
    with SQLiteStore(path) if kind == "file" else SQLStore(f"sqlite:///{path}") as store:
        times: list[int] = []

        def delete_before_insert(_store: Any, _execute: Any, how_many: int) -> None:
            times.append(how_many)
            if len(times) == 1:
                for each in path.parent.glob(f"{path.name}*"):
                    each.unlink()

        monkeypatch.setattr(type(store), "_check_room", delete_before_insert)
        assert store.note([entry("one")]) == 1

    with SQLiteStore(path) as again:
        assert [noted.key for noted in iter(again.take, None)] == ["one"]
    assert len(times) == 2


def test_a_clock_that_is_set_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Setting the system's time back by a day neither delays events nor frees them early."""
    with SQLiteStore(path) as store:
        store.note([entry("one"), entry("two")])
        one = store.take()
        assert one is not None
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now - 24 * 3600)
        with SQLiteStore(path) as other:
            other.note([entry("three")])
            assert [noted.key for noted in iter(other.take, None)] == ["two", "three"]
        monkeypatch.setattr(time, "time", lambda: now + 24 * 3600)
        vars(store)["_looked_at"] = float("-inf")
        assert store.take() is None


@pytest.mark.parametrize(
    ("url", "match"),
    [
        ("mysql://user:canary@localhost/x", "the driver mysql;"),
        ("postgres://user:canary@localhost/x", "the driver postgres;"),
        ("postgresql+asyncpg://user:canary@localhost/x", "the driver postgresql[+]asyncpg;"),
        ("sqlite+aiosqlite:///canary.db", "the driver sqlite[+]aiosqlite;"),
        *((url, "not a database URL") for url in ("canary.db", "", None, "postgresql://user:canary@localhost:port/x")),
    ],
)
def test_databases_of_other_kinds_raise(url: Any, match: str) -> None:
    """A URL of another database or an async driver, or an invalid one, raises an error with the expected forms."""
    with pytest.raises(InvalidArgumentError, match=f"{match}.* postgresql://.* sqlite:///") as caught:
        SQLStore(url)
    assert "canary" not in str(caught.value)
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)][1:]
    assert "canary" not in "".join(repr(value) for frame in frames for value in frame.f_locals.values())


def test_an_engine_of_your_own_stays_open(path: Path) -> None:
    """A store does not close the connections of an engine that was passed in."""
    import sqlalchemy

    with SQLStore(f"sqlite:///{path}") as first:
        engine = vars(first)["_engine"]
        with SQLStore(engine) as second:
            second.note([entry("one")])
        assert engine.pool.status()
        assert [noted.key for noted in iter(first.take, None)] == ["one"]
    assert isinstance(engine, sqlalchemy.Engine)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", sqlalchemy.create_engine("sqlite://")])
def test_a_database_in_memory_raises(url: Any) -> None:
    """A database in memory, which SQLAlchemy creates anew for each thread, raises an error."""
    with pytest.raises(InvalidArgumentError, match=r"MemoryStore\(\)"):
        SQLStore(url)


@pytest.mark.parametrize("options", [{}, {"isolation_level": "AUTOCOMMIT"}])
def test_an_engine_of_your_own_locks_before_it_reads(path: Path, options: dict[str, Any]) -> None:
    """A transaction locks the file before it reads, so no two processes take one event; the engine stays as it was."""
    engine = sqlalchemy.create_engine(f"sqlite:///{path}", pool_size=1, max_overflow=0, **options)

    def isolation_level() -> Any:
        with engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            return driver.isolation_level

    kept = isolation_level()

    def write_elsewhere(_: Any) -> None:
        with closing(sqlite3.connect(path, timeout=0.0, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")

    with SQLStore(engine) as store, pytest.raises(sqlite3.OperationalError, match="locked"):
        transact(store, write_elsewhere)
    assert isolation_level() == kept
    engine.dispose()


def test_a_transaction_that_was_left_open_is_rolled_back(path: Path) -> None:
    """If an interruption prevents a rollback, the next use of the store rolls back."""
    with SQLiteStore(path) as store:
        vars(store)["_connection"].execute("BEGIN IMMEDIATE")
        assert store.note([entry("one")]) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
@pytest.mark.parametrize("kind", ["file", "sql"])
def test_a_child_process_outlives_its_parent(path: Path, kind: str) -> None:
    """What a forked child notes is kept if its parent, such as the starter of a daemon, closes the store first."""

    def make() -> SQLiteStore | SQLStore:
        return SQLiteStore(path) if kind == "file" else SQLStore(f"sqlite:///{path}")

    store, is_open, close = make(), os.pipe(), os.pipe()
    store.note([entry("parent")])
    child = os.fork()
    if child == 0:
        try:
            store.note([entry("child")])
            os.write(is_open[1], b"!")
            os.read(close[0], 1)
            store.note([entry("child again")])
        finally:
            os._exit(0)
    os.read(is_open[0], 1)
    store.close()
    os.write(close[1], b"!")
    os.waitpid(child, 0)
    for end in (*is_open, *close):
        os.close(end)

    with make() as store:
        assert {noted.key for noted in iter(store.take, None)} == {"parent", "child", "child again"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
@pytest.mark.parametrize("state", ["in use", "closed"])
def test_a_fork_while_the_connection_is_not_idle(path: Path, state: str) -> None:
    """A child does not wait for a thread of its parent, which it does not have, and needs no open connection."""
    with SQLiteStore(path) as store:
        store.note([entry("parent")])
        if state == "closed":
            store.close()
        with vars(store)["_lock"] if state == "in use" else nullcontext():
            child = os.fork()
            if child == 0:
                code = 2
                try:
                    code = store.note([entry("child")]) - 1
                finally:
                    os._exit(code)
        _, status = os.waitpid(child, 0)

        assert os.waitstatus_to_exitcode(status) == 0
        assert {noted.key for noted in iter(store.take, None)} == {"parent", "child"}
