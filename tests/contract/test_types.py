"""`tests/typing` pins the types of every public method, sync and async."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from blooio_client import AsyncBlooio, Blooio

SCRIPTS = Path(__file__).parent.parent / "typing"
CLIENTS = {"sync": Blooio, "async": AsyncBlooio}
# These return a context manager or None, so their types are not pinned.
WITHOUT_A_RESULT = {"chat.typing", "client.close", "client.aclose"}


def public_methods(handle: object, name: str) -> Iterator[str]:
    """Yield every public method of a client, handle or resource, recursively."""
    for attribute in dir(handle):
        if attribute.startswith("_"):
            continue
        value: Any = getattr(handle, attribute)
        if inspect.ismethod(value):
            yield f"{name}.{attribute}"
        elif not isinstance(value, str):
            yield from public_methods(value, f"{name}.{attribute}")


def dotted(node: ast.expr) -> str:
    """Return how a name is written: `client.contacts.get`."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attribute):
            return f"{dotted(value)}.{attribute}"
        case _:
            return ""


def pinned(script: Path, function: type[ast.stmt]) -> Iterator[str]:
    """Yield the calls whose type is pinned, directly or through a name."""
    for each in ast.parse(script.read_text("utf-8")).body:
        if isinstance(each, function):
            assigned = {
                node.targets[0].id: node.value
                for node in ast.walk(each)
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            }
            for node in ast.walk(each):
                if isinstance(node, ast.Call) and dotted(node.func) == "assert_type":
                    yield from called(assigned.get(dotted(node.args[0]), node.args[0]))


def called(expression: ast.expr) -> Iterator[str]:
    """Yield every method called in an expression."""
    for node in ast.walk(expression):
        if isinstance(node, ast.Call):
            yield dotted(node.func)


@pytest.mark.parametrize(("mode", "function"), [("sync", ast.FunctionDef), ("async", ast.AsyncFunctionDef)])
def test_every_method_is_pinned(mode: str, function: type[ast.stmt]) -> None:
    """The typing scripts pin the return type of each public method; missing ones are listed."""
    client = CLIENTS[mode]("key")
    methods = {*public_methods(client, "client"), *public_methods(client.chat("+15551234567"), "chat")}

    known = {name for script in SCRIPTS.glob("*.py") for name in pinned(script, function)}

    assert len(methods) > 60
    assert sorted(methods - known - WITHOUT_A_RESULT) == []
