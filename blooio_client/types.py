# Generated from openapi/ by `make generate`. Do not edit.
"""What models and calls share: the unset marker, secrets, open enums, tolerant reading and plain writing.

Nothing here sends or receives anything.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum, StrEnum
from functools import cached_property
from typing import (
    IO,
    Any,
    ClassVar,
    Final,
    Generic,
    Literal,
    NoReturn,
    Self,
    TypeVar,
    final,
)
from urllib.parse import quote

import attrs

T = TypeVar("T")
ModelT = TypeVar("ModelT", bound="Model")
JsonObject = dict[str, Any]
Required = Mapping[str, type | None]
"""The fields without which a response is useless, by their names on the wire, and their JSON types (None: any)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_from_seconds: Final = datetime.fromtimestamp
_EXACT_UNTIL: Final = 4_000_000_000_000
"""Epoch milliseconds, in the year 2096; up to there a float of seconds is right to the microsecond."""


@final
class Unset:
    """The type of `UNSET`: a field that is not sent, where None is sent as a JSON null."""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "UNSET"

    def __reduce__(self) -> str:  # a copy or a pickle is the one UNSET again
        return "UNSET"


UNSET: Final = Unset()


@final
class Secret:
    """An API key or a signing secret, which shows itself to `reveal()` only.

    It is hidden in `str`, `repr` and pickles: one that comes out of a pickle still equals the original, but has nothing to reveal.
    """

    __slots__ = ("_fingerprint", "_value")

    def __init__(self, value: str) -> None:
        self._value: str | None = value
        self._fingerprint: str | None = None

    def reveal(self) -> str:
        """Return the secret itself.

        Raises:
            InvalidArgumentError: It came out of a pickle, in which no secret is kept.
        """
        if self._value is None:
            refuse(
                "this Secret came out of a pickle, which keeps no secrets. Store what reveal() returns before pickling"
            )
        return self._value

    def __repr__(self) -> str:
        return "Secret('**********')"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._hashed() == other._hashed()

    def __hash__(self) -> int:
        return hash(self._hashed())

    def _hashed(self) -> str:
        if self._fingerprint is None:  # most secrets are never compared
            self._fingerprint = hashlib.sha256(self.reveal().encode(errors="surrogatepass")).hexdigest()
        return self._fingerprint

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce__(self) -> tuple[Callable[[str], Secret], tuple[str]]:
        return _without_value, (self._hashed(),)


def _without_value(fingerprint: str) -> Secret:
    secret = Secret("")
    secret._value, secret._fingerprint = None, fingerprint
    return secret


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
        """Read a string as a member; anything else is kept as it came."""
        return cls._value2member_map_.get(value) or cls(value) if isinstance(value, str) else value

    @classmethod
    def write(cls, value: Any) -> Any:
        """Write a member, or a plain string, as JSON."""
        return plain(value)


class Members(dict[Any, Any]):
    """The members of an open enum by their values: `members[value]` is what `read` returns, without a call for what is known.

    A value that cannot be hashed, such as a list, raises TypeError.
    """

    def __init__(self, enum: type[OpenEnum]) -> None:
        super().__init__({**enum._value2member_map_, None: None, UNSET: UNSET})
        self._enum = enum

    def __missing__(self, value: Any) -> Any:
        return self._enum.read(value)


# ---- How a field is read and written ----------------------------------------------------------------------------
# A codec has `read` and `write`; neither ever fails on what a server sends.


class Nested:
    """A field that holds another model, which is imported when first read."""

    def __init__(self, name: str) -> None:
        self._name = name

    @cached_property
    def read(self) -> Callable[[Any], Any]:
        from . import models

        model: type[Model] = getattr(models, self._name)
        return model._read

    def write(self, value: Any) -> Any:
        return plain(value)


