"""The server of the benchmarks, with minimal work: prepared bytes on persistent connections.

python -m benchmarks.server             # prints the port, and serves until its input ends
"""

from __future__ import annotations

import asyncio
import sys
from itertools import cycle
from urllib.parse import parse_qs, urlsplit

from benchmarks.responses import NOT_FOUND, PAGE_SIZE, PAGES, SENT, contact_response, message_response, response

ACCEPTED = response("202 Accepted", SENT)
MISSING = response("404 Not Found", NOT_FOUND)
HEAD_END = b"\r\n\r\n"
LENGTH = b"content-length:"
TURNS = cycle(range(PAGES))


class Responses(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start with an empty buffer."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        """Respond to every complete request."""
        self._received += data
        while size := size_of_request(self._received):
            request, self._received = self._received[:size], self._received[size:]
            self._transport.write(response_to(request))


def size_of_request(received: bytes) -> int:
    """Return the length of the first request, or 0 while it is not complete."""
    head, end, body = received.partition(HEAD_END)
    if not end:
        return 0
    length = int(head.lower().partition(LENGTH)[2].partition(b"\r\n")[0] or 0)
    return len(head) + len(end) + length if len(body) >= length else 0


def response_to(request: bytes) -> bytes:
    """Return the response to a request."""
    method, target = request[: request.index(b" HTTP/")].decode().split(" ")
    if method == "POST" and target.endswith("/messages"):
        return ACCEPTED
    return listed(target) if method == "GET" else MISSING


def listed(target: str) -> bytes:
    """Return a page of the list at a target."""
    url = urlsplit(target)
    asked = {name: int(values[0]) for name, values in parse_qs(url.query).items()}
    limit = asked.get("limit", PAGE_SIZE)
    if url.path.endswith("/contacts"):
        return contact_response(limit, asked.get("offset", 0))
    return message_response(limit, next(TURNS)) if url.path.endswith("/messages") else MISSING


async def serve() -> None:
    """Listen until the input ends."""
    loop = asyncio.get_running_loop()
    # With the usual backlog, some of a hundred simultaneous connections wait a second.
    server = await loop.create_server(Responses, "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve())
