# Derived from ../_async/chats.py by `make derive`. Do not edit.
"""The conversations of an organization."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from blooio_client import calls
from blooio_client.types import UNSET, Unset

from .._call.exchange import Options
from ..pagination import Listing, listing
from .pager import Pager

if TYPE_CHECKING:
    from blooio_client.models import Chat, ChatSort

    from .._call.settings import Timeout
    from .sender import Sender


class Chats:
    """The conversations of the organization: `client.chats`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def list(
        self,
        *,
        q: str | None = None,
        sort: ChatSort | str | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> Pager[Chat]:
        """List the conversations, most recent first unless `sort` says otherwise.

        Args:
            q: Only conversations whose phone number, email address or contact name matches.
            sort: `recent` or `oldest`.
            limit: Reads at most this many items; defaults to all.
            page_size: Items per request, 1-200.
            timeout: Overrides the client's timeout for each page.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: `limit` or `page_size` is out of range.

        Source: listChats
        """
        pages: Listing[Chat] = listing(
            partial(calls.list_chats, q=q, sort=sort),
            "chats",
            attrgetter("id"),
            limit=limit,
            page_size=page_size,
        )
        return Pager(self._sender, pages, Options(timeout, headers))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
