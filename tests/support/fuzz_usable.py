"""Check that a result or an error is usable: read, shown, compared, copied, pickled and serialized."""

from __future__ import annotations

import copy
import json
import pickle
import traceback
from collections.abc import Callable, Iterator
from typing import Any, Final

import attrs

from blooio_client import BlooioError
from blooio_client.types import Model
from blooio_overrides.json_values import is_list, is_object


def _unpickled(value: Any) -> Any:
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - our own


DUPLICATES: Final[tuple[Callable[[Any], Any], ...]] = (copy.copy, copy.deepcopy, _unpickled)


def use(value: Any) -> None:
    """Use a result in every way that a user may; raise if something fails."""
    shown = repr(value)
    for each in everything(value):
        if not isinstance(each, dict | list):
            _use_one(each)
    for duplicate in DUPLICATES:
        assert repr(duplicate(value)) == shown


def _use_one(value: Any) -> None:
    assert isinstance(repr(value), str)
    assert isinstance(str(value), str)
    assert isinstance(value == value, bool)  # noqa: PLR0124 - tests equality
    _hash(value)
    if isinstance(value, Model):
        _write(value)


def everything(value: Any) -> Iterator[Any]:
    """Return a value, and everything that can be read from it."""
    left = [value]
    while left:
        each = left.pop()
        yield each
        left += _parts(each)


def _parts(value: Any) -> list[Any]:
    if isinstance(value, Model):
        model: Any = value
        return [model.additional_properties, *(getattr(model, name) for name in model._fields)]
    if is_object(value):
        return list(value.values())
    if is_list(value):
        return list(value)
    return [getattr(value, name) for name in (*_attributes(type(value)), *_properties(value))]


def _attributes(kind: Any) -> list[str]:
    return list(attrs.fields_dict(kind)) if attrs.has(kind) else []


def _properties(value: Any) -> list[str]:
    if type(value).__module__.partition(".")[0] not in ("blooio_client", "blooio_overrides"):
        return []
    return [name for kind in type(value).__mro__ for name, held in vars(kind).items() if isinstance(held, property)]


def _hash(value: Any) -> None:
    """Hash a value; one with a list is not hashable, and raises Python's own error."""
    try:
        hash(value)
    except TypeError as error:
        if "unhashable type" not in str(error):
            raise


def _write(model: Model) -> None:
    text = json.dumps(model.to_dict())
    assert json.dumps(type(model).from_dict(json.loads(text)).to_dict()) == text


def use_error(error: BlooioError) -> None:
    """Use an error in every way that a user may; raise if something fails."""
    shown = str(error)
    assert shown
    assert repr(error)
    assert "".join(traceback.format_exception_only(error))
    for each in (*vars(error).values(), *(getattr(error, name) for name in _properties(error))):
        use(each)
    for duplicate in DUPLICATES:
        again = duplicate(error)
        assert (type(again), str(again), repr(vars(again))) == (type(error), shown, repr(vars(error)))
