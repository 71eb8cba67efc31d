"""How changed public names affect the version."""

from __future__ import annotations

import copy
import inspect
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from blooio_overrides import results
from openapi.surface import differences, suggested
from openapi.todo import RESULTS, TABLE, URLS, gaps
from tests.openapi.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("old", "new", "level"),
    [
        ("class Contact(Model)", "class Person(Model)", "major"),
        ("Message.text: str | None", "Message.text: int | None", "major"),
        ("Blooio.chat().send(text: str) -> A", "Blooio.chat().send(text: str, *, effect: str = None) -> A", "minor"),
        ("Blooio.chat().send(text: str) -> A", "Blooio.chat().send(text: str, *, effect: str) -> A", "major"),
        ("Blooio.chat().send(text: str) -> A", "Blooio.chat().send(text: str) -> B", "major"),
        ("Blooio.chat().send(text: str, n: int) -> A", "Blooio.chat().send(text: str) -> A", "major"),
        ("f(a: int, b: int) -> A", "f(a: int, *, b: int) -> A", "major"),
        ("f(x: dict[str, int]) -> A", "f(x: dict[str, int], y: tuple[int, int] = ()) -> A", "minor"),
    ],
)
def test_level(old: str, new: str, level: str) -> None:
    """Removing a name or an argument breaks users, and adding one does not."""
    assert differences(["same", old], ["same", new])[0].level == level


def test_new_and_same() -> None:
    """A new name is a minor change, and without changes there is none."""
    assert [each.level for each in differences(["a"], ["a", "Message.edited_at: int | None"])] == ["minor"]
    assert differences(["a", "b"], ["a", "b"]) == []


@pytest.mark.parametrize(
    ("levels", "version"),
    [([], "1.2.4"), (["patch"], "1.2.4"), (["patch", "minor"], "1.3.0"), (["minor", "major"], "2.0.0")],
)
def test_suggested_version(levels: list[str], version: str) -> None:
    """The largest change determines the version."""
    assert suggested("1.2.3", levels) == version


SCHEDULE: Any = {
    "paths": {"/a": {"get": {"operationId": "getMe"}, "post": {"operationId": "scheduleMessage"}}},
}


def placed(root: Path, name: str, text: str) -> str:
    """Write a file of the repository and return its name."""
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, "utf-8")
    return name


def test_gaps(tmp_path: Path) -> None:
    """A new operation is one line for each decision, and a removed one a line for its row."""
    row = '    "{}": Operation("chat().me", Repeat.SAFE, "only reads"),\n'
    table = placed(tmp_path, TABLE, f"OPERATIONS = {{\n{row.format('getMe')}{row.format('gone')}}}\n")
    placed(tmp_path, "overrides/blooio_overrides/_async/me.py", '    """Read.\n\n    Source: getMe\n    """\n')
    placed(tmp_path, "sandbox/blooio_sandbox/api/me.py", 'HANDLERS = {"getMe": get_me}\n')

    assert gaps(SCHEDULE, tmp_path) == [
        f"scheduleMessage: decide whether it may be repeated, and which method sends it ({table})",
        "scheduleMessage: write the method (overrides/blooio_overrides/_async/*.py)",
        "scheduleMessage: write its handler (sandbox/blooio_sandbox/**/*.py)",
        f"gone: the document no longer has it; remove it ({table})",
    ]


def test_gap_of_the_base_url(tmp_path: Path) -> None:
    """A changed server URL is one line until it is the client's default."""
    document: dict[str, Any] = {"paths": {}, "servers": [{"url": "https://b.example.com"}]}
    for name, path in URLS.items():
        placed(tmp_path, path, f'{name}: Final = "https://a.example.com"\n')

    moved = gaps(document, tmp_path)
    for name, path in URLS.items():
        placed(tmp_path, path, f'{name}: Final = "https://b.example.com"\n')

    assert moved == [
        f"https://b.example.com: is the new URL of the service; set {name} ({path})" for name, path in URLS.items()
    ]
    assert gaps(document, tmp_path) == []


def test_gaps_of_known_operations(built: Any) -> None:
    """A new body field, a new parameter and a new field of a hand-written result are one line each."""
    new = copy.deepcopy(built)
    schemas = new["components"]["schemas"]
    schemas["SendMessageRequest"]["properties"]["subject"] = {"type": "string"}
    schemas["AcceptedMessage"]["properties"]["cost"] = {"type": "number"}
    schemas["Message"]["properties"]["cost"] = {"type": "number"}  # generated, so nothing is left to do
    new["paths"]["/contacts"]["get"]["parameters"].append({"name": "account", "in": "query", "schema": {}})

    assert gaps(new, ROOT, built) == [
        "listContacts: add the new argument account to its method (overrides/blooio_overrides/_async/contacts.py)",
        "sendMessage: add the new argument subject to its method (overrides/blooio_overrides/_async/conversation.py)",
        "AcceptedMessage.cost: add the new field to SentMessage (overrides/blooio_overrides/results.py)",
    ]


def test_hand_written_results(built: Any) -> None:
    """Every hand-written result that reads a model is listed, so that new fields of the model are not missed."""
    written = [name for name, each in vars(results).items() if inspect.isclass(each) and attrs.has(each)]
    own = [name for name in written if getattr(results, name).__module__ == "blooio_client"]

    assert sorted({*RESULTS.values(), "RawResponse"}) == sorted(own)
    assert RESULTS.keys() <= built["components"]["schemas"].keys()
