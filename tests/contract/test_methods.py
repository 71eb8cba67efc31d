"""Every documented operation has a method, sync and async, so no one needs `client.call` for it."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from blooio_client import AsyncBlooio, Blooio
from blooio_overrides._call.operations import OPERATIONS

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENT = ROOT / "sandbox" / "blooio_sandbox" / "openapi.json"
sys.path.insert(0, str(ROOT))  # the programs in openapi/ are not part of the installed package

from openapi.todo import gaps  # noqa: E402


@pytest.fixture(params=[Blooio, AsyncBlooio])
def client(request: pytest.FixtureRequest) -> Blooio | AsyncBlooio:
    """A client of either kind; nothing is sent."""
    made: Blooio | AsyncBlooio = request.param("bl_live_canary")
    return made


def walked(client: object, dotted: str) -> Iterator[Any]:
    """Follow a dotted name from a client, and yield every object on the way."""
    step: Any = client
    for name in dotted.split("."):
        step = step.chat("+15551234567") if name == "chat()" else getattr(step, name, None)
        yield step


def test_nothing_is_left_to_decide() -> None:
    """Every operation of the document has a row, a method and a handler; missing ones are listed."""
    lines = gaps(json.loads(DOCUMENT.read_bytes()), ROOT)

    assert not lines, "\n".join(["to do:", *lines])


def test_each_operation_has_a_method(client: Blooio | AsyncBlooio) -> None:
    """Each operation has a method that names it in its docstring, and takes a timeout and headers."""
    for operation, row in OPERATIONS.items():
        *_, method = walked(client, row.method)

        assert callable(method), f"{operation}: {type(client).__name__}.{row.method} is missing"
        source = (inspect.getdoc(method) or "").rpartition("Source: ")[2]
        assert operation in source.replace(",", "").split(), f"{row.method} names another operation: {source}"
        assert {"timeout", "headers"} <= inspect.signature(method).parameters.keys(), operation


def test_requests_in_flight_show_no_identifier(client: Blooio | AsyncBlooio) -> None:
    """The handles of resources show neither the chat nor the key."""
    shown = {
        repr(step) for row in OPERATIONS.values() for step in walked(client, row.method) if not inspect.ismethod(step)
    }

    assert len(shown) == 17
    assert not [text for text in shown if "5551234567" in text or "canary" in text]
