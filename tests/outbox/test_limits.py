"""The outbox's limits on speed, size and latency. `make proof` prints the figures."""

from __future__ import annotations

import itertools
import json
import resource
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import attrs
import pytest
import sqlalchemy as sa
from outbox_judge import Workers, judge, rows
from outbox_places import eager
from outbox_victim import Orders
from postgres_server import Server
from waiting import wait_until

from blooio_client import Blooio
from blooio_client.outbox import Outbox
from blooio_sandbox import Sandbox

pytestmark = [
    pytest.mark.proof,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither kill -9 nor SIGSTOP"),
]
NOBODY = threading.Event()

SERVICE = """
import json, signal
from blooio_sandbox import Sandbox
with Sandbox() as sandbox:
    sandbox.delay_next(0.05, times=None, operation="sendMessage")
    print(json.dumps({"base_url": sandbox.base_url, "api_key": sandbox.api_key}), flush=True)
    signal.sigwait([signal.SIGTERM])
"""


def tell(text: str) -> None:
    """Print a figure of the proof."""
    print(f"\n{text}", flush=True)  # noqa: T201


def bytes_of(url: str) -> int:
    """Return the size of the messages' table and its indexes."""
    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return sum(path.stat().st_size for path in Path(parsed.database or "").parent.glob("outbox.db*"))
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return connection.scalar(sa.text("SELECT pg_total_relation_size('blooio_outbox_messages')")) or 0


def test_a_million_messages(url: str) -> None:
    """A million rows: at least 10,000 a second, at most 600 bytes each and 30 MB of memory, progress within 0.5 s."""
    outbox = eager(url)
    made = ({"to": f"+1555{index:07}", "text": f"Hi {index}, see you tomorrow at seven"} for index in range(1_000_000))
    outbox.add_many(itertools.islice(made, 20_000), campaign="c")
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    outbox.add_many(made, campaign="c")
    rate = 980_000 / (time.monotonic() - began)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    counts: list[float] = []
    for _ in range(5):
        began = time.monotonic()
        assert outbox.progress("c").counts == {"waiting": 1_000_000}
        counts.append(time.monotonic() - began)
    size = bytes_of(url) / 1_000_000
    outbox.close()

    progress = statistics.median(counts)
    tell(
        f"{url[:6]}: {rate:,.0f} rows/s, {size:.0f} bytes each, {grown:.0f} MB more, progress {progress * 1000:.0f} ms"
    )
    assert rate >= 10_000
    assert size <= 600
    assert grown <= 30
    assert progress <= 0.5


@contextmanager
def service() -> Generator[dict[str, str]]:
    """Run a service in its own process that takes 50 ms for each send."""
    process = subprocess.Popen([sys.executable, "-c", SERVICE], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate()


def plain_loop(client: Blooio, count: int, run: str) -> float:
    """Send with eight threads and no outbox; return messages per second."""

    def send(index: int) -> None:
        client.chat(f"+1556{index:07}").send(f"Hi {run}")

    began = time.monotonic()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(send, range(count)))
    return count / (time.monotonic() - began)


def outbox_rate(outbox: Outbox, client: Blooio, engine: str, count: int, run: str) -> float:
    """Send through the outbox with eight requests in flight; return messages per second."""
    outbox.add_many(({"to": f"+1555{index:07}", "text": f"Hi {run}"} for index in range(count)), campaign=run)
    stop = threading.Event()
    work: dict[str, Callable[[], None]] = {
        "embedded": lambda: outbox.run(client, concurrency=8, stop=stop),
        "procrastinate": lambda: outbox.work(lambda: client, concurrency=8, stop=stop),
    }
    thread = threading.Thread(target=work[engine])
    began = time.monotonic()
    thread.start()
    while outbox.progress(run).left:
        NOBODY.wait(0.05)
    seconds = time.monotonic() - began
    stop.set()
    thread.join()
    return count / seconds