class ListOf:
    """A field that holds a list of what another codec reads."""

    def __init__(self, item: Nested | type[OpenEnum]) -> None:
        self._item = item

    def read(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        read = self._item.read
        return [read(item) for item in value]

    def write(self, value: Any) -> Any:
        return plain(value)


class Moment:
    """A field that holds a time; `never` is the number that stands for no time at all."""

    def __init__(self, wire: Literal["milliseconds", "iso8601"], never: int | None = None) -> None:
        self._wire = wire
        self._never = never
        self.read: Callable[[Any], Any] = moment if never is None else self._moment_or_never

    def _moment_or_never(self, value: Any) -> Any:
        return None if value == self._never else moment(value)

    def write(self, value: Any) -> Any:
        if value is None:
            return self._never
        if not isinstance(value, datetime):
            return plain(value)
        return milliseconds(value) if self._wire == "milliseconds" else aware(value).isoformat()


class Hidden:
    """A field that holds a secret."""

    def read(self, value: Any) -> Any:
        return Secret(value) if isinstance(value, str) else value

    def write(self, value: Any) -> Any:
        return plain(value)


Codec = Nested | ListOf | Moment | Hidden | type[OpenEnum]


def moment(value: Any) -> Any:
    """Read a time as an aware datetime in UTC, be it epoch milliseconds or ISO 8601; anything else is kept as it came."""
    if type(value) is int and 0 <= value < _EXACT_UNTIL:
        return _from_seconds(value / 1000, UTC)
    if isinstance(value, str):
        return _iso8601(value)
    if type(value) is not int and (isinstance(value, bool) or not isinstance(value, int | float)):
        return value
    try:
        return _EPOCH + timedelta(milliseconds=value)
    except (ValueError, OverflowError):  # NaN, and what lies beyond the year 9999
        return value


def _iso8601(text: str) -> datetime | str:
    if "-" not in text and "T" not in text:  # digits alone would be taken for a date without dashes
        return text
    try:
        return _in_utc(_parsed(text))
    except (ValueError, OverflowError):
        return text


def _parsed(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        from dateutil.parser import isoparse  # rare, and slow to import

        return isoparse(text)


def _in_utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)


def aware(time: datetime) -> datetime:
    """Return a datetime that has a time zone.

    Raises:
        InvalidArgumentError: It has none, so that nobody knows which moment it means.
    """
    if time.tzinfo is None:
        refuse("a datetime without a time zone means no certain moment. Pass an aware one, such as datetime.now(UTC)")
    return time


def milliseconds(time: datetime) -> int:
    """Return an aware datetime as epoch milliseconds."""
    return (aware(time) - _EPOCH) // _MILLISECOND


def plain(value: Any) -> Any:
    """Return what `json.dumps` takes: models, enums, times and secrets written out, unset fields left out."""
    if isinstance(value, Model):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items() if item is not UNSET}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, datetime):
        return milliseconds(value)
    return value


def _copied(value: Any) -> Any:
    """Copy a JSON value with its secrets revealed; without recursion, since answers may be nested deeply."""
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


# ---- Models -----------------------------------------------------------------------------------------------------


class Model:
    """A JSON object of the API.

    One that was read keeps the object it came from, and reads times, models and lists in it when they are asked for.
    Whatever is not as documented is kept as it came: an unknown enum value, an unknown field, a value of another type.
    """

    __slots__ = ("__weakref__", "_held", "_json")

    _fields: ClassVar[Mapping[str, str]] = {}  # each field's name on the wire
    _wire: ClassVar[Mapping[str, str]] = {}  # the same, where it is not the field's own
    _codecs: ClassVar[Mapping[str, Codec]] = {}  # for fields that are more than plain JSON
    _read_at_once: ClassVar[tuple[str, ...]] = ()  # plain fields, and enums, of which all members are there
    _required: ClassVar[Required] = {}
    _absent: ClassVar[Any] = None  # what a field reads as that did not come

    _json: JsonObject  # what came, which is never changed
    _held: dict[str, Any] | None  # of the fields read later: what was assigned, or was read and can be changed in place

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        described: Any = cls  # by attrs, as this base is not
        names = [attribute.name for attribute in attrs.fields(described)]
        cls._fields = {name: cls._wire.get(name, name) for name in names}
        later = {name: codec for name, codec in cls._codecs.items() if not isinstance(codec, type)}
        cls._read_at_once = tuple(name for name in names if name not in later)
        for name, codec in later.items():
            setattr(cls, name, _view(name, cls._fields[name], cls._absent, codec))
        if "_read" not in vars(cls):  # a subclass of somebody's own, with fields of its own
            setattr(cls, "_read", classmethod(read_generally))

    def __attrs_pre_init__(self) -> None:
        self._json, self._held = {}, {}

    @classmethod
    def from_dict(cls, data: Any) -> Self:
        """Read what the API sent. Never raises: anything but a JSON object is returned as it came."""
        return cls._read(data)  # type: ignore[no-any-return]

    @classmethod
    def _read(cls, data: Any) -> Any:
        """Do so. Each model has its own, which sets its fields one by one: a loop over them takes twice as long."""
        return read_generally(cls, data)

    def __reduce__(self) -> tuple[Callable[..., Model], tuple[Any, ...]]:
        values = [getattr(self, name) for name in self._read_at_once]
        return _remade, (type(self), self._json, self._held and self._held.copy(), values)

    @property
    def additional_properties(self) -> JsonObject:
        """The fields that came, but that this version of the client does not know."""
        known = set(self._fields.values())
        return {name: value for name, value in self._json.items() if name not in known}

    def to_dict(self) -> JsonObject:
        """Return the JSON object: what came, with the fields assigned since then; or what was constructed."""
        written: JsonObject = _copied(self._json)
        came = self.from_dict(self._json)
        for name, wire in self._fields.items():
            value = getattr(self, name)
            if value is UNSET:
                written.pop(wire, None)
            elif value != getattr(came, name):
                written[wire] = self._codecs[name].write(value) if name in self._codecs else plain(value)
        return written

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model) or type(self) is not type(other):
            return NotImplemented
        return self._values() == other._values()

    def _values(self) -> list[Any]:
        return [self.additional_properties, *(getattr(self, name) for name in self._fields)]

    def __repr__(self) -> str:
        values = ((name, getattr(self, name)) for name in self._fields)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in values if value not in (None, UNSET))})"


