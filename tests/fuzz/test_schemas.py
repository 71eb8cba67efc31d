"""What is read and then written is the same JSON, for every schema of the document."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from contract_document import violations
from fuzz_json import mutated, written
from fuzz_schemas import MODELS, REQUESTS, SCHEMAS, built, fitting, is_the_same
from fuzz_settings import BOUNDED, RANDOMS
from fuzz_usable import use
from hypothesis import given, settings

from blooio_client.types import plain
from blooio_overrides._call.request import encoded
from blooio_overrides.json_values import read_json

FEW = settings(BOUNDED, max_examples=6)
"""Of each schema."""


@pytest.mark.parametrize("name", MODELS)
@FEW
@given(random=RANDOMS)
def test_a_valid_value_is_given_back(name: str, random: Random) -> None:
    """Any value that fits a schema is read, used in every way, and written as the JSON that came."""
    value = fitting(SCHEMAS[name], random)
    assert violations(SCHEMAS[name], value) == []
    text = json.dumps(value)
    model = MODELS[name].from_dict(json.loads(text))
    use(model)

    assert json.dumps(model.to_dict()) == text


@pytest.mark.parametrize("name", MODELS)
@FEW
@given(random=RANDOMS)
def test_a_mutated_value_is_given_back(name: str, random: Random) -> None:
    """The same holds for a value that does not fit, as far as it is JSON at all."""
    value = _read(written(mutated(fitting(SCHEMAS[name], random), random)))
    read: Any = MODELS[name].from_dict(value)
    use(read)

    assert json.dumps(plain(read)) == json.dumps(value)


def _read(text: str) -> Any:
    try:
        return read_json(text.encode(errors="surrogatepass"))
    except ValueError:
        return None


@pytest.mark.parametrize("name", REQUESTS)
@FEW
@given(random=RANDOMS)
def test_what_a_user_builds_is_valid(name: str, random: Random) -> None:
    """A model that is constructed of any values goes over the wire as the document wants it, and is read back equal."""
    value = fitting(SCHEMAS[name], random)
    model = built(MODELS[name], value)
    sent = json.loads(encoded(plain(model)))

    assert violations(SCHEMAS[name], sent) == []
    assert is_the_same(sent, value)
    assert MODELS[name].from_dict(sent) == model


def test_there_are_schemas_of_both_kinds() -> None:
    """Every schema that is an object is tried, and so is every JSON body of a request."""
    enums = {name for name, schema in SCHEMAS.items() if "enum" in schema}

    assert SCHEMAS.keys() - MODELS.keys() - enums == {"JsonObject"}  # any object, which is a dict as it is
    assert len(REQUESTS) > 15
