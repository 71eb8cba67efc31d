"""One call through either client, whose result is awaited, iterated or returned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import cycle, groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final

import anyio
import httpx
from contract_cases import API_KEY

from blooio_client import AsyncBlooio, Blooio

Run = Callable[[str, Callable[[Any], Any]], Any]
"""Creates a client for a URL, makes a call, and returns the result, or the items of a pager as a list."""
ONCE: Final[Mapping[str, Any]] = MappingProxyType({"max_retries": 0, "timeout": httpx.Timeout(60.0)})
"""A single attempt, with enough time to connect even if the machine pauses."""


def _blocking(url: str, ask: Callable[[Any], Any]) -> Any:
    with Blooio(API_KEY, base_url=url) as client:
        came = ask(client.with_options(**ONCE))
        return list(came) if hasattr(came, "pages") else came


async def _awaiting(url: str, ask: Callable[[Any], Any]) -> Any:
    async with AsyncBlooio(API_KEY, base_url=url) as client:
        came = ask(client.with_options(**ONCE))
        return [item async for item in came] if hasattr(came, "pages") else await came


def _run(url: str, ask: Callable[[Any], Any]) -> Any:
    return anyio.run(_awaiting, url, ask)


MODES: Final[Mapping[str, Run]] = MappingProxyType({"sync": _blocking, "async": _run})


def in_turn(cases: Iterable[tuple[Any, ...]], *modes: str) -> list[tuple[Any, ...]]:
    """Add a mode to each case, in turn, so that each operation runs in all modes; a single case runs in all of them."""
    found: list[tuple[Any, ...]] = []
    for _, group in groupby(cases, key=itemgetter(0)):
        of_operation = list(group)
        repeated = of_operation * len(modes) if len(of_operation) == 1 else of_operation
        found += [(*case, mode) for case, mode in zip(repeated, cycle(modes), strict=False)]
    return found
