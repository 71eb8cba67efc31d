"""One call through either client, whose result is awaited, iterated or returned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import cycle
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
    """Add a mode to each case, in turn: two cases of an operation, one after the other, run in both modes."""
    return [(*case, mode) for case, mode in zip(cases, cycle(modes), strict=False)]