def hiding(data: JsonObject, *names: str) -> JsonObject:
    """Return what came with some fields hidden."""
    return {name: Hidden().read(value) if name in names else value for name, value in data.items()}


def read_generally(model_class: type[Model], data: Any) -> Any:
    """Read a model of any class."""
    if not isinstance(data, dict):
        return data
    model, fields = model_class.__new__(model_class), model_class._fields
    hidden = [fields[name] for name, codec in model_class._codecs.items() if isinstance(codec, Hidden)]
    model._json, model._held = hiding(data, *hidden), None
    for name in model_class._read_at_once:
        value, codec = data.get(fields[name], model_class._absent), model_class._codecs.get(name)
        setattr(model, name, value if codec is None else codec.read(value))
    return model


def _remade(model_class: type[Model], came: JsonObject, held: dict[str, Any] | None, values: list[Any]) -> Model:
    """Make what was copied or pickled again."""
    model = model_class.__new__(model_class)
    model._json, model._held = came, held
    for name, value in zip(model_class._read_at_once, values, strict=True):
        setattr(model, name, value)
    return model


def _held_by(model: Model) -> dict[str, Any]:
    """What a model holds, for more to be added. It is made only then: a page has hundreds of models that hold nothing."""
    if model._held is None:  # no call comes in between, during which another thread could make one, too
        model._held = {}
    return model._held


def _view(name: str, wire: str, absent: Any, codec: Nested | ListOf | Moment | Hidden) -> property:
    """Make the property that is a field of a model, read when it is asked for."""

    def assign(model: Model, value: Any) -> None:
        _held_by(model)[name] = value

    if isinstance(codec, Nested | ListOf):
        return property(_kept_view(name, wire, absent, codec), assign)
    if codec.read is moment:
        return property(_moment_view(name, wire, absent), assign)
    return property(_decoded_view(name, wire, absent, codec.read), assign)


def _decoded_view(name: str, wire: str, absent: Any, read: Callable[[Any], Any]) -> Callable[[Model], Any]:
    def view(model: Model) -> Any:
        held = model._held
        if held and name in held:
            return held[name]
        value = model._json.get(wire, absent)
        return value if value is absent else read(value)

    return view


def _moment_view(name: str, wire: str, absent: Any) -> Callable[[Model], Any]:
    def view(model: Model) -> Any:
        held = model._held
        if held and name in held:
            return held[name]
        value = model._json.get(wire, absent)
        # As in `moment`: there are so many times on a page that a call for each takes a tenth of the reading.
        if type(value) is int and 0 <= value < _EXACT_UNTIL:
            return _from_seconds(value / 1000, UTC)
        return value if value is absent else moment(value)

    return view


def _kept_view(name: str, wire: str, absent: Any, codec: Nested | ListOf) -> Callable[[Model], Any]:
    def view(model: Model) -> Any:
        held = model._held
        if held is None:
            held = _held_by(model)
        if name in held:
            return held[name]
        # What can be changed is read once, and two threads that read it have the same list.
        return held.setdefault(name, codec.read(model._json.get(wire, absent)))

    return view


# ---- Calls ------------------------------------------------------------------------------------------------------


@attrs.define
class File:
    """A file to upload: its content, the name that the server is told, and its content type."""

    payload: IO[bytes] | bytes
    file_name: str
    mime_type: str | None = None


