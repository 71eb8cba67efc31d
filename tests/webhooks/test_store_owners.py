"""Processes that share a file: which events are whose, and which owners are gone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import store_claimer
from webhook_stores import lone

from blooio_overrides.webhooks import SQLiteStore
from blooio_overrides.webhooks.stores import owners

started: Callable[[int], str] = vars(owners)["_started"]


def taken_by_another_process(path: Path, how_many: int) -> list[str]:
    """The keys that another process took before it ended."""
    command = [sys.executable, "-W", "error", store_claimer.__file__, str(path), str(how_many)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_events_of_a_dead_process_are_taken_over(path: Path) -> None:
    """An event held by a process that has ended is handed out at once; one held by this process is not."""
    with SQLiteStore(path) as store:
        for key in ("mine", "theirs", "free"):
            store.add([lone(key)])
        store.claim()

        assert taken_by_another_process(path, 1) == ["theirs"]
        vars(store)["_looked_at"] = float("-inf")
        found = {claim.key: claim.attempts for claim in iter(store.claim, None)}
        assert found == {"theirs": 1, "free": 0}


def test_processes_share_a_file(path: Path) -> None:
    """With many concurrent processes, each event is held by one that is alive."""
    keys = {f"event-{number}" for number in range(60)}
    with SQLiteStore(path) as store:
        store.add([lone(key) for key in keys])
        with ThreadPoolExecutor(3) as pool:
            shares = list(pool.map(taken_by_another_process, [path] * 3, [10] * 3))
        vars(store)["_looked_at"] = float("-inf")
        rest = [claim.key for claim in iter(store.claim, None)]

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
        assert store.add([lone("one")]) == 1
        store.close()
    finally:
        Path(":memory:").unlink(missing_ok=True)
        for cached in (vars(owners)["_named"], owners.boot):
            cached.cache_clear()
