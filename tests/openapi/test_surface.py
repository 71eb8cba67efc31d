"""What a change of public names means, and the version that it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from openapi.surface import differences, suggested
from openapi.todo import gaps

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
    """A name that is gone or takes less breaks users; one that takes more does not."""
    assert differences(["same", old], ["same", new])[0].level == level


def test_new_and_same() -> None:
    """A new name is a minor change; the same names are none."""
    assert [each.level for each in differences(["a"], ["a", "Message.edited_at: int | None"])] == ["minor"]
    assert differences(["a", "b"], ["a", "b"]) == []


@pytest.mark.parametrize(
    ("levels", "version"),
    [([], "1.2.4"), (["patch"], "1.2.4"), (["patch", "minor"], "1.3.0"), (["minor", "major"], "2.0.0")],
)
def test_suggested_version(levels: list[str], version: str) -> None:
    """The gravest change decides on the version."""
    assert suggested("1.2.3", levels) == version


def test_gaps(tmp_path: Path) -> None:
    """A new operation is one line for each table that lacks it, one that is gone a line for each that has it."""
    folder = tmp_path / "overrides" / "blooio_overrides" / "_call"
    folder.mkdir(parents=True)
    (folder / "operations.py").write_text('OPERATIONS = {\n    "getMe": Repeat.SAFE,\n    "gone": Repeat.ONCE,\n}\n')
    document = {"paths": {"/a": {"get": {"operationId": "getMe"}, "post": {"operationId": "scheduleMessage"}}}}

    lines = gaps(document, tmp_path)

    table = "overrides/blooio_overrides/_call/operations.py"
    assert f"scheduleMessage: decide what a repeat of it does (Repeat), {table}" in lines
    assert f"gone: the document no longer has it, remove it, {table}" in lines
    assert not any(line.startswith("getMe:") and line.endswith(table) for line in lines)
    assert len([line for line in lines if line.startswith("scheduleMessage:")]) == 4


def test_gap_of_the_server(tmp_path: Path) -> None:
    """A service that moved is one line, until the client's default says so, too."""
    settings = tmp_path / "overrides" / "blooio_overrides" / "_call" / "settings.py"
    settings.parent.mkdir(parents=True)
    document: dict[str, Any] = {"paths": {}, "servers": [{"url": "https://b.example.com"}]}

    settings.write_text('DEFAULT_BASE_URL: Final = "https://a.example.com"\n')
    moved = gaps(document, tmp_path)
    settings.write_text('DEFAULT_BASE_URL: Final = "https://b.example.com"\n')

    assert [line.split(": ")[0] for line in moved] == ["https://b.example.com"]
    assert gaps(document, tmp_path) == []