@attrs.frozen(eq=False, repr=False)
class Call(Generic[T]):
    """One request of the API, ready to be sent by `client.call`, and how to read its response.

    A call is a value: it can be kept, sent again, and extended with `adding`. Its repr shows no content.
    """

    operation: str
    """The operationId, or an empty string for a call built by hand."""
    method: str
    template: str
    """The path with its parameters unfilled; logs and errors show this one."""
    path: str
    """The path with each parameter encoded as exactly one segment."""
    read: Callable[[Any], T]
    """What makes the result of the JSON that was answered."""
    required: Required = attrs.field(factory=dict)
    """The fields of the response without which there is no result, and their JSON types (None: any)."""
    params: Mapping[str, Any] = attrs.field(factory=dict)
    headers: Mapping[str, str] = attrs.field(factory=dict)
    json: Any = UNSET
    files: Mapping[str, File] | None = None

    @staticmethod
    def build(
        method: str,
        template: str,
        /,
        *,
        json: Any = UNSET,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **path_parameters: str,
    ) -> Call[Any]:
        """Build a call that the document does not describe; its result is the JSON as it came.

        Args:
            method: The HTTP method. A GET may be tried again; anything else is sent at most once when its outcome is unknown.
            template: The path, with parameters in braces: `/chats/{chatId}/new`.
            json: The body.
            params: The query.
            headers: Further headers.
            path_parameters: A value for each parameter of the path, not encoded.

        Raises:
            InvalidArgumentError: A parameter is missing, not in the path, or no usable segment.
        """
        names = _names_in(template)
        if names != set(path_parameters):
            refuse(f"the path takes {sorted(names)} and was given {sorted(path_parameters)}")
        return Call(
            operation="",
            method=method.upper(),
            template=template,
            path=_filled(template, path_parameters),
            read=lambda answer: answer,
            params=given(params or {}),
            headers=headers or {},
            json=json if json is UNSET else plain(json),
        )

    def adding(
        self,
        *,
        json: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Call[T]:
        """Return this call with more body fields, query parameters or headers; what it has already is replaced.

        Raises:
            InvalidArgumentError: Body fields for a call whose body is no JSON object.
        """
        body = self.json
        if json is not None:
            if self.files is not None or not (body is UNSET or isinstance(body, dict)):
                refuse("json= adds fields to a JSON object, and this call's body is something else")
            body = {**(body or {}), **plain(json)}
        return attrs.evolve(
            self,
            json=body,
            params={**self.params, **given(params or {})},
            headers={**self.headers, **(headers or {})},
        )

    def __repr__(self) -> str:
        return f"<Call {self.operation or self.method + ' ' + without_identifiers(self.template)}>"


def describe(
    model: type[ModelT],
    operation: str,
    method: str,
    template: str,
    path_parameters: Mapping[str, str] | None = None,
    *,
    params: Mapping[str, Any] | None = None,
    headers: Mapping[str, Any] | None = None,
    body: Any = UNSET,
    files: Model | Mapping[str, File] | None = None,
) -> Call[ModelT]:
    """Describe a request of a documented operation."""
    return Call(
        operation,
        method,
        template,
        _filled(template, path_parameters or {}),
        model._read,
        model._required,
        given(params or {}),
        {name: str(value) for name, value in (headers or {}).items() if value is not None},
        body if body is UNSET else plain(body),
        None if files is None else plain(files),
    )


def without_identifiers(template: str) -> str:
    """Return a path without what may tell of anybody: who builds a call by hand may write a number into the path itself."""
    return re.sub(r"(?<=/)(?!\{)[^/]*[^/a-zA-Z_-][^/]*", "…", template)


def _names_in(template: str) -> set[str]:
    return {part.partition("}")[0] for part in template.split("{")[1:]}


def _filled(template: str, parameters: Mapping[str, str]) -> str:
    for name, value in parameters.items():
        template = template.replace("{" + name + "}", segment(value, name))
    return template


def segment(value: str, name: str = "identifier") -> str:
    """Return an identifier as exactly one segment of a path: all but unreserved characters encoded.

    Raises:
        InvalidArgumentError: It is no string, empty, or one that would step up the path.
    """
    if not isinstance(value, str):
        refuse(f"{name} is {type(value).__name__}; write a str")
    if value in ("", ".", ".."):
        refuse(f"{name} is {value!r}, which names nothing; write the identifier itself")
    encoded = _encoded(value)
    if encoded is None:  # refused here, where no exception that holds the identifier is behind the error
        refuse(f"{name} holds a lone surrogate, which is no character; write it in valid Unicode")
    return encoded


def _encoded(text: str) -> str | None:
    try:
        return quote(text, safe="")
    except UnicodeEncodeError:
        return None


def given(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the query parameters that were given, as they are written on the wire."""
    return {name: _parameter(value) for name, value in params.items() if value is not None and value is not UNSET}


def _parameter(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value)


def refuse(reason: str) -> NoReturn:
    """Raise the client's own error for an argument that cannot be sent."""
    from .errors import InvalidArgumentError

    raise InvalidArgumentError(reason)


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
