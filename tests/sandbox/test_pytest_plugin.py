"""The pytest fixtures of the installed package."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from inspect import signature
from typing import TYPE_CHECKING

from blooio_sandbox import Sandbox
from blooio_sandbox.extra import NEEDED_MODULES
from blooio_sandbox.marker import STARTING

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

_TESTS_OF_A_RECEIVER = """
from blooio_client import webhooks

receiver = webhooks.Receiver(secret="whsec_test")

def test_a_bot_replies(blooio, blooio_sandbox, blooio_deliver):
    @receiver.on(webhooks.MessageReceived)
    def answer(event):
        event.reply(blooio, f"You wrote: {event.text}")

    blooio_deliver(receiver, secret="whsec_test")
    phone = blooio_sandbox.phone("+15551234567")
    phone.sends("Hi")
    phone.wait_for("You wrote: Hi")
    (webhook,) = blooio.webhooks.list()
    assert [log.response_status for log in blooio.webhooks.logs.list(webhook.webhook_id)][0] == 200

def test_it_has_stopped():
    assert not receiver.is_running
"""

_TEST_WITHOUT_EXTRA = """
import pytest
from blooio_sandbox import extra

@pytest.fixture(scope="session", autouse=True)
def without_extra():
    extra.NEEDED_MODULES = ("no_such_module",)

def test_it(blooio_sandbox):
    pass

def test_it_needs_no_sandbox():
    pass
"""


_TESTS_WITH_MARKERS = """
import pytest
from blooio_client import BlooioError

pytestmark = pytest.mark.blooio(seed={"contacts": [{"identifier": "ann@example.com"}]})

def _status(blooio):
    try:
        return blooio.chat("+15551234567").send("Hello").status
    except BlooioError as error:
        return error.status

@pytest.mark.blooio(fail_next={"status": 402, "times": 2, "operation": "sendMessage"})
def test_it_fails(blooio):
    assert [_status(blooio) for _ in range(3)] == [402, 402, "queued"]
    assert [contact.identifier for contact in blooio.contacts.list()] == ["ann@example.com"]

@pytest.mark.blooio(fail_next=[402, 403])
def test_it_fails_in_turn(blooio):
    assert [_status(blooio) for _ in range(3)] == [402, 403, "queued"]

@pytest.mark.blooio(drop_next=True, delay_next=0.001)
def test_the_client_tries_again(blooio, blooio_sandbox):
    assert _status(blooio) == "queued"
    assert [request.status for request in blooio_sandbox.requests] == [None, 202]

@pytest.mark.blooio(clock="stepped", enabled=["callFaceTime"], drop_next=False)
def test_a_server_of_its_own(blooio, blooio_sandbox):
    now = blooio_sandbox.now
    assert blooio.facetime.call("+15551234567").link
    assert blooio_sandbox.now == now

@pytest.mark.blooio(clock="stepped", enabled=["callFaceTime"], seed=None)
def test_the_same_server_again(blooio_sandbox):
    assert blooio_sandbox.requests == []
    assert blooio_sandbox.phone("ann@example.com").messages == []

@pytest.mark.blooio(disabled=["lookupPhoneNumber"])
def test_another_plan(blooio):
    with pytest.raises(BlooioError) as caught:
        blooio.phone_numbers.lookup("+15551234567")
    assert caught.value.status == 403
"""

_TESTS_WITH_WRONG_MARKERS = """
import pytest

@pytest.mark.blooio(fail=503)
def test_an_unknown_option(blooio_sandbox):
    pass

@pytest.mark.blooio(503)
def test_an_option_without_a_name(blooio_sandbox):
    pass

@pytest.mark.blooio(fail_next={"stauts": 503})
def test_an_unknown_argument(blooio_sandbox):
    pass

@pytest.mark.blooio(fail_next=99)
def test_an_impossible_value(blooio_sandbox):
    pass
"""

# For a user who installed only the client, the modules of the extra do not exist.
_BLOCKER = """
import sys
from importlib.abc import MetaPathFinder

class Blocker(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {modules}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Blocker())
"""

_USERS_TESTS = """
import sys
import pytest
from blooio_client import Blooio

@pytest.mark.blooio(fail_next=503)
def test_a_client_is_made():
    Blooio("key").close()

def test_nothing_was_loaded():
    assert [name for name in sys.modules if name.startswith("blooio_sandbox.")] == ["blooio_sandbox.pytest_plugin"]
"""


def _run(folder: Path, tests: str, *options: str) -> subprocess.CompletedProcess[str]:
    folder.joinpath("test_it.py").write_text(tests)
    plugin = ["-p", "no:cacheprovider", "-p", "blooio_sandbox.pytest_plugin"]
    arguments = ["-m", "pytest", "-q", "-W", "error", "--strict-markers", *plugin, *options]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, *arguments, "test_it.py"],
        cwd=folder,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )


def test_a_marker_configures_the_sandbox(tmp_path: Path) -> None:
    """Faults, seeds and settings apply to one test, and the closest marker wins."""
    done = _run(tmp_path, _TESTS_WITH_MARKERS)

    assert "6 passed" in done.stdout, done.stdout


def test_a_marker_has_every_option() -> None:
    """Every option of a sandbox is an option of the marker, except those about the server and its observers."""
    of_the_server = {"port", "host", "allow_network", "allowed_hosts", "db", "observer", "delivery_observer"}

    assert {*STARTING} == {*signature(Sandbox).parameters} - of_the_server


def test_an_invalid_marker_fails_its_test(tmp_path: Path) -> None:
    """The failure lists the options, without a traceback."""
    done = _run(tmp_path, _TESTS_WITH_WRONG_MARKERS)

    assert "4 errors" in done.stdout, done.stdout
    assert "unknown option fail; expected seed, fail_next" in done.stdout
    assert "pass options by name" in done.stdout
    assert "unexpected keyword argument 'stauts'" in done.stdout
    assert "status must be from 200 to 599" in done.stdout
    assert "Traceback" not in done.stdout


def test_without_the_extra_only_tests_that_use_it_fail(tmp_path: Path) -> None:
    """The error contains the pip command."""
    done = _run(tmp_path, _TEST_WITHOUT_EXTRA)

    assert "1 passed, 1 error" in done.stdout
    assert 'pip install "blooio-client[sandbox]"' in done.stdout


def test_it_costs_nothing_if_unused(tmp_path: Path) -> None:
    """Without the extra, other tests run, and the marker is still registered."""
    tmp_path.joinpath("blocker.py").write_text(_BLOCKER.format(modules=set(NEEDED_MODULES)))
    done = _run(tmp_path, _USERS_TESTS, "-p", "blocker")

    assert "2 passed" in done.stdout, done.stdout + done.stderr


def test_the_fixtures_give_a_fresh_sandbox_and_its_clients(tmp_path: Path) -> None:
    """Both clients work, each test starts empty, and xdist workers do not share a server."""
    folders = [tmp_path / name for name in ("one", "two")]
    for folder in folders:
        folder.mkdir()
    with ThreadPoolExecutor(2) as threads:
        results = [threads.submit(_run, folder, _TESTS) for folder in folders]

    assert ["3 passed" in done.result().stdout for done in results] == [True, True]


def test_events_are_delivered_to_a_receiver_without_a_port(tmp_path: Path) -> None:
    """Handlers of a receiver run during the test."""
    done = _run(tmp_path, _TESTS_OF_A_RECEIVER)

    assert "2 passed" in done.stdout, done.stdout + done.stderr
