"""The examples of the README and of every documentation page run unchanged, in a new user's folder."""

from __future__ import annotations

import ast
import functools
import logging
import re
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import procrastinate
import pytest
from page_blocks import blocks
from procrastinate.testing import InMemoryConnector

from blooio_client import Blooio, webhooks
from blooio_client.outbox import Outbox
from blooio_sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
HOURS = re.compile(r"\b24 hours")
# The smallest file that is detected as a JPEG.
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"


@pytest.fixture
def _a_new_user(blooio_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("BLOOIO_API_KEY", blooio_sandbox.api_key)
    monkeypatch.setenv("BLOOIO_BASE_URL", blooio_sandbox.base_url)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photo.jpg").write_bytes(PHOTO)
    for text in ("Hello", "Is there a table?"):
        blooio_sandbox.phone("+15551234567").sends(text)
    logger = logging.getLogger("blooio_client")
    level = logger.level
    yield
    logger.setLevel(level)


@pytest.mark.usefixtures("_a_new_user")
@pytest.mark.parametrize(
    "page",
    [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES if blocks(page)],
)
def test_a_page_runs_from_top_to_bottom(page: Path) -> None:
    """The blocks of a page, pasted into one file, do what the page says."""
    namespace: dict[str, object] = {}
    try:
        for block in blocks(page):
            if "import pandas" in block and find_spec("pandas") is None:
                continue  # tests/proof/test_wheel_tasks.py installs it
            exec(compile(block, str(page), "exec"), namespace)  # noqa: S102 - the claim
    finally:
        for value in namespace.values():
            if isinstance(value, Outbox):
                value.close()  # pages leave it open, as programs may


class Once(ast.NodeTransformer):
    """Makes each loop end after its first iteration."""

    def visit_For(self, node: ast.For) -> ast.For:
        """Add a `break`."""
        node.body.append(ast.Break())
        return node


@pytest.mark.usefixtures("_a_new_user")
@pytest.mark.parametrize(
    "page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES if blocks(page, "py")]
)
def test_code_for_a_process_of_its_own_runs(
    page: Path, blooio_sandbox: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    """Code with an endless loop runs for one iteration, and a worker's module can be imported."""
    client = Blooio()
    webhook = client.webhooks.create("https://example.com/hook", type="all").webhook_id
    place = {"wh_...": webhook, "http://127.0.0.1:8000/blooio": f"{blooio_sandbox.base_url}/nowhere"}
    namespace: dict[str, Any] = {
        "client": client,
        "webhooks": webhooks,
        "app": procrastinate.App(connector=InMemoryConnector()),
        "secret": "whsec_example",
        "database_url": "sqlite:///events.db",
    }
    done = threading.Event()

    def write() -> None:
        while not done.wait(0.05):
            blooio_sandbox.phone("+15551234567").sends("Hi")

    writing = threading.Thread(target=write)
    writing.start()
    try:
        for block in blocks(page, "py"):
            code = functools.reduce(lambda text, name: text.replace(name, place[name]), place, block)
            tree = ast.fix_missing_locations(Once().visit(ast.parse(code)))
            exec(compile(tree, str(page), "exec"), namespace)  # noqa: S102 - the claim
    finally:
        done.set()
        writing.join()
        client.close()
    if receiver := namespace.get("receiver"):
        receiver.work.store.close()
        assert namespace["app"].tasks
    else:
        assert re.fullmatch(r"message.received .+\nmessage.received 401\n", capsys.readouterr().out)


def test_no_page_promises_how_long_a_key_lasts() -> None:
    """Each mention of 24 hours is marked as reported, since Blooio does not document how long it remembers a key."""
    texts = {str(page): " ".join(page.read_text("utf-8").split()) for page in PAGES}
    found = [(name, text[at.start() - 80 : at.start()]) for name, text in texts.items() for at in HOURS.finditer(text)]

    assert len(found) > 3
    assert [name for name, before in found if "reportedly" not in before] == []


def test_there_are_pages_with_examples() -> None:
    """Examples are found in the quickstart and at least eight guides."""
    assert sum(1 for page in PAGES if blocks(page)) > 9
