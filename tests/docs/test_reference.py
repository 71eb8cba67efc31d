"""The reference has a page for every public name."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import blooio_client
import blooio_sandbox
from blooio_client import calls, errors, models, outbox, webhooks

ROOT = Path(__file__).resolve().parents[2]
PAGES = [page.read_text("utf-8") for page in sorted((ROOT / "docs" / "reference").rglob("*.md"))]
SHOWN = {name for page in PAGES for name in re.findall(r"^::: ([\w.]+)$", page, re.MULTILINE)}
UNDOCUMENTED = {"JsonObject", "CreatedWebhook"}  # a dict, and a result on the page of results


def test_every_model_is_on_one_page() -> None:
    """Every model is on exactly one page."""
    shown = (name for page in PAGES for name in re.findall(r"^::: (blooio_client\.models\..+)$", page, re.MULTILINE))
    listed = [name.rsplit(".", 1)[1] for name in shown]

    assert sorted(listed) == sorted(set(models.__all__) - UNDOCUMENTED)


def test_every_resource_is_on_a_page() -> None:
    """Each resource module is documented once, sync or async."""
    internal = {"__init__", "sender"}
    modules = {path.stem for path in (ROOT / "overrides/blooio_overrides/_sync").glob("*.py")} - internal

    assert {name.split(".")[2] for name in SHOWN if name.startswith("blooio_overrides._sync.")} == modules


def test_every_field_has_a_description() -> None:
    """Every field of a model has a description, from the document or openapi/templates/descriptions.jinja."""
    places = ["blooio_client/models/*.py", "overrides/blooio_overrides/results.py"]
    places += ["overrides/blooio_overrides/webhooks/events.py", "outbox/blooio_outbox/ledger/queries.py"]
    without: list[str] = []
    for path in (path for place in places for path in ROOT.glob(place)):
        for node in ast.parse(path.read_text("utf-8")).body:
            body = node.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_") else []
            for field, after in pairwise([*body, None]):
                if isinstance(field, ast.AnnAssign) and not ast.unparse(field.target).startswith("_"):
                    is_described = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
                    without += [] if is_described else [f"{path.stem}: {ast.unparse(field.target)}"]

    assert without == []


def members(module: object) -> Iterator[tuple[str, object]]:
    """Yield each public class and function of a module, and each public method and property of the classes."""
    for name in (name for name in dir(module) if not name.startswith("_")):
        value = getattr(module, name)
        if inspect.isfunction(value):
            yield name, value
        elif isinstance(value, type):
            yield from members_of(value)


def members_of(kind: type[Any]) -> Iterator[tuple[str, object]]:
    """Yield a class, and each of its public methods and properties; fields have descriptions in the source."""
    yield kind.__name__, kind
    fields = getattr(kind, "_fields", ())
    for name in (name for name in dir(kind) if not name.startswith("_") and kind.__module__.startswith("blooio")):
        if name in fields:
            continue
        found: Any = inspect.getattr_static(kind, name)
        member = getattr(found, "__func__", found)  # the function of a classmethod
        if inspect.isfunction(member) or isinstance(member, property):
            yield f"{kind.__name__}.{name}", member


def test_every_public_member_has_a_docstring() -> None:
    """Each public class, function, method and property has a docstring, including the resources of both clients."""
    modules = [blooio_client, calls, errors, models, outbox, webhooks, blooio_sandbox]
    found = [each for module in modules for each in members(module)]
    for shown in (name for name in SHOWN if name.startswith("blooio_overrides._sync.")):
        module, name = shown.rsplit(".", 1)
        found += members_of(getattr(import_module(module), name))
        asynchronous = import_module(module.replace("._sync.", "._async."))
        found += members_of(getattr(asynchronous, f"Async{name}"))

    assert len(found) > 1000
    assert [name for name, member in found if not member.__doc__] == []
