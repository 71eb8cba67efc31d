"""Importing the client, and sending, load only the modules they need."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Final

import pytest
from wire import Wire, json_response

ROOT: Final = Path(__file__).resolve().parents[2]
NEVER: Final = frozenset(
    {"pydantic", "pydantic_core", "msgspec", "dateutil", "jsonschema", "jsonschema_rs", "phonenumbers", "yaml"}
    | {"multipart", "starlette", "uvicorn", "fastapi", "flask", "django", "requests", "rich", "click", "typer"}
    | {"pygments", "sqlite3", "asyncio", "multiprocessing", "concurrent", "unittest", "pdb", "xml", "blooio_sandbox"}
)
AT_IMPORT: Final = NEVER | {"httpx", "httpcore", "anyio", "h11", "ssl", "socket", "http", "email", "trio"}
PROBE: Final = """
import sys

# Loaded by httpx where development has them, and absent from a plain installation.
sys.modules.update(dict.fromkeys(("trio", "httpx._main")))
before = set(sys.modules)
from blooio_client import Blooio

if sys.argv[1:]:
    with Blooio("key", base_url=sys.argv[1]) as client:
        assert client.chat("+15551234567").send("Hello").message_id
print(*sorted(set(sys.modules) - before))
"""


def loaded(*arguments: str) -> set[str]:
    """Return the modules that a program loads in a fresh process, without those loaded at start-up."""
    paths = [ROOT, ROOT / "overrides", *map(sysconfig.get_path, ("purelib", "platlib"))]
    environment = {"PYTHONPATH": os.pathsep.join(map(str, paths))}
    command = [sys.executable, "-S", "-P", "-c", PROBE, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_client_loads_little() -> None:
    """`from blooio_client import Blooio` loads neither httpx and its dependencies nor any model."""
    modules = loaded()

    assert {each.partition(".")[0] for each in modules} & AT_IMPORT == set()
    assert {each for each in modules if each.startswith("blooio_client.models.")} == set()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_send_loads_few_modules() -> None:
    """A sync send loads httpx, and no module that only other features need."""
    with Wire(lambda exchange: exchange.write(json_response(b'{"message_id": "msg_1"}', b"202 Accepted"))) as server:
        modules = loaded(server.url)

    assert {each.partition(".")[0] for each in modules} & NEVER == set()
    assert len([each for each in modules if each.startswith("blooio_")]) > 10
