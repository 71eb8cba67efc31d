"""Measure in turns, in separate processes, as medians of the ratios in each round."""

from __future__ import annotations

import importlib.util
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
ROUNDS: Final = 11
GENERATIONS: Final = 5
ROUNDS_OF_A_GENERATION: Final = 3
WARM_ROUNDS: Final = 3
WARM_CALLS: Final = 100
LIMIT, HTTPX, HTTPX2, OFFICIAL, OURS = "limit", "httpx", "httpx2", "blooio", "ours"
OWN_CLIENT: Final = "ours, own http_client"
FAST: Final = "ours, extra fast"
NEEDS: Final = {HTTPX2: "httpx2", OFFICIAL: "blooio", FAST: "msgspec"}
"""Contenders that are only measured if their package is installed."""

Rounds = Mapping[str, Sequence[float]]
"""The seconds per call of each contender, by round."""


@dataclass(frozen=True)
class Comparison:
    """A ratio and its bound."""

    against: str
    ratio: float | None
    """None if the other side could not be measured."""
    bound: float | None
    """None for a ratio that is shown without a budget."""
    is_floor: bool = False
    """Whether the bound is a minimum, not a maximum."""

    @property
    def is_met(self) -> bool:
        """Whether the ratio was measured, and is within its bound."""
        if self.ratio is None or self.bound is None:
            return self.bound is None
        return self.ratio >= self.bound if self.is_floor else self.ratio <= self.bound


@dataclass(frozen=True)
class Row:
    """A row of the table: a task, the time of each contender, and our ratios."""

    work: str
    unit: str
    figures: Mapping[str, float]
    comparisons: tuple[Comparison, ...] = ()


def available(names: Collection[str]) -> list[str]:
    """Return the contenders whose package is installed."""
    return [name for name in names if name not in NEEDS or importlib.util.find_spec(NEEDS[name])]


# As after an installation: with this variable set, every process would compile our modules again.
ENVIRONMENT: Final = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def run_module(*arguments: str) -> subprocess.Popen[str]:
    """Start a module of the benchmarks that reads commands from its input."""
    command = [sys.executable, "-m", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
    )


def output_of(code: str, *arguments: str) -> str:
    """Run a program, and return its output."""
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True, env=ENVIRONMENT).stdout


@contextmanager
def server() -> Generator[str]:
    """Run the server, and yield its URL."""
    with run_module("benchmarks.server") as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.stdin.close()


@contextmanager
def contender(module: str, table: str, name: str, url: str) -> Generator[Callable[[int], float]]:
    """Run a contender, and yield a function that makes it run some calls and returns their seconds."""
    with run_module("benchmarks.contender", module, table, name, url) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        order, report = process.stdin, process.stdout
        assert report.readline() == "ready\n"

        def seconds(calls: int) -> float:
            print(calls, file=order, flush=True)
            return float(report.readline())

        yield seconds
        order.close()


def contend(
    module: str,
    table: str,
    names: Collection[str],
    url: str,
    *,
    calls: int,
    generations: int = GENERATIONS,
    rounds: int = ROUNDS_OF_A_GENERATION,
) -> dict[str, list[float]]:
    """Measure contenders in turns, in seconds per call, so that noise of the machine affects all of them.

    A process is faster or slower for its whole life, depending on its memory layout, by a tenth or even a quarter. So
    there are several generations of processes.
    """
    taken: dict[str, list[float]] = {}
    for _ in range(generations):
        with ExitStack() as stack:
            ready = {name: stack.enter_context(contender(module, table, name, url)) for name in available(names)}
            fresh = one_generation(ready, calls, rounds)
        for name, seconds in fresh.items():
            taken.setdefault(name, []).extend(seconds)
    return taken


def one_generation(ready: Mapping[str, Callable[[int], float]], calls: int, rounds: int) -> dict[str, list[float]]:
    """Measure contenders in turns, each in its process, after some warm-up rounds."""
    for _ in range(WARM_ROUNDS):
        for work in ready.values():
            work(min(calls, WARM_CALLS))
    return in_turns({name: per_call(work, calls) for name, work in ready.items()}, rounds)


def per_call(work: Callable[[int], float], calls: int) -> Callable[[], float]:
    """Return a function that measures some calls and returns the seconds of one."""
    return lambda: work(calls) / calls


def in_turns(measures: Mapping[str, Callable[[], float]], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Measure in turns: each round in reverse order, so that no contender always comes first."""
    taken: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(rounds):
        for name in list(measures)[:: 1 if number % 2 == 0 else -1]:
            taken[name].append(measures[name]())
    return taken


def medians(taken: Rounds, scale: float = 1.0) -> dict[str, float]:
    """Return each contender's median, in another unit."""
    return {name: scale * statistics.median(each) for name, each in taken.items()}


def at_most(taken: Rounds, bound: float, against: str = HTTPX, *, ours: str = OURS) -> Comparison:
    """Compare our time with another's."""
    return Comparison(against, median_ratio(taken, ours, against), bound)


def median_ratio(taken: Rounds, ours: str, against: str) -> float | None:
    """Return the median of the rounds' ratios; None if one of the two was not measured."""
    if ours not in taken or against not in taken:
        return None
    return statistics.median(mine / theirs for mine, theirs in zip(taken[ours], taken[against], strict=True))


def optional(module: str) -> Any:
    """Import an optional package, whose types are unknown."""
    return importlib.import_module(module)
