"""The fixtures that come with the installed package."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_TESTS = """
import asyncio

def test_a_message_is_sent(blooio, blooio_sandbox):
    blooio.chat("+15551234567").send("Hello")
    blooio_sandbox.assert_sent(text="Hello", to="+15551234567")

def test_another_test_starts_afresh(blooio_sandbox):
    assert blooio_sandbox.messages == []

def test_a_message_is_sent_without_blocking(async_blooio, blooio_sandbox):
    asyncio.run(async_blooio.chat("+15551234567").send("Hello"))
    blooio_sandbox.assert_no_duplicates()
    assert len(blooio_sandbox.messages) == 1
"""

_TEST_WITHOUT_EXTRA = """
import pytest
from blooio_sandbox import extra

@pytest.fixture(scope="session", autouse=True)
def without_extra():
    extra.NEEDED_MODULES = ("no_such_module",)

def test_it(blooio_sandbox):
    pass

def test_that_needs_no_sandbox():
    pass
"""


def _run(folder: Path, tests: str) -> subprocess.CompletedProcess[str]:
    folder.joinpath("test_it.py").write_text(tests)
    arguments = ["-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", "-p", "blooio_sandbox.pytest_plugin"]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [sys.executable, *arguments, "test_it.py"],
        cwd=folder,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )


def test_the_fixtures_give_a_fresh_sandbox_and_its_clients(tmp_path: Path) -> None:
    """Both clients reach the sandbox, and each test finds it empty."""
    done = _run(tmp_path, _TESTS)

    assert "3 passed" in done.stdout, done.stdout


def test_without_the_extra_only_those_tests_fail_that_use_it(tmp_path: Path) -> None:
    """The error says what to install."""
    done = _run(tmp_path, _TEST_WITHOUT_EXTRA)

    assert "1 passed, 1 error" in done.stdout
    assert 'pip install "blooio-client[sandbox]"' in done.stdout