@pytest.mark.parametrize(
    ("place", "engine", "least"),
    [("sqlite_url", "embedded", 0.93), ("postgresql_url", "embedded", 0.80), ("postgresql_url", "procrastinate", 0.75)],
)
def test_throughput(place: str, engine: str, least: float, request: pytest.FixtureRequest) -> None:
    """With eight requests of 50 ms in flight, the outbox is nearly as fast as a plain loop of eight threads."""
    ratios: list[float] = []
    with service() as given, Blooio(given["api_key"], base_url=given["base_url"]) as client:
        outbox = eager(request.getfixturevalue(place))
        for run in range(5):
            plain = plain_loop(client, 800, f"run {run}")
            ratios.append(outbox_rate(outbox, client, engine, 800, f"run {run}") / plain)
        outbox.close()

    tell(f"{engine}, {place}: {statistics.median(ratios):.2f} of a plain loop ({min(ratios):.2f}-{max(ratios):.2f})")
    assert statistics.median(ratios) >= least


def test_an_idle_outbox_wakes_up(url: str) -> None:
    """A message added to an idle outbox is sent within two seconds."""
    stop, waits = threading.Event(), list[float]()
    with Sandbox() as sandbox, Blooio(sandbox.api_key, base_url=sandbox.base_url) as client:
        outbox = eager(url)
        thread = threading.Thread(target=lambda: outbox.run(client, stop=stop))
        thread.start()
        for index in range(10):
            NOBODY.wait(1.0)
            outbox.add(f"+1555{index:07}", "Hi", key=str(index))
            waits.append(wait_until(lambda expected=index: len(sandbox.messages) > expected))  # type: ignore[misc]
        stop.set()
        thread.join()
        outbox.close()

    tell(f"{url[:6]}: first send {max(waits):.2f} s after an add at most")
    assert max(waits) <= 2.0


def test_postgresql_crashes_three_times(postgresql_server: Server, postgresql_url: str) -> None:
    """Workers resume on their own soon after each restart, and each recipient gets one message."""
    if not postgresql_server.may_crash:
        pytest.skip("DATABASE_URL names a server that is not ours")
    with Sandbox() as sandbox:
        sandbox.delay_next(0.05, times=None, operation="sendMessage")
        outbox = eager(postgresql_url)
        outbox.add_many(rows(sandbox, 3000), campaign="c")
        with Workers(Orders(postgresql_url, sandbox.base_url, sandbox.api_key, 4, "work"), 2) as workers:
            workers.wait_until_started()
            again: list[float] = []
            for _ in range(3):
                seen = len(sandbox.messages)
                wait_until(lambda before=seen: len(sandbox.messages) > before + 300)  # type: ignore[misc]
                postgresql_server.crash()
                seen = len(sandbox.messages)
                again.append(wait_until(lambda before=seen: len(sandbox.messages) > before + 8))  # type: ignore[misc]
            wait_until(lambda: not outbox.progress().left, 300)
            workers.revive()
            seen_at_last, died = judge(sandbox), workers.died
        outbox.close()

    tell(f"three crashes: sending again after {', '.join(f'{each:.1f}' for each in again)} s; {seen_at_last}")
    assert died == 0
    assert seen_at_last.is_exact(3000)
    assert max(again) <= 60


def test_a_worker_that_is_stopped_past_its_lease(url: str) -> None:
    """A worker that was stopped past its lease uses the same keys, and repeats only requests that were in progress."""
    with Sandbox() as sandbox:
        sandbox.delay_next(0.05, times=None, operation="sendMessage")
        outbox = eager(url)
        outbox.add_many(rows(sandbox, 3000), campaign="c")
        engine = "run" if url.startswith("sqlite") else "work"
        with Workers(Orders(url, sandbox.base_url, sandbox.api_key, 4, engine), 2) as workers:
            workers.wait_until_started()
            wait_until(lambda: len(sandbox.messages) > 300)
            workers.signal(0, signal.SIGSTOP)
            NOBODY.wait(12.0)  # a lease lasts eight seconds
            workers.signal(0, signal.SIGCONT)
            wait_until(lambda: not outbox.progress().left, 300)
            seen = judge(sandbox)
        outbox.close()

    tell(f"{engine}, stopped for 12 s: {seen}")
    assert seen.is_exact(3000)
    assert seen.requests - seen.messages <= 4


