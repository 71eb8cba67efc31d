"""Parsing and serializing preserves the JSON, for every schema of the document."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from contract_document import violations
from fuzz_json import mutated, written
from fuzz_schemas import MODELS, REQUESTS, SCHEMAS, built, fitting, is_the_same
from fuzz_settings import BOUNDED, RANDOMS
from fuzz_usable import use
from hypothesis import given, settings
from hypothesis import strategies as st

from blooio_client import models
from blooio_client.types import plain
from blooio_client.values import milliseconds
from blooio_overrides._call.request import encoded
from blooio_overrides.json_values import read_json

FIRST, LAST = milliseconds(datetime(1, 1, 1, tzinfo=UTC)), milliseconds(datetime(9999, 12, 31, tzinfo=UTC))
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


@given(times=st.lists(st.none() | st.integers(0, 4_000_000_000_001) | st.integers(), max_size=5))
def test_times_are_exact(times: list[int | None]) -> None:
    """Times are parsed to the millisecond, or left as they are if no datetime can hold them."""
    page: Any = {"messages": [{"message_id": "m", "time_sent": time} for time in times]}

    for time, message in zip(times, models.MessageList.from_dict(page).messages, strict=True):
        read: Any = message.time_sent
        assert read == time if not isinstance(read, datetime) else milliseconds(read) == time
        assert isinstance(read, datetime) or time is None or not FIRST <= time <= LAST


def test_models_in_the_json_are_kept() -> None:
    """Values that are already models are kept."""
    message = models.Message(message_id="m", text="Hello")
    page: Any = {"messages": [message]}

    assert models.MessageList.from_dict(page).messages == [message]
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
