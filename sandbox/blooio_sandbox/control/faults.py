"""Injected faults."""

from __future__ import annotations

import random
import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from blooio_sandbox.api.document import load_operations
from blooio_sandbox.responses import check_name, error_body
from blooio_sandbox.state.clock import check_seconds
from blooio_sandbox.state.database import dump

if TYPE_CHECKING:
    from collections.abc import Mapping

_STATUSES = range(200, 600)
_FRAMING = frozenset({"content-length", "transfer-encoding"})
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"([\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?)?")


@dataclass
class Fault:
    """A fault of the next requests, or of some of them."""

    times: int | None
    operation: str | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: str = ""
    delay: float = 0.0
    after_processing: bool = False
    drops_connection: bool = False
    probability: float = 1.0
    seed: int = 0
    id: int = 0

    def __post_init__(self) -> None:
        if self.times is not None and self.times < 1:
            raise ValueError("times must be at least 1, or None for no limit")
        if not 0 < self.probability <= 1:
            raise ValueError("probability must be more than 0 and at most 1")
        if self.status is not None and (isinstance(self.status, float) or self.status not in _STATUSES):
            raise ValueError("status must be from 200 to 599")
        if self.operation is not None:
            check_name("operation", self.operation, [operation.id for operation in load_operations()])
        check_seconds("delay", self.delay)
        self._random = random.Random(self.seed)  # noqa: S311 - the same seed selects the same requests

    @property
    def replaces_response(self) -> bool:
        """Whether the client gets something other than the operation's response."""
        return self.drops_connection or self.status is not None

    def applies_to(self, operation: str | None) -> bool:
        """Decide whether this fault applies to a request; each matching request draws once."""
        return self.operation in (None, operation) and self._random.random() < self.probability


class Faults:
    """Pending faults; the oldest that applies to a request is used."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []
        self._added = 0

    def add(self, fault: Fault) -> None:
        """Add a fault."""
        with self._lock:
            self._added += 1
            fault.id = self._added
            self._waiting.append(fault)

    def remove(self, fault_id: int) -> None:
        """Remove a fault, unless it has already happened."""
        with self._lock:
            self._waiting = [each for each in self._waiting if each.id != fault_id]

    def all(self) -> list[Fault]:
        """Return the pending faults, oldest first."""
        with self._lock:
            return list(self._waiting)

    def take(self, operation: str | None) -> Fault | None:
        """Return the fault of a request, if any."""
        with self._lock:
            fault = next((each for each in self._waiting if each.applies_to(operation)), None)
            if fault is not None and fault.times is not None:
                fault.times -= 1
                self._waiting = [each for each in self._waiting if each.times != 0]
            return fault

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._waiting.clear()


def failing_response(
    status: int,
    *,
    code: str | None,
    message: str | None,
    retry_after: float | str | None,
    body: str | None,
    headers: Mapping[str, str] | None,
) -> tuple[str, dict[str, str]]:
    """Return the body and headers of a fault: an API error, unless a body is given.

    Raises:
        ValueError: They cannot be sent.
    """
    is_json = body is None
    text = dump(error_body(status, message or "Fault injected by the sandbox", code)) if body is None else body
    content_type = "application/json" if is_json else "text/html; charset=utf-8"
    waiting = {} if retry_after is None else {"retry-after": str(retry_after)}
    all_headers = {"content-type": content_type, **waiting, **(headers or {})}
    for name, value in all_headers.items():
        _check_header(name, value)
    text.encode()
    return text, {name.lower(): value for name, value in all_headers.items()}


def _check_header(name: str, value: str) -> None:
    if name.lower() in _FRAMING:
        raise ValueError(f"headers must not contain {name}, which the sandbox writes")
    if not _HEADER_NAME.fullmatch(name) or not _HEADER_VALUE.fullmatch(value):
        raise ValueError(f"the header {name!r} must have a valid name and a value of printable ASCII characters")
