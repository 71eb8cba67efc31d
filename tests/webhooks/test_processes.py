"""Processes that share a store, concurrent and killed at random."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import postgres_server
import pytest
import webhook_worker
from webhook_stores import POSTGRES, transact

from blooio_client import webhooks
from blooio_overrides.webhooks import Delivery, example
from blooio_overrides.webhooks.stores import LEASE

JOBS = pytest.param("jobs", marks=POSTGRES.marks)
BACKENDS = pytest.mark.parametrize("backend", ["file", POSTGRES])
ALL_BACKENDS = pytest.mark.parametrize("backend", ["file", POSTGRES, JOBS])


def delivery(chat: int, text: str) -> Delivery:
    """A message of a chat."""
    return example(
        "message.received",
        chat_id=f"+1555000{chat:04}",
        text=text,
        message_id=f"msg_{chat}_{text}",
        secret=webhook_worker.SECRET,
    )


@contextmanager
def place(backend: str, folder: Path) -> Generator[str]:
    """The place of a new store: a path, or a URL of PostgreSQL."""
    if backend == "file":
        yield str(folder / "events.db")
        return
    with postgres_server.server().database() as url:
        if backend == "jobs":
            with jobs(url) as app:
                app.schema_manager.apply_schema()
            yield f"{webhook_worker.JOBS}{url}"
        else:
            yield url


@contextmanager
def jobs(url: str) -> Generator[Any]:
    """Open the procrastinate app."""
    import procrastinate

    app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=url))
    with app.open():
        yield app


def wake(where: str, workers: int) -> None:
    """Defer a job for each procrastinate worker, as deliveries do."""
    with jobs(where.removeprefix(webhook_worker.JOBS)) as app:
        receiver = webhooks.Receiver(secret=webhook_worker.SECRET)
        app.add_tasks_from(receiver.blueprint(), namespace="blooio")
        for _ in range(workers):
            app.tasks["blooio:handle_webhook_events"].defer()
            until(lambda: not list(app.job_manager.list_jobs(status="todo")))


@contextmanager
def working(
    where: str, journal: Path, *, seconds: float, concurrency: int, lease: float = LEASE
) -> Generator[subprocess.Popen[str]]:
    """Run a process that handles events."""
    with ready(where, journal, seconds=seconds, concurrency=concurrency, lease=lease) as process:
        begin(process)
        yield process


def begin(process: subprocess.Popen[str]) -> None:
    """Tell a waiting process to handle events."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


@contextmanager
def ready(
    where: str, journal: Path, *, seconds: float, concurrency: int, lease: float = LEASE
) -> Generator[subprocess.Popen[str]]:
    """Run a process that handles events once told to."""
    command = [sys.executable, webhook_worker.__file__, where, str(journal), str(seconds), str(concurrency), str(lease)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


def read(journal: Path) -> list[tuple[str, str, str]]:
    """Return the lines of a journal: what happened, in which chat, to which event."""
    lines = journal.read_text("utf-8").splitlines() if journal.exists() else []
    return [(what, chat, text) for what, chat, text, _ in (line.split() for line in lines)]


def until(is_so: Callable[[], bool]) -> None:
    """Wait for a condition."""
    ends = time.monotonic() + 300.0
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.02)


def finished(store: Any) -> set[str]:
    """Return the keys of handled events in a store."""
    statement = "SELECT key FROM blooio_webhook_events WHERE state = 2"
    return {row[0] for row in transact(store, lambda execute: execute(statement, {}).fetchall())}


def in_order(entries: list[tuple[str, str, str]]) -> dict[str, list[int]]:
    """Return the events of each chat in the order of their first attempts."""
    chats: dict[str, dict[int, None]] = {}
    for what, chat, text in entries:
        if what == "begins":
            chats.setdefault(chat, {}).setdefault(int(text))
    return {chat: list(texts) for chat, texts in chats.items()}


