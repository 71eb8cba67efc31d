"""A server on loopback that records requests and responds as a test configures it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from contract_wire import PREFIX, Sent, sent
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response


class Service:
    """The server: the requests that it received, and its response."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[Sent] = []
        self.status = 200
        self.body = b"{}"

    def responses(self, status: int, body: Any) -> None:
        """Set the response to all further requests."""
        self.status, self.body = status, body if isinstance(body, bytes) else json.dumps(body).encode()

    def handle(self, request: Request) -> Response:
        """Respond to one request."""
        self.requests.append(sent(request))
        return Response(self.body, self.status, content_type="application/json")


@pytest.fixture
def service(httpserver: HTTPServer) -> Service:
    """The server, without requests yet."""
    made = Service(httpserver.url_for(PREFIX))
    httpserver.expect_request(re.compile(".*")).respond_with_handler(made.handle)
    return made
