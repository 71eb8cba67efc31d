"""The fault matrix: run cells through a client, many concurrently, and judge them by what the server received."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from pathlib import Path
from queue import SimpleQueue
from traceback import walk_tb
from types import MappingProxyType
from typing import Any, Final

import attrs
import httpx
import pytest
from canaries import SECRETS, Search, chain_of
from contract_cases import asked
from fault_cells import Cell, Seen, is_double, is_foreign, is_key_lost, wrong
from fault_server import PROBE, FaultServer, Place

from blooio_client import AsyncBlooio, Blooio, Call
from blooio_overrides._io import environment

PLACES: Final = 64
API_KEY: Final = SECRETS["API key"]
VIEW: Final = MappingProxyType({"x-token": SECRETS["header of a view"]})
PATIENCE: Final = httpx.Timeout(60.0)
"""A timeout for calls without a deadline, long enough that no attempt fails on a busy machine."""


@attrs.define
class Figures:
    """The result of the matrix."""

    cells: int = 0
    requests: int = 0
    effects: int = 0
    double_sends: int = 0
    foreign_exceptions: int = 0
    lost_keys: int = 0
    problems: list[str] = attrs.field(factory=list[str])
    tracebacks: set[tuple[Any, ...]] = attrs.field(factory=set[tuple[Any, ...]], repr=False)
    """The tracebacks that were searched for secrets; each distinct one is searched once."""

    def add(self, seen: Seen) -> None:
        """Count a cell."""
        self.cells += 1
        self.requests += len(seen.ledger.requests)
        self.effects += seen.ledger.effects
        self.double_sends += is_double(seen)
        self.foreign_exceptions += is_foreign(seen)
        self.lost_keys += is_key_lost(seen)
        self.problems += [*wrong(seen), *self._leaks(seen)]

    def _leaks(self, seen: Seen) -> list[str]:
        if seen.error is None or (trace := _trace_of(seen.error)) in self.tracebacks:
            return []
        self.tracebacks.add(trace)
        search = Search()
        search.exception(seen.error)
        return [f"{seen.cell}: {found}" for found in search.found]

    def __str__(self) -> str:
        return (
            f"{self.cells} cells, {self.requests} requests, {self.effects} taken effect, "
            f"{self.double_sends} double sends, {self.foreign_exceptions} foreign exceptions, "
            f"{self.lost_keys} lost keys, {len(self.tracebacks)} tracebacks without secrets, "
            f"{len(self.problems)} other than expected"
        )


def _trace_of(error: BaseException) -> tuple[Any, ...]:
    """Return where an exception and its causes were raised, with the lines in between."""
    return tuple(
        (type(each), *((frame.f_code, line) for frame, line in walk_tb(each.__traceback__))) for each in chain_of(error)
    )


@contextmanager
def serving(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[FaultServer]:
    """Run the server, and let clients trust its regular certificate."""
    with FaultServer(folder, places=PLACES) as running:
        monkeypatch.setenv("SSL_CERT_FILE", str(running.trusted_path))
        environment.tls.cache_clear()
        yield running
    environment.tls.cache_clear()


def _own(make: Callable[..., Any], cell: Cell) -> Any:
    """Return a user's client that follows redirects, if the cell uses one."""
    return make(verify=environment.tls(), follow_redirects=True) if cell.own_client else nullcontext()


def _probe_call() -> Call[Any]:
    return Call.build("GET", PROBE)


def _problem_of_probe(came: object, name: str) -> str:
    return "" if came == {"probe": f"/{name}{PROBE}"} else f"{came!r}"


def _run_blocking(server: FaultServer, place: Place, cell: Cell) -> Seen:
    assignment, ask = cell.assignment(), asked(cell.operation, "minimal")[0]
    result, error, after = None, None, ""
    url, timeout = place.url(assignment), cell.fault.seconds or PATIENCE
    with (
        _own(httpx.Client, cell) as own,
        Blooio(API_KEY, base_url=url, timeout=timeout, http_client=own) as opened,
    ):
        client = opened.with_options(headers=VIEW)
        if cell.fault.warms_up:
            client.call(_probe_call())
        if cell.fault.closes_idle:
            assignment.idle_closed.wait()
        try:
            came = ask(client)
            result = list(came) if hasattr(came, "pages") else came
        except BaseException as caught:  # noqa: BLE001 - unexpected errors are counted
            error = caught
        after = _after_blocking(client, cell, assignment.name)
    server.settled(assignment.ledger).result()
    return Seen(cell, result, error, assignment.ledger, after)


