"""A page of 200 messages with two reactions each: over the wire, and from the same JSON to models."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from functools import partial
from operator import attrgetter, itemgetter
from typing import Any, Final
from urllib.parse import urlsplit

from benchmarks.contender import Contender, Work
from benchmarks.harness import (
    FAST,
    HTTPX,
    HTTPX2,
    LIMIT,
    OFFICIAL,
    OURS,
    Rounds,
    Row,
    at_most,
    contend,
    medians,
    optional,
)
from benchmarks.responses import API_KEY, CHAT, MESSAGE_FIELDS, PAGE_SIZE, REACTION_FIELDS, SEND_PATH, message_page
from benchmarks.sends import HEADERS, TIMEOUT, connected, read_response

CALLS: Final = 20
LIST_PATH: Final = f"{SEND_PATH}?limit={PAGE_SIZE}&offset=0"

Touch = Callable[[Any], object]
"""Reads the parts of a list of messages that a program uses."""


def rows(url: str) -> list[Row]:
    """Measure pages."""
    used = contend("pages", "USED", USED, url, calls=CALLS)
    whole = contend("pages", "WHOLE", WHOLE, url, calls=CALLS)
    models_used = contend("pages", "MODELS_USED", MODELS_USED, url, calls=CALLS)
    models_whole = contend("pages", "MODELS_WHOLE", MODELS_WHOLE, url, calls=CALLS)
    page, alone = "page of 200 messages with reactions, typed", "the models of that page alone"
    some, every = "ids, texts, reactions read", "every field read"
    return [
        *with_and_without(f"{page}: {some}", used, HTTPX, 1.55, 1.05),
        *with_and_without(f"{page}: {every}", whole, HTTPX, 1.55, 1.15),
        *with_and_without(f"{alone}: {some}", models_used, OFFICIAL, 0.95, 0.6),
        *with_and_without(f"{alone}: {every}", models_whole, OFFICIAL, 0.95, 0.6),
    ]


def with_and_without(name: str, taken: Rounds, against: str, plain: float, fast: float) -> list[Row]:
    """Return the rows of a task, without the extra `fast` and with it, each with its budget."""
    figures = medians(taken, 1e6)
    with_extra = {each: figures[each] for each in (against,) if each in figures}
    with_extra |= {OURS: figures.pop(FAST)} if FAST in figures else {}
    return [
        Row(name, "µs", figures, (at_most(taken, plain, against),)),
        Row(f"{name}, extra fast", "µs", with_extra, (at_most(taken, fast, against, ours=FAST),)),
    ]


def use_dicts(messages: list[dict[str, Any]]) -> None:
    """Read dicts as a program that shows messages does."""
    for message in messages:
        assert message["message_id"]
        assert message["text"]
        for reaction in message["reactions"]:
            assert reaction["reaction"]


def use_models(messages: Any) -> None:
    """Read models as a program that shows messages does."""
    for message in messages:
        assert message.message_id
        assert message.text
        for reaction in message.reactions:
            assert reaction.reaction


def read_all(messages: Any, message_fields: Touch, reactions: Touch, reaction_fields: Touch) -> None:
    """Read every field of messages and of their reactions."""
    for message in messages:
        message_fields(message)
        for reaction in reactions(message):  # type: ignore[attr-defined]
            reaction_fields(reaction)


read_all_dicts: Final[Touch] = partial(
    read_all,
    message_fields=itemgetter(*MESSAGE_FIELDS),
    reactions=itemgetter("reactions"),
    reaction_fields=itemgetter(*REACTION_FIELDS),
)
read_all_models: Final[Touch] = partial(
    read_all,
    message_fields=attrgetter(*MESSAGE_FIELDS),
    reactions=attrgetter("reactions"),
    reaction_fields=attrgetter(*REACTION_FIELDS),
)


def repeated(page: Callable[[], Any], touch: Touch) -> Work:
    """Return a function that reads some pages and checks that each is complete."""

    def work(calls: int) -> None:
        for _ in range(calls):
            messages = page()
            assert len(messages) == PAGE_SIZE
            touch(messages)

    return work


@contextmanager
def raw_socket(url: str, touch: Touch) -> Generator[Work]:
    """Do only what is necessary."""
    request = f"GET {LIST_PATH} HTTP/1.1\r\nhost: {urlsplit(url).netloc}\r\nauthorization: Bearer {API_KEY}\r\n\r\n"
    with connected(url) as connection:

        def page() -> Any:
            connection.sendall(request.encode())
            return json.loads(read_response(connection))["messages"]

        yield repeated(page, touch)


@contextmanager
def plain_client(url: str, touch: Touch, module: str) -> Generator[Work]:
    """Use httpx like an expert."""
    query = {"limit": PAGE_SIZE, "offset": 0}
    with optional(module).Client(headers=HEADERS, timeout=TIMEOUT) as client:

        def page() -> Any:
            response = client.get(url + SEND_PATH, params=query)
            return json.loads(response.raise_for_status().content)["messages"]

        yield repeated(page, touch)


@contextmanager
def official(url: str, touch: Touch) -> Generator[Work]:
    """Use the official package."""
    with optional("blooio").Blooio(api_key=API_KEY, base_url=url) as client:
        yield repeated(lambda: client.chats.messages.list(CHAT, limit=PAGE_SIZE, offset=0).messages, touch)


@contextmanager
def ours(url: str, touch: Touch, *, is_fast: bool) -> Generator[Work]:
    """Use this client, with the extra `fast` or without."""
    from blooio_client import Blooio

    if not is_fast:
        hide_msgspec()
    with Blooio(API_KEY, base_url=url) as client:
        yield repeated(lambda: list(client.chat(CHAT).messages.list(page_size=PAGE_SIZE)), touch)


def hide_msgspec() -> None:
    """Make imports of msgspec fail in this process."""
    for name in ("msgspec", "msgspec.json"):
        sys.modules[name] = None  # type: ignore[assignment]


@contextmanager
def official_models(url: str, touch: Touch) -> Generator[Work]:
    """Read JSON as the official package does."""
    del url
    construct = optional("blooio._models").construct_type
    model = optional("blooio.types.chats").MessageListResponse
    data = message_page(PAGE_SIZE)
    yield repeated(lambda: construct(type_=model, value=data).messages, touch)


@contextmanager
def our_models(url: str, touch: Touch, *, is_fast: bool) -> Generator[Work]:
    """Read JSON as this client does, with the extra `fast` or without."""
    from blooio_client import calls

    del url
    if not is_fast:
        hide_msgspec()
    data, read = message_page(PAGE_SIZE), calls.list_chat_messages(CHAT).read
    yield repeated(lambda: read(data).messages, touch)


def contenders(dicts: Touch, models: Touch) -> dict[str, Contender]:
    """Return the contenders that read pages."""
    return {
        LIMIT: partial(raw_socket, touch=dicts),
        HTTPX: partial(plain_client, touch=dicts, module="httpx"),
        HTTPX2: partial(plain_client, touch=dicts, module="httpx2"),
        OFFICIAL: partial(official, touch=models),
        OURS: partial(ours, touch=models, is_fast=False),
        FAST: partial(ours, touch=models, is_fast=True),
    }


USED: Final[Mapping[str, Contender]] = contenders(use_dicts, use_models)
WHOLE: Final[Mapping[str, Contender]] = contenders(read_all_dicts, read_all_models)


def model_contenders(touch: Touch) -> dict[str, Contender]:
    """Return the contenders that create models from JSON."""
    return {
        OFFICIAL: partial(official_models, touch=touch),
        OURS: partial(our_models, touch=touch, is_fast=False),
        FAST: partial(our_models, touch=touch, is_fast=True),
    }


MODELS_USED: Final[Mapping[str, Contender]] = model_contenders(use_models)
MODELS_WHOLE: Final[Mapping[str, Contender]] = model_contenders(read_all_models)
