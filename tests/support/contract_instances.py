"""Responses generated from the document's schemas, and the comparison of results with them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import attrs
from contract_document import name_of, resolved, takes_null

from blooio_client.types import Model, OpenEnum, Secret
from blooio_overrides.json_values import is_list, is_object

UNKNOWN: Final = "unheard_of"
EXTRA: Final[Mapping[str, Any]] = MappingProxyType({UNKNOWN: [{"deep": None}]})
EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_SCALARS: Final[Mapping[str, Any]] = MappingProxyType({"boolean": True, "integer": 1, "number": -12.5})


@attrs.frozen
class Kind:
    """How a response is generated."""

    only_required: bool = False
    nulls: bool = False
    extra: bool = False
    unknown_enums: bool = False

    @property
    def is_documented(self) -> bool:
        """Return whether the document allows such a response."""
        return not self.unknown_enums


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "minimal": Kind(only_required=True),
        "full": Kind(),
        "nulls": Kind(nulls=True),
        "extra": Kind(extra=True),
        "unknown": Kind(unknown_enums=True),
    }
)


def instance(schema: Any, kind: Kind, name: str = "text") -> Any:
    """Return a value for a schema, different for each field; the document's example, if there is one."""
    if kind.nulls and takes_null(schema):
        return None
    plain = resolved(schema)
    if "enum" in plain:
        return UNKNOWN if kind.unknown_enums else plain["enum"][-1]
    if "example" in plain:
        return plain["example"]
    if "items" in plain:
        return _list(plain["items"], kind, name)
    if plain.get("type") == "object":
        return _object(plain, kind)
    return _scalar(plain, kind, name)


def only_page(body: dict[str, Any]) -> dict[str, Any]:
    """Mark the body of a list as the last page, if it has such fields."""
    pagination = body.get("pagination")
    if not is_object(pagination):
        return body
    ended: dict[str, Any] = {"has_more": False, "total": 0}
    return {**body, "pagination": {name: ended.get(name, value) for name, value in pagination.items()}}


def _list(items: Any, kind: Kind, name: str) -> list[Any]:
    one = instance(items, kind, name)
    if isinstance(one, dict):
        return [one]
    return [one, f"{one} 2" if isinstance(one, str) else one + 1]


def _object(schema: Any, kind: Kind) -> dict[str, Any]:
    fields: dict[str, Any] = schema.get("properties", {})
    wanted = schema.get("required", []) if kind.only_required else fields
    made = {name: instance(fields[name], kind, name) for name in wanted}
    return {**made, **EXTRA} if kind.extra else made


def _scalar(schema: Any, kind: Kind, name: str) -> Any:
    if kind.nulls and "x-never" in schema:
        return schema["x-never"]
    if schema.get("x-time") == "milliseconds":
        time = 1_763_800_000_000 + sum(name.encode())
        return time + 0.25 if schema["type"] == "number" else time
    if schema.get("x-time") == "iso8601":
        return "2025-11-22T10:00:00Z"
    if schema.get("format") == "uri":
        return "https://example.com/hook"
    known: Any = schema.get("type", "string")
    return _SCALARS.get(known if isinstance(known, str) else known[0], name)


def disagreements(schema: Any, wire: Any, got: Any, place: str = "") -> Iterator[str]:
    """Yield the differences between a result and its response."""
    plain = resolved(schema)
    if wire is None or wire == plain.get("x-never", wire is None):
        yield from _unless(got is None, place, got)
    elif "x-time" in plain:
        yield from _unless(got == moment(wire), place, got)
    elif plain.get("x-secret"):
        yield from _unless(isinstance(got, Secret) and got.reveal() == wire, place, got)
    elif "enum" in plain:
        is_member = isinstance(got, OpenEnum) and type(got).__name__ == name_of(schema)
        yield from _unless(is_member and got == wire, place, got)
    elif "items" in plain:
        yield from _of_lists(plain["items"], wire, got, place)
    elif "properties" in plain:
        yield from _unless(isinstance(got, Model) and type(got).__name__ == name_of(schema), place, got)
        yield from of_fields(plain, wire, got, place)
    else:
        yield from _unless(got == wire and type(got) is type(wire), place, got)


def _unless(is_right: bool, place: str, got: Any) -> Iterator[str]:
    if not is_right:
        yield f"{place or 'the result'} is {got!r}"


def _of_lists(items: Any, wire: Any, got: Any, place: str) -> Iterator[str]:
    if not is_list(got) or len(got) != len(wire):
        yield f"{place} is {got!r}"
        return
    for index, (each, one) in enumerate(zip(wire, got, strict=True)):
        yield from disagreements(items, each, one, f"{place}[{index}]")


def of_fields(
    schema: Any, wire: Any, got: Any, place: str = "", without: frozenset[str] = frozenset()
) -> Iterator[str]:
    """Yield the differences between the attributes of a result and the fields of an object."""
    for name, field in schema["properties"].items():
        if name not in without:
            value = getattr(got, attribute_of(name))
            yield from disagreements(field, wire.get(name), value, f"{place}.{name}")
    if isinstance(got, Model):
        unknown = {name: value for name, value in wire.items() if name not in schema["properties"]}
        yield from _unless(got.additional_properties == unknown, f"{place}.additional_properties", got)


def attribute_of(name: str) -> str:
    """Return the Python name of a field of the document."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def moment(wire: Any) -> datetime.datetime:
    """Parse a time from milliseconds or text."""
    if isinstance(wire, str):
        return datetime.datetime.fromisoformat(wire)
    return EPOCH + datetime.timedelta(milliseconds=wire)
