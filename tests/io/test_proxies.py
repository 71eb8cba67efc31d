"""Proxies of each kind, and failing ones: with sync clients, and on every event loop."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import Sequence

import pytest
from keep_alive import KeepAliveServer, response
from loops import KINDS, LOOPS, PHONE, send_all
from proxy import REFUSALS, SOCKS_REFUSALS, Proxy

from blooio_client import AsyncBlooio
from blooio_client.errors import BlooioError, ConnectionFailedError, DeadlineExceededError

SCHEMES = ("http", "https", "socks5", "socks5h")


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_connection_through_a_proxy_is_reused(
    kind: str, scheme: str, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calls share a tunnel; the proxy sees its own password, and neither the API key nor a message."""
    with KeepAliveServer(tls=tls) as server, Proxy(scheme, tls) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert send_all(kind, server.url, ["a", "b", "c"]) == ["a", "b", "c"]
        assert server.open_becomes(0)
        assert proxy.open_becomes(0)

    told = b"".join(proxy.told)
    assert server.connections == 1
    assert (base64.b64encode("ann:päss".encode()) if scheme.startswith("http") else "päss".encode()) in told
    assert b"uthorization: Bearer" not in told
    assert b"chats" not in told


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", SCHEMES[:3])
def test_a_second_response_through_a_proxy(
    kind: str, scheme: str, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unsolicited response is never used for the next request, even below two layers of TLS."""

    async def twice(text: str) -> Sequence[bytes]:
        return [response(text), response("of somebody else")]

    with KeepAliveServer(twice, tls) as server, Proxy(scheme, tls) as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        assert send_all(kind, server.url, ["a", "b", "c", "d"]) == ["a", "b", "c", "d"]


def refused(
    kind: str, proxy: Proxy, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch, timeout: float = 30.0
) -> BlooioError:
    """Return the error of a send through a failing proxy."""
    with KeepAliveServer(tls=tls) as server, proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises((ConnectionFailedError, DeadlineExceededError)) as caught:
            send_all(kind, server.url, ["a"], max_retries=0, timeout=timeout)
        assert proxy.open_becomes(0)

    assert (server.connections, server.texts) == (0, [])
    return caught.value


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_proxy_that_refuses(
    kind: str, scheme: str, refusal: str, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a proxy refuses or breaks the connection, the error has the key and says that nothing was sent."""
    error = refused(kind, Proxy(scheme, tls, refusal), tls, monkeypatch)

    assert (type(error), error.sent, error.attempts) == (ConnectionFailedError, False, 1)
    assert error.idempotency_key


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("refusal", SOCKS_REFUSALS)
def test_a_socks_proxy_that_refuses(
    kind: str, refusal: str, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a SOCKS handshake fails at any step, the error has the key and says that nothing was sent."""
    error = refused(kind, Proxy("socks5", tls, refusal), tls, monkeypatch)

    assert (type(error), error.sent, error.attempts) == (ConnectionFailedError, False, 1)
    assert error.idempotency_key


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scheme", SCHEMES[:3])
def test_a_proxy_that_is_silent(kind: str, scheme: str, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """A silent proxy blocks a call only until its timeout, and no connection is left behind."""
    error = refused(kind, Proxy(scheme, tls, "silence"), tls, monkeypatch, timeout=0.5)

    assert error.sent is False


@pytest.mark.parametrize("kind", ["asyncio", "uvloop"])
@pytest.mark.parametrize("scheme", SCHEMES[:3])
def test_a_native_cancellation_through_a_proxy(
    kind: str, scheme: str, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A send cancelled after any number of steps leaves no connection at the proxy, and the next one succeeds."""
    ends: list[bool] = []

    async def cancel_after(steps: int) -> None:
        async with AsyncBlooio("key", base_url=server.url) as client:
            task = asyncio.ensure_future(client.chat(PHONE).send("cancelled"))
            for step in range(steps):
                await asyncio.sleep(0 if step < 10 else 0.0005)
            task.cancel()
            ends.append(isinstance((await asyncio.gather(task, return_exceptions=True))[0], asyncio.CancelledError))
            if not steps % 10:
                assert (await client.chat(PHONE).send("next")).message_id == "next"

    async def cancel_everywhere() -> None:
        for steps in range(40):
            await cancel_after(steps)
        assert await asyncio.to_thread(proxy.open_becomes, 0)

    with KeepAliveServer(tls=tls) as server, Proxy(scheme, tls) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        LOOPS[kind](cancel_everywhere)

    assert any(ends)
