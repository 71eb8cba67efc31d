# Derived from ../_async/test_pages.py by `make derive`. Do not edit.
"""Lists that change or have short pages, over a real connection."""

from __future__ import annotations

import json

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from blooio_client import Blooio

PHONE = "+15551234567"
PATH = "/v2/api/chats/+15551234567/messages"


def test_short_pages_do_not_end_a_list(stub: Blooio, httpserver: HTTPServer) -> None:
    """A page that is short because messages are hidden does not end a list: `total` says that more follow."""
    hidden = {7, 120}

    def page(request: Request) -> Response:
        limit, offset = int(request.args["limit"]), int(request.args["offset"])
        shown = [
            {"message_id": f"m{number}"} for number in range(offset, min(offset + limit, 250)) if number not in hidden
        ]
        pagination = {"limit": limit, "offset": offset, "total": 250}
        return Response(json.dumps({"messages": shown, "pagination": pagination}), content_type="application/json")

    httpserver.expect_request(PATH).respond_with_handler(page)

    ids = [message.message_id for message in stub.chat(PHONE).messages.list()]

    assert ids == [f"m{number}" for number in range(250) if number not in hidden]


def test_contacts_can_be_deleted_while_iterating(client: Blooio) -> None:
    """Deleting each contact while iterating skips none, although the others move up."""
    for number in range(25):
        client.contacts.create(f"+155512345{number:02}")

    for contact in client.contacts.list(page_size=10):
        client.contacts.delete(contact)

    assert client.contacts.list().first() is None
