"""A thousand rounds over TLS with a server that sends two responses to each request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
import trio
import uvloop
from authority import server_context
from keep_alive import KeepAliveServer, response

from blooio_client import AsyncBlooio, Blooio
from blooio_overrides._io import environment

PHONE: Final = "+15551234567"
ROUNDS: Final = 1000
LOOPS: Final[dict[str, Callable[[Callable[[], Coroutine[Any, Any, Any]]], Any]]] = {
    "asyncio": lambda ask: asyncio.run(ask()),
    "uvloop": lambda ask: uvloop.run(ask()),
    "trio": trio.run,
}


async def twice(text: str) -> Sequence[bytes]:
    """Respond twice, the second time unsolicited."""
    return [response(text), response("of somebody else")]


@pytest.mark.proof
@pytest.mark.parametrize("kind", ["sync", *LOOPS])
def test_a_second_response_is_not_used_for_the_next_request(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of a thousand sends gets its own response, although another one waits in the TLS layer."""
    context = server_context(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    environment.tls.cache_clear()
    texts = [f"text {number}" for number in range(ROUNDS)]

    async def awaited() -> list[str]:
        async with AsyncBlooio("key", base_url=server.url) as client:
            return [(await client.chat(PHONE).send(text)).message_id for text in texts]

    with KeepAliveServer(twice, context) as server:
        if kind == "sync":
            with Blooio("key", base_url=server.url) as client:
                came = [client.chat(PHONE).send(text).message_id for text in texts]
        else:
            came = LOOPS[kind](awaited)
    environment.tls.cache_clear()

    print(f"\n{kind}: wrong {sum(got != asked for got, asked in zip(came, texts, strict=True))} of {ROUNDS}")
    assert came == texts
