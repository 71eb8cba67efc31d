"""Host names with an IPv4 and an IPv6 address, one of which may refuse or not respond."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from keep_alive import KeepAliveServer
from loops import send_all

from blooio_client.errors import ConnectionFailedError

pytestmark = pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="this machine has no IPv6")

ADDRESSES: Final = {"::1": socket.AF_INET6, "127.0.0.1": socket.AF_INET}
ORDERS: Final = (("::1", "127.0.0.1"), ("127.0.0.1", "::1"))
KINDS: Final = ("sync", "asyncio", "trio")
"""The clients that resolve names with `socket.getaddrinfo`, which a test can replace."""


@pytest.fixture
def both(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Resolve localhost to both addresses, in the given order."""
    usual: Any = socket.getaddrinfo

    def resolved(host: Any, port: Any, *arguments: Any, **named: Any) -> Any:
        if host not in ("localhost", b"localhost"):
            return usual(host, port, *arguments, **named)
        return [(ADDRESSES[each], socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (each, port)) for each in request.param]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("listens", ADDRESSES)
@pytest.mark.parametrize("both", ORDERS, indirect=True)
@pytest.mark.usefixtures("both", "clock")
def test_one_address_refuses(kind: str, listens: str) -> None:
    """Whichever address listens or comes first, the sends arrive on one connection."""
    with KeepAliveServer(host=listens) as server:
        assert send_all(kind, f"http://localhost:{server.port}", ["a", "b"]) == ["a", "b"]
        assert server.open_becomes(0)
        assert server.connections == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("both", ORDERS[:1], indirect=True)
@pytest.mark.usefixtures("both")
def test_both_addresses_refuse(kind: str) -> None:
    """If neither address listens, the error says that nothing was sent."""
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(ConnectionFailedError) as caught:
        send_all(kind, f"http://localhost:{port}", ["a"], max_retries=0)

    assert caught.value.sent is False


@pytest.mark.skipif(os.name != "posix", reason="elsewhere, a full backlog refuses connections")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("both", ORDERS[:1], indirect=True)
@pytest.mark.usefixtures("both")
def test_one_address_is_silent(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address that does not respond, as behind a broken route, leaves time to try the other one."""
    connect: Any = socket.create_connection
    limits: list[float] = []

    def connected(address: Any, timeout: float, *arguments: Any, **named: Any) -> Any:
        limits.append(timeout)
        return connect(address, 0.2 if address[0] == "::1" else timeout, *arguments, **named)

    monkeypatch.setattr(socket, "create_connection", connected)
    with KeepAliveServer() as server, socket.socket(socket.AF_INET6) as silent:
        silent.bind(("::1", server.port))
        silent.listen(0)
        filling = [socket.socket(socket.AF_INET6) for _ in range(4)]
        for each in filling:
            each.setblocking(False)
            each.connect_ex(("::1", server.port))
        assert send_all(kind, f"http://localhost:{server.port}", ["a"], timeout=httpx.Timeout(60.0), max_retries=0) == [
            "a"
        ]
        assert all(limit > 20.0 for limit in limits)
        for each in filling:
            each.close()