def check_kills(where: str, folder: Path, *, chats: int, each: int, kills: int, lease: float = LEASE) -> None:
    """Kill workers repeatedly, and check the events."""
    journal, chance = folder / "journal", random.Random(7)  # noqa: S311 - no secret
    store = webhook_worker.store_at(where)

    def has_more(begun: int) -> bool:
        return len(read(journal)) > begun or store.counts().waiting == 0

    with store:
        receiver = webhook_worker.receiver_over(store, folder / "none", seconds=0.0, concurrency=1)
        for number in range(each):
            for chat in range(chats):
                assert receiver.receive(delivery(chat, str(number))) == 200
        again: list[tuple[set[str], int]] = []
        for _ in range(kills):
            with working(where, journal, seconds=0.002, concurrency=8, lease=lease) as process:
                begun = len(read(journal))
                until(partial(has_more, begun))
                time.sleep(chance.uniform(0.0, 0.15))
                process.kill()
                process.wait()
            known, length = finished(store), len(read(journal))
            again.append((known, length))
        with working(where, journal, seconds=0.0, concurrency=8, lease=lease):
            until(lambda: store.counts().waiting == 0)
        entries = read(journal)
        assert len(finished(store)) == chats * each

    assert {chat: list(range(each)) for chat in in_order(entries)} == in_order(entries)
    assert len(in_order(entries)) == chats
    for known, length in again:
        later = {f"message.received:msg_{int(chat[-4:])}_{text}" for _, chat, text in entries[length:]}
        assert not known & later


@BACKENDS
def test_a_worker_that_is_killed_loses_and_repeats_nothing(tmp_path: Path, backend: str) -> None:
    """Each event is handled, in order within its chat; events finished before a kill are not handled again."""
    with place(backend, tmp_path) as where:
        check_kills(where, tmp_path, chats=10, each=10, kills=2, lease=1.0)


@pytest.mark.proof
@ALL_BACKENDS
def test_2000_events_survive_30_kills(tmp_path: Path, backend: str) -> None:
    """The same with 2,000 events and 30 kills at random."""
    with place(backend, tmp_path) as where:
        check_kills(where, tmp_path, chats=50, each=40, kills=30)


@pytest.mark.proof
@ALL_BACKENDS
def test_the_messages_of_a_lost_worker_are_sent(tmp_path: Path, backend: str) -> None:
    """Another process handles the events of a killed one within 15 seconds."""
    journal, other = tmp_path / "journal", tmp_path / "other"
    with place(backend, tmp_path) as where, webhook_worker.store_at(where) as store:
        receiver = webhook_worker.receiver_over(store, tmp_path / "none", seconds=0.0, concurrency=1)
        receiver.receive(delivery(1, "0"))
        with working(where, journal, seconds=600.0, concurrency=2) as process:
            until(lambda: bool(read(journal)))
            with working(where, other, seconds=0.0, concurrency=2):
                process.kill()
                process.wait()
                killed = time.monotonic()
                until(lambda: bool(finished(store)))
                assert time.monotonic() - killed < 15.0


def check_speed(where: str, folder: Path, *, processes: int, concurrency: int) -> float:
    """Handle 50 chats of 20 events with 50 ms each, and return the time as a multiple of the ideal one."""
    journal = folder / "journal"
    store = webhook_worker.store_at(where)
    with store:
        receiver = webhook_worker.receiver_over(store, folder / "none", seconds=0.0, concurrency=1)
        for number in range(20):
            for chat in range(50):
                receiver.receive(delivery(chat, str(number)))
        with ExitStack() as running:
            workers = [
                running.enter_context(ready(where, journal, seconds=0.05, concurrency=concurrency))
                for _ in range(processes)
            ]
            for worker in workers:
                begin(worker)
            if where.startswith(webhook_worker.JOBS):
                wake(where, processes)
            until(lambda: len(read(journal)) == 2 * 1000)
    moments = [float(line.split()[3]) for line in journal.read_text("utf-8").splitlines()]
    taken = max(moments) - min(moments)
    entries = read(journal)
    assert in_order(entries) == {chat: list(range(20)) for chat in in_order(entries)}
    return taken / (1000 * 0.05 / (processes * concurrency))


@pytest.mark.proof
@pytest.mark.parametrize(
    ("backend", "processes", "at_most"),
    [
        ("file", 1, 1.2),
        pytest.param("postgres", 2, 1.2, marks=POSTGRES.marks),
        pytest.param("jobs", 2, 1.5, marks=POSTGRES.marks),
    ],
)
def test_chats_run_concurrently(tmp_path: Path, backend: str, processes: int, at_most: float) -> None:
    """1,000 events of 50 chats, 50 ms each, 16 at once, take little more than the ideal time, in order in each chat."""
    with place(backend, tmp_path) as where:
        ratio = check_speed(where, tmp_path, processes=processes, concurrency=16 // processes)
        print(f"{backend}: {ratio:.2f} times the ideal")
        assert ratio <= at_most
