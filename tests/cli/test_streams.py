"""Streams that are closed, full, or in another encoding."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from cli_runs import COMMAND, PATIENCE, Cli

from blooio_sandbox import Sandbox

ANN = "+15551234567"


def in_shell(cli: Cli, redirection: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a shell that redirects its streams."""
    return subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {redirection}', "sh", *COMMAND, *arguments],
        input="",
        capture_output=True,
        text=True,
        check=False,
        env=cli.variables(),
        cwd=cli.folder,
        timeout=PATIENCE,
    )


@pytest.mark.parametrize("stream", ["<&-", ">&-", "2>&-"])
def test_a_closed_stream(cli: Cli, blooio_sandbox: Sandbox, stream: str) -> None:
    """With a closed stream, as in some daemons, the message is sent, and the exit code says so."""
    done = in_shell(cli, stream, "send", ANN, "Hello")

    assert (done.returncode, done.stderr) == (0, "")
    blooio_sandbox.assert_sent("Hello", to=ANN)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux")
def test_a_full_disk(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """If the output cannot be written, the exit code says whether the message was sent, and stderr which it is."""
    sent, read = in_shell(cli, ">/dev/full", "send", ANN, "Hello"), in_shell(cli, ">/dev/full", "chats")
    (message,) = blooio_sandbox.messages

    said = "blooio: the output cannot be written: No space left on device\n"
    assert (sent.returncode, sent.stderr) == (4, f"{said}Sent {message.id}.\n")
    assert (read.returncode, read.stderr) == (1, said)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux")
def test_an_error_that_cannot_be_printed(cli: Cli) -> None:
    """If stderr cannot be written, the exit code still says what happened."""
    assert in_shell(cli, "2>/dev/full", "send", "nobody", "Hello").returncode == 2


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_encoding_without_emoji(cli: Cli, blooio_sandbox: Sandbox, encoding: str) -> None:
    """What an encoding lacks, such as that of pipes on Windows, is printed as an escape, and JSON stays JSON."""
    blooio_sandbox.phone(ANN).sends("Hi 😀")
    plain = cli.process("messages", ANN, PYTHONIOENCODING=encoding, PYTHONUTF8=None)
    as_json = cli.process("messages", ANN, "--json", PYTHONIOENCODING=encoding, PYTHONUTF8=None)

    assert (plain.code, plain.err) == (0, "")
    assert "Hi \\U0001f600" in plain.out
    assert json.loads(as_json.out)["text"] == "Hi 😀"


def test_a_list_whose_reader_is_gone(cli: Cli) -> None:
    """A list of the outbox ends silently if its reader is gone, as with `| head`."""
    assert cli("outbox", "opt-out", ANN).code == 0
    with cli.start("outbox", "opt-outs") as process:
        assert process.stdout is not None
        process.stdout.close()
        _, errors = process.communicate(timeout=PATIENCE)

    assert errors == ""
