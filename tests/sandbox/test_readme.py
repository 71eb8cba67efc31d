"""The sandbox's README, whose examples run and which documents every option."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from blooio_sandbox import command, marker
from blooio_sandbox.control import operations

if TYPE_CHECKING:
    from blooio_sandbox import Sandbox

README = (Path(__file__).resolve().parents[2] / "sandbox" / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("code", [block for block in BLOCKS if "@pytest" not in block])
def test_examples_run(sandbox: Sandbox, code: str) -> None:
    """Every Python block runs unchanged."""
    exec(compile(code, "README.md", "exec"), {"sandbox": sandbox})  # noqa: S102 - the claim


def test_options_of_markers_exist(sandbox: Sandbox) -> None:
    """Every option in the marker examples exists."""
    (block,) = (block for block in BLOCKS if "@pytest" in block)
    options = set(re.findall(r"[(,] ?(\w+)=", block))

    assert options == {"fail_next", "seed", "clock"}
    assert options <= {*marker.STARTING, *marker.RUNNING}
    assert sandbox.messages == []


def test_the_seed_is_valid(sandbox: Sandbox) -> None:
    """The example seed is valid."""
    (block,) = re.findall(r"^```yaml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    sandbox.seed(yaml.safe_load(block))

    assert [message.text for message in sandbox.messages] == ["Yes!"]
    assert sandbox.phone("bob@example.com").messages[0].text == "Hello all"


@pytest.mark.parametrize("control", operations.CONTROLS, ids=lambda control: control.path)
def test_every_control_operation_is_documented(control: operations.Control) -> None:
    """The table lists every control operation and its arguments."""
    words = control.path.split("/")
    word = "/".join(words[-2:] if words[-1] == "{}" else words[-1:]) or "_sandbox"
    rows = [line for line in README.splitlines() if line.startswith(f"| `{control.method} ")]
    (row, *_) = [line for line in rows if f"{word}`" in re.sub(r"\{\w+\}", "{}", line.split(" | ")[0])]

    assert all(f"`{name}`" in row for name in control.takes)


def test_every_option_of_the_command_is_documented(capsys: pytest.CaptureFixture[str]) -> None:
    """The README documents every option of the command."""
    with pytest.raises(SystemExit):
        command.main(["--help"])
    options = re.findall(r"--[a-z-]+", capsys.readouterr().out)

    assert {option for option in options if f"`{option}" not in README} == {"--help"}
