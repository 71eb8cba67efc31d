"""The recorded requests."""

from __future__ import annotations

import json
import re
from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from blooio_sandbox.responses import reject_constant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from blooio_sandbox.state.database import Row, State

MAX_REQUESTS: int = 50_000
_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "x-api-key"})
_RANDOM_KEY = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


@dataclass(slots=True)
class RecordedRequest:
    """A request as received, and its response."""

    method: str
    raw_path: str
    query: str
    headers: Mapping[str, str]
    raw_body: bytes = field(repr=False)
    operation: str | None = None
    ids: Mapping[str, str] = field(default_factory=dict[str, str])
    time_received: int | None = None
    status: int | None = None
    raw_response: bytes = field(default=b"", repr=False)
    duration_ms: int | None = None

    @property
    def idempotency_key(self) -> str | None:
        """The idempotency key of the request."""
        return self.headers.get("idempotency-key")

    @property
    def body(self) -> Any:
        """The body as JSON, or None."""
        return _read(self.raw_body)

    @property
    def response(self) -> Any:
        """The response body as JSON, as text if it is not JSON, or None if the connection was dropped."""
        found = _read(self.raw_response)
        return found if found is not None or self.status is None else self.raw_response.decode()


class Ledger:
    """The latest requests."""

    def __init__(self) -> None:
        self._requests: deque[RecordedRequest] = deque(maxlen=MAX_REQUESTS)
        self._added = 0

    def add(self, request: RecordedRequest) -> None:
        """Record a request."""
        self._requests.append(request)
        self._added += 1

    def all(self) -> list[RecordedRequest]:
        """Return all requests, oldest first."""
        return list(self._requests)

    def latest(self, most: int) -> list[tuple[int, RecordedRequest]]:
        """Return the latest requests with their numbers, newest first."""
        return list(zip(range(self._added, 0, -1), islice(reversed(self._requests), most), strict=False))

    def find(self, number: int) -> RecordedRequest:
        """Return the request with a number.

        Raises:
            LookupError: There is no such request, or it was dropped.
        """
        age = self._added - number
        if not 0 <= age < len(self._requests):
            raise LookupError(f"there is no request {number}")
        return self._requests[-1 - age]

    def clear(self) -> None:
        """Clear the ledger."""
        self._requests.clear()


def mask_headers(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers with lower-case names and without secrets."""
    decoded = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}
    return decoded | {name: _mask(decoded[name]) for name in _SECRET_HEADERS & decoded.keys()}


def duplicates(state: State) -> list[str]:
    """Return the messages that were accepted twice, one line each.

    These are duplicates: two sends with one key, and two sends of one body to one chat unless both have a key chosen
    by the caller. A UUID does not count as chosen, since clients generate them.
    """
    sends = state.rows("SELECT * FROM sends ORDER BY send_id")
    pairs = [*_pairs(sends, _key_of), *(pair for pair in _pairs(sends, _content_of) if not _are_wanted(*pair))]
    return [_describe(first, second) for first, second in dict.fromkeys(pairs)]


def _pairs(sends: list[Row], trait: Callable[[Row], str | None]) -> list[tuple[Row, Row]]:
    groups: dict[str, list[Row]] = {}
    for send in sends:
        shared = trait(send)
        if shared is not None:
            groups.setdefault(shared, []).append(send)
    return [(group[0], other) for group in groups.values() for other in group[1:]]


def _key_of(send: Row) -> str | None:
    key: str | None = send["idempotency_key"]
    return key


def _content_of(send: Row) -> str:
    return json.dumps([send["chat_id"], json.loads(send["body"])], sort_keys=True)


def _are_wanted(first: Row, second: Row) -> bool:
    return _is_chosen(_key_of(first)) and _is_chosen(_key_of(second))


def _is_chosen(key: str | None) -> bool:
    return key is not None and _RANDOM_KEY.fullmatch(key) is None


def _describe(first: Row, second: Row) -> str:
    keys = f"{first['idempotency_key']!r} and {second['idempotency_key']!r}"
    return f"accepted twice in {first['chat_id']}, under the keys {keys}: {second['body']}"


def _read(raw: bytes) -> Any:
    try:
        return json.loads(raw, parse_constant=reject_constant)
    except (ValueError, RecursionError):
        return None


def _mask(value: str) -> str:
    scheme, blank, _ = value.partition(" ")
    return f"{scheme} ***" if blank else "***"
