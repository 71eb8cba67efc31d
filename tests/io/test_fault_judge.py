"""The fault matrix detects wrong behavior of a client."""

from __future__ import annotations

from uuid import uuid4

import attrs
import pytest
from fault_cells import Cell, Seen, cells, is_double, is_foreign, is_key_lost, wrong
from fault_expectations import ROWS, STATUSES
from fault_ledger import Ledger
from fault_matrix import run
from fault_repeats import REPEATS, Kind
from fault_server import FaultServer

from blooio_client import ConnectionFailedError, SentMessage, UnexpectedResponseError
from blooio_overrides._call import request, retries
from blooio_overrides._call.operations import OPERATIONS, Repeat
from blooio_overrides._call.outcome import Outcome
from blooio_overrides._call.request import HiddenHeaders, Request
from blooio_overrides._call.retries import Deadline
from blooio_overrides._io.synchronous import Connections


def cell_of(operation: str, fault: str) -> Cell:
    """Return the cell of an operation and a persistent fault."""
    return next(cells([operation], (*ROWS, *STATUSES), faults=frozenset({fault})))


def ledger_of(cell: Cell, *keys: str | None, processed: bool = True) -> Ledger:
    """Return a ledger with a request for each key."""
    ledger = Ledger(dedupes=cell.kind is Kind.KEYED)
    for key in keys:
        ledger.note(method="POST", path="/", key=key, is_whole=True, processed=processed)
    return ledger


LOST = cell_of("sendPoll", "reset after the whole request")
SEND = cell_of("sendMessage", "reset after the whole request")


def lost(cell: Cell, key: str | None = None, *, attempts: int = 3, sent: bool | None = None) -> ConnectionFailedError:
    """Return the error of a call whose responses were lost."""
    return ConnectionFailedError(operation=cell.operation, attempts=attempts, idempotency_key=key, sent=sent)


RIGHT = (
    Seen(LOST, None, lost(LOST, attempts=1), ledger_of(LOST, None)),
    Seen(SEND, None, lost(SEND, "a"), ledger_of(SEND, "a", "a", "a")),
)
WRONG = {
    "a poll that was sent twice": Seen(LOST, None, lost(LOST, attempts=1), ledger_of(LOST, None, None)),
    "a send with two keys": Seen(SEND, None, lost(SEND, "a"), ledger_of(SEND, "a", "b", "a")),
    "a send without a key": Seen(SEND, None, lost(SEND, "a"), ledger_of(SEND, "a", None, "a")),
    "an error without the key": Seen(SEND, None, lost(SEND), ledger_of(SEND, "a", "a", "a")),
    "an error with another key": Seen(SEND, None, lost(SEND, "b"), ledger_of(SEND, "a", "a", "a")),
    "too few requests": Seen(SEND, None, lost(SEND, "a"), ledger_of(SEND, "a", "a")),
    "attempts that were not made": Seen(SEND, None, lost(SEND, "a", attempts=2), ledger_of(SEND, "a", "a", "a")),
    "sent, but reported as not sent": Seen(LOST, None, lost(LOST, attempts=1, sent=False), ledger_of(LOST, None)),
    "not sent, but reported as sent": Seen(
        LOST, None, UnexpectedResponseError(), ledger_of(LOST, None, processed=False)
    ),
    "a foreign exception": Seen(LOST, None, OSError(), ledger_of(LOST, None)),
    "a result without a response": Seen(LOST, "a result", None, ledger_of(LOST, None)),
    "a poll with a key": Seen(LOST, None, lost(LOST, "a", attempts=1), ledger_of(LOST, "a")),
    "a client that is no longer usable": Seen(
        LOST, None, lost(LOST, attempts=1), ledger_of(LOST, None), after="RuntimeError()"
    ),
}


def test_correct_outcomes_are_accepted() -> None:
    """A cell that ended as expected has no problem."""
    assert [problem for seen in RIGHT for problem in wrong(seen)] == []


@pytest.mark.parametrize("what", WRONG)
def test_errors_are_found(what: str) -> None:
    """Each wrong outcome is reported as a problem."""
    assert wrong(WRONG[what])


def test_an_endlessly_read_response_is_found() -> None:
    """A client that reads a whole gigabyte is reported as a problem."""
    cell = cell_of("getChat", "body of 1 GB")
    ledger = ledger_of(cell, None)
    error = UnexpectedResponseError(status=200, operation="getChat", attempts=1, sent=None)

    assert wrong(Seen(cell, None, error, ledger)) == []
    ledger.written = 1024**3
    assert wrong(Seen(cell, None, error, ledger))


def test_the_result_of_a_send_has_its_key() -> None:
    """A result with a key that the server never received is reported as a problem."""
    cell = cell_of("sendMessage", "100 before the response")
    results = {
        key: SentMessage(message_ids=["msg_1"], duplicate=False, idempotency_key=key, raw={}) for key in ("a", "b")
    }

    assert wrong(Seen(cell, results["a"], None, ledger_of(cell, "a"))) == []
    assert wrong(Seen(cell, results["b"], None, ledger_of(cell, "a")))


def test_each_figure_counts() -> None:
    """Double sends, foreign exceptions and lost keys are counted correctly."""
    for judged, expected in (
        (is_double, {"a poll that was sent twice", "a send with two keys", "a send without a key"}),
        (is_foreign, {"a foreign exception"}),
        (is_key_lost, {"an error without the key", "an error with another key", "a send with two keys"}),
    ):
        assert expected <= {what for what, seen in WRONG.items() if judged(seen)}
        assert not any(judged(seen) for seen in RIGHT)


def test_every_operation_has_a_reason() -> None:
    """The table gives a reason for every operation's kind of repeat."""
    assert [operation for operation, (_, reason) in REPEATS.items() if not reason] == []


def test_a_client_that_always_retries_is_caught(server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the client retries every call, the double sends are counted."""

    def always(repeat: Repeat, outcome: Outcome, *, uncertain: bool) -> bool:
        del repeat, outcome, uncertain
        return True

    monkeypatch.setattr(retries, "may_repeat", always)

    figures = run(server, "sync", [LOST, cell_of("addReaction", "reset after the whole request")])

    assert (figures.cells, figures.double_sends) == (2, 2)
    assert figures.problems


def test_an_operation_in_the_wrong_class_is_caught(server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the client retries polls, the second poll after a lost response is counted."""
    wrong_class = OPERATIONS["sendPoll"]._replace(repeat=Repeat.SAFE)
    monkeypatch.setattr(request, "OPERATIONS", {**OPERATIONS, "sendPoll": wrong_class})

    assert run(server, "sync", [LOST]).double_sends == 1


def test_a_key_for_each_attempt_is_caught(server: FaultServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """If each attempt has its own key, a server that processes each key once sends three messages."""
    attempt = Connections.attempt

    def with_another_key(connections: Connections, sent: Request, deadline: Deadline, *, once: bool) -> Outcome:
        headers = HiddenHeaders({**sent.headers.reveal(), "idempotency-key": str(uuid4())})
        return attempt(connections, attrs.evolve(sent, headers=headers), deadline, once=once)

    monkeypatch.setattr(Connections, "attempt", with_another_key)

    figures = run(server, "sync", [SEND])

    assert (figures.effects, figures.double_sends, figures.lost_keys) == (3, 1, 1)
