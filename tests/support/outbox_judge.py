"""Campaigns under faults and kills, judged by the messages that each recipient got, not by the outbox's state."""

from __future__ import annotations

import collections
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import attrs
import outbox_victim

from blooio_client.outbox import Outbox
from blooio_sandbox import Sandbox

OPERATION = "sendMessage"


@attrs.frozen
class Judgement:
    """The messages that the sandbox received."""

    recipients: int
    messages: int
    most: int
    """The most messages that one recipient got."""
    keys: int
    requests: int

    def is_exact(self, count: int) -> bool:
        """Return whether this many recipients each got one message under one key."""
        return (self.recipients, self.messages, self.most, self.keys) == (count, count, 1, count)


def judge(sandbox: Sandbox) -> Judgement:
    """Count per recipient, since the sandbox's own search for duplicates relies on the keys."""
    per_recipient = collections.Counter(message.chat_id for message in sandbox.messages)
    sends = [request for request in sandbox.requests if request.operation == OPERATION]
    return Judgement(
        recipients=len(per_recipient),
        messages=sum(per_recipient.values()),
        most=max(per_recipient.values(), default=0),
        keys=len({request.idempotency_key for request in sends}),
        requests=len(sends),
    )


def rows(sandbox: Sandbox, count: int) -> Iterator[dict[str, Any]]:
    """Return one message for each recipient, from the sandbox's numbers in turn."""
    numbers = sandbox.numbers
    return (
        {"to": f"+1555{index:07}", "text": f"Hi {index}", "from_number": numbers[index % len(numbers)]}
        for index in range(count)
    )


def cause_trouble(sandbox: Sandbox, seed: int) -> None:
    """Make some sends lose their connection, fail after processing, be rejected, or be slow."""
    sandbox.drop_next(times=None, operation=OPERATION, probability=0.02, seed=seed)
    sandbox.drop_next(times=None, operation=OPERATION, after_processing=True, probability=0.03, seed=seed + 1)
    sandbox.fail_next(503, times=None, operation=OPERATION, after_processing=True, probability=0.03, seed=seed + 2)
    sandbox.fail_next(429, times=None, operation=OPERATION, retry_after=0.2, probability=0.01, seed=seed + 3)
    sandbox.delay_next(0.05, times=None, operation=OPERATION, probability=0.3, seed=seed + 4)


class Workers:
    """Worker processes that are killed and restarted."""

    def __init__(self, orders: outbox_victim.Orders, count: int) -> None:
        self._orders = orders
        self._processes: list[subprocess.Popen[str]] = []
        self._count = count
        self.kills = 0
        self.died = 0
        """How many exited by themselves."""

    def __enter__(self) -> Self:
        self._processes = [self._start() for _ in range(self._count)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self._processes:
            process.wait(60)
            assert process.stdout
            process.stdout.close()

    def _start(self) -> subprocess.Popen[str]:
        orders = json.dumps(attrs.asdict(self._orders))
        # A killed process writes no coverage data, and measuring would slow it down.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
        command = [sys.executable, outbox_victim.__file__, orders]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)

    def wait_until_started(self) -> None:
        """Wait until every process has reported that it runs."""
        for process in self._processes:
            assert process.stdout
            process.stdout.readline()

    def kill(self, index: int, *, restart: bool = True) -> None:
        """Kill a worker, and start another one."""
        process = self._processes[index]
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()
        self.kills += 1
        if restart:
            self._processes[index] = self._start()
        else:
            del self._processes[index]

    def signal(self, index: int, number: int) -> None:
        """Send a signal to a worker."""
        self._processes[index].send_signal(number)

    def revive(self) -> None:
        """Restart workers that exited by themselves."""
        for index, process in enumerate(self._processes):
            if process.poll() is not None:
                assert process.stdout
                process.stdout.close()
                self.died += 1
                self._processes[index] = self._start()

    def __len__(self) -> int:
        return len(self._processes)


def kill_until_sent(
    workers: Workers, outbox: Outbox, *, kills: int, seed: int, limit: float, pause: tuple[float, float] = (0.3, 1.2)
) -> float:
    """Kill workers at random this often, then wait until everything is sent; return the seconds that took."""
    dice = random.Random(seed)  # noqa: S311 - a seed makes the run repeatable
    began = time.monotonic()
    while time.monotonic() - began < limit and outbox.progress().left:
        time.sleep(dice.uniform(*pause))
        if workers.kills < kills:
            workers.kill(dice.randrange(len(workers)))
        workers.revive()
    return time.monotonic() - began
