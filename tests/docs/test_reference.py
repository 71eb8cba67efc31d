"""The reference has a page for everything that is public."""

from __future__ import annotations

import ast
import re
from itertools import pairwise
from pathlib import Path

import attrs
import pytest

import blooio_client
from blooio_client import errors, models, outbox, webhooks

ROOT = Path(__file__).resolve().parents[2]
PAGES = [page.read_text("utf-8") for page in sorted((ROOT / "docs" / "reference").rglob("*.md"))]
SHOWN = {name for page in PAGES for name in re.findall(r"^::: ([\w.]+)$", page, re.MULTILINE)}
UNDOCUMENTED = {"JsonObject", "CreatedWebhook"}  # a dict, and a result on the page of results


def test_every_model_is_on_one_page() -> None:
    """No model is left out, and none is on two pages."""
    shown = (name for page in PAGES for name in re.findall(r"^::: (blooio_client\.models\..+)$", page, re.MULTILINE))
    listed = [name.rsplit(".", 1)[1] for name in shown]

    assert sorted(listed) == sorted(set(models.__all__) - UNDOCUMENTED)


def test_every_resource_is_on_a_page() -> None:
    """Each module of resources is documented once, sync or async."""
    internal = {"__init__", "sender"}
    modules = {path.stem for path in (ROOT / "overrides/blooio_overrides/_sync").glob("*.py")} - internal

    assert {name.split(".")[2] for name in SHOWN if name.startswith("blooio_overrides._sync.")} == modules


def test_every_field_has_a_description() -> None:
    """A field of a model that the document does not describe gets its words in openapi/templates/descriptions.jinja."""
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


@pytest.mark.parametrize("module", [blooio_client, errors, models, outbox, webhooks])
def test_every_public_member_has_a_docstring(module: object) -> None:
    """Each public class, function, method and property says what it is for."""
    without: list[str] = []
    for name in dir(module):
        value = getattr(module, name)
        if name.startswith("_") or not (isinstance(value, type) or callable(value)) or not value.__doc__:
            without += [name] if isinstance(value, type) and not name.startswith("_") and not value.__doc__ else []
            continue
        if isinstance(value, type):
            fields = {each.name for each in attrs.fields(value)} if attrs.has(value) else set[str]()
            own = {key: member for key, member in vars(value).items() if not key.startswith("_") and key not in fields}
            without += [
                f"{name}.{key}"
                for key, member in own.items()
                if (callable(member) or isinstance(member, property | classmethod)) and not member.__doc__
            ]

    assert without == []
