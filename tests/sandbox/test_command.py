"""The command `blooio-sandbox`."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from blooio_sandbox import command, extra

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@pytest.fixture
def process(tmp_path: Path) -> Generator[subprocess.Popen[str]]:
    """A running command on a free port, with a state file."""
    with _running("--db", str(tmp_path / "blooio.db")) as running:
        yield running


@contextmanager
def _running(*options: str) -> Generator[subprocess.Popen[str]]:
    arguments = [sys.executable, "-m", "blooio_sandbox", "--port", "0", *options]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        yield running
        running.kill()


def _api(welcome: str) -> httpx.Client:
    base_url = re.findall(r"http://127\.0\.0\.1:\d+/v2/api", welcome)[0]
    api_key = re.findall(r"API key: (\S+)", welcome)[0]
    return httpx.Client(
        base_url=base_url, headers={"Authorization": f"Bearer {api_key}"}, trust_env=False, timeout=60.0
    )


def _read_welcome(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or not lines[-1].startswith("Ctrl-C"):
        lines.append(process.stdout.readline())
    return "".join(lines)


def _read_until(process: subprocess.Popen[str], word: str) -> list[str]:
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or word not in lines[-1]:
        lines.append(process.stdout.readline())
    return lines


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_runs_until_it_is_interrupted(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """The command prints its addresses and examples, serves requests, and stops cleanly."""
    welcome = _read_welcome(process)
    with _api(welcome) as api:
        response = api.get("/me", params={"x": 1})
        base_url = str(api.base_url).rstrip("/")
    process.send_signal(number)
    output, errors = process.communicate(timeout=30)

    assert response.status_code == 200
    assert "from blooio_client import Blooio" in welcome
    assert f"curl -X POST {base_url}" in welcome
    assert f"Open it in a browser: {base_url.replace('/v2/api', '/_sandbox/')}\n" in welcome
    assert re.fullmatch(r"[0-9:]{8} GET    /v2/api/me\?x=1  getMe  200  \d+ ms\nStopped\.\n", output)
    assert (process.returncode, errors) == (0, "")


def test_it_starts_with_a_seed_and_a_webhook(tmp_path: Path) -> None:
    """The command loads the seed, prints the signing secret, and with --verbose logs bodies without secrets."""
    seed = tmp_path / "state.yaml"
    seed.write_text("contacts: [{identifier: ann@example.com}]")
    options = ["--seed", str(seed), "--webhook", "http://127.0.0.1:1/hook", "--enable", "callFaceTime", "--verbose"]
    with _running(*options) as process:
        welcome = _read_welcome(process)
        with _api(welcome) as api:
            contacts = api.get("/contacts").json()["contacts"]
            called = api.post("/facetime/calls", json={"handle": "ann@example.com"})
            secret = api.post("/webhooks", json={"webhook_url": "http://127.0.0.1:1/"}).json()["signing_secret"]
            api.post("/chats/ann%40example.com/messages", json={"text": "canary"})
            log = _read_until(process, "EVENT")
        process.send_signal(signal.SIGTERM)
        output = "".join([*log, *process.communicate(timeout=30)])

    assert [contact["identifier"] for contact in contacts] == ["ann@example.com"]
    assert called.status_code == 200
    assert re.search(r"Webhook http://127\.0\.0\.1:1/hook, signed with whsec_\w+", welcome)
    assert '    > {"handle": "ann@example.com"}' in output
    assert '"signing_secret": "***"' in output
    assert secret not in output
    assert re.fullmatch(
        r"[0-9:]{8} EVENT  127\.0\.0\.1:1  message\.\w+  no response \(connection refused\)  attempt 1  \d+ ms\n",
        log[-1],
    )


def test_a_seed_is_loaded_once_into_a_state_file(tmp_path: Path) -> None:
    """A restart with the same options continues with the state, even after a first start with an invalid seed."""
    seed, options = (
        tmp_path / "state.yaml",
        ["--db", str(tmp_path / "blooio.db"), "--seed", str(tmp_path / "state.yaml")],
    )
    person = 'contacts: [{identifier: "+15551234567"}]'
    seed.write_text(f'{person}\nmessages: [{{from: "+15551234567", text: One}}, {{from: "+15551234567"}}]')
    with _running(*options) as process:
        assert "a message needs a text" in process.communicate(timeout=30)[1]
    seed.write_text(f'{person}\nmessages: [{{from: "+15551234567", text: One}}]')
    for is_again in (False, True):
        with _running(*options) as process:
            welcome = _read_welcome(process)
            with _api(welcome) as api:
                messages = api.get("/chats/%2B15551234567/messages").json()["messages"]
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=30)

        assert [message["text"] for message in messages] == ["One"]
        assert ("state.yaml is not loaded again." in welcome) == is_again


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--seed", "/nowhere/state.yaml"], "state.yaml"),
        (["--db", "/nowhere/blooio.db"], "/nowhere/blooio.db cannot be used: unable to open database file"),
        (["--host", "0.0.0.0"], "not a loopback address"),  # noqa: S104 - rejected
        (["--host", "example.com"], "not a loopback address"),
        (["--enable", "sendMessage"], "can be enabled"),
        (["--disable", "sendMessage"], "can be disabled"),
    ],
)
def test_an_invalid_option_is_one_line(capsys: pytest.CaptureFixture[str], options: list[str], problem: str) -> None:
    """An invalid option prints one line with the reason."""
    assert command.main(["--port", "0", *options]) == 1

    errors = capsys.readouterr().err
    assert problem in errors
    assert errors.count("\n") == 1


def test_a_port_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    """If the port is in use, the error names it and the option to choose another one."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        assert command.main(["--port", str(port)]) == 1
    errors = capsys.readouterr().err
    assert str(port) in errors
    assert "--port" in errors


@pytest.mark.parametrize("port", ["70000", "-1", "http"])
def test_an_invalid_port(port: str) -> None:
    """Invalid ports are usage errors."""
    with pytest.raises(SystemExit, match="2"):
        command.main(["--port", port])


def test_without_the_extra(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """If packages are missing, the command prints the pip command without a traceback."""
    monkeypatch.setattr(extra, "NEEDED_MODULES", ("no_such_module",))

    assert command.main([]) == 1
    assert 'pip install "blooio-client[sandbox]"' in capsys.readouterr().err
