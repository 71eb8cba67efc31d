"""The public names of `blooio_client.outbox`, and its dependencies."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import blooio_outbox
from blooio_client import outbox

ROOM = Path(blooio_outbox.__file__).parent


def test_the_public_names() -> None:
    """`blooio_client.outbox` has exactly the public names of `blooio_outbox`."""
    assert dir(outbox) == sorted(blooio_outbox.__all__)
    assert outbox.Outbox is blooio_outbox.Outbox
    assert not hasattr(outbox, "nothing")


def modules_imported(path: Path) -> set[str]:
    """Return the modules that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOM)))
def test_no_private_package_is_imported(path: Path) -> None:
    """The outbox imports only public names."""
    ours = {name for name in modules_imported(path) if name.startswith("blooio_")}
    private = {name for name in ours if any(part.startswith("_") for part in name.split("."))}

    assert private == set()
    assert {name for name in ours if name.startswith("blooio_overrides")} <= {
        "blooio_overrides.databases",
        "blooio_overrides.idempotency",
        "blooio_overrides.markdown",
        "blooio_overrides.webhooks.opt_out",
    }


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOM)))
def test_files_stay_short(path: Path) -> None:
    """Each file has fewer than 400 lines."""
    assert len(path.read_text("utf-8").splitlines()) < 400


WITHOUT = """
import sys
for name in {missing!r}:
    sys.modules[name] = None
from blooio_client import *
import blooio_client, blooio_client.outbox
try:
    {program}
except ImportError as error:
    print(type(error).__name__, error)
"""


@pytest.mark.parametrize(
    ("missing", "program", "says"),
    [
        (["sqlalchemy"], "outbox.Outbox", 'the outbox needs sqlalchemy: pip install "blooio-client[outbox]"'),
        (["phonenumbers"], "outbox.Outbox", 'the outbox needs phonenumbers: pip install "blooio-client[outbox]"'),
        (
            ["psycopg"],
            "outbox.Outbox('postgresql+psycopg://host/db')",
            'PostgreSQL needs psycopg: pip install "blooio-client[postgres]"',
        ),
        (
            ["procrastinate"],
            "outbox.Outbox('sqlite:///x.db').blueprint(None)",
            'procrastinate is missing: pip install "blooio-client[postgres]"',
        ),
    ],
)
def test_an_extra_that_is_missing(missing: list[str], program: str, says: str) -> None:
    """A missing extra raises an error that says what to install; everything else can be imported."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(missing=missing, program=program)],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == f"MissingExtraError {says}"


def test_importing_the_client_does_not_load_the_outbox() -> None:
    """Importing the outbox's name does not load SQLAlchemy."""
    program = "from blooio_client import Blooio, outbox\nimport sys\nprint('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


def test_the_extra_includes_time_zones() -> None:
    """The outbox extra installs time zones, since minimal containers have none, not even UTC."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]

    assert "tzdata" in project["optional-dependencies"]["outbox"]
