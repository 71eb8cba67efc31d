"""What the client costs, in modules loaded and instructions run: neither depends on how busy the machine is."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from costs import FIGURES, ROOT, TOLERANCE, VERSION, Costs, committed_figures, complaints, measure, server

PATHS = {
    "make a client",
    "send a message",
    "send a message, async",
    "read an error",
    "read a page of 50 messages",
    "read a webhook",
}
READ_TWICE = """
_read_once = Model.from_dict.__func__


def _read_twice(model, data):
    _read_once(model, data)
    return _read_once(model, data)


Model.from_dict = classmethod(_read_twice)
"""
FEW = Costs({"import": ["json"] * 100, "send": ["json"] * 200}, {"send a message": 1_000})


@pytest.fixture(scope="module")
def url() -> Generator[str]:
    """Where the server of the benchmarks is."""
    with server() as at:
        yield at


@pytest.fixture(scope="module")
def costs(url: str) -> Costs:
    """What the client costs."""
    return measure(url)


def committed() -> dict[str, dict[str, int]]:
    """Return the figures of this version of Python."""
    figures = committed_figures()
    if VERSION not in figures:
        pytest.skip(f"{FIGURES.name} has no figures of Python {VERSION}; `make costs` writes them")
    return figures[VERSION]


def planted(folder: Path, package: Path, module: str, code: str) -> Path:
    """Copy a package of ours, add code to the end of one of its modules, and return where it is."""
    shutil.copytree(package, folder / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    with (folder / package.name / module).open("a") as source:
        source.write(code)
    return folder


def test_the_costs_are_those_committed(costs: Costs) -> None:
    """No module too many is loaded, and every path takes as many instructions as is committed, within a tenth."""
    assert complaints(costs, committed()) == []


def test_the_costs_are_the_same_again(url: str, costs: Costs) -> None:
    """Another process counts exactly the same: what is compared is no matter of chance."""
    assert measure(url) == costs


def test_every_path_is_counted(costs: Costs) -> None:
    """Each key path runs code of ours."""
    assert costs.opcodes.keys() == PATHS
    assert min(costs.opcodes.values()) > 100


def test_a_planted_import_is_found(url: str, tmp_path: Path) -> None:
    """With `import pydantic` in one of our modules, the guard fails and names it."""
    found = complaints(
        measure(url, [planted(tmp_path, ROOT / "overrides" / "blooio_overrides", "errors.py", "\nimport pydantic\n")]),
        committed(),
    )

    assert {"import: loads pydantic", "send: loads pydantic"} <= set(found)
    assert any(line.startswith("import: ") and " modules, and " in line for line in found)


def test_a_doubled_read_is_found(url: str, tmp_path: Path) -> None:
    """With each field of a model read twice, the guard fails for the page, and for nothing that reads no model."""
    found = complaints(measure(url, [planted(tmp_path, ROOT / "blooio_client", "types.py", READ_TWICE)]), committed())

    assert [line.partition(":")[0] for line in found] == ["read a page of 50 messages"]


@pytest.mark.parametrize("name", ["pydantic", "pydantic.fields", "rich.console", "asyncio.events", "sqlite3"])
def test_what_a_send_must_not_load(name: str) -> None:
    """A module is refused with all that is inside of it."""
    loaded = Costs({**FEW.modules, "send": [*FEW.modules["send"], name]}, FEW.opcodes)

    assert complaints(loaded, FEW.figures) == [f"send: loads {name}"]


@pytest.mark.parametrize("name", ["pydantical", "richness", "blooio_client.models", "blooio_client.models.message"])
def test_what_a_send_may_load(name: str) -> None:
    """A name that only begins alike is another module, and a send reads models."""
    loaded = Costs({**FEW.modules, "send": [*FEW.modules["send"], name]}, FEW.opcodes)

    assert complaints(loaded, FEW.figures) == []


@pytest.mark.parametrize("name", ["httpx", "ssl", "anyio.abc", "blooio_client.models.message"])
def test_what_an_import_must_not_load(name: str) -> None:
    """Importing the client loads neither what sends nor a model."""
    loaded = Costs({**FEW.modules, "import": [*FEW.modules["import"], name]}, FEW.opcodes)

    assert complaints(loaded, FEW.figures) == [f"import: loads {name}"]


@pytest.mark.parametrize(
    ("opcodes", "is_refused"),
    [(1_000, False), (1_100, False), (900, False), (1_101, True), (899, True), (2_000, True), (0, True)],
)
def test_the_tolerance(opcodes: int, *, is_refused: bool) -> None:
    """A figure may be a tenth more or less than the one committed."""
    found = complaints(Costs(FEW.modules, {"send a message": opcodes}), FEW.figures)

    assert TOLERANCE == 0.1
    assert bool(found) is is_refused
    assert not found or f"send a message: {opcodes} opcodes, and 1000 are committed" in found[0]


def test_a_path_that_is_new_or_gone_is_told() -> None:
    """A path without a committed figure, and a figure without its path, are complained of."""
    found = complaints(Costs(FEW.modules, {"send a poll": 5}), FEW.figures)

    assert [line.partition(";")[0] for line in found] == [
        "send a message: None opcodes, and 1000 are committed",
        "send a poll: 5 opcodes, and None are committed",
    ]
