"""A store in a file: restarts, deleted files, and old keys."""

from __future__ import annotations

import gc
import sqlite3
import time
import warnings
from pathlib import Path
from typing import Any

import pytest
from webhook_stores import FILES, lone, move_clock, opened

from blooio_overrides.errors import InvalidArgumentError
from blooio_overrides.webhooks import MemoryStore, SQLiteStore


@pytest.mark.parametrize("seconds", [0, -1, "1", True, None, float("inf"), float("nan")])
@pytest.mark.parametrize("name", ["lease", "keep"])
def test_times_are_seconds(path: Path, name: str, seconds: Any) -> None:
    """A lease that is not a number of seconds raises an error, and no file is created."""
    with pytest.raises(InvalidArgumentError, match=name):
        SQLiteStore(path, **{name: seconds})

    assert not path.exists()


@pytest.mark.parametrize("url", ["sqlite:///events.db", "postgresql://localhost/x"])
def test_a_url_is_not_a_path(url: str) -> None:
    """A database URL raises an error that says where it belongs."""
    with pytest.raises(InvalidArgumentError, match=r"path is a URL; .*webhooks\.SQLStore"):
        SQLiteStore(url)


def test_a_file_survives_the_process(path: Path) -> None:
    """Stored events and finished keys survive a restart."""
    with SQLiteStore(path) as store:
        store.add([lone("one"), lone("two")])
        claim = store.claim()
        assert claim is not None
        store.finish(claim)
    with SQLiteStore(str(path)) as store:
        assert store.add([lone("one"), lone("two")]) == 0
        assert [claim.key for claim in iter(store.claim, None)] == ["two"]


@pytest.mark.parametrize("kind", ["file", "memory"])
def test_a_forgotten_store_closes(path: Path, kind: str) -> None:
    """A store that is no longer referenced does not warn about an open database."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        store: SQLiteStore | MemoryStore | None = SQLiteStore(path) if kind == "file" else MemoryStore()
        assert store is not None
        store.add([lone("one")])
        store = None
        gc.collect()

    assert [each for each in warned if "database" in str(each.message)] == []


def test_a_closed_file_opens_again(path: Path) -> None:
    """Closing a store early loses nothing."""
    store = SQLiteStore(path)
    store.close()
    store.close()
    assert store.add([lone("one")]) == 1
    store.close()


def test_a_file_is_private_and_forgets_handled_events(path: Path) -> None:
    """The file is private, and none of its bytes holds the contents of a handled event."""
    with SQLiteStore(path) as store:
        store.add([lone("one")])
        claim = store.claim()
        assert claim is not None
        store.finish(claim)
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
            store.add([lone(key)])
            claim = store.claim()
            assert claim is not None
            store.finish(claim)
            ahead[0] += 61.0
        assert [store.add([lone("one")]), store.add([lone("two")])] == [1, 0]


def test_a_file_that_is_not_a_store_is_unchanged(path: Path) -> None:
    """A file of another kind is rejected and not changed."""
    path.write_bytes(b"canary" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        SQLiteStore(path)

    assert path.read_bytes() == b"canary" * 100


@pytest.mark.parametrize("kind", FILES)
def test_a_relative_path_stays_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """A process that changes its directory, such as a daemon, keeps using the file that it has opened."""
    monkeypatch.chdir(tmp_path)
    with opened(kind, Path("events.db")) as store:
        store.add([lone("before")])
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        monkeypatch.chdir(elsewhere)
        store.add([lone("after")])
        assert [claim.key for claim in iter(store.claim, None)] == ["before", "after"]
    assert not [*elsewhere.iterdir()]


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("what", ["deleted", "replaced"])
def test_a_file_that_is_deleted_is_noticed(path: Path, what: str, kind: str) -> None:
    """Events stored after the file was deleted or replaced are in the new file, which is private, too."""
    with opened(kind, path) as store:
        store.add([lone("before")])
        for each in path.parent.glob(f"{path.name}*"):
            each.unlink()
        if what == "replaced":
            SQLiteStore(path).close()
        assert store.add([lone("after")]) == 1
        assert path.stat().st_mode & 0o077 == 0

    with SQLiteStore(path) as again:
        assert [claim.key for claim in iter(again.claim, None)] == ["after"]


@pytest.mark.parametrize("kind", FILES)
def test_a_file_that_is_deleted_before_the_commit_is_noticed(
    path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events are not lost either if the file is deleted between check and commit."""
    with opened(kind, path) as store:
        times: list[int] = []

        def delete_before_insert(_execute: Any, how_many: int) -> None:
            times.append(how_many)
            if len(times) == 1:
                for each in path.parent.glob(f"{path.name}*"):
                    each.unlink()

        monkeypatch.setattr(store, "_check_room", delete_before_insert)
        assert store.add([lone("one")]) == 1

    with SQLiteStore(path) as again:
        assert [claim.key for claim in iter(again.claim, None)] == ["one"]
    assert len(times) == 2


def test_a_clock_that_is_set_changes_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Setting the system's time back by a day neither delays events nor frees them early."""
    with SQLiteStore(path) as store:
        store.add([lone("one"), lone("two")])
        one = store.claim()
        assert one is not None
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now - 24 * 3600)
        with SQLiteStore(path) as other:
            other.add([lone("three")])
            assert [claim.key for claim in iter(other.claim, None)] == ["two", "three"]
        monkeypatch.setattr(time, "time", lambda: now + 24 * 3600)
        vars(store)["_looked_at"] = float("-inf")
        assert store.claim() is None
