# Generated from openapi/ by `make generate`. Do not edit.
"""Enums, models, and the functions that describe calls. Nothing here sends anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum, StrEnum
from functools import cache, partial
from typing import Any, ClassVar, Literal, Self, TypeVar
from urllib.parse import quote

import attrs

from .call import Call, File, FormField, Returned, as_it_came
from .values import UNSET, JsonObject, Required, Secret, Unset, milliseconds, reject

ModelT = TypeVar("ModelT", bound="Model")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class OpenEnum(StrEnum):
    """An enum that keeps a value it does not know: `Direction("sideways")` is an unnamed member equal to "sideways"."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = member._value_ = value
        return member

    @property
    def is_known(self) -> bool:
        """Whether the document listed this value when the client was generated."""
        return self._value_ in type(self)._value2member_map_

    @classmethod
    def read(cls, value: Any) -> Any:
        """Read a string as a member; return other values unchanged."""
        return cls._value2member_map_.get(value) or cls(value) if isinstance(value, str) else value


def plain(value: Any) -> Any:
    """Return a value for `json.dumps`: models, enums, times and secrets written out, unset fields left out."""
    if isinstance(value, Model):
        return value.to_dict()
    if isinstance(value, Mapping):
        written: JsonObject = {}
        for key, item in value.items():
            if item is not UNSET:
                written[key] = plain(item)
        return written
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Secret):
        return value.reveal()
    return milliseconds(value) if isinstance(value, datetime) else value


def _copied(value: Any) -> Any:
    """Copy a JSON value with its secrets revealed; without recursion, since responses may be deeply nested."""
    root = [value]
    left: list[Any] = [root]
    while left:
        node = left.pop()
        for key, item in node.items() if isinstance(node, dict) else enumerate(node):
            if isinstance(item, dict | list):
                node[key] = item.copy()
                left.append(node[key])
            elif isinstance(item, Secret):
                node[key] = item.reveal()
    return root[0]


