"""An outbox on each database."""

# pyright: standard
# Strict mode rejects test doubles, database rows and access to internals; mypy checks this file strictly.

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import postgres_server
import pytest
import sqlalchemy as sa
from outbox_places import MakeOutbox, eager
from postgres_server import Server

from blooio_client import Blooio
from blooio_client.outbox import Outbox
from blooio_outbox import deliver, leases
from blooio_sandbox import Sandbox


@pytest.fixture(autouse=True)
def _claims_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clocks of claims, which would release one after a pause of the machine; only a test moves them."""
    stopped = leases.elapsed()
    for module in (leases, deliver):
        monkeypatch.setattr(module, "elapsed", lambda: stopped)


@pytest.fixture(scope="session")
def postgresql_server() -> Server:
    """A PostgreSQL server for the whole test run."""
    if not postgres_server.is_there():
        pytest.skip(postgres_server.MISSING)
    return postgres_server.server()


@pytest.fixture
def postgresql_url(postgresql_server: Server) -> Iterator[str]:
    """An empty database on PostgreSQL."""
    with postgresql_server.database() as url:
        yield sa.make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'outbox.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """An empty database, on SQLite and on PostgreSQL."""
    found: str = request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
def make_outbox(url: str) -> Iterator[MakeOutbox]:
    """Create outboxes over one database, by default without a pace and quiet hours."""
    made: list[Outbox] = []

    def make(**options: Any) -> Outbox:
        outbox = Outbox(url, **{"per_minute": None, "quiet_hours": None, **options})
        outbox.migrate()
        made.append(outbox)
        return outbox

    yield make
    for outbox in made:
        outbox.close()


@pytest.fixture
def open_outbox() -> Iterator[Callable[[str], Outbox]]:
    """Open an outbox over a URL, without a pace and quiet hours."""
    made: list[Outbox] = []

    def make(url: str) -> Outbox:
        made.append(eager(url))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def outbox(make_outbox: MakeOutbox) -> Outbox:
    """An outbox without a pace and quiet hours."""
    return make_outbox()


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[Sandbox]:
    """A local Blooio that delivers messages quickly."""
    with Sandbox(status_delay=0.01) as running:
        yield running


@pytest.fixture
def sandbox(running_sandbox: Sandbox) -> Sandbox:
    """The local Blooio, reset for this test."""
    running_sandbox.reset()
    return running_sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Blooio]:
    """A client of the sandbox."""
    with Blooio(sandbox.api_key, base_url=sandbox.base_url) as made:
        yield made
