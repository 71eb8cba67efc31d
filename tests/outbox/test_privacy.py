"""Errors and logs of the outbox contain no texts, numbers, keys or passwords."""

# pyright: standard
# Strict mode rejects test doubles, database rows and access to internals; mypy checks this file strictly.

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
import sqlalchemy.exc
from outbox_places import MakeOutbox

from blooio_client import Blooio, BlooioError
from blooio_client.outbox import Outbox, OutboxError, OutboxStoppedError
from blooio_outbox.ledger import claim
from blooio_sandbox import Sandbox

TO = "+15551234567"
CANARY = "canary"
CALLS: dict[str, tuple[str, Callable[[Outbox], object]]] = {
    "add": ("messages", lambda outbox: outbox.add(TO, CANARY, key=CANARY)),
    "cancel": ("messages", lambda outbox: outbox.cancel(key=CANARY)),
    "retry": ("messages", lambda outbox: outbox.retry(CANARY)),
    "note_status": ("messages", lambda outbox: outbox.note_status(CANARY, "read")),
    "opt_out": ("opt_outs", lambda outbox: outbox.opt_out(TO)),
    "is_opted_out": ("opt_outs", lambda outbox: outbox.is_opted_out(TO)),
    "pause": ("numbers", lambda outbox: outbox.pause(TO)),
}


@pytest.mark.parametrize(("table", "call"), CALLS.values(), ids=CALLS)
def test_a_failing_database(outbox: Outbox, url: str, table: str, call: Callable[[Outbox], object]) -> None:
    """The error of a database shows the statement, but not its values."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text(f"DROP TABLE blooio_outbox_{table}"))
    with pytest.raises(sqlalchemy.exc.SQLAlchemyError, match=f"blooio_outbox_{table}") as raised:
        call(outbox)
    text = "".join(traceback.format_exception(raised.value))

    assert TO not in text
    assert CANARY not in text


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://u@h:canary/d", "url must be"),
        ("sqlite:///outbox.db?timeout=canary", "url must be"),
        ("postgresql://u:p@canary@127.0.0.1/d", "%40"),
    ],
)
def test_a_url_that_is_invalid(url: str, says: str) -> None:
    """An invalid URL raises an error that does not show parts of it, which may be of a password."""
    with pytest.raises(OutboxError, match=says) as raised:
        Outbox(url)

    assert CANARY not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize(
    ("drivername", "options"), [("postgresql", {"per_minute": -1}), ("postgresql", {"default_zone": "X/Y"}), ("my", {})]
)
def test_an_error_reporter_that_records_local_variables(drivername: str, options: dict[str, Any]) -> None:
    """If an outbox cannot be created, the local variables of the traceback show no password."""
    url = sa.URL.create(drivername, "u", CANARY, "h", database="d")
    with pytest.raises(BlooioError) as raised:
        Outbox(url.render_as_string(hide_password=False), **options)
    shown = traceback.TracebackException.from_exception(raised.value, capture_locals=True)

    assert CANARY not in "".join(shown.format())


def test_an_error_of_may_send(make_outbox: MakeOutbox, sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    """The log says where `may_send` failed, without the error's text, which may contain the recipient."""
    customers = {"+15550000000": True}
    outbox = make_outbox(may_send=lambda message: customers[message.recipient])
    outbox.add(TO, CANARY, key=CANARY)
    (planned,) = outbox.plan()
    with Blooio(sandbox.api_key, base_url=sandbox.base_url) as client:
        assert outbox.deliver(planned.id, client).state == "waiting"

    assert "may_send failed" in caplog.text
    assert f"KeyError in {__file__}, line" in caplog.text
    assert TO not in caplog.text


def test_an_error_reporter_that_records_claimed_messages(make_outbox: MakeOutbox, sandbox: Sandbox) -> None:
    """If a worker stops, the outbox's own variables in the traceback show neither the text nor the recipient."""
    outbox = make_outbox()
    outbox.add(TO, CANARY, key=CANARY)
    with Blooio("wrong", base_url=sandbox.base_url) as client, pytest.raises(OutboxStoppedError) as raised:
        outbox.run(client, until_empty=True)
    frames = [frame for frame, _ in traceback.walk_tb(raised.value.__traceback__)]
    ours = [frame for frame in frames if frame.f_globals["__name__"].startswith("blooio_outbox")]
    shown = " ".join(repr(value) for frame in ours for value in frame.f_locals.values())

    assert "Attempt" in shown
    assert [private for private in (TO, CANARY) if private in shown] == []


def test_an_error_reporter_that_records_a_failing_claim(
    make_outbox: MakeOutbox, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the database fails while a message is claimed, no local variable shows its text or its recipient."""
    outbox = make_outbox()
    outbox.add(TO, CANARY, key=CANARY)
    (planned,) = outbox.plan()
    monkeypatch.setattr(claim, "_UNCHANGED", sa.text("UPDATE missing SET state = 1"))
    with Blooio("key", base_url=sandbox.base_url) as client, pytest.raises(sqlalchemy.exc.DBAPIError) as raised:
        outbox.deliver(planned.id, client)
    shown = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    ours = [str(frame.locals) for frame in shown.stack if "blooio_outbox" in frame.filename]

    assert ours
    assert [private for private in (TO, CANARY) if private in " ".join(ours)] == []
