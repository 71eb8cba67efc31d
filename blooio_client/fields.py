# Generated from openapi/ by `make generate`. Do not edit.
"""The fields of models: how each is read and written, and the readers made from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from types import UnionType
from typing import Any, Final, Literal, NamedTuple, Union, get_args, get_origin

import attrs

from .types import Model, OpenEnum, plain, reader_of
from .values import UNSET, Secret, abridged, aware, hidden, moment

Kind = Literal["plain", "enum", "time", "secret", "model"]


class Field(NamedTuple):
    """How a field of a model is read and written; derived from its annotation."""

    name: str
    wire: str
    kind: Kind = "plain"
    type: Any = None
    is_list: bool = False
    is_required: bool = False
    absent: Any = None
    """The value of an absent field."""
    iso8601: bool = False
    """Whether the API writes this time as text, and not as epoch milliseconds."""
    never: int | None = None
    """The number that means no time."""

    @property
    def json_type(self) -> type | None:
        """The JSON type that a required field must have; None for any."""
        return list if self.is_list else dict if self.kind == "model" else None

    @property
    def as_received(self) -> str:
        """The attribute that holds a time as it was received or assigned."""
        return f"_{self.name}_as_received"

    def reader(self) -> Callable[[Any], Any]:
        """Return the function that reads a value, or an item of a list; it returns undocumented values unchanged."""
        if self.kind == "model":
            return reader_of(self.type)
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
        if self.kind == "model" and isinstance(value, list):
            return [_with_iso_times(*pair) for pair in zip(value, written, strict=True)]
        return _with_iso_times(value, written)


def _with_iso_times(value: Any, written: Any) -> Any:
    return value.to_dict(times="iso") if isinstance(value, Model) else written


def field_of(attribute: attrs.Attribute[Any]) -> Field:
    """Describe a field by its annotation and `metadata`."""
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


def delay_times(model: Any, fields: Iterable[Field]) -> None:
    """Make a class keep times as they were received, and create a datetime whenever one is read.

    On a page of messages, creating the datetimes takes as long as reading everything else, and few programs need them all.
    """
    for field in fields:
        # If a subclass redefines the field, the base class's slot; in a subclass without slots, there is none.
        slot = getattr(model, field.as_received, vars(model).get(field.name))
        if slot is None:
            continue
        if field.kind == "time" and not field.is_list:
            setattr(model, field.as_received, slot)
            setattr(model, field.name, _time_property(field, slot))
        else:
            setattr(model, field.name, slot)


def _time_property(field: Field, slot: Any) -> property:
    held, read = slot.__get__, field.reader()

    def get(self: Model) -> Any:
        value = held(self)
        return value if value is None or type(value) is datetime else read(value)

    return property(get, slot.__set__, doc="An aware datetime in UTC.")


def written_reader(model: Any) -> Callable[[Any], Any]:
    """Write the function that reads a class, as attrs writes its `__init__`: a loop over the fields takes twice as long."""
    fields = model._fields.values()
    secrets = [field.wire for field in fields if field.kind == "secret"]
    names: dict[str, Any] = {"model": model, "new": model.__new__}
    names["hiding"] = lambda data: {name: hidden(value) if name in secrets else value for name, value in data.items()}
    lines = [
        "def read(data):",
        "  if not isinstance(data, dict): return data",
        "  self, get = new(model), data.get",
        f"  self._json = {'hiding(data)' if secrets else 'data'}",
    ]
    for number, field in enumerate(fields):
        names[f"absent{number}"], names[f"read{number}"] = field.absent, field.reader()
        came = f"get({field.wire!r}{'' if field.absent is None else f', absent{number}'})"
        target, read = f"self.{field.name}", f"read{number}"
        if field.kind == "plain":
            lines.append(f"  {target} = {came}")
        elif field.is_list:
            lines.append(f"  value = {came}")
            lines.append(f"  {target} = [{read}(each) for each in value] if isinstance(value, list) else value")
        elif field.kind == "enum":
            names[f"members{number}"] = {None: None, UNSET: UNSET, **field.type._value2member_map_}
            lines.append(f"  value = {came}")
            lines.append(f"  try: {target} = members{number}[value]")
            lines.append(f"  except (KeyError, TypeError): {target} = {read}(value)")
        elif field.kind == "time" and hasattr(model, field.as_received):
            lines.append(f"  self.{field.as_received} = {came}")
        else:
            lines.append(f"  {target} = {read}({came})")
    source = "\n".join([*lines, "  return self"])
    # Compiled first: if Ctrl-C interrupts the exec of a string, `python -m` dies of the signal even if the program
    # catches KeyboardInterrupt, and its own exit code is lost.
    exec(compile(source, f"<reader of {model.__name__}>", "exec"), names)
    return names["read"]  # type: ignore[no-any-return]


def abstract(model: Model) -> str:
    """Return the repr of a model: what identifies it, without texts and secrets, and only the end of phone numbers."""
    parts = [type(model).__name__]
    values = [(field, value) for name, field in model._fields.items() if (value := getattr(model, name)) is not None]
    if model._identity is None:
        parts += [f"{field.name}={value!r}" for field, value in values if type(value) in _PLAIN_TYPES]
        parts += [f"{field.name}=[{len(value)}]" for field, value in values if type(value) is list]
    else:
        parts.append(abridged(getattr(model, model._identity)))
    parts += [abridged(value) for field, value in values if field.kind == "enum"][:1]
    parts += [f"{field.name}={value!r}" for field, value in values if isinstance(value, Secret)]
    return f"<{' '.join(parts)}>"


_PLAIN_TYPES: Final = (bool, int, float, datetime)