@attrs.define(kw_only=True, eq=False, repr=False)
class Model:
    """A JSON object of the API.

    Reading keeps everything undocumented: unknown enum values, unknown fields, values of other types.
    """

    _identity: ClassVar[str | None] = None  # the id
    _fields: ClassVar[Mapping[str, Any]] = {}  # `Field`s by their names in Python; msgspec evaluates annotations
    _required: ClassVar[Required] = {}

    # The JSON that was read, or the unknown fields of a constructed model; never changed, so that copies can share it.
    # It is an attrs field so that `attrs.evolve` keeps it.
    _json: JsonObject = attrs.field(factory=dict[str, Any], alias="additional_properties")

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        from .fields import delay_times, field_of  # fields can be models, so that module imports this one

        attributes = [each for each in attrs.fields(cls) if each.name != "_json"]
        fields = [field_of(each) for each in attributes]
        delay_times(cls, [field for field, each in zip(fields, attributes, strict=True) if not each.inherited])
        cls._fields = {each.name: each for each in fields}
        cls._required = {each.wire: each.json_type for each in fields if each.is_required}

    @classmethod
    def from_dict(cls, data: Any) -> Self:
        """Read a JSON object of the API. Never raises: other values are returned unchanged."""
        model: Any = cls  # mypy considers classes with __hash__ unhashable
        return reader_of(model)(data)  # type: ignore[no-any-return]

    @property
    def additional_properties(self) -> JsonObject:
        """Received fields that this version of the client does not know."""
        known = {each.wire for each in self._fields.values()}
        return {name: value for name, value in self._json.items() if name not in known}

    def to_dict(self, *, times: Literal["wire", "iso"] = "wire") -> JsonObject:
        """Return the JSON object: as received or constructed, with the fields assigned since then.

        Args:
            times: `"wire"` writes times as the API does, mostly as epoch milliseconds; `"iso"` writes each as ISO 8601
                in UTC, such as `2025-11-22T10:00:00+00:00`.
        """
        if times not in ("wire", "iso"):
            reject("times must be 'wire' or 'iso'")
        written: JsonObject = _copied(self._json)
        came = self.from_dict(self._json)
        for name, field in self._fields.items():
            value = getattr(self, name)
            if value is UNSET:
                written.pop(field.wire, None)
            elif value != getattr(came, name):
                written[field.wire] = field.written(value)
            if times == "iso" and field.wire in written:
                written[field.wire] = field.written_iso(value, written[field.wire])
        return written

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model) or type(self) is not type(other):
            return NotImplemented
        return self._values() == other._values()

    def __hash__(self) -> int:
        if self._identity is None:
            raise TypeError(f"unhashable type: {type(self).__name__!r}")
        return hash((type(self), getattr(self, self._identity)))

    def _values(self) -> list[Any]:
        return [self.additional_properties, *(getattr(self, name) for name in self._fields)]

    def __reduce__(self) -> tuple[Callable[..., Model], tuple[Any, ...]]:
        return _remade, (type(self), self._json, {name: getattr(self, name) for name in self._fields})

    def __replace__(self, /, **changes: Any) -> Self:
        return attrs.evolve(self, **changes)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Support fields of this class in pydantic models: they accept it or a dict, and write times as ISO 8601."""
        from pydantic_core import core_schema  # pydantic calls this, so it is installed

        written = core_schema.plain_serializer_function_ser_schema(_for_pydantic)
        return core_schema.no_info_plain_validator_function(cls._from_pydantic, serialization=written)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> JsonObject:
        return {"type": "object", "title": cls.__name__}

    @classmethod
    def _from_pydantic(cls, value: Any) -> Self:
        if isinstance(value, cls):
            return value
        if not isinstance(value, dict):
            raise ValueError(f"expected a {cls.__name__} or a dict")  # noqa: TRY004 - what pydantic expects
        return cls.from_dict(value)

    def __repr__(self) -> str:
        from .fields import abstract

        return abstract(self)


def _for_pydantic(value: Any) -> Any:
    return value.to_dict(times="iso") if isinstance(value, Model) else value


@cache
def reader_of(model: Any) -> Callable[[Any], Any]:
    """Return the function that reads a class."""
    from .fields import written_reader  # as above; once for each class, since importing takes as long as reading

    return written_reader(model)


def _remade(model_class: type[Model], came: JsonObject, values: dict[str, Any]) -> Model:
    """Restore a copied or pickled model, whose class may have had other fields then."""
    model = model_class.from_dict(came)
    for name in model_class._fields.keys() & values.keys():
        setattr(model, name, values[name])
    return model


def describe(
    model: type[ModelT],
    operation: str,
    method: str,
    template: str,
    path_parameters: Mapping[str, str] | None = None,
    *,
    params: Mapping[str, Any] | None = None,
    headers: Mapping[str, Any] | None = None,
    cookies: Mapping[str, Any] | None = None,
    body: Any = UNSET,
    files: Model | Mapping[str, Any] | Unset = UNSET,
    server: str | None = None,
) -> Call[ModelT]:
    """Describe a request of a documented operation."""
    path = template
    for name, value in (path_parameters or {}).items():
        path = path.replace("{" + name + "}", segment(value, name))
    if cookies:
        headers = {**(headers or {}), "cookie": _cookies(cookies)}
    return Call(
        operation,
        method,
        template,
        path,
        model.from_dict,
        model._required,
        given(params) if params else {},
        given(headers) if headers else {},
        body if body is UNSET else plain(body),
        None if files is UNSET else _form(files),
        server=server,
    )


def _cookies(values: Mapping[str, Any]) -> str | None:
    return "; ".join(f"{name}={quote(_text(value, name), safe='')}" for name, value in given(values).items()) or None


def _form(files: Any) -> dict[str, File]:
    form = {name: value for name, value in plain(files).items() if value is not None}
    return {
        name: value if isinstance(value, File) else FormField(payload=_text(value, name).encode())
        for name, value in form.items()
    }


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str | int | float):
        reject(f"{name} must be a str, a number or a bool, not {type(value).__name__}")
    text = str(_parameter(value))
    if _LONE_SURROGATE.search(text):
        reject(f"{name} contains a lone surrogate; pass valid Unicode")
    return text


def describe_json(operation: str, method: str, template: str, *arguments: Any, **others: Any) -> Call[Any]:
    """Describe a request that returns plain JSON."""
    return _returning("json", operation, method, template, *arguments, **others)


def describe_list(
    model: type[ModelT], operation: str, method: str, template: str, *arguments: Any, **others: Any
) -> Call[list[ModelT]]:
    """Describe a request that returns a list of models."""
    call = _returning("array", operation, method, template, *arguments, **others)
    return attrs.evolve(call, read=partial(_each, model))


def describe_text(operation: str, method: str, template: str, *arguments: Any, **others: Any) -> Call[str]:
    """Describe a request that returns text."""
    return _returning("text", operation, method, template, *arguments, **others)


def describe_content(operation: str, method: str, template: str, *arguments: Any, **others: Any) -> Call[bytes]:
    """Describe a request that returns the bytes of a file."""
    return _returning("bytes", operation, method, template, *arguments, **others)


def describe_nothing(operation: str, method: str, template: str, *arguments: Any, **others: Any) -> Call[None]:
    """Describe a request that returns nothing."""
    return _returning("nothing", operation, method, template, *arguments, **others)


def _returning(returns: Returned, *arguments: Any, **others: Any) -> Call[Any]:
    call: Call[Any] = describe(Model, *arguments, **others)
    headers = call.headers if returns in ("array", "json") else {"accept": "*/*", **call.headers}
    return attrs.evolve(call, read=as_it_came, required={}, returns=returns, headers=headers)


def _each(model: type[ModelT], items: Any) -> list[ModelT]:
    return [model.from_dict(item) for item in items]


def segment(value: str, name: str = "identifier") -> str:
    """Encode an identifier as exactly one path segment.

    Raises:
        InvalidArgumentError: It is not a string, is empty, or would step up the path.
    """
    if not isinstance(value, str):
        reject(f"{name} must be a str, not {type(value).__name__}")
    if value in ("", ".", ".."):
        reject(f"{name} is {value!r}; pass an id")
    if _LONE_SURROGATE.search(value):  # `quote` would raise an exception that contains the identifier
        reject(f"{name} contains a lone surrogate; pass valid Unicode")
    return quote(value, safe="")


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the wire form of the query parameters or headers that have a value."""
    written: dict[str, Any] = {}
    for name, value in values.items():
        if value is not None and value is not UNSET:
            # Nearly all are plain strings and integers.
            written[name] = value if type(value) is str or type(value) is int else _parameter(value)
    return written


def _parameter(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple | set | frozenset):  # its key is repeated for each item
        return [_parameter(item) for item in value if item is not None and item is not UNSET]
    return plain(value)


__all__ = [
    "UNSET",
    "Call",
    "File",
    "JsonObject",
    "Model",
    "OpenEnum",
    "Secret",
    "Unset",
    "segment",
]
