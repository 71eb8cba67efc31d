"""The async worker."""

# These tests inspect the ledger behind the public API.

# pyright: standard
# Strict mode rejects test doubles, database rows and access to internals; mypy checks this file strictly.

from __future__ import annotations

import datetime
from typing import Any

import anyio
import anyio.from_thread
import httpx
import pytest
import sqlalchemy.exc
from outbox_judge import cause_trouble, judge, rows
from outbox_places import MakeOutbox

from blooio_client import AsyncBlooio
from blooio_client.outbox import Outbox, OutboxStoppedError, Progress
from blooio_outbox import deliver
from blooio_sandbox import Sandbox

pytestmark = [pytest.mark.anyio]
TO = "+15550000001"


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Run each test on asyncio and on trio."""
    name: str = request.param
    return name


def client_of(sandbox: Sandbox) -> AsyncBlooio:
    """A client of the sandbox."""
    return AsyncBlooio(sandbox.api_key, base_url=sandbox.base_url)


async def test_each_recipient_gets_one_message(outbox: Outbox, sandbox: Sandbox) -> None:
    """Under faults, each recipient gets one message, as with threads."""
    cause_trouble(sandbox, 9)
    outbox.add_many(rows(sandbox, 60), campaign="c")
    seen: list[Progress] = []
    async with client_of(sandbox) as client:
        await outbox.arun(client, until_empty=True, on_progress=seen.append)

    assert judge(sandbox).is_exact(60)
    assert seen[-1].counts == {"sent": 60}


async def test_a_rejected_account(outbox: Outbox, sandbox: Sandbox) -> None:
    """The worker stops with an error if the account is rejected."""
    outbox.add(TO, "Hi", key="a")
    sandbox.fail_next(401)
    async with client_of(sandbox) as client:
        with pytest.raises(OutboxStoppedError):
            await outbox.arun(client, until_empty=True)

    assert outbox.progress().counts == {"waiting": 1}


async def test_a_worker_that_is_cancelled(outbox: Outbox, sandbox: Sandbox) -> None:
    """A send that is cancelled has an unknown outcome and waits for a retry."""
    outbox.add(TO, "Hi", key="a")
    leaving = anyio.Event()

    async def leave(_request: httpx.Request) -> None:
        leaving.set()
        await anyio.sleep_forever()

    async with (
        httpx.AsyncClient(event_hooks={"request": [leave]}, trust_env=False) as http_client,
        AsyncBlooio(sandbox.api_key, base_url=sandbox.base_url, http_client=http_client) as client,
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(lambda: outbox.arun(client))
        await leaving.wait()
        tasks.cancel_scope.cancel()

    assert outbox.progress().counts == {"retrying": 1}


async def test_a_worker_that_is_cancelled_before_its_request(
    outbox: Outbox, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a worker is cancelled before its request, the message waits again at once, not only after its lease."""
    outbox.add(TO, "Hi", key="a")
    (planned,) = outbox.plan()
    begin = deliver.begin

    def cancelled_meanwhile(*arguments: Any) -> Any:
        attempt = begin(*arguments)
        anyio.from_thread.run_sync(scope.cancel)
        return attempt

    monkeypatch.setattr(deliver, "begin", cancelled_meanwhile)
    async with client_of(sandbox) as client:
        with anyio.CancelScope() as scope:
            await outbox.adeliver(planned.id, client)

    assert scope.cancelled_caught
    assert outbox.progress().counts == {"waiting": 1}
    assert sandbox.requests == []


async def test_adeliver(make_outbox: MakeOutbox, sandbox: Sandbox) -> None:
    """`adeliver`, the unit of work for custom engines, is idempotent and respects `may_send`."""
    outbox = make_outbox(may_send=lambda message: message.key != "b")
    for key in "ab":
        outbox.add(TO + key.replace("a", "1").replace("b", "2"), "Hi", key=key)
    async with client_of(sandbox) as client:
        states = [(await outbox.adeliver(planned.id, client)).state for planned in outbox.plan()]
        again = [(await outbox.adeliver(number, client)).state for number in (1, 2)]

    assert states == again == ["sent", "skipped"]


async def test_a_run_ends_in_time(outbox: Outbox, sandbox: Sandbox) -> None:
    """`max_seconds` ends a run even if a message is not due until tomorrow."""
    outbox.add(TO, "Hi", key="a", not_before=datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1))
    async with client_of(sandbox) as client:
        await outbox.arun(client, max_seconds=0.2)

    assert outbox.progress().counts == {"waiting": 1}


async def test_an_error_of_on_progress(outbox: Outbox, sandbox: Sandbox) -> None:
    """An error of `on_progress` ends the worker and is raised as it is, as in `run`, and not in an exception group."""

    def fail(_now: Progress) -> None:
        raise LookupError("mine")

    async with client_of(sandbox) as client:
        with pytest.raises(LookupError, match="mine"):
            await outbox.arun(client, on_progress=fail)


async def test_a_database_that_is_unavailable(
    outbox: Outbox, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A worker whose database is unavailable waits and continues, and sends nothing that it could not claim."""
    outbox.add_many(rows(sandbox, 3), campaign="c")
    healthy, failures = outbox._database.begin, iter(range(3))

    def shaky() -> object:
        if next(failures, None) is not None:
            raise sqlalchemy.exc.OperationalError("BEGIN", {}, RuntimeError("away"))
        return healthy()

    monkeypatch.setattr("blooio_outbox.worker._DATABASE_PAUSE", 0.01)
    async with client_of(sandbox) as client:
        from blooio_outbox import worker

        context = outbox._context
        monkeypatch.setattr(outbox._database, "begin", shaky)
        await worker.arun(worker.PollingLoop(context, 2, until_empty=True, max_seconds=None, on_progress=None), client)

    assert "database is unavailable (OperationalError)" in caplog.text
    assert judge(sandbox).is_exact(3)


async def test_a_database_that_fails_at_a_claim(
    outbox: Outbox, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """If the database fails at a claim, the message stays in the ledger and is sent in a new slot."""
    outbox.add(TO, "Hi", key="a")
    begin, failures = deliver.begin, iter(range(1))

    def shaky(*arguments: Any) -> Any:
        if next(failures, None) is not None:
            raise sqlalchemy.exc.OperationalError("BEGIN", {}, RuntimeError("away"))
        return begin(*arguments)

    monkeypatch.setattr("blooio_outbox.worker._DATABASE_PAUSE", 0.01)
    monkeypatch.setattr(deliver, "begin", shaky)
    async with client_of(sandbox) as client:
        await outbox.arun(client, until_empty=True)

    assert "database is unavailable (OperationalError)" in caplog.text
    assert judge(sandbox).is_exact(1)
