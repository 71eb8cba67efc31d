"""Parsing and serializing preserves the JSON, for every schema of the document."""

# pyright: reportPrivateUsage=false
# The two readers of a model are compared; neither is public.

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from contract_document import violations
from fuzz_json import mutated, written
from fuzz_schemas import MODELS, REQUESTS, SCHEMAS, built, fitting, is_the_same
from fuzz_settings import BOUNDED, RANDOMS
from fuzz_usable import are_alike, use
from hypothesis import given, settings
from hypothesis import strategies as st

from blooio_client import fields, models, types
from blooio_client.types import plain
from blooio_overrides._call.request import encoded
from blooio_overrides.json_values import read_json

FEW = settings(BOUNDED, max_examples=6)
"""Six examples of each schema."""


@pytest.mark.parametrize("name", MODELS)
@FEW
@given(random=RANDOMS)
def test_a_valid_value_is_returned(name: str, random: Random) -> None:
    """Any valid value can be parsed, used in every way, and serialized to the same JSON."""
    value = fitting(SCHEMAS[name], random)
    assert violations(SCHEMAS[name], value) == []
    text = json.dumps(value)
    model = MODELS[name].from_dict(json.loads(text))
    use(model)

    assert json.dumps(model.to_dict()) == text


@pytest.mark.parametrize("name", MODELS)
@FEW
@given(random=RANDOMS)
def test_a_mutated_value_is_returned(name: str, random: Random) -> None:
    """Any invalid JSON value can also be parsed, used in every way, and serialized to the same JSON."""
    value = _read(written(mutated(fitting(SCHEMAS[name], random), random)))
    read: Any = MODELS[name].from_dict(value)
    use(read)

    assert json.dumps(plain(read)) == json.dumps(value)


READERS = {name: reader for name, model in MODELS.items() if (reader := types._fast_reader(model))}
"""The msgspec reader of each model that has one."""


@pytest.mark.parametrize("name", READERS)
@FEW
@given(random=RANDOMS)
def test_both_readers_agree(name: str, random: Random) -> None:
    """Values are parsed the same with and without msgspec, including types, whether valid or not."""
    fits = fitting(SCHEMAS[name], random)
    model: Any = MODELS[name]
    for value in (fits, {**fits, "unheard_of": 1}, _read(written(mutated(fits, random)))):
        assert are_alike(READERS[name](value), fields.python_reader(model)(value))


@given(times=st.lists(st.none() | st.integers(0, 4_000_000_000_001) | st.integers(), max_size=5))
def test_both_readers_agree_on_times(times: list[int | None]) -> None:
    """Times are parsed the same by msgspec and Python, to the microsecond."""
    page = {"messages": [{"message_id": "m", "time_sent": time} for time in times]}

    assert are_alike(READERS["MessageList"](page), fields.python_reader(models.MessageList)(page))


def test_msgspec_reads_lists_of_models() -> None:
    """Pages of messages, chats, contacts and groups are parsed by msgspec alone."""
    assert {"MessageList", "ChatList", "ContactList", "GroupList"} <= READERS.keys()
    page: Any = {"messages": [{"message_id": "m", "direction": "inbound", "time_sent": 1, "reactions": [], "new": [1]}]}
    types._reader.cache_clear()
    misses = fields.python_reader.cache_info().misses

    assert models.MessageList.from_dict(page).to_dict() == page
    assert fields.python_reader.cache_info().misses == misses


def test_models_in_the_json_are_kept() -> None:
    """Both readers keep values that are already models."""
    message = models.Message(message_id="m", text="Hello")

    for reader in (READERS["MessageList"], fields.python_reader(models.MessageList)):
        assert reader({"messages": [message]}).messages == [message]
        assert message.to_dict() == {"message_id": "m", "text": "Hello"}


def _read(text: str) -> Any:
    try:
        return read_json(text.encode(errors="surrogatepass"))
    except ValueError:
        return None


@pytest.mark.parametrize("name", REQUESTS)
@FEW
@given(random=RANDOMS)
def test_constructed_models_are_valid(name: str, random: Random) -> None:
    """A model constructed with any values is serialized as documented, and parsed back equal."""
    value = fitting(SCHEMAS[name], random)
    model = built(MODELS[name], value)
    sent = json.loads(encoded(plain(model)))

    assert violations(SCHEMAS[name], sent) == []
    assert is_the_same(sent, value)
    assert MODELS[name].from_dict(sent) == model


def test_every_schema_is_tested() -> None:
    """Every object schema and every JSON request body is tested."""
    enums = {name for name, schema in SCHEMAS.items() if "enum" in schema}

    assert SCHEMAS.keys() - MODELS.keys() - enums == {"JsonObject"}  # any object, read as a plain dict
    assert len(REQUESTS) > 15
