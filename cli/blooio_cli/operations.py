"""The operations of `blooio_client.calls`, found by introspection, and calls built from command-line arguments."""

from __future__ import annotations

import inspect
import json
import mimetypes
import re
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import attrs

from blooio_client import Call, calls, models
from blooio_client.types import File

from .exits import USAGE, Failure

READS: Final = ("get_", "list_", "lookup_", "batch_lookup_", "refresh_")
TO_A_CHAT: Final = ("send_message", "send_poll", "add_reaction", "set_chat_background", "remove_chat_background")
"""Operations that reach the people in a chat or a group."""


@attrs.frozen
class Operation:
    """One operation of the document."""

    name: str
    function: Any

    @property
    def summary(self) -> str:
        """The first line of its documentation."""
        return (self.function.__doc__ or "").partition("\n")[0]

    @property
    def document(self) -> str:
        """Its full documentation."""
        return inspect.cleandoc(self.function.__doc__ or "")

    @property
    def parameters(self) -> dict[str, inspect.Parameter]:
        """Its own parameters, without the body."""
        found = inspect.signature(self.function).parameters
        return {name: parameter for name, parameter in found.items() if name != "body"}

    @property
    def body(self) -> Any:
        """The model of its body, or None."""
        found = re.match(r"models\.(\w+)", self._annotation)
        return getattr(models, found[1]) if found else None

    @property
    def _annotation(self) -> str:
        body = inspect.signature(self.function).parameters.get("body")
        return "" if body is None else str(body.annotation)

    @property
    def whole(self) -> type[list[Any] | dict[str, Any]] | None:
        """What `body:=JSON` takes; None if there is no JSON body, or one of its fields is called `body`."""
        if not self._annotation or self.takes_file or "body" in self.fields:
            return None
        return list if self._annotation.startswith("Sequence") else dict

    @property
    def fields(self) -> dict[str, str]:
        """The fields of its body with their types, as written in Python."""
        own = attrs.fields(self.body) if self.body else ()
        return {field.name: str(field.type) for field in own if not field.name.startswith("_")}

    @property
    def needs_body(self) -> bool:
        """Whether it cannot be called without a body."""
        body = inspect.signature(self.function).parameters.get("body")
        return body is not None and body.default is body.empty

    @property
    def takes_file(self) -> bool:
        """Whether its body is an upload."""
        return "File" in self._annotation

    @property
    def is_read(self) -> bool:
        """Whether it changes nothing."""
        return self.name.startswith(READS)

    @property
    def names(self) -> list[str]:
        """The names of all its arguments."""
        return [*self.parameters, *(self.fields or (["body"] if self.whole else []))]


def every() -> dict[str, Operation]:
    """Return all operations by the name of their function."""
    found = inspect.getmembers(calls, inspect.isfunction)
    return {name: Operation(name, each) for name, each in found if each.__module__ == calls.__name__}


def named(name: str) -> Operation:
    """Return an operation by its name, either `send_message` or `sendMessage`.

    Raises:
        Failure: The operation does not exist.
    """
    from difflib import get_close_matches

    operations = every()
    wanted = re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()
    if wanted in operations:
        return operations[wanted]
    near = get_close_matches(wanted, operations, 3)
    hint = f"; did you mean {' or '.join(near)}?" if near else "; `blooio call` lists them"
    raise Failure(f"unknown operation {name}{hint}", USAGE)


def values_of(operation: Operation, words: Iterable[str], stack: ExitStack) -> dict[str, Any]:
    """Return the values of arguments such as `limit=5`, by their names in Python.

    Args:
        operation: The operation.
        words: `name=value`; `name:=JSON` for any JSON; `name=@path` for a file; `body:=JSON` for the whole body.
            A repeated name makes a list.
        stack: Closes opened files.

    Raises:
        Failure: A name is unknown, or a value cannot be read.
    """
    values: dict[str, Any] = {}
    for word in words:
        name, value = _read(operation, word, stack)
        is_again = name in values
        values[name] = [*_listed(values[name]), *_listed(value)] if is_again else value
    return values