@attrs.frozen
class Pace:
    """The times when messages were sent, in seconds, and when a worker was killed."""

    times: list[float]
    killed: float

    @property
    def most_in_ten_seconds(self) -> int:
        """The most messages in any window of ten seconds."""
        return max(sum(start <= each < start + 10 for each in self.times) for start in self.times)

    @property
    def smallest_gap(self) -> float:
        """The smallest gap, except around the kill."""
        pairs = itertools.pairwise(self.times)
        return min(late - early for early, late in pairs if abs(early - self.killed) > 15)


def paced(url: str, per_minute: float, count: int) -> Pace:
    """Let four workers send at a pace, and kill one of them after a third."""
    with Sandbox() as sandbox:
        outbox = eager(url)
        outbox.pace(sandbox.number, per_minute=per_minute)
        made = ({"to": f"+1555{index:07}", "text": "Hi", "from_number": sandbox.number} for index in range(count))
        outbox.add_many(made, campaign="c")
        with Workers(Orders(url, sandbox.base_url, sandbox.api_key, 2, "work"), 4) as workers:
            workers.wait_until_started()
            wait_until(lambda: len(sandbox.messages) > count // 3)
            workers.kill(0, restart=False)
            killed = sandbox.now / 1000
            wait_until(lambda: not outbox.progress().left, 600)
        assert judge(sandbox).is_exact(count)
        outbox.close()
        sends = [each for each in sandbox.requests if each.operation == "sendMessage"]
        return Pace(sorted((each.time_received or 0) / 1000 for each in sends), killed)


@pytest.mark.parametrize(("per_minute", "count"), [(120, 120), (60, 90)])
def test_pace(postgresql_url: str, per_minute: float, count: int) -> None:
    """Four workers, one of them killed, never exceed the pace; a lost slot only delays a send."""
    pace = paced(postgresql_url, per_minute, count)

    gap = 60 / per_minute
    tell(
        f"{per_minute:g} a minute: {pace.most_in_ten_seconds} in ten seconds at most, smallest gap "
        f"{pace.smallest_gap:.3f} s, {count} in {pace.times[-1] - pace.times[0]:.0f} s"
    )
    assert pace.most_in_ten_seconds <= per_minute / 6 + 1
    assert pace.smallest_gap >= 0.85 * gap


def open_keys(outbox: Outbox) -> set[str]:
    """Return the keys of a worker's current messages."""
    return {each.key for state in ("sending", "retrying") for each in outbox.outcomes("c", state=state)}


def test_takeover(url: str) -> None:
    """Messages of a killed worker are sent within 15 s, and the other workers never pause for two."""
    engine = "run" if url.startswith("sqlite") else "work"
    with Sandbox() as sandbox:
        sandbox.delay_next(0.1, times=None, operation="sendMessage")
        outbox = eager(url)
        outbox.add_many(rows(sandbox, 2500), campaign="c")
        with Workers(Orders(url, sandbox.base_url, sandbox.api_key, 4, engine), 3) as workers:
            workers.wait_until_started()
            wait_until(lambda: len(sandbox.messages) > 200)
            workers.kill(0, restart=False)
            killed = sandbox.now / 1000
            in_hand = {each.key for each in outbox.outcomes("c", state="sending")}
            taken = wait_until(lambda: in_hand.isdisjoint(open_keys(outbox)))
            wait_until(lambda: not outbox.progress().left, 300)
        times = sorted((each.time_received or 0) / 1000 for each in sandbox.requests if each.operation == "sendMessage")
        seen = judge(sandbox)
        outbox.close()

    pause = max(late - early for early, late in itertools.pairwise(times) if early > killed)
    tell(f"{engine}: taken over after {taken:.1f} s, longest pause of the others {pause:.2f} s; {seen}")
    assert seen.is_exact(2500)
    assert taken <= 15
    assert pause <= 2
