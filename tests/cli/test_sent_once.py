"""`blooio send` sends nothing twice, however often it is repeated, interrupted or killed."""

from __future__ import annotations

import subprocess
import uuid
from pathlib import Path

import pytest
from cli_runs import COMMAND, PATIENCE, Cli
from waiting import wait_until

from blooio_sandbox import Sandbox

ANN = "+15551234567"


def test_an_unknown_outcome_prints_the_key(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """An unknown outcome exits with code 3; running the command again uses the same key and sends no second message."""
    blooio_sandbox.drop_next(times=3, operation="sendMessage", after_processing=True)

    unknown = cli("send", ANN, "Hello")
    again = cli("send", ANN, "Hello")

    key = blooio_sandbox.messages[0].idempotency_key
    assert unknown.code == 3
    assert f"--idempotency-key {key}" in unknown.err
    assert (again.code, again.out.strip()) == (0, blooio_sandbox.messages[0].id)
    assert "the same key" in again.err
    assert len(blooio_sandbox.messages) == 1


def test_another_message_has_another_key(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Another text, or the same text once the outcome is known, is a new message with a new key."""
    blooio_sandbox.drop_next(times=3, operation="sendMessage", after_processing=True)
    assert cli("send", ANN, "Hello").code == 3

    codes = [cli("send", ANN, text).code for text in ("Good morning", "Hello", "Hello")]

    assert codes == [0, 0, 0]
    assert [message.text for message in blooio_sandbox.messages] == ["Hello", "Good morning", "Hello"]


def test_until_it_is_sent_sends_once(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """`until blooio send` in a shell sends one message, even if responses are lost."""
    blooio_sandbox.drop_next(times=7, operation="sendMessage", after_processing=True)
    loop = f'until "$@" send {ANN} Hello; do :; done'

    done = subprocess.run(
        ["/bin/sh", "-c", loop, "sh", *COMMAND],
        env=cli.variables(),
        cwd=cli.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )

    assert done.returncode == 0
    assert done.stderr.count("The outcome is unknown") == 2
    assert len(blooio_sandbox.messages) == 1


def test_until_it_is_read_sends_once(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """If --wait times out (exit code 4), running the command again waits for the same message."""
    waited, again = (cli("send", ANN, "Hello", "--wait", "read", "--wait-seconds", "0") for _ in range(2))
    blooio_sandbox.phone(ANN).reads()
    read = cli("send", ANN, "Hello", "--wait", "read", "--wait-seconds", "0")

    assert (waited.code, again.code, read.code) == (4, 4, 0)
    assert waited.out == again.out
    assert len(blooio_sandbox.messages) == 1


@pytest.mark.blooio(status_delay=0)
def test_a_failed_message(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """A failed message exits with code 4, and running the command again sends a new one."""
    blooio_sandbox.phone(ANN).uses("sms", failing_with="unreachable")

    failed, again = (cli("send", ANN, "Hello", "--wait", "delivered") for _ in range(2))

    assert (failed.code, again.code) == (4, 4)
    assert failed.out.strip() == blooio_sandbox.messages[0].id
    assert "was sent, but" in failed.err
    assert len(blooio_sandbox.messages) == 2


def test_a_message_that_failed_at_once(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """If the response already says `failed`, it exits with code 4, and running the command again sends a new one."""
    failed = '{"message_id": "msg_1", "status": "failed"}'
    blooio_sandbox.fail_next(202, body=failed, operation="sendMessage", times=2)

    sent = [cli("send", ANN, "Hello", *options) for options in ((), ("--wait", "delivered"))]

    assert [(done.code, done.out) for done in sent] == [(4, "msg_1\n"), (4, "msg_1\n")]
    assert all("msg_1 was accepted, but failed" in done.err for done in sent)
    assert [request.operation for request in blooio_sandbox.requests] == ["sendMessage"] * 2
    assert len({request.idempotency_key for request in blooio_sandbox.requests}) == 2


def test_an_unreadable_response_is_not_a_second_message(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """A 2xx without a message id exits with code 4, and running the command again finds the message."""
    blooio_sandbox.fail_next(200, body="{}", operation="sendMessage", after_processing=True)

    unreadable, again = cli("send", ANN, "Hello"), cli("send", ANN, "Hello")

    assert (unreadable.code, again.code) == (4, 0)
    assert again.out.strip() == blooio_sandbox.messages[0].id
    assert len(blooio_sandbox.messages) == 1


def test_an_empty_key_sends_nothing(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """An empty key, such as an unset variable, is an error: with a new key, each run would send another message."""
    sent = [
        cli("send", ANN, "Hello", "--idempotency-key", ""),
        cli("call", "send_message", f"chat_id={ANN}", "text=Hello", "idempotency_key="),
    ]

    assert [done.code for done in sent] == [2, 2]
    assert all("is empty" in done.err for done in sent)
    assert blooio_sandbox.requests == []


def test_kill_9_does_not_lead_to_a_second_message(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """The key is on disk before the request is sent, so running the command again sends the same message."""
    blooio_sandbox.fail_next(503, operation="sendMessage", after_processing=True, retry_after=20)
    with cli.start("send", ANN, "Hello"):
        _wait_until_sent(blooio_sandbox)

    again = cli("send", ANN, "Hello")

    assert (again.code, again.out.strip()) == (0, blooio_sandbox.messages[0].id)
    assert len(blooio_sandbox.messages) == 1


def test_two_concurrent_sends_are_two_messages(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Two concurrent sends of the same text are two messages, since neither outcome is unknown yet."""
    blooio_sandbox.fail_next(503, operation="sendMessage", retry_after=1)
    with cli.start("send", ANN, "Hello") as first:
        wait_until(lambda: bool(blooio_sandbox.requests))
        second = cli("send", ANN, "Hello")
        first.communicate(timeout=PATIENCE)

    assert (first.returncode, second.code, second.err) == (0, 0, "")
    assert len({message.idempotency_key for message in blooio_sandbox.messages}) == 2


def test_the_unknown_one_of_two_concurrent_sends(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """If the outcome of the second of two concurrent sends is unknown, running the command again retries that one."""
    blooio_sandbox.fail_next(503, operation="sendMessage", retry_after=2)
    with cli.start("send", ANN, "Hello") as first:
        wait_until(lambda: bool(blooio_sandbox.requests))
        blooio_sandbox.drop_next(times=3, operation="sendMessage", after_processing=True)
        second = cli("send", ANN, "Hello")
        first.communicate(timeout=PATIENCE)
    again = cli("send", ANN, "Hello")

    assert (first.returncode, second.code, again.code) == (0, 3, 0)
    assert len(blooio_sandbox.messages) == 2


def test_a_read_only_directory(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """If keys cannot be stored, the message is sent, and an unknown outcome still prints its key."""
    (cli.folder / "blocked").write_text("a file")
    blooio_sandbox.drop_next(times=3, operation="sendMessage", after_processing=True)

    done = cli("send", ANN, "Hello", BLOOIO_CONFIG_DIR=str(cli.folder / "blocked"))

    assert done.code == 3
    assert f"--idempotency-key {blooio_sandbox.messages[0].idempotency_key}" in done.err


def test_ctrl_c_says_that_it_may_have_been_sent(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Ctrl-C exits with code 130 and the key, and running the command again sends the same message."""
    blooio_sandbox.fail_next(503, operation="sendMessage", after_processing=True, retry_after=20)
    with cli.on_terminal("send", ANN, "Hello", PYTHONWARNINGS=None) as terminal:
        _wait_until_sent(blooio_sandbox)
        terminal.type("\x03")
        code = terminal.ended()
    again = cli("send", ANN, "Hello")

    assert code == 130
    assert "Interrupted. It may have been sent." in terminal.text
    assert f"--idempotency-key {blooio_sandbox.messages[0].idempotency_key}" in terminal.text
    assert "Traceback" not in terminal.text
    assert (again.code, len(blooio_sandbox.messages)) == (0, 1)


def test_ctrl_c_while_waiting_says_what_was_sent(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Ctrl-C during --wait exits with code 130 and prints the id of the message."""
    with cli.on_terminal("send", ANN, "Hello", "--wait", "read", PYTHONWARNINGS=None) as terminal:
        terminal.wait_for("Sent msg_")
        terminal.type("\x03")
        code = terminal.ended()

    assert code == 130
    assert f"Interrupted. Sent {blooio_sandbox.messages[0].id}." in terminal.text
    assert "Traceback" not in terminal.text


def test_a_key_that_cannot_be_deleted_is_forgotten(
    cli: Cli, blooio_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the file of a key cannot be deleted, as on Windows while it is open, a send still ends well, and once."""

    def fail(path: Path, **_: bool) -> None:
        raise PermissionError(13, "The process cannot access the file", str(path))

    monkeypatch.setattr(Path, "unlink", fail)
    sent = [cli("send", ANN, "Hello") for _ in range(2)]

    assert [(done.code, done.err) for done in sent] == [(0, ""), (0, "")]
    assert len({message.idempotency_key for message in blooio_sandbox.messages}) == 2


def test_stored_keys_are_private(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """The file with keys contains no text, number or API key, and only its owner can read it."""
    blooio_sandbox.drop_next(times=3, operation="sendMessage", after_processing=True)
    cli("send", ANN, "Hello")

    found = [path for path in cli.folder.rglob("*") if path.is_file() and path.name != "photo.jpg"]
    said = " ".join(f"{path} {path.read_text()}" for path in found).replace(str(cli.folder), "")
    assert len(found) == 1
    assert found[0].stat().st_mode & 0o077 == 0
    assert not [word for word in ("Hello", "5551234567", blooio_sandbox.api_key) if word in said]


def test_an_old_attempt_is_forgotten(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """After 20 hours, Blooio may have forgotten the key, so the command sends a new message with a new key."""
    blooio_sandbox.drop_next(times=3, operation="sendMessage", after_processing=True)
    cli("send", ANN, "Hello")
    (remembered,) = (cli.folder / ".config" / "blooio" / "unknown").iterdir()
    key = str(uuid.uuid4())
    remembered.write_text(f'{{"key": "{key}", "at": 1000000000}}')

    done = cli("send", ANN, "Hello")

    assert done.code == 0
    assert key not in {message.idempotency_key for message in blooio_sandbox.messages}
    assert len(blooio_sandbox.messages) == 2
    assert list(remembered.parent.iterdir()) == []


def _wait_until_sent(sandbox: Sandbox) -> None:
    """Wait until a message was accepted, whatever became of the response."""
    sandbox.phone(ANN).wait_for("Hello", timeout=PATIENCE)