def call_of(operation: Operation, given: Mapping[str, Any], key: str | None) -> tuple[Call[Any], str]:
    """Return the call with these values, and its Python code.

    Args:
        operation: The operation.
        given: The values of its arguments.
        key: The idempotency key, if the operation takes one and the values have none.

    Raises:
        Failure: A value is missing.
    """
    values = {**given}
    if "idempotency_key" in operation.parameters:
        values.setdefault("idempotency_key", key)
    own = {name: values.pop(name) for name in list(values) if name in operation.parameters}
    if operation.whole is not None and "body" in values:
        own["body"] = _whole(operation, values)
    elif operation.body is not None:
        own["body"] = values
    missing = [
        f"{name}=…"
        for name, each in operation.parameters.items()
        if each.default is inspect.Parameter.empty and name not in own
    ]
    if operation.needs_body and "body" not in own:
        missing.append("body:=…")
    if missing:
        raise Failure(f"{operation.name} needs {', '.join(missing)}", USAGE)
    path = [own.pop(name) for name, each in operation.parameters.items() if each.kind is not each.KEYWORD_ONLY]
    written = [repr(value) for value in path] + [f"{name}={value!r}" for name, value in own.items()]
    return operation.function(*path, **own), f"client.call(calls.{operation.name}({', '.join(written)}))"


def _read(operation: Operation, word: str, stack: ExitStack) -> tuple[str, Any]:
    found = re.fullmatch(r"([A-Za-z_][\w-]*)(:?=)(.*)", word, re.DOTALL)
    if found is None:
        raise Failure(f"{word!r} is not name=value", USAGE)
    name, sign, value = found[1].replace("-", "_"), found[2], found[3]
    if name == "body" and operation.whole is not None:
        return name, _json(name, value)
    if name not in operation.names and not (operation.body is not None and sign == ":="):
        hint = ", ".join(operation.names) or "nothing"
        raise Failure(f"{operation.name} does not take {name}; it takes {hint}", USAGE)
    if operation.takes_file and "File" in operation.fields.get(name, ""):
        if not value.startswith("@"):
            raise Failure(f"{name} takes a file: {name}=@photo.jpg", USAGE)
        return name, _file(Path(value[1:]), stack)
    if sign == ":=":
        return name, _json(name, value)
    kind = operation.fields.get(name) or str(operation.parameters[name].annotation)
    return name, _typed(name, value, kind)


def _whole(operation: Operation, values: dict[str, Any]) -> Any:
    """Return the body that was passed whole."""
    body: Any = values.pop("body")
    if values:
        raise Failure(f"pass either body:=JSON or {', '.join(values)}, not both", USAGE)
    if type(body) is not operation.whole:
        kind = "an array" if operation.whole is list else "an object"
        raise Failure(f"{operation.name} takes {kind} as its body", USAGE)
    return body


def _typed(name: str, value: str, annotation: str) -> Any:
    """Convert a value to the type of its field: text, or else parsed as JSON."""
    outer = re.sub(r"\[[^\]]*\]+", "", annotation)
    if re.search(r"\bstr\b", outer):
        return value
    if re.search(r"\bint\b", outer):
        return _whole_number(name, value)
    if "Sequence" in outer and "str" in annotation:
        return [value]
    return _json(name, value)


def _whole_number(name: str, value: str) -> int:
    if not re.fullmatch(r"-?[0-9]+", value):
        raise Failure(f"{name} must be a whole number", USAGE)
    return int(value)


def _json(name: str, value: str) -> Any:
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        raise Failure(f'{name} takes JSON, such as true, 5, ["a"] or {{"b": 1}}', USAGE) from None


def _file(path: Path, stack: ExitStack) -> File:
    try:
        return File(stack.enter_context(path.open("rb")), path.name, mimetypes.guess_type(path.name)[0])
    except OSError as error:
        raise Failure(f"{path} cannot be read: {error.strerror}", USAGE) from None


def _listed(value: Any) -> list[Any]:
    return [*value] if isinstance(value, list) else [value]
