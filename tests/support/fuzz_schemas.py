"""Random values that are valid for a schema of the document."""

from __future__ import annotations

import datetime
import json
from random import Random
from types import MappingProxyType
from typing import Any, Final

from contract_document import DOCUMENT, resolved, takes_null

from blooio_client import models
from blooio_client.types import UNSET, Model
from blooio_overrides.json_values import is_list, is_object

SCHEMAS: Final[dict[str, Any]] = DOCUMENT["components"]["schemas"]
_EARLIEST: Final = datetime.datetime(1, 1, 2, tzinfo=datetime.UTC)
_TEXTS: Final = (
    "",
    "x",
    "+15551234567",
    "ann@example.com",
    "é✓",
    "\u202e",
    "😂" * 50,
    "\x00\n",
    "NaN",
    "null",
    "2025-11-22",
)
_INTEGERS: Final = (0, 1, -1, 7, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 1763800000000)
_NUMBERS: Final = (0, 1, -12.5, 0.1, 1e308, 5e-324, -0.0, 2**53 + 1)


def _model_of(name: str) -> type[Model] | None:
    found: Any = getattr(models, name)
    return found if isinstance(found, type) and issubclass(found, Model) else None


MODELS: Final = MappingProxyType({name: model for name in SCHEMAS if (model := _model_of(name)) is not None})
"""Each schema that is read as a model."""
REQUESTS: Final = tuple(
    name for name in MODELS if SCHEMAS[name].get("x-sent") and "binary" not in json.dumps(SCHEMAS[name])
)
"""The models that are sent as JSON."""


def _is_within(number: float, schema: Any) -> bool:
    return bool(schema.get("minimum", number) <= number <= schema.get("maximum", number))


def fitting(schema: Any, random: Random) -> Any:
    """Return a value that is valid for a schema."""
    if takes_null(schema) and random.random() < 0.2:
        return resolved(schema).get("x-never")
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            some = [each for each in schema[choice] if each != {"type": "null"}]
            return fitting(random.choice(some), random)
    plain = resolved(schema)
    if plain is not schema and "enum" not in plain:
        return fitting(plain, random)
    if "enum" in plain:
        return random.choice(plain["enum"])
    return _of_type(plain, random)


def _of_type(schema: Any, random: Random) -> Any:
    known: Any = schema.get("type", "string")
    match known if isinstance(known, str) else known[0]:
        case "object":
            return _object(schema, random)
        case "array":
            few = range(random.randrange(schema.get("minItems", 0), min(schema.get("maxItems", 3), 3) + 1))
            return [fitting(schema["items"], random) for _ in few]
        case "boolean":
            return random.random() < 0.5
        case "integer" | "number" as kind:
            numbers = _INTEGERS if kind == "integer" else _NUMBERS
            return random.choice([each for each in numbers if _is_within(each, schema)])
        case _:
            return _text(schema, random)


def _object(schema: Any, random: Random) -> Any:
    fields: dict[str, Any] = schema.get("properties", {})
    needed = schema.get("required", [])
    kept = [name for name in fields if name in needed or random.random() < 0.7]
    random.shuffle(kept)
    made = {name: fitting(fields[name], random) for name in kept}
    return made if fields else {**made, random.choice(_TEXTS): [random.choice(_TEXTS), {"x": None}]}


def _text(schema: Any, random: Random) -> str:
    if schema.get("format") == "uri":
        return random.choice(("https://example.com/hook", "https://example.com/a?b=c#d", "urn:x"))
    if schema.get("x-time") == "iso8601":
        moment = _EARLIEST + datetime.timedelta(milliseconds=random.randrange(2 * 10**14))
        return moment.isoformat().replace("+00:00", random.choice(("Z", "+00:00", "+05:30")))
    return random.choice(_TEXTS)[: schema.get("maxLength")]


def built(model: Any, value: Any) -> Model:
    """Construct a model as a user does, with Python values for the fields of a JSON object, nested models included."""
    read = model.from_dict(value)
    given = {name: getattr(read, name) for name in model._fields if getattr(read, name) is not UNSET}
    constructed: Model = model(**{name: _constructed(each) for name, each in given.items()})
    return constructed


def _constructed(value: Any) -> Any:
    if isinstance(value, Model):
        return built(type(value), value.to_dict())
    if is_list(value):
        return [_constructed(each) for each in value]
    return value


def is_the_same(one: Any, other: Any) -> bool:
    """Return whether two values are equal as JSON: with the same types and members, in any order."""
    if is_object(one) and is_object(other):
        return one.keys() == other.keys() and all(is_the_same(one[name], other[name]) for name in one)
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
