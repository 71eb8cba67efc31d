"""Write every public name of the client with its signature, so changes of the API show in a diff.

python scripts/public_names.py            # write docs/reference/public-names.txt
python scripts/public_names.py --check    # print what differs, and fail
"""

from __future__ import annotations

import difflib
import inspect
import re
import sys
from collections.abc import Iterator
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs

import blooio_client

ROOT = Path(__file__).resolve().parent.parent
EXPORT = ROOT / "docs" / "reference" / "public-names.txt"
OURS = ("blooio_client", "blooio_overrides", "blooio_outbox")
PHONE = "+15551234567"


def public_names() -> list[str]:
    """Return the lines of the export, sorted."""
    lines: set[str] = set()
    surface: Any = blooio_client
    top = {name: getattr(surface, name) for name in surface.__all__}
    for name, value in top.items():
        if isinstance(value, ModuleType):
            exported: list[str] = getattr(value, "__all__", None) or [each for each in dir(value) if each[0] != "_"]
            inner = {each: getattr(value, each) for each in exported}
            lines |= {f"{name}.{each}" for each, one in inner.items() if top.get(each) is one}
            lines |= {
                line
                for each, one in inner.items()
                if top.get(each) is not one
                for line in described(f"{name}.{each}", one)
            }
        else:
            lines |= set(described(name, value))
    return sorted(lines | set(of_the_clients()))


def described(path: str, value: Any) -> Iterator[str]:
    """Yield the lines of a name: a function, a value, or a class with its public members."""
    if not str(getattr(value, "__module__", "")).startswith(OURS):
        yield path if not inspect.ismodule(value) else f"{path}: module"
    elif not inspect.isclass(value):
        yield f"{path}{signature(value)}" if callable(value) else path
    else:
        yield f"class {path}({', '.join(base.__name__ for base in value.__bases__)})"
        yield from members(path, value)


def members(path: str, kind: type) -> Iterator[str]:
    """Yield the public fields, properties and methods of a class, without those of its bases from elsewhere."""
    fields = {field.name: field.type for field in attrs.fields(kind)} if attrs.has(kind) else {}
    for name in dir(kind):
        owner = next((each for each in kind.__mro__ if name in vars(each)), kind)
        if name.startswith("_") or not owner.__module__.startswith(OURS) or name in fields:
            continue
        value = inspect.getattr_static(kind, name)
        function = getattr(value, "__func__", value)
        yield f"{path}.{name}{signature(function)}" if inspect.isfunction(function) else f"{path}.{name}"
    for name, type_ in fields.items():
        if not name.startswith("_"):
            yield f"{path}.{name}: {written(type_)}"


def written(annotation: Any) -> str:
    """Return an annotation as in the source: classes without their modules."""
    shown = annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)
    return re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Z])", "", shown)


def of_the_clients() -> Iterator[str]:
    """Yield the methods of a client's resources, with the path that users type."""
    for name in ("Blooio", "AsyncBlooio"):
        client = getattr(blooio_client, name)("key")
        yield from of_resources(name, client)
        yield from of_resources(f"{name}.chat()", client.chat(PHONE))


def of_resources(path: str, holder: Any) -> Iterator[str]:
    """Yield the methods of each resource that an object has, and of the resources within."""
    for name, value in inspect.getmembers_static(holder.__class__):
        if type(value) is cached_property and not name.startswith("_"):
            resource: Any = getattr(holder, name)
            yield from members(f"{path}.{name}", resource.__class__)
            yield from of_resources(f"{path}.{name}", resource)


def signature(function: Any) -> str:
    """Return a signature without `self`."""
    shown = inspect.signature(function)
    awaited = " async" if inspect.iscoroutinefunction(function) else ""
    parameters = [each for each in shown.parameters.values() if each.name not in ("self", "cls")]
    return str(shown.replace(parameters=parameters)).replace("'", "") + awaited


def main(*, check: bool) -> int:
    """Write the export, or compare it."""
    import_module("blooio_client.models")
    lines = public_names()
    existing = EXPORT.read_text("utf-8").splitlines() if EXPORT.exists() else []
    if not check:
        EXPORT.write_text("\n".join(lines) + "\n", "utf-8")
        print(f"{len(lines)} public names")
        return 0
    print(*difflib.unified_diff(existing, lines, "public-names.txt", "now", lineterm="", n=0), sep="\n")
    return int(existing != lines)


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
