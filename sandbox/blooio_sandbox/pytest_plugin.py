"""Pytest fixtures for a local Blooio; they cost nothing unless used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from blooio_client import AsyncBlooio, Blooio
    from blooio_client.webhooks import Receiver
    from blooio_sandbox import Sandbox
    from blooio_sandbox.marker import Servers

_MARKER = """blooio(fail_next=503, drop_next=True, delay_next=0.1, disturb_deliveries={...}, seed="state.yaml", \
clock="stepped", status_delay=0, retry_schedule=[...], webhook_timeout=5, lenient_encoding=True, \
enabled=[...], disabled=[...], payload="v4", attachments="url", batches="list", sparse=True, \
reused_keys="replay", daily_limit=50, new_conversation_limit=5, safety="safety_reply_only"): \
how the sandbox of this test behaves"""


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture(scope="session", name="_blooio_sandbox_servers")
def blooio_sandbox_servers() -> Generator[Servers]:
    """The sandboxes of this test process: one per set of start options."""
    from blooio_sandbox.extra import MISSING_EXTRA, is_installed

    if not is_installed():
        pytest.fail(MISSING_EXTRA, pytrace=False)
    from blooio_sandbox.marker import Servers

    with Servers() as servers:
        yield servers


@pytest.fixture
def blooio_sandbox(request: pytest.FixtureRequest, _blooio_sandbox_servers: Servers) -> Sandbox:
    """A local Blooio, reset before each test; configure it with `@pytest.mark.blooio(fail_next=503)`."""
    try:
        return _blooio_sandbox_servers.prepare(_options(request.node))
    except (TypeError, ValueError) as error:
        pytest.fail(f"@pytest.mark.blooio: {error}", pytrace=False)


@pytest.fixture
def blooio(blooio_sandbox: Sandbox) -> Generator[Blooio]:
    """A sync client for the local Blooio."""
    from blooio_client import Blooio

    with Blooio(api_key=blooio_sandbox.api_key, base_url=blooio_sandbox.base_url) as client:
        yield client


@pytest.fixture
def blooio_environment(blooio_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """The local Blooio, with BLOOIO_API_KEY and BLOOIO_BASE_URL set for apps that create their client from them."""
    monkeypatch.setenv("BLOOIO_API_KEY", blooio_sandbox.api_key)
    monkeypatch.setenv("BLOOIO_BASE_URL", blooio_sandbox.base_url)
    return blooio_sandbox


@pytest.fixture
def async_blooio(blooio_sandbox: Sandbox) -> AsyncBlooio:
    """An async client for the local Blooio; its connections close with the event loop."""
    from blooio_client import AsyncBlooio

    return AsyncBlooio(api_key=blooio_sandbox.api_key, base_url=blooio_sandbox.base_url)


@pytest.fixture
def blooio_deliver(blooio_sandbox: Sandbox) -> Generator[Callable[..., None]]:
    """Deliver the sandbox's events to a receiver without a port: `blooio_deliver(receiver, secret="whsec_test")`.

    The receiver's handlers run in threads until the test ends.
    """
    receivers: list[Receiver] = []

    def deliver(receiver: Receiver, *, secret: str, type: str = "all") -> None:  # noqa: A002 - as in create
        blooio_sandbox.deliver_to(receiver, secret=secret, type=type)
        receivers.append(receiver)
        receiver.start()

    yield deliver
    for receiver in receivers:
        receiver.stop()


def _options(node: pytest.Item) -> Mapping[str, Any]:
    # The marker closest to the test comes last and wins.
    markers = reversed(list(node.iter_markers("blooio")))
    if any(marker.args for marker in node.iter_markers("blooio")):
        raise TypeError("pass options by name, as in fail_next=503")
    return {name: value for marker in markers for name, value in marker.kwargs.items()}
