"""The examples for twelve tasks do what they promise."""

from __future__ import annotations

import ast
import asyncio
import csv
import inspect
import json
import os
import runpy
import shutil
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from forwarding import forwarding_proxy

from blooio_client import webhooks
from blooio_sandbox import Sandbox

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PHONE = "+15551234567"


@pytest.fixture(autouse=True)
def _settings(blooio_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BLOOIO_API_KEY", blooio_sandbox.api_key)
    monkeypatch.setenv("BLOOIO_BASE_URL", blooio_sandbox.base_url)
    monkeypatch.chdir(tmp_path)


def appointments(count: int) -> None:
    """Write the file that `reminders.py` reads."""
    with Path("appointments.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["phone", "name", "time"])
        rows.writerows([f"+1555200{number:04d}", f"Guest {number}", "19:00"] for number in range(count))


def remind() -> subprocess.Popen[bytes]:
    """Start `reminders.py` without quiet hours and at full speed."""
    environment = {**os.environ, "PER_MINUTE": "1000000", "QUIET": "no"}
    script = EXAMPLES / "reminders.py"
    return subprocess.Popen([sys.executable, script, "appointments.csv"], env=environment, stdout=subprocess.DEVNULL)


def test_reminders_are_sent_once(blooio_sandbox: Sandbox) -> None:
    """Run again with a longer file, the script sends only the new reminders."""
    for count in (5, 8):
        appointments(count)
        assert remind().wait() == 0

    assert len({message.chat_id for message in blooio_sandbox.messages}) == 8
    blooio_sandbox.assert_no_duplicates()


@pytest.mark.proof  # messages claimed by a dead process become available after some seconds
def test_reminders_survive_kills(blooio_sandbox: Sandbox) -> None:
    """Killed during 500 sends and started again, the script sends each reminder once."""
    appointments(500)
    victim = remind()
    blooio_sandbox.phone("+15552000100").wait_for(timeout=60)
    victim.kill()
    victim.wait()
    assert remind().wait() == 0

    assert len({message.chat_id for message in blooio_sandbox.messages}) == 500
    blooio_sandbox.assert_no_duplicates()


def test_the_assistant_asks_and_announces(blooio_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command starts a poll that two votes decide, and an unknown command gets a usage message."""
    monkeypatch.setenv("BLOOIO_WEBHOOK_SECRET", "whsec_example")
    module = runpy.run_path(str(EXAMPLES / "group_assistant.py"), run_name="__main__")
    client, receiver = module["client"], module["receiver"]
    group = client.groups.create("Lunch", members=[PHONE, "+15557654321"]).group_id

    def deliver(kind: str, **fields: Any) -> None:
        assert receiver.receive(webhooks.example(kind, chat_id=group, **fields)) == 200
        receiver.drain()

    deliver("message.received", text="/poll Lunch?")
    deliver("message.received", text="/poll Lunch? Pizza, Sushi")
    asked = [request for request in blooio_sandbox.requests if request.operation == "sendPoll"]
    (poll_id,) = [json.loads(request.raw_response)["poll_id"] for request in asked]
    for phone in (PHONE, "+15557654321"):
        blooio_sandbox.phone(phone).votes("Sushi", group=group)
        deliver("poll.voted", poll_id=poll_id)
    deliver("poll.voted", poll_id=poll_id)
    client.close()
    receiver.work.store.close()

    texts = [message.text for message in blooio_sandbox.messages if message.text]
    assert texts[0] == "Write: /poll Lunch? Pizza, Sushi"
    assert texts.count("It is Sushi!") == 1


def test_the_crm_is_in_step(blooio_sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    """Each new message is synced once, however often the script runs."""
    blooio_sandbox.phone(PHONE).sends("Is my order ready?")
    for _ in range(2):
        runpy.run_path(str(EXAMPLES / "crm_sync.py"), run_name="__main__")

    assert capsys.readouterr().out == "2 contacts, 1 new messages\n2 contacts, 0 new messages\n"


def test_no_one_gets_a_message_twice(blooio_sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    """After 200 sends are cancelled halfway and resumed, each message has been sent once."""
    runpy.run_path(str(EXAMPLES / "concurrent_sends.py"), run_name="__main__")

    assert len(blooio_sandbox.messages) == 200
    blooio_sandbox.assert_no_duplicates()
    assert "all 200 have it" in capsys.readouterr().out


def test_the_proxy_is_used(blooio_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message goes through the configured proxy."""
    with forwarding_proxy() as (url, seen):
        monkeypatch.setenv("PROXY", url)
        runpy.run_path(str(EXAMPLES / "own_client.py"), run_name="__main__")

    assert len(seen) == 1
    assert seen[0].startswith(blooio_sandbox.base_url)
    blooio_sandbox.assert_sent("Hello through the proxy")


def test_the_function_replies_once(blooio_sandbox: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    """A delivery is accepted and replied to within the call, and the scheduled run finds nothing left to do."""
    runpy.run_path(str(EXAMPLES / "lambda_receiver.py"), run_name="__main__")

    assert capsys.readouterr().out == "{'statusCode': 200} {'statusCode': 200}\n"
    assert [message.text for message in blooio_sandbox.messages] == ["You wrote: Hi"]


def test_the_notebook_runs(blooio_sandbox: Sandbox) -> None:
    """The cells run from top to bottom, with top-level `await`, and were saved without outputs."""
    cells = json.loads((EXAMPLES / "notebook.ipynb").read_bytes())["cells"]
    namespace: dict[str, object] = {}
    for cell in (cell for cell in cells if cell["cell_type"] == "code"):
        assert cell["outputs"] == []
        code = compile("".join(cell["source"]), "notebook", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        if code.co_flags & inspect.CO_COROUTINE:
            asyncio.run(types.FunctionType(code, namespace)())
        else:
            exec(code, namespace)  # noqa: S102 - the claim

    assert namespace["count"] == 1
    blooio_sandbox.assert_sent("Hello from a notebook!")


@pytest.mark.skipif(sys.platform == "win32", reason="the script is written for bash")
def test_the_terminal_is_enough(blooio_sandbox: Sandbox, tmp_path: Path) -> None:
    """The script sends one message, reads it and previews a campaign."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    script = ["bash", str(EXAMPLES / "command_line.sh"), PHONE]
    done = subprocess.run(script, env=environment, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert [message.text for message in blooio_sandbox.messages] == ["Your table is booked."]


def test_the_suite_passes(tmp_path: Path) -> None:
    """The example of a user's test suite passes in a folder of its own."""
    suite = tmp_path / "suite"
    shutil.copytree(EXAMPLES / "pytest_suite", suite, ignore=shutil.ignore_patterns("__pycache__"))
    off = [part for plugin in ("cacheprovider", "schemathesis", "xdist") for part in ("-p", f"no:{plugin}")]
    command = [sys.executable, "-m", "pytest", "-q", *off]
    done = subprocess.run(command, cwd=suite, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout
