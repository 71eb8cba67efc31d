"""A list of contacts that is generated on request, and may grow at its front."""

from __future__ import annotations

import json
from typing import Final

import attrs
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

SHIFT: Final = 3
"""The number of new contacts after each page of a growing directory."""


@attrs.define
class Directory:
    """A list of contacts, in pages."""

    count: int
    grows: bool = False
    pages: int = 0
    given: int = 0
    """The number of contacts in all responses."""

    def serve(self, httpserver: HTTPServer, name: str) -> str:
        """Serve this list under a name, and return the base URL."""
        httpserver.expect_request(f"/{name}/contacts").respond_with_handler(self._response)
        return httpserver.url_for(f"/{name}")

    def _response(self, request: Request) -> Response:
        """Return a page, newest contacts first, so that a growing list shifts while it is read."""
        limit, offset = int(request.args["limit"]), int(request.args["offset"])
        new = SHIFT * self.pages if self.grows else 0
        listed = range(offset - new, min(offset - new + limit, self.count))
        self.pages += 1
        self.given += len(listed)
        body = {
            "contacts": [_contact(index) for index in listed],
            "pagination": {"limit": limit, "offset": offset, "total": self.count + new},
        }
        return Response(json.dumps(body), content_type="application/json")


def _contact(index: int) -> dict[str, object]:
    number = f"+1555{index % 10_000_000:07d}"
    return {
        "id": number,
        "contact_id": f"con_{index}",
        "identifier": number,
        "name": f"Contact {index}",
        "type": "phone",
        "created_at": 1_763_800_000_000 + index,
        "tags": ["vip", "new"],
    }
