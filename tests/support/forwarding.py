"""A plain HTTP proxy on loopback, which forwards requests."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
from served import served


class Forwarding(BaseHTTPRequestHandler):
    """A plain HTTP proxy."""

    def do_POST(self) -> None:
        """Forward the request to its URL, and return the response."""
        self.server.seen.append(self.path)  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {key: value for key, value in self.headers.items() if not key.lower().startswith("proxy")}
        with httpx.Client(trust_env=False, timeout=60.0) as http:
            response = http.post(self.path, content=body, headers=headers)
        self.send_response(response.status_code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(response.content)))
        self.end_headers()
        self.wfile.write(response.content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
        """Log nothing."""


@contextmanager
def forwarding_proxy() -> Generator[tuple[str, list[str]]]:
    """Yield the URL of a proxy on loopback, and the URLs that it forwarded requests to."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Forwarding)
    seen: list[str] = []
    server.seen = seen  # type: ignore[attr-defined]
    with served(server):
        yield f"http://127.0.0.1:{server.server_port}", seen
