"""Calls with canaries: none appears in a log record, error text, report or pickle, however the calls end."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from canaries import PRIVATE, SECRETS, Search
from canary_runs import ASKS, CALLED, ENDINGS, PHONE, Runs
from contract_document import OPERATIONS

from blooio_client import Blooio, Call, calls
from blooio_client.types import File

SAMPLE = ("sendMessage", "createWebhook", "getMe", "rotateWebhookSecret", "setGroupIcon", "listChats")
KEY = SECRETS["API key"]


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    """Calls to a server that responds as each ending requires."""
    made = Runs()
    with made.server:
        yield made


@pytest.fixture
def searched(runs: Runs) -> Iterator[Runs]:
    """Calls to the server, with every log record searched."""
    runs.search = Search()
    with runs.search.listening():
        yield runs
        gc.collect()  # warnings of garbage that is collected later would be missed
    assert runs.search.found == []


def test_every_operation_is_called() -> None:
    """Every operation of the document is called with canaries."""
    assert {operation.partition(" ")[0] for operation in ASKS} == set(OPERATIONS)


@pytest.mark.parametrize("mode", CALLED)
@pytest.mark.parametrize("own", [False, True])
def test_no_canary_leaks_when_calls_succeed(searched: Runs, mode: str, *, own: bool) -> None:
    """No successful operation shows a canary, with our transport or the user's own client."""
    searched.outcomes.clear()
    for operation in ASKS:
        searched.success(mode, operation, own=own)

    assert searched.outcomes == {"result": len(ASKS)}
    assert searched.search.counts["log records of blooio_client"] == len(ASKS)
    assert searched.search.counts["log records of httpcore"] > 10 * len(ASKS)


@pytest.mark.parametrize("mode", CALLED)
@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("ending", ENDINGS)
def test_no_canary_leaks_when_calls_fail(searched: Runs, mode: str, ending: str, *, own: bool) -> None:
    """However a call fails or a response repeats the canaries, no error, traceback, log record or pickle shows one."""
    searched.outcomes.clear()
    for operation in SAMPLE:
        searched.failure(mode, operation, ending, own=own)

    assert sum(searched.outcomes.values()) == len(SAMPLE)
    assert searched.outcomes["result"] == (3 if ending == "unexpected" else 0)  # three of them require no missing field
    assert searched.search.counts["local variables in our frames"] > 0


REFUSED: dict[str, Callable[[Any], Any]] = {
    "a chat": lambda client: client.chat(f"{PHONE}\u202a"),
    "an e-mail address": lambda client: client.chat(["%20" + PRIVATE["e-mail address"]]),
    "an encoded chat": lambda client: client.chat("%2B" + PHONE[1:]),
    "a number": lambda client: client.chat("555 019 2837"),
    "a contact": lambda client: client.contacts.get(f"{PHONE} {PHONE}"),
    "a name": lambda client: client.contacts.tags.remove(f"{PHONE}\u2028{PHONE}", PRIVATE["contact name"]),
    "a query": lambda client: client.call(calls.list_chats(q=PRIVATE["message text"] + "\ud800")),
    "an identifier": lambda client: client.call(calls.get_chat(PRIVATE["e-mail address"] + "\ud800")),
    "a text": lambda client: client.chat(PHONE).send(PRIVATE["message text"] + "\ud800"),
    "a body": lambda client: client.chat(PHONE).send(
        "a", extra={PRIVATE["message text"]: PRIVATE["response"].encode()}
    ),
    "an attachment": lambda client: client.chat(PHONE).send("a", attachments=[PRIVATE["file name"]]),
    "a key": lambda client: client.chat(PHONE).send("a", idempotency_key=PRIVATE["message text"] + "\n"),
    "a file": lambda client: client.groups.icon.set("grp_1", PRIVATE["file name"]),
    "a file's name": lambda client: client.call(
        calls.set_group_icon(
            "grp_1", body={"icon": File(PRIVATE["file content"].encode(), PRIVATE["file name"] + "\n")}
        )
    ),
    "an emoji": lambda client: client.chat(PHONE).react(PRIVATE["message text"]),
    "a reaction": lambda client: client.chat(PHONE).react("love", message=f"{PRIVATE['response']}\0"),
    "a cursor": lambda client: client.webhooks.logs.follow("wh_1", cursor=PRIVATE["response"]),
    "a webhook": lambda client: client.webhooks.create(PRIVATE["webhook body"]),
    "a path": lambda client: client.call(Call.build("GET", f"/chats/{PHONE}/{{other}}")),
    "a path with a break": lambda client: client.call(Call.build("GET", f"/chats/{PHONE}\r\n")),
    "a method": lambda client: client.call(Call.build(PRIVATE["message text"], "/me")),
    "a base URL": lambda _: Blooio(KEY, base_url=f"https://ann:{PRIVATE['response']}@api.example"),
    "a header": lambda client: client.chat(PHONE).send("a", headers={"X-Name": "José"}),
    "a header of a view": lambda client: client.with_options(
        headers={"x-token": SECRETS["header of a view"], "X-Name": "José"}
    ),
    "another key": lambda _: Blooio(KEY + "\n"),
    "a key in bytes": lambda _: Blooio(KEY.encode()),  # type: ignore[arg-type]
    "a number to send from": lambda _: Blooio(KEY, from_number=PHONE + "x"),
}


@pytest.mark.parametrize("mode", CALLED)
@pytest.mark.parametrize("what", REFUSED)
def test_no_canary_leaks_from_an_invalid_argument(searched: Runs, mode: str, what: str) -> None:
    """The error describes an invalid argument without showing it, and so do its causes."""
    searched.outcomes.clear()
    before = len(searched.server.requests)
    searched.refusal(mode, REFUSED[what])

    assert searched.outcomes == {"InvalidArgumentError": 1}
    assert len(searched.server.requests) == before
