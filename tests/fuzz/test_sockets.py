"""The same responses over real connections, through the clients' own transports."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import attrs
import pytest
from contract_cases import asked
from contract_clients import MODES
from fuzz_cases import Case, random_case, seeds
from fuzz_targets import bytes_of
from fuzz_usable import use, use_error
from wire import Exchange, Wire

from blooio_client import BlooioError

RANDOM = 40
ALL = [bytes_of(path.read_text("ascii")) for path in seeds()]
KEPT = [Case.of_bytes(data) for target, data in ALL if target == "response"]


@attrs.define
class Service:
    """A server that responds to every request with the current case, byte for byte."""

    case: Case

    def handle(self, exchange: Exchange) -> None:
        """Respond to one request."""
        lines = [f"HTTP/1.1 {self.case.status} ", "connection: close", f"content-length: {len(self.case.body)}"]
        head = "\r\n".join([*lines, *(f"{name}: {value}" for name, value in self.case.headers)])
        exchange.write(head.encode("latin-1") + b"\r\n\r\n" + self.case.body)


@pytest.fixture(scope="module")
def service() -> Iterator[tuple[Service, str]]:
    """The server and its URL."""
    made = Service(KEPT[0])
    with Wire(made.handle) as wire:
        yield made, wire.url


def _outcome(mode: str, url: str, case: Case) -> Any:
    try:
        return MODES[mode](url, asked(case.operation, "minimal")[0])
    except BlooioError as error:
        return error


@pytest.mark.parametrize("mode", MODES)
def test_any_response_over_a_socket(service: tuple[Service, str], mode: str) -> None:
    """Each seed and random response yields a result or one of our errors over a real connection."""
    server, url = service
    random = Random(40)  # noqa: S311 - a seed makes the run repeatable
    for case in [*KEPT, *(random_case(random) for _ in range(RANDOM))]:
        server.case = case
        came = _outcome(mode, url, case)
        if isinstance(came, BlooioError):
            use_error(came)
        else:
            use(came)
