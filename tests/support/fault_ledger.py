"""The requests of one call that the server received, and their effects."""

from __future__ import annotations

import asyncio

import attrs


@attrs.frozen
class Seen:
    """One request, as far as the server read it."""

    method: str
    path: str
    key: str | None
    """Its idempotency key."""
    is_whole: bool
    processed: bool
    """Whether the server processed it, whatever the response."""


@attrs.define(eq=False)
class Ledger:
    """Everything that the server received for one call."""

    dedupes: bool
    """Whether the server processes each key once, as Blooio does for sends."""
    requests: list[Seen] = attrs.field(factory=list[Seen])
    connections: int = 0
    written: int = 0
    """The bytes of responses that the client read or buffered."""
    faults: int = 0
    """How often the fault happened."""
    strays: list[str] = attrs.field(factory=list[str])
    """The paths of requests that do not belong to this call."""
    serving: set[asyncio.Task[None]] = attrs.field(factory=set[asyncio.Task[None]])
    """The server's tasks for this call that are still running."""

    def note(self, *, method: str, path: str, key: str | None, is_whole: bool, processed: bool) -> None:
        """Record a request."""
        self.requests.append(Seen(method, path, key, is_whole, processed))

    @property
    def keys(self) -> set[str | None]:
        """Return the distinct keys received; None for a missing key."""
        return {request.key for request in self.requests}

    @property
    def effects(self) -> int:
        """Return how often the call took effect: once per key if the server knows keys, otherwise once per request."""
        processed = [request for request in self.requests if request.processed]
        return len({request.key for request in processed}) if self.dedupes else len(processed)
