"""Events handled by procrastinate's workers, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections import defaultdict
from typing import Any

import postgres_server
import pytest

from blooio_overrides.webhooks import MessageReceived, Receiver, SQLStore, example

SECRET = "whsec_jobs"
postgres = pytest.mark.skipif(not postgres_server.is_there(), reason=postgres_server.MISSING)


async def handled_by_workers(url: str, *, chats: int, each: int, workers: int, seconds: float) -> dict[Any, list[str]]:
    """Deliver events while workers run, and return what their handlers saw, by chat."""
    import procrastinate

    store, seen, lock = SQLStore(url), defaultdict[Any, list[str]](list), threading.Lock()
    apps: list[tuple[procrastinate.App, Receiver]] = []
    for _ in range(workers):
        receiver = Receiver(secret=SECRET, store=store, concurrency=8)

        @receiver.on(MessageReceived)
        async def handle(event: MessageReceived) -> None:
            with lock:
                seen[event.chat_id].append(event.text or "")
            await asyncio.sleep(seconds)
            if event.text == "0" and seen[event.chat_id].count("0") == 1:
                raise ValueError

        app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))
        app.add_tasks_from(receiver.blueprint(), namespace="blooio")
        await app.open_async()
        apps.append((app, receiver))
    await apps[0][0].schema_manager.apply_schema_async()
    running = [
        asyncio.create_task(app.run_worker_async(concurrency=8, install_signal_handlers=False)) for app, _ in apps
    ]
    for number in range(each):
        for chat in range(chats):
            receiver = apps[(number + chat) % workers][1]
            came = example("message.received", secret=SECRET, chat_id=f"+1555000{chat:04}", text=str(number))
            assert await asyncio.to_thread(receiver.receive, came) == 200
    async with asyncio.timeout(120.0):
        while (await asyncio.to_thread(store.counts)).waiting:  # noqa: ASYNC110 - the store tells nobody
            await asyncio.sleep(0.05)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    for app, _ in apps:
        await app.close_async()
    store.close()
    return seen


@pytest.mark.postgres
@postgres
def test_workers_handle_events_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers handle each event once, in order within its chat; a failed one is retried when due."""
    monkeypatch.setattr("blooio_overrides.webhooks.work.PAUSES", (1.0,))
    with postgres_server.server().database() as url:
        seen = asyncio.run(handled_by_workers(url, chats=4, each=5, workers=2, seconds=0.01))

    for texts in seen.values():
        first = list(dict.fromkeys(texts))
        assert first == ["0", "1", "2", "3", "4"]
        assert sorted(texts) == ["0", "0", "1", "2", "3", "4"]
    assert len(seen) == 4


def test_a_job_that_cannot_be_deferred_loses_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """The delivery is accepted, since its events are stored, and the failure to defer a job is logged."""
    pytest.importorskip("procrastinate")
    receiver = Receiver(secret=SECRET)
    receiver.blueprint()
    assert receiver.receive(example("message.received", secret=SECRET)) == 200
    assert "could not be deferred" in caplog.text
    assert receiver.drain() == 1


def test_a_missing_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without SQLAlchemy, psycopg or procrastinate, the error contains the pip command."""
    for module in ("psycopg", "sqlalchemy", "procrastinate"):
        monkeypatch.setitem(sys.modules, module, None)
        with pytest.raises(ImportError, match="pip install"):
            SQLStore("postgresql://localhost/x")
    with pytest.raises(ImportError, match="pip install"):
        Receiver(secret=SECRET).blueprint()


@pytest.mark.postgres
@postgres
def test_one_waiting_job_is_enough(caplog: pytest.LogCaptureFixture) -> None:
    """A delivery that arrives while a job is waiting defers no second one, and logs nothing."""
    import procrastinate

    with postgres_server.server().database() as url, SQLStore(url) as store:
        app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=url))
        receiver = Receiver(secret=SECRET, store=store)
        app.add_tasks_from(receiver.blueprint(), namespace="blooio")
        with app.open():
            app.schema_manager.apply_schema()
            for _ in range(2):
                assert receiver.receive(example("message.received", secret=SECRET)) == 200
            assert len(list(app.job_manager.list_jobs())) == 1
    assert "could not be deferred" not in caplog.text
