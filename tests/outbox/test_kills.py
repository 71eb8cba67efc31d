"""If workers are killed, each recipient still gets one message. `make proof` runs these tests longer."""

from __future__ import annotations

import sys

import pytest
from outbox_judge import Judgement, Workers, cause_trouble, judge, kill_until_sent, rows
from outbox_places import eager
from outbox_victim import Orders

from blooio_sandbox import Sandbox

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
ENGINES = {"sqlite": ("run", 1), "postgresql": ("work", 4)}


def campaign(url: str, *, count: int, kills: int, seed: int, mistake: str = "", limit: float = 240.0) -> Judgement:
    """Send a campaign while workers are killed, until nothing is left; return what the sandbox received."""
    engine, processes = ENGINES[url.partition("+")[0].partition(":")[0]]
    with Sandbox() as sandbox:
        cause_trouble(sandbox, seed)
        outbox = eager(url)
        outbox.add_many(rows(sandbox, count), campaign="proof")
        orders = Orders(url, sandbox.base_url, sandbox.api_key, 8 // processes, engine, mistake)
        with Workers(orders, processes) as workers:
            workers.wait_until_started()
            seconds = kill_until_sent(workers, outbox, kills=kills, seed=seed, limit=limit)
        progress, seen = outbox.progress(), judge(sandbox)
        outbox.close()
    print(  # noqa: T201 - the figures of the proof
        f"\n{engine}, {processes} processes, seed {seed} {mistake}: {workers.kills} kills, {workers.died} died; "
        f"{seconds:.0f} s; {seen}; {progress.counts}"
    )
    if not mistake:
        assert progress.counts == {"sent": count}
        assert workers.died == 0
        assert workers.kills == kills
    return seen


def test_each_recipient_gets_one_message(url: str) -> None:
    """Under kills, broken connections, 503 after sending, and 429, each recipient gets one message under one key."""
    seen = campaign(url, count=200, kills=4, seed=7)

    assert seen.is_exact(200)


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(10))
def test_each_recipient_gets_one_message_of_2000(url: str, seed: int) -> None:
    """The same holds for 2,000 messages and 20 kills, ten times."""
    seen = campaign(url, count=2000, kills=20, seed=100 + seed)

    assert seen.is_exact(2000)


@pytest.mark.parametrize("mistake", ["fresh key", "early"])
def test_the_proof_finds_bugs(sqlite_url: str, mistake: str) -> None:
    """The test fails if each attempt has its own key, or if a claim counts as sent."""
    seen = campaign(sqlite_url, count=160, kills=2, seed=7, mistake=mistake)

    assert not seen.is_exact(160)


@pytest.mark.proof
@pytest.mark.parametrize("mistake", ["fresh key", "early"])
def test_the_long_proof_finds_bugs(url: str, mistake: str) -> None:
    """The test of 2,000 messages fails in the same cases, on each database."""
    seen = campaign(url, count=2000, kills=20, seed=100, mistake=mistake)

    assert not seen.is_exact(2000)