def _after_blocking(client: Blooio, cell: Cell, name: str) -> str:
    if not cell.is_followed:
        return ""
    try:
        return _problem_of_probe(client.call(_probe_call(), timeout=PATIENCE), name)
    except BaseException as caught:  # noqa: BLE001 - unexpected errors are reported
        return repr(caught)


async def _run_awaiting(server: FaultServer, place: Place, cell: Cell) -> Seen:
    assignment, ask = cell.assignment(), asked(cell.operation, "minimal")[0]
    result, error, after = None, None, ""
    url, timeout = place.url(assignment), cell.fault.seconds or PATIENCE
    async with (
        _own(httpx.AsyncClient, cell) as own,
        AsyncBlooio(API_KEY, base_url=url, timeout=timeout, http_client=own) as opened,
    ):
        client = opened.with_options(headers=VIEW)
        if cell.fault.warms_up:
            await client.call(_probe_call())
        if cell.fault.closes_idle:
            await asyncio.to_thread(assignment.idle_closed.wait)
        try:
            came = ask(client)
            result = [item async for item in came] if hasattr(came, "pages") else await came
        except BaseException as caught:  # noqa: BLE001 - unexpected errors are counted
            error = caught
        after = await _after_awaiting(client, cell, assignment.name)
    await asyncio.wrap_future(server.settled(assignment.ledger))
    return Seen(cell, result, error, assignment.ledger, after)


async def _after_awaiting(client: AsyncBlooio, cell: Cell, name: str) -> str:
    if not cell.is_followed:
        return ""
    try:
        return _problem_of_probe(await client.call(_probe_call(), timeout=PATIENCE), name)
    except BaseException as caught:  # noqa: BLE001 - unexpected errors are reported
        return repr(caught)


def _all_blocking(server: FaultServer, chosen: list[Cell], at_once: int, take: Callable[[Seen], None]) -> None:
    free: SimpleQueue[Place] = SimpleQueue()
    for place in server.places[:at_once]:
        free.put(place)

    def run(cell: Cell) -> Seen:
        place = free.get()
        try:
            return _run_blocking(server, place, cell)
        finally:
            free.put(place)

    with ThreadPoolExecutor(at_once) as pool:
        for seen in pool.map(run, chosen):
            take(seen)


def _all_awaiting(server: FaultServer, chosen: list[Cell], at_once: int, take: Callable[[Seen], None]) -> None:
    left = iter(chosen)

    async def work(place: Place) -> None:
        for cell in left:
            take(await _run_awaiting(server, place, cell))

    async def run() -> None:
        await asyncio.gather(*(work(place) for place in server.places[:at_once]))

    asyncio.run(run())


_RUNS: Final[Mapping[str, Callable[[FaultServer, list[Cell], int, Callable[[Seen], None]], None]]] = MappingProxyType(
    {"sync": _all_blocking, "async": _all_awaiting}
)


def is_late(seen: Seen) -> bool:
    """Return whether the deadline passed before the fault, on a busy machine; such a cell is run again alone."""
    return bool(seen.cell.fault.seconds and seen.cell.requests and not seen.ledger.requests)


def run(server: FaultServer, mode: str, chosen: Iterable[Cell]) -> Figures:
    """Run cells through the sync or async client, and return the figures."""
    figures, batches = Figures(), defaultdict[int, list[Cell]](list)
    for cell in chosen:
        batches[cell.fault.at_once].append(cell)
    for at_once, batch in batches.items():
        late = list[Cell]()

        def take(seen: Seen, late: list[Cell] = late) -> None:
            if is_late(seen):
                late.append(seen.cell)
            else:
                figures.add(seen)

        _RUNS[mode](server, batch, at_once, take)
        _RUNS[mode](server, late, 1, figures.add)
    visits = server.connections_elsewhere
    figures.problems += [f"another host was visited {visits} times"] if visits else []
    return figures
