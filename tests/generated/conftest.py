"""The document that the package was generated from, and bodies that follow its schemas or break them."""

from __future__ import annotations

import copy
import json
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from blooio_client import models
from blooio_client.types import Model

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

ROOT = Path(__file__).resolve().parent.parent.parent

# Values that a response may contain anywhere, in violation of its schema.
STRANGE: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, -1.0, 1.5, 1763800000000, 1763800000000.25, 1e308, 10**30, -(10**30), 10**400),
    *(float("nan"), float("inf"), -float("inf"), "", "x", "-1", "NaN", "sideways", "inbound", "T", "-T-", "-" * 3000),
    *("2025-11-22T10:00:00Z", "2025-11-22", "2025-W47-6", "2025-11-22T24:00:00", "9999-12-31T24:00:00Z"),
    *("0001-01-01T00:00:00+14:00", "2025-11-22T10:00:00.123456789Z", "2025-11-22T10:00:00,5", "\ud800-", "\x00-T"),
    *("0000-00-00", "२०२५-११-२२", "\u202e", [], {}, [[]], [None], [{}], {"": None}, {"_json": 1, "to_dict": 2}),
)


class Bodies:
    """Bodies for each schema of the document."""

    def __init__(self, document: Any) -> None:
        self._schemas: dict[str, Any] = document["components"]["schemas"]

    @property
    def names(self) -> list[str]:
        """List each schema that is read as a model."""
        return [name for name in self._schemas if is_model(name)]

    def full(self, name: str) -> Any:
        """Return a body with every documented field."""
        return self._full(self._schemas[name])

    def _full(self, schema: Any) -> Any:
        schema = self._resolved(schema)
        if "enum" in schema:
            return schema["enum"][0]
        fields = {name: self._full(field) for name, field in schema.get("properties", {}).items()}
        values: dict[str, Any] = {"object": fields, "boolean": True, "integer": 1763800000000, "number": 1.5}
        values |= {"array": [self._full(schema["items"])] if "items" in schema else []}
        text = "2025-11-22T10:00:00Z" if schema.get("format") == "date-time" else "text"
        return values.get(_type_of(schema), text)

    def random(self, name: str, random: Random) -> Any:
        """Return a body that follows the schema in places."""
        return self._random(self._schemas[name], random)

    def _random(self, schema: Any, random: Random) -> Any:
        chance = random.random()
        if chance < 0.1:
            return strange(random)
        if chance < 0.12:
            return nested(random.choice((30, 300)), random)
        schema = self._resolved(schema)
        if "enum" in schema:
            return random.choice([*schema["enum"], "unheard_of"])
        if _type_of(schema) == "array":
            return [self._random(schema.get("items", {}), random) for _ in range(random.randrange(3))]
        if _type_of(schema) != "object":
            return self._full(schema)
        fields = {key: self._random(field, random) for key, field in schema.get("properties", {}).items()}
        kept = {key: value for key, value in fields.items() if random.random() < 0.85}
        return {**kept, "unheard_of": strange(random)} if chance > 0.9 else kept

    def _resolved(self, schema: Any) -> Any:
        for key in ("anyOf", "oneOf", "allOf"):
            if key in schema:
                return self._resolved(schema[key][0])
        return self._schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _type_of(schema: Any) -> str:
    kind: Any = schema.get("type", "string")
    return kind if isinstance(kind, str) else str(kind[0])


def strange(random: Random, depth: int = 0) -> Any:
    """Return a value of any type."""
    if depth > 2 or random.random() < 0.8:
        return random.choice(STRANGE)
    if random.random() < 0.5:
        return [strange(random, depth + 1) for _ in range(random.randrange(4))]
    keys = ("message_id", "id", "text", "status", "valid_until", "api_key", "x")
    return {random.choice(keys): strange(random, depth + 1) for _ in range(random.randrange(4))}


def nested(depth: int, random: Random) -> Any:
    """Return a deeply nested value."""
    value: Any = None
    for _ in range(depth):
        value = [value] if random.random() < 0.5 else {"x": value}
    return value


def is_model(name: str) -> bool:
    """Return whether a name of the document is a model of the package, not an enum."""
    found: Any = getattr(models, name)
    return isinstance(found, type) and issubclass(found, Model)


@pytest.fixture(scope="session")
def document() -> Any:
    """The document that the package was generated from."""
    return json.loads((ROOT / "sandbox" / "blooio_sandbox" / "openapi.json").read_bytes())


@pytest.fixture(scope="session")
def bodies(document: Any) -> Bodies:
    """Bodies for each schema of the document."""
    return Bodies(document)


def _unpickled(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own


@pytest.fixture(params=[copy.copy, copy.deepcopy, _unpickled], ids=["copy", "deepcopy", "pickle"])
def duplicate(request: pytest.FixtureRequest) -> Callable[[Any], Any]:
    """Each way to copy a value."""
    way: Callable[[Any], Any] = request.param
    return way
