"""What reprs and pickles show: enough to tell two events or results apart, and nothing private."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from enum import Enum
from typing import Any, Final

import attrs
import pytest
from canaries import ALL, PRIVATE, SECRETS, Search
from canary_runs import parts_of
from rich.pretty import pretty_repr

import blooio_client
from blooio_client import AsyncBlooio, Blooio, Call, InvalidArgumentError, RawResponse, calls, outbox, webhooks
from blooio_client.outbox import NumberStatus, OptOut, Outcome
from blooio_client.types import Model

PHONE, CANARY, KEY = "+15551234567", "canary", SECRETS["API key"]
PUBLIC = [blooio_client, webhooks, outbox]
# Kinds, states and generated ids are not private.
SHOWN: Final = frozenset(
    {"type", "message_id", "message_ids", "guid", "webhook_id", "group_id", "mime_type", "method", "operation"}
    | {"state", "status", "error", "reason", "campaign", "handler", "handled", "burst", "ticket", "counts"}
    | {f"{kind}.key" for kind in ("Entry", "Claim", "DeadLetter")}  # made of ids and digests
)


def classes() -> Iterator[type[Any]]:
    """Yield every public class with public fields that is not a model; models have tests of their own."""
    for module in PUBLIC:
        for value in (getattr(module, name) for name in dir(module) if name[0].isupper()):
            if not isinstance(value, type) or not attrs.has(value) or issubclass(value, Model | Enum):
                continue
            if not all(field.name.startswith("_") for field in attrs.fields(value)):
                yield value


def with_canaries(kind: type[Any]) -> Any:
    """Return an object whose private fields contain a canary, as a string or in a list."""
    made: Any = object.__new__(kind)
    for field in attrs.fields(kind):
        is_text = re.search(r"\b(str|bytes|Headers|JsonObject)\b", str(field.type))
        is_shown = {field.name, f"{kind.__name__}.{field.name}"} & SHOWN
        value = f"{PHONE}{CANARY}0000" if is_text and not is_shown else "msg_1"
        object.__setattr__(made, field.name, [value] if str(field.type).startswith("list") else value)
    return made


@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.__name__) for kind in classes()])
def test_nothing_private_is_shown(kind: type[Any]) -> None:
    """The repr of an event or a result has no text, name, URL, file or whole phone number."""
    shown = repr(with_canaries(kind))

    assert CANARY not in shown
    assert PHONE not in shown


def test_events_and_results_are_found() -> None:
    """The search for classes finds events, and results of the client and of the outbox."""
    found = {*classes()}

    assert {webhooks.MessageReceived, webhooks.UnknownEvent, blooio_client.SentMessage, Outcome} <= found
    assert len(found) > 30


@pytest.mark.parametrize(
    ("kind", "fields", "shown"),
    [
        ("message.received", {}, "<MessageReceived msg_example ·····4567>"),
        ("message.received", {"chat_id": "group_1"}, "<MessageReceived msg_example group_1>"),
        ("typing.started", {}, "<TypingStarted ·····4567>"),
    ],
)
def test_an_event_can_be_distinguished(kind: str, fields: dict[str, Any], shown: str) -> None:
    """An event shows its class, its message and its chat."""
    assert repr(webhooks.parse(webhooks.example(kind, message_id="msg_example", **fields).body)) == shown


def test_an_unknown_event_shows_its_type() -> None:
    """An unknown event shows its type, if it looks like the type of an event."""
    assert repr(webhooks.parse(b'{"event": "group.disbanded"}')) == "<UnknownEvent group.disbanded>"
    assert repr(webhooks.parse(b'{"event": "Call +15551234567"}')) == "<UnknownEvent>"


def test_results_of_the_outbox_can_be_distinguished() -> None:
    """Results of the outbox show the last digits of a phone number."""
    assert repr(OptOut(PHONE, None)) == "OptOut(recipient=·····4567, since=None)"
    since = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    assert "number=·····4567" in repr(NumberStatus(PHONE, None, since, "paused"))


@pytest.mark.parametrize("kind", [Blooio, AsyncBlooio])
def test_clients_and_their_parts_show_nothing(kind: type[Blooio | AsyncBlooio]) -> None:
    """No client, copy, conversation, resource or pager shows a canary in its repr, its attributes or a pickle."""
    search = Search()
    for part in parts_of(kind(KEY)):
        search.shown("parts of a client", part)
        search.pickles("parts of a client", part)

    assert search.found == []
    assert search.counts["refused pickles of parts of a client"] > 100


@pytest.mark.parametrize("kind", [Blooio, AsyncBlooio])
def test_rich_shows_nothing_of_a_pager(kind: type[Blooio | AsyncBlooio]) -> None:
    """Rich prints the fields of attrs classes: of a pager, neither its chat nor the headers of its calls."""
    search = Search()
    pager = kind(KEY).chat(PRIVATE["phone number"]).messages.list(headers={"X-Token": PRIVATE["header of a call"]})
    search.text("what rich prints of a pager", pretty_repr(pager))

    assert search.found == []


def test_calls_show_nothing() -> None:
    """The repr of a call, documented or built by hand, shows no argument and no id."""
    search, chat, text = Search(), PRIVATE["phone number"], PRIVATE["message text"]
    built = Call.build("POST", f"/chats/{chat}/x", json={"a": text}, params={"q": chat})
    for call in (calls.get_chat(chat), calls.send_message(chat, body={"text": text}), built):
        search.text("calls", f"{call} {call!r}")

    assert search.found == []


def test_a_raw_response_keeps_its_secrets_out_of_pickles() -> None:
    """A raw response has the whole body, but its repr and its pickles contain no secret."""
    body = f'{{"api_key": "{KEY}", "webhook": {{"signing_secret" : "{SECRETS["signing secret"]}"}}}}'.encode()
    response, search = RawResponse.of(200, {}, body), Search()
    search.shown("raw responses", response, ALL)
    search.pickles("raw responses", response)

    assert (response.body, response.parsed["api_key"]) == (body, KEY)
    assert search.found == []


def test_a_receiver_with_an_invalid_argument_has_a_repr() -> None:
    """A traceback that shows local variables can show a receiver that was not fully constructed."""
    with pytest.raises(InvalidArgumentError) as raised:
        webhooks.Receiver(secret="whsec_secret", concurrency=0)

    frames = [entry.frame.f_locals for entry in raised.traceback]
    assert "<Receiver>" in [repr(local) for names in frames for local in names.values()]
