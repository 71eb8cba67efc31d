"""Deliveries with canaries: neither secret nor body is shown, whether they are accepted, rejected or fail."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from canaries import PRIVATE, SECRETS, Search
from webhook_servers import by_uvicorn, listening, url_of

from blooio_client import BlooioError, Secret, webhooks
from blooio_overrides.webhooks import Claim, Delivery, Entry, Event, MemoryStore, Receiver, SQLiteStore, asgi, sign

OLD, NEW = SECRETS["signing secret"], SECRETS["rotated signing secret"]
BODY = (
    f'{{"event": "message.received", "message_id": "{PRIVATE["response"]}", "text": "{PRIVATE["webhook body"]}",'
    f' "external_id": "{PRIVATE["phone number"]}", "sender": "{PRIVATE["e-mail address"]}"}}'
).encode()
Verify = Callable[..., object]


def headers(body: bytes = BODY, secret: str = NEW, moment: int | None = None) -> dict[str, str]:
    """Return the headers of a delivery."""
    return {"X-Blooio-Signature": sign(body, secret, moment)}


# Signed when needed: a signature made while tests are collected would be too old when they run.
REFUSED: dict[str, Callable[[], tuple[Any, Any, Any]]] = {
    "no signature": lambda: (BODY, {}, NEW),
    "no form": lambda: (BODY, {"X-Blooio-Signature": PRIVATE["webhook body"]}, NEW),
    "another secret": lambda: (BODY, headers(secret=OLD), NEW),
    "several others": lambda: (BODY, headers(secret="whsec_other"), [OLD, NEW]),
    "old": lambda: (BODY, headers(moment=1), NEW),
    "changed": lambda: (BODY + b" ", headers(), Secret(NEW)),
    "too large": lambda: (BODY + b" " * 300_000, headers(), NEW),
    "no text": lambda: (PRIVATE["webhook body"] + "\ud800", headers(), NEW),
    "parsed": lambda: ({"text": PRIVATE["webhook body"]}, headers(), NEW),
    "no headers": lambda: (BODY, PRIVATE["webhook body"], NEW),
    "a blank secret beside": lambda: (BODY, headers(), [NEW, " "]),
    "no secret": lambda: (BODY, headers(), {"secret": NEW}),
    "bytes": lambda: (BODY, headers(), NEW.encode()),
    "a number": lambda: (BODY, headers(), 5),
}


@pytest.mark.parametrize("verify", [webhooks.verify, webhooks.unwrap, webhooks.unwrap_many])
@pytest.mark.parametrize("what", REFUSED)
def test_a_rejected_delivery_shows_nothing(search: Search, what: str, verify: Verify) -> None:
    """No error or frame for an invalid delivery or secret shows the secret or the body."""
    body, given, secret = REFUSED[what]()
    with pytest.raises(BlooioError) as caught:
        verify(body, given, secret=secret)
    search.exception(caught.value)

    assert search.counts["local variables in our frames"] > 0


@pytest.mark.parametrize("body", [b"[]", b"null", PRIVATE["webhook body"].encode(), b'"\xff' + BODY, b"[" * 100_000])
def test_a_signed_body_that_is_not_an_event_shows_nothing(search: Search, body: bytes) -> None:
    """A signed body that is not an event is rejected without being quoted, even in causes."""
    with pytest.raises(BlooioError) as caught:
        webhooks.unwrap(body, headers(body), secret=[OLD, NEW])
    search.exception(caught.value)


WRONG: dict[str, Callable[[], object]] = {
    "a receiver's tolerance": lambda: Receiver(secret=[OLD, NEW], tolerance=-1),
    "a receiver's secret": lambda: Receiver(secret=[OLD, ""]),
    "a signature's body": lambda: sign({"text": BODY}, NEW),  # type: ignore[arg-type]
    "a signature's secret": lambda: sign(BODY, [NEW, " "]),  # type: ignore[arg-type]
    "a tolerance": lambda: webhooks.verify(BODY, {}, secret=NEW, tolerance=True),
}


@pytest.mark.parametrize("what", WRONG)
def test_an_invalid_argument_shows_no_secret(search: Search, what: str) -> None:
    """If another argument is rejected, the secret is not shown."""
    with pytest.raises(BlooioError) as caught:
        WRONG[what]()
    search.exception(caught.value)

    assert search.counts["local variables in our frames"] > 0


class Failing(MemoryStore):
    """A store that fails with an error that quotes the event."""

    def add(self, entries: Sequence[Entry]) -> int:
        """Raise an error that quotes the first event."""
        raise sqlite3.OperationalError(f"{entries[0].key} {entries[0].record}")


def fail(event: Event) -> None:
    """A handler that raises an error with the event's content."""
    raise ValueError(repr(event))


@pytest.fixture(params=["memory", "file", "failing"])
def receiver(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Receiver]:
    """A receiver whose handler fails, with each kind of store."""
    if request.param == "file":
        with SQLiteStore(tmp_path / "events.sqlite") as store:
            yield Receiver(secret=[OLD, NEW], store=store)
        return
    yield Receiver(secret=[OLD, NEW], store=MemoryStore() if request.param == "memory" else Failing())


def deliveries() -> list[Delivery]:
    """Return a genuine delivery, a forged one, one that is not an event, and one that is not a POST."""
    return [
        Delivery("POST", headers(), BODY),
        Delivery("POST", headers(secret="whsec_other"), BODY),
        Delivery("POST", headers(BODY + b"]"), BODY + b"]"),
        Delivery("GET", {}, BODY),
    ]


def test_a_receiver_shows_nothing(search: Search, receiver: Receiver) -> None:
    """No receiver, store, delivery or log record shows a secret or a body, even if handlers and stores fail."""
    receiver.on(Event)(fail)
    came = deliveries()
    statuses = [receiver.receive(delivery) for delivery in came]
    receiver.drain()
    anyio.run(receiver.adrain)
    claim = Claim("key", "chat", BODY.decode())
    for part in (receiver, vars(receiver), receiver.work, receiver.work.store, claim, *came):
        search.shown("receivers and stores", part, SECRETS)
        search.text("str and repr of receivers and stores", f"{part} {part!r}")
        search.pickles("receivers and stores", part)

    assert statuses[1:] == [401, 400, 405]
    # One record each for both rejections, the failure, and the stored event, even if it is retried.
    assert search.counts["log records of blooio_client"] == (3 if statuses[0] == 503 else 4)


def test_events_pickle_without_a_secret(search: Search) -> None:
    """Neither the repr nor the pickle of an event contains a secret."""
    event = webhooks.unwrap(BODY, headers(), secret=NEW)
    search.pickles("events", event)
    search.shown("events", event, SECRETS)


def test_the_adapter_for_asgi_shows_nothing(search: Search) -> None:
    """In a web server, a receiver with a failing handler logs nothing of the delivery."""
    receiver = Receiver(secret=[OLD, NEW])
    receiver.on(Event)(fail)
    with listening() as listener, by_uvicorn(asgi(receiver), listener):
        for delivery in deliveries():
            headers = dict(delivery.headers.items())
            with suppress(httpx.HTTPError):
                httpx.request("POST", url_of(listener), content=delivery.body, headers=headers, timeout=60.0)

    assert search.counts["log records of blooio_client"] == 5
