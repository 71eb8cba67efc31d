"""The cells of the fault matrix: an operation and a fault, once or persistent, and the expectations for each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any, Final

import attrs
from contract_document import OPERATIONS
from contract_instances import KINDS, instance
from contract_results import LISTS, NEEDED
from fault_expectations import End, Row
from fault_ledger import Ledger
from fault_repeats import REPEATS, Kind
from fault_server import Assignment
from fault_talk import Fault, Stage

from blooio_client import BlooioError, SentMessage, errors

_numbers: Final = count()


@attrs.frozen(eq=False)
class Cell:
    """One call under one fault."""

    operation: str
    kind: Kind
    fault: Fault
    always: bool
    end: End
    follows: bool
    """Whether another call has to show that the client is still usable."""
    own_client: bool = False
    """Whether the call goes through the user's own HTTP client."""

    def __str__(self) -> str:
        return f"{self.operation} / {self.fault.name}{'' if self.always else ', once'}"

    def assignment(self) -> Assignment:
        """Return what a place of the server does for the cell."""
        ledger = Ledger(dedupes=self.kind is Kind.KEYED)
        return Assignment(f"cell-{next(_numbers)}", self.fault, self.always, good_response(self.operation), ledger)

    @property
    def is_followed(self) -> bool:
        """Whether another, undisturbed call follows."""
        is_blocking = self.always and self.fault.steps[-1].stage is Stage.CONNECTION
        return self.follows and not is_blocking

    @property
    def requests(self) -> int:
        """Return how many requests the server reads, at least their headers."""
        times = range(1, self.end.attempts + 1)
        return sum(self.fault.sees(attempt) or (attempt > 1 and not self.always) for attempt in times)


@attrs.frozen(eq=False)
class Seen:
    """The outcome of a cell: for the client, for the server, and for the call that follows."""

    cell: Cell
    result: Any
    error: BaseException | None
    ledger: Ledger
    after: str = ""
    """What is wrong with the call that follows."""


def good_response(operation: str) -> bytes:
    """Return the body of a valid response."""
    documented = OPERATIONS[operation]
    status = min(status for status in documented.responses if 200 <= status < 300)
    if operation in LISTS and operation != "batchLookupPhoneNumbers":
        return json.dumps({LISTS[operation]: []}).encode()
    made = instance(documented.responses[status], KINDS["full"])
    return json.dumps({**made, **NEEDED.get(operation, {})}).encode()


def cells(
    operations: Iterable[str], rows: Iterable[Row], *, faults: frozenset[str] | None = None, follows: bool = False
) -> Iterator[Cell]:
    """Return every cell of some operations and of the faults of some rows, optionally filtered by name.

    A retried operation meets a fault twice: once persistently, and once only in the first attempt.
    """
    for operation in operations:
        kind = REPEATS[operation][0]
        for row in rows:
            end = row.ends[kind]
            for fault in row.faults:
                if faults is None or fault.name in faults:
                    yield Cell(operation, kind, fault, always=True, end=end, follows=follows)
                    if row.happens_once and end.attempts > 1:
                        yield Cell(operation, kind, fault, always=False, end=end.after_one(), follows=follows)


def wrong(seen: Seen) -> list[str]:
    """Return the problems of a cell's outcome."""
    found = [*_wrong_outcome(seen), *_wrong_requests(seen), *_wrong_effects(seen), *_wrong_keys(seen)]
    return [f"{seen.cell}: {problem}" for problem in found]


def _unless(is_right: object, problem: str) -> Iterator[str]:
    if not is_right:
        yield problem


def _wrong_outcome(seen: Seen) -> Iterator[str]:
    end, error = seen.cell.end, seen.error
    yield from _unless(type(error) is (end.error or type(None)), f"it ended with {error!r}")
    if isinstance(error, BlooioError):
        yield from _unless(error.sent is end.sent, f"sent is {error.sent}")
        yield from _unless(error.attempts == end.attempts, f"there were {error.attempts} attempts")
        yield from _unless(error.operation == seen.cell.operation, f"the operation is {error.operation}")
    if isinstance(error, errors.APIError | errors.UnexpectedResponseError):
        yield from _unless(error.status == seen.cell.fault.status, f"the status is {error.status}")
    if isinstance(error, errors.APIError):
        documented = OPERATIONS[seen.cell.operation]
        yield from _unless(
            (error.method, error.path) == (documented.method, documented.template), "the error names another operation"
        )
    yield from _unless(not seen.after, f"the next call of the client: {seen.after}")


def _wrong_requests(seen: Seen) -> Iterator[str]:
    ledger = seen.ledger
    yield from _unless(len(ledger.requests) == seen.cell.requests, f"there were {len(ledger.requests)} requests")
    yield from _unless(not ledger.strays, f"there were unexpected requests: {ledger.strays}")
    yield from _unless(ledger.written <= seen.cell.fault.most_written, f"{ledger.written} bytes were read")
    yield from _unless(not ledger.serving, "a connection was left open")
    yield from _unless(len({(each.method, each.path) for each in ledger.requests}) < 2, "the requests differ")


def _wrong_effects(seen: Seen) -> Iterator[str]:
    yield from _unless(not is_double(seen), f"it took effect {seen.ledger.effects} times")
    sent = True if seen.error is None else getattr(seen.error, "sent", None)
    yield from _unless(sent is not True or seen.ledger.effects, "it is reported as sent, but took no effect")
    yield from _unless(sent is not False or not seen.ledger.effects, "it is reported as not sent, but took effect")


def _wrong_keys(seen: Seen) -> Iterator[str]:
    keys = seen.ledger.keys
    if seen.cell.kind is not Kind.KEYED:
        yield from _unless(keys <= {None}, f"it has keys: {keys}")
        yield from _unless(getattr(seen.error, "idempotency_key", None) is None, "its error has a key")
        return
    yield from _unless(None not in keys and len(keys) < 2, f"its keys are {keys}")
    yield from _unless(not is_key_lost(seen), f"the key {keys} is lost")
    if isinstance(seen.result, SentMessage):
        yield from _unless({seen.result.idempotency_key} == keys, f"the result does not have the key {keys}")


def is_double(seen: Seen) -> bool:
    """Return whether something happened twice that must happen once."""
    return seen.cell.kind is not Kind.SAFE and seen.ledger.effects > 1


def is_foreign(seen: Seen) -> bool:
    """Return whether a foreign exception was raised."""
    return seen.error is not None and not isinstance(seen.error, BlooioError)


def is_key_lost(seen: Seen) -> bool:
    """Return whether a send failed without the key for a retry."""
    if seen.cell.kind is not Kind.KEYED or seen.error is None:
        return False
    key = getattr(seen.error, "idempotency_key", None)
    return not key or not seen.ledger.keys <= {key}
