# Generated from openapi/ by `make generate`. Do not edit.
"""What models and calls share: the unset marker, secrets, open enums, tolerant reading and plain writing.

Nothing here sends or receives anything.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import Enum, StrEnum
from functools import cache, partial
from itertools import chain
from operator import attrgetter
from threading import RLock
from types import GenericAlias, UnionType
from typing import (
    IO,
    Annotated,
    Any,
    ClassVar,
    Final,
    Generic,
    Literal,
    NamedTuple,
    NoReturn,
    Self,
    TypeVar,
    Union,
    final,
    get_args,
    get_origin,
)
from urllib.parse import quote

import attrs

T = TypeVar("T")
ModelT = TypeVar("ModelT", bound="Model")
JsonObject = dict[str, Any]
Returned = Literal["object", "array", "json", "text", "bytes", "nothing"]
Required = Mapping[str, type | None]
"""The fields without which a response is useless, by their names on the wire, and their JSON types (None: any)."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
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

    __module__ = "blooio_client"

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
            reject(
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


def hidden(value: Any) -> Any:
    """Return a text as a Secret, before a traceback with local variables could show it; anything else as it is."""
    return Secret(value) if isinstance(value, str) else value


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
        """Read a string as a member; keep anything else as it came."""
        return cls._value2member_map_.get(value) or cls(value) if isinstance(value, str) else value


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
        reject("a datetime without a time zone means no certain moment. Pass an aware one, such as datetime.now(UTC)")
    return time


def milliseconds(time: datetime) -> int:
    """Return an aware datetime as epoch milliseconds."""
    return (aware(time) - _EPOCH) // _MILLISECOND


def plain(value: Any) -> Any:
    """Return what `json.dumps` takes: models, enums, times and secrets written out, unset fields left out."""
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


@attrs.define(kw_only=True, eq=False, repr=False)
class Model:
    """A JSON object of the API.

    Reading keeps whatever is not as documented: an unknown enum value, an unknown field, a value of another type.
    """

    _identity: ClassVar[str | None] = None  # the field that tells two of them apart
    _fields: ClassVar[Mapping[str, Field]] = {}  # by their names in Python
    _required: ClassVar[Required] = {}

    # What came, or the unknown fields of a model that was constructed; never changed, so that copies can share it.
    # A field of attrs, so that `attrs.evolve` hands it on.
    _json: JsonObject = attrs.field(factory=dict[str, Any], alias="additional_properties")

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        fields = [_described(each) for each in attrs.fields(cls) if each.name != "_json"]
        cls._fields = {each.name: each for each in fields}
        cls._required = {each.wire: each.json_type for each in fields if each.is_required}

    @classmethod
    def from_dict(cls, data: Any) -> Self:
        """Read what the API sent. Never raises: anything but a JSON object is returned as it came."""
        model: Any = cls  # to mypy, a class is not hashable whose instances say how they are hashed
        return _reader(model)(data)  # type: ignore[no-any-return]

    @property
    def additional_properties(self) -> JsonObject:
        """The fields that came, but that this version of the client does not know."""
        known = {each.wire for each in self._fields.values()}
        return {name: value for name, value in self._json.items() if name not in known}

    def to_dict(self, *, times: Literal["wire", "iso"] = "wire") -> JsonObject:
        """Return the JSON object: what came, with the fields assigned since then; or what was constructed.

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
        return _remade, (type(self), self._json, [getattr(self, name) for name in self._fields])

    def __replace__(self, /, **changes: Any) -> Self:
        return attrs.evolve(self, **changes)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """Let fields of pydantic models be of this class: they take it or a dict, and write times as ISO 8601."""
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
        """Show what tells two models apart: no text of a message, no secret, and of a phone number only its end."""
        parts = [type(self).__name__]
        values = [(field, value) for name, field in self._fields.items() if (value := getattr(self, name)) is not None]
        if self._identity is None:
            parts += [f"{field.name}={value!r}" for field, value in values if type(value) in _TELLING]
            parts += [f"{field.name}=[{len(value)}]" for field, value in values if type(value) is list]
        else:
            parts.append(abridged(getattr(self, self._identity)))
        parts += [abridged(value) for field, value in values if field.kind == "enum"][:1]
        parts += [f"{field.name}={value!r}" for field, value in values if isinstance(value, Secret)]
        return f"<{' '.join(parts)}>"


def _for_pydantic(value: Any) -> Any:
    return value.to_dict(times="iso") if isinstance(value, Model) else value


_TELLING: Final = (bool, int, float, datetime)


def abridged(value: Any) -> str:
    """Return enough of an id to tell two apart; ids of the service's own making, such as `msg_1`, tell of nobody."""
    if not isinstance(value, str):
        return type(value).__name__
    if re.fullmatch(r"[a-z]+(_[\w-]{1,80})?", value, re.ASCII):
        return str(value)
    end = value[-4:] if len(value) > 8 else value[-1:]
    return f"·····{end}" if end.isprintable() else "·····"


def _remade(model_class: type[Model], came: JsonObject, values: list[Any]) -> Model:
    """Make what was copied or pickled again."""
    model = model_class.__new__(model_class)
    model._json = came
    for name, value in zip(model_class._fields, values, strict=True):
        setattr(model, name, value)
    return model


Kind = Literal["plain", "enum", "time", "secret", "model"]


class Field(NamedTuple):
    """How a field of a model is read and written; everything but its names follows from its annotation."""

    name: str
    wire: str
    kind: Kind = "plain"
    type: Any = None
    is_list: bool = False
    is_required: bool = False
    absent: Any = None
    """What the field reads as that did not come."""
    iso8601: bool = False
    """Whether the API writes this time as text, and not as epoch milliseconds."""
    never: int | None = None
    """The number that stands for no time at all."""

    @property
    def json_type(self) -> type | None:
        """The JSON type without which a required field is useless; None for any."""
        return list if self.is_list else dict if self.kind == "model" else None

    def reader(self) -> Callable[[Any], Any]:
        """Return what reads a value, or an item of a list; it keeps what is not as documented as it came."""
        if self.kind == "model":
            return _python_reader(self.type)
        if self.kind == "enum":
            return self.type.read  # type: ignore[no-any-return]
        if self.kind == "secret":
            return hidden
        if self.never is None:
            return moment
        return lambda value: None if value == self.never else moment(value)

    def written(self, value: Any) -> Any:
        """Return the wire form of a value."""
        if self.kind == "time" and value is None:
            return self.never
        if self.kind == "time" and isinstance(value, datetime) and self.iso8601:
            return aware(value).isoformat()
        return plain(value)

    def written_iso(self, value: Any, written: Any) -> Any:
        """Return the wire form of a value in which times are ISO 8601."""
        if self.kind == "time" and (value is None or isinstance(value, datetime)):
            return value and aware(value).astimezone(UTC).isoformat()
        return _with_iso_times(value, written) if self.kind == "model" else written


def _with_iso_times(value: Any, written: Any) -> Any:
    if isinstance(value, list):
        return [_with_iso_times(*pair) for pair in zip(value, written, strict=True)]
    return value.to_dict(times="iso") if isinstance(value, Model) else written


def _described(attribute: attrs.Attribute[Any]) -> Field:
    """Describe a field by its annotation; `metadata` holds what an annotation cannot say."""
    is_required, annotation = attribute.default is attrs.NOTHING, attribute.type
    absent = UNSET if attribute.default is UNSET else None
    field = _of_type(Field(attribute.name, attribute.name, absent=absent), annotation)
    return field._replace(is_required=is_required, **attribute.metadata)


def _of_type(field: Field, annotation: Any) -> Field:
    is_union = get_origin(annotation) in (Union, UnionType)
    for part in get_args(annotation) if is_union else (annotation,):
        if get_origin(part) in (list, Sequence):
            return _of_type(field, get_args(part)[0])._replace(is_list=True)
        if isinstance(part, type):
            for kind, base in _KINDS:
                if issubclass(part, base):
                    return field._replace(kind=kind, type=part)
    return field


_KINDS: Final[tuple[tuple[Kind, type], ...]] = (
    ("model", Model),
    ("enum", OpenEnum),
    ("time", datetime),
    ("secret", Secret),
)


# ---- Reading models ---------------------------------------------------------------------------------------------
# Two readers, which agree: one in Python, and one that has msgspec read models that hold lists of models, where the
# extra `fast` is installed. What msgspec finds not to be as documented is left to the first.


@cache
def _reader(model: Any) -> Callable[[Any], Any]:
    """Return what reads a class of models."""
    holds_many = any(field.kind == "model" and field.is_list for field in model._fields.values())
    return holds_many and _fast_reader(model) or _python_reader(model)


@cache
def _python_reader(model: Any) -> Callable[[Any], Any]:
    """Write the function that reads a class, as attrs writes its `__init__`: a loop over the fields takes twice as long."""
    fields = model._fields.values()
    secrets = [field.wire for field in fields if field.kind == "secret"]
    names: dict[str, Any] = {"model": model, "new": model.__new__, "seconds": _from_seconds, "moment": moment}
    names["UTC"] = UTC
    names["hiding"] = lambda data: {name: hidden(value) if name in secrets else value for name, value in data.items()}
    lines = [
        "def read(data):",
        "  if not isinstance(data, dict): return data",
        "  self, get = new(model), data.get",
        f"  self._json = {'hiding(data)' if secrets else 'data'}",
    ]
    for number, field in enumerate(fields):
        names[f"absent{number}"], names[f"read{number}"] = field.absent, field.reader()
        target, read = f"self.{field.name} =", f"read{number}"
        lines.append(f"  value = get({field.wire!r}{'' if field.absent is None else f', absent{number}'})")
        if field.kind == "plain":
            lines.append(f"  {target} value")
        elif field.is_list:
            lines.append(f"  {target} [{read}(each) for each in value] if isinstance(value, list) else value")
        elif field.kind == "enum":
            names[f"members{number}"] = {None: None, UNSET: UNSET, **field.type._value2member_map_}
            lines += [
                f"  try: {target} members{number}[value]",
                f"  except (KeyError, TypeError): {target} {read}(value)",
            ]
        elif field.kind == "time" and field.never is None:
            # As in `moment`: there are so many times on a page that a call for each takes a tenth of the reading.
            is_exact = f"type(value) is int and 0 <= value < {_EXACT_UNTIL}"
            lines.append(f"  {target} seconds(value / 1000, UTC) if {is_exact} else moment(value)")
        else:
            lines.append(f"  {target} {read}(value)")
    exec("\n".join([*lines, "  return self"]), names)
    return names["read"]  # type: ignore[no-any-return]


def _fast_reader(model: Any) -> Callable[[Any], Any] | None:
    """Return what reads a class with msgspec; None if that is not installed, or cannot read this class."""
    try:
        from msgspec import convert
    except ImportError:
        return None
    if not _is_convertible(model):
        return None
    with _TEACHING:
        _teach(model)

    def read(data: Any) -> Any:
        try:
            read = convert(data, model)
            _complete([read], [data], model)
        except Exception:  # whatever it is that msgspec cannot read
            return _python_reader(model)(data)
        return read

    return read


def _is_convertible(model: type[Model]) -> bool:
    return "__attrs_attrs__" in vars(model) and all(
        field.kind != "secret"
        and field.absent is None
        and field.never is None
        and field.wire == field.name
        and (field.kind != "model" or _is_convertible(field.type))
        for field in model._fields.values()
    )


_TEACHING: Final = RLock()


def _teach(model: Any) -> None:
    """Have msgspec read the fields of a class as they are on the wire, where its annotations say what they are in Python.

    msgspec looks at a class once, and keeps what it found. Without `_json`, which never comes and is set afterwards:
    one field that is missing has msgspec look which of all the others are, which takes half as long again.
    """
    from msgspec import ValidationError, convert

    for field in model._fields.values():
        if field.kind == "model":
            _teach(field.type)
    as_written = model.__attrs_attrs__, model.__annotations__
    model.__attrs_attrs__ = tuple(each for each in attrs.fields(model) if each.name != "_json")
    model.__annotations__ = {name: _wire_type(field) for name, field in model._fields.items()}
    try:
        with suppress(ValidationError):
            convert({}, model)
    finally:
        model.__attrs_attrs__, model.__annotations__ = as_written


def _wire_type(field: Field) -> Any:
    """Return what msgspec is to check: no more than the Python reader does."""
    from msgspec import Meta

    if field.kind == "plain":
        return Any
    if field.kind == "time":
        return Annotated[int, Meta(ge=0, lt=_EXACT_UNTIL)] | None
    return (GenericAlias(list, field.type) if field.is_list else field.type) | None


def _complete(models: list[Any], data: list[JsonObject], model_class: type[Model]) -> None:
    """Give models that msgspec made what it does not: the objects that they came from, and times."""
    from msgspec import convert

    if set(map(type, data)) - {dict}:
        raise TypeError("a model among the JSON, which msgspec takes as it is")
    consume: Callable[..., object] = deque[None](maxlen=0).extend  # in C: there are hundreds of models on a page
    consume(map(_set_json, models, data))
    for name, field in model_class._fields.items():
        if field.kind == "time":
            seconds = [value and value / 1000 for value in map(attrgetter(name), models)]
            times = convert(seconds, list[datetime | None], strict=False)
            consume(map(getattr(model_class, name).__set__, models, times))
        elif field.kind == "model":
            inner = [each for each in map(attrgetter(name), models) if each is not None]
            inner_data = [each[name] for each in data if each.get(name) is not None]
            if field.is_list:
                inner, inner_data = list(chain.from_iterable(inner)), list(chain.from_iterable(inner_data))
            if inner:
                _complete(inner, inner_data, field.type)


_set_json: Final = Model.__dict__["_json"].__set__


# ---- Calls ------------------------------------------------------------------------------------------------------


@attrs.define
class File:
    """A file to upload: its content, the name that the server is told, and its content type."""

    payload: IO[bytes] | bytes
    file_name: str
    mime_type: str | None = None


@attrs.define
class FormField(File):
    """A field of a form that is not a file: text without a name and a type."""

    payload: bytes = b""
    file_name: str = ""


@attrs.frozen(eq=False, repr=False)
class Call(Generic[T]):
    """One request of the API, ready to be sent by `client.call`, and how to read its response.

    A call is a value: you can keep it, pickle it, send it again and extend it with `adding`. Its repr shows no content.
    """

    __module__ = "blooio_client"

    operation: str
    """The operationId, or an empty string for a call built by hand."""
    method: str
    template: str
    """The path with its parameters unfilled; logs and errors show this one."""
    path: str
    """The path with each parameter encoded as exactly one segment."""
    read: Callable[[Any], T]
    """Turns the JSON of the response into the result."""
    required: Required = attrs.field(factory=dict)
    """The fields that the response must have, and their JSON types (None: any)."""
    params: Mapping[str, Any] = attrs.field(factory=dict)
    headers: Mapping[str, str] = attrs.field(factory=dict)
    json: Any = UNSET
    files: Mapping[str, File] | None = None
    returns: Returned = "object"
    """What the body of a successful response is; "nothing" if there is nothing to read."""

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
        """Build a call that the document does not describe. Its result is the JSON as it came.

        Args:
            method: The HTTP method. A GET may be retried; anything else is not, once its outcome is unknown.
            template: The path, with parameters in braces: `/chats/{chatId}/new`.
            json: The body.
            params: The query. A list repeats its key for each item.
            headers: Additional headers.
            path_parameters: A value for each parameter of the path, not encoded.

        Raises:
            InvalidArgumentError: A parameter is missing, not in the path, or not a valid segment.
        """
        names = _names_in(template)
        if names != set(path_parameters):
            reject(f"the path takes {sorted(names)} and was given {sorted(path_parameters)}")
        path = template
        for name, value in path_parameters.items():
            path = path.replace("{" + name + "}", segment(value, name))
        return Call(
            operation="",
            method=method.upper(),
            template=template,
            path=path,
            read=as_it_came,
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
        """Return this call with more body fields, query parameters or headers. Existing ones are replaced.

        Raises:
            InvalidArgumentError: json= was given, but the call's body is not a JSON object.
        """
        body = self.json
        if json is not None:
            if self.files is not None or not (body is UNSET or isinstance(body, dict)):
                reject("json= adds fields to a JSON object, and this call's body is something else")
            body = {**(body or {}), **plain(json)}
        return attrs.evolve(
            self,
            json=body,
            params={**self.params, **given(params or {})},
            headers={**self.headers, **(headers or {})},
        )

    def __repr__(self) -> str:
        return f"<Call {self.operation or self.method + ' ' + without_identifiers(self.template)}>"


def as_it_came(response: Any) -> Any:
    """Return the JSON of a response unchanged: the reader of a call built by hand, which a pickle can name."""
    return response


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


def only_one(*, is_required: bool, **bodies: Any) -> None:
    """Check that a request has one of its bodies, or none where it may be left out.

    Raises:
        InvalidArgumentError: There are several, or the one that is required is missing.
    """
    passed = [name for name, body in bodies.items() if body is not UNSET]
    if len(passed) > 1 or (is_required and not passed):
        reject(f"pass exactly one of {' and '.join(f'{name}=' for name in bodies)}")


def describe_json(operation: str, method: str, template: str, *arguments: Any, **others: Any) -> Call[Any]:
    """Describe a request whose result is JSON as it came."""
    return _returning("json", operation, method, template, *arguments, **others)


def describe_list(
    model: type[ModelT], operation: str, method: str, template: str, *arguments: Any, **others: Any
) -> Call[list[ModelT]]:
    """Describe a request whose result is a list of models."""
    call = _returning("array", operation, method, template, *arguments, **others)
    return attrs.evolve(call, read=partial(_each, model))


def describe_text(operation: str, method: str, template: str, *arguments: Any, **others: Any) -> Call[str]:
    """Describe a request whose result is text."""
    return _returning("text", operation, method, template, *arguments, **others)


def describe_content(operation: str, method: str, template: str, *arguments: Any, **others: Any) -> Call[bytes]:
    """Describe a request whose result is the bytes of a file."""
    return _returning("bytes", operation, method, template, *arguments, **others)


def describe_nothing(operation: str, method: str, template: str, *arguments: Any, **others: Any) -> Call[None]:
    """Describe a request whose result is that it succeeded."""
    return _returning("nothing", operation, method, template, *arguments, **others)


def _returning(returns: Returned, *arguments: Any, **others: Any) -> Call[Any]:
    call: Call[Any] = describe(Model, *arguments, **others)
    headers = call.headers if returns in ("array", "json") else {"accept": "*/*", **call.headers}
    return attrs.evolve(call, read=as_it_came, required={}, returns=returns, headers=headers)


def _each(model: type[ModelT], items: Any) -> list[ModelT]:
    return [model.from_dict(item) for item in items]


def is_deprecated(operation: str) -> None:
    """Warn whoever describes a request of an operation that Blooio may remove."""
    warnings.warn(f"Blooio has deprecated {operation}, and may remove it", DeprecationWarning, stacklevel=3)


def without_identifiers(template: str) -> str:
    """Return a path without what may tell of anybody: who builds a call by hand may write a number into the path itself."""
    return re.sub(r"(?<=/)(?!\{)[^/]*[^/a-zA-Z_-][^/]*", "…", template)


def _names_in(template: str) -> set[str]:
    return {part.partition("}")[0] for part in template.split("{")[1:]}


def segment(value: str, name: str = "identifier") -> str:
    """Return an identifier as exactly one segment of a path: all but unreserved characters encoded.

    Raises:
        InvalidArgumentError: It is no string, empty, or one that would step up the path.
    """
    if not isinstance(value, str):
        reject(f"{name} must be a str, not {type(value).__name__}")
    if value in ("", ".", ".."):
        reject(f"{name} is {value!r}; pass an id")
    if _LONE_SURROGATE.search(value):  # `quote` would raise an exception that holds the identifier
        reject(f"{name} contains a lone surrogate; pass valid Unicode")
    return quote(value, safe="")


def given(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the query parameters or headers that have a value, as they are written on the wire."""
    written: dict[str, Any] = {}
    for name, value in values.items():
        if value is not None and value is not UNSET:
            written[name] = _parameter(value)
    return written


def _parameter(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple | set | frozenset):  # its key is repeated for each item
        return [_parameter(item) for item in value if item is not None and item is not UNSET]
    return plain(value)


def reject(reason: str) -> NoReturn:
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
