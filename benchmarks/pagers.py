"""A hundred thousand contacts read by a pager: linear time, constant memory."""

from __future__ import annotations

import math
import statistics
import tracemalloc
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Final

from benchmarks.contender import Contender, Work
from benchmarks.harness import OURS, Comparison, Row, contender, in_turns, medians, output_of
from benchmarks.responses import API_KEY, PAGE_SIZE

SIZES: Final = (1_000, 10_000, 100_000)
ROUNDS: Final = 9
TWICE: Final = 2 * SIZES[-1]
PEAK: Final = """
import sys
from benchmarks.pagers import peak
print(peak(sys.argv[1], int(sys.argv[2])))
"""


def rows(url: str) -> list[Row]:
    """Measure lists of three lengths."""
    return [time_row(url), memory_row(url)]


def time_row(url: str) -> Row:
    """Measure the time: its slope on log-log paper is 1 if it is linear."""
    with contender("pagers", "CONTENDERS", OURS, url) as work:
        work(SIZES[-1])  # after this, the server has created every page
        taken = in_turns({str(size): partial(work, size) for size in SIZES}, ROUNDS)
    each_round = zip(*taken.values(), strict=True)
    slope = statistics.median(slope_of(SIZES, times) for times in each_round)
    figures = {OURS: medians(taken, 1e3)[str(SIZES[-1])]}
    return Row("100,000 contacts through a pager: slope of log-log", "ms", figures, (Comparison("items", slope, 1.05),))


def memory_row(url: str) -> Row:
    """Measure peak memory in two processes, once each, since it does not vary between runs.

    A pager remembers 10,000 items, so that it yields none twice. Their table reaches its full size before the 100,000th
    item.
    """
    once, twice = (int(output_of(PEAK, url, str(items))) for items in (SIZES[-1], TWICE))
    compared = Comparison("half of them", twice / once, 1.05)
    return Row("200,000 contacts through a pager: peak of memory", "MB", {OURS: twice / 1e6}, (compared,))


def slope_of(sizes: Sequence[int], times: Sequence[float]) -> float:
    """Return the slope of a line through the logarithms."""
    return statistics.linear_regression([math.log(size) for size in sizes], [math.log(time) for time in times]).slope


def peak(url: str, items: int) -> int:
    """Return the peak of Python's memory while reading some contacts."""
    with ours(url) as read:
        read(PAGE_SIZE)  # imports everything before the measurement
        tracemalloc.start()
        read(items)
        return tracemalloc.get_traced_memory()[1]


@contextmanager
def ours(url: str) -> Generator[Work]:
    """Read this many contacts."""
    from blooio_client import Blooio

    with Blooio(API_KEY, base_url=url) as client:

        def work(items: int) -> None:
            came = sum(1 for contact in client.contacts.list(limit=items, page_size=PAGE_SIZE) if contact.identifier)
            assert came == items

        yield work


CONTENDERS: Final[Mapping[str, Contender]] = {OURS: ours}
