"""`blooio send`: what it sends, prints and asks."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pytest
from cli_runs import PATIENCE, Cli, without_codes

from blooio_sandbox import Sandbox

ANN = "+15551234567"


def test_it_sends_and_prints_the_id(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """In a pipe, stdout contains only the id of the message."""
    done = cli("send", ANN, "Hello")

    message = blooio_sandbox.assert_sent("Hello", to=ANN)
    assert (done.code, done.out, done.err) == (0, message.id + "\n", "")
    assert message.idempotency_key


def test_a_message_needs_a_text_or_a_file(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Without either, the error names what the command takes, not arguments of Python."""
    done = cli("send", ANN)

    assert (done.code, blooio_sandbox.messages) == (2, [])
    assert done.err == 'blooio: pass a text such as "Hello", - to read it from stdin, or --attach URL\n'


def test_markdown_is_styled(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """--markdown sends text with formatting, and incompatible options are a usage error that sends nothing."""
    assert cli("send", ANN, "**Yes**", "--markdown").code == 0
    assert cli("send", ANN, "**Yes**", "--markdown", "--attach", "https://example.com/a.jpg").code != 0

    (request,) = blooio_sandbox.requests
    assert request.body == {"text": "**Yes**", "format": "markdown"}
    assert blooio_sandbox.messages[0].text == "Yes"


def test_every_option_reaches_the_service(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Attachments, effect, reply, sender and key are sent."""
    number = blooio_sandbox.numbers[1]
    parent = cli("send", ANN, "Is it free?", "--from-number", number).out.strip()
    options = ["--attach", "https://example.com/a.jpg", "--attach", "https://example.com/b.jpg", "--effect", "confetti"]
    options += ["--reply-to", parent, "--from-number", number, "--idempotency-key", "order-42"]

    done = cli("send", ANN, "Yes", *options)

    message = blooio_sandbox.assert_sent("Yes", to=ANN)
    assert done.code == 0
    assert (message.id, message.effect, message.reply_to) == (done.out.strip(), "confetti", parent)
    assert message.attachments == ("https://example.com/a.jpg", "https://example.com/b.jpg")
    assert message.idempotency_key == "order-42"
    assert blooio_sandbox.requests[-1].body["from_number"] == number


def test_json_has_the_documented_fields(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """--json prints an object with the ids, the key, and whether an earlier run sent the message."""
    first, second = (cli("send", ANN, "Hello", "--json", "--idempotency-key", "k-1") for _ in range(2))

    assert first.objects == [
        {
            "message_ids": [blooio_sandbox.messages[0].id],
            "duplicate": False,
            "idempotency_key": "k-1",
            "status": "queued",
        }
    ]
    assert second.objects[0]["duplicate"] is True
    assert len(blooio_sandbox.messages) == 1


def test_text_can_come_from_stdin(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """A dash reads the text from stdin, including line breaks."""
    assert cli("send", ANN, "-", typed="one\ntwo\n").code == 0
    assert blooio_sandbox.messages[-1].text == "one\ntwo"


@pytest.mark.blooio(status_delay=0)
def test_wait_ends_with_the_status(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """With --wait and --json, the message and its status are printed, one object per line."""
    done = cli("send", ANN, "Hello", "--wait", "delivered", "--json")

    sent, status = done.objects
    assert done.code == 0
    assert sent["message_ids"] == [status["message_id"]] == [blooio_sandbox.messages[0].id]
    assert status["status"] == "delivered"


def test_a_rejected_message_fails(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """A rejected message exits with code 1; with --json, the error is an object on stderr."""
    blooio_sandbox.fail_next(402, code="trial_expired")

    done = cli("send", ANN, "Hello", "--json")

    assert (done.code, done.out, blooio_sandbox.messages) == (1, "", [])
    assert '"exit_code": 1' in done.err
    assert '"kind": "PaymentRequiredError"' in done.err
    assert '"sent": false' in done.err


def test_a_rejection_says_why(cli: Cli) -> None:
    """The service's message is shown even if it repeats what was typed, but only once."""
    effect, group = cli("send", ANN, "Hello", "--effect", "boom"), cli("call", "get_group", "group_id=grp_none")

    assert (effect.code, group.code) == (1, 1)
    assert re.search(r"^error\.message: .*boom", effect.err, re.MULTILINE)
    assert group.err.count("not found") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["send"],
        ["send", ANN, "Hello", "--no-such-option"],
        ["send", "(555) 123-4567", "Hello"],
        ["send", ANN],
        ["send", ANN, "Hello", "--wait", "someday"],
        ["sned", ANN, "Hello"],
        ["call", "send_massage"],
        ["react", ANN, "+love"],
    ],
)
def test_wrong_usage_sends_nothing(cli: Cli, blooio_sandbox: Sandbox, arguments: list[str]) -> None:
    """A usage error exits with code 2, says what is wrong, and sends no request."""
    done = cli(*arguments)

    assert (done.code, done.out) == (2, "")
    assert done.err
    assert "Traceback" not in done.err
    assert blooio_sandbox.requests == []


def test_without_a_key(bare_cli: Cli) -> None:
    """Without a key, the exit code is 2, and the error shows both ways to set one."""
    done = bare_cli("chats")

    assert (done.code, done.out) == (2, "")
    assert "blooio login" in done.err
    assert "BLOOIO_API_KEY" in done.err


@pytest.mark.parametrize(
    "arguments", [["send", ANN, "Hello"], ["call", "send_message", f"chat_id={ANN}", "text=Hello"]]
)
def test_a_closed_pipe_does_not_hide_that_it_was_sent(cli: Cli, blooio_sandbox: Sandbox, arguments: list[str]) -> None:
    """If stdout is closed, the message is sent with exit code 0, and running the command again sends a new one."""
    ends: list[tuple[int, str]] = []
    for _ in range(2):
        with cli.start(*arguments) as process:
            assert process.stdout is not None
            process.stdout.close()
            _, errors = process.communicate(timeout=PATIENCE)
        ends.append((process.returncode, errors))

    assert ends == [(0, ""), (0, "")]
    assert len({message.idempotency_key for message in blooio_sandbox.messages}) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["send", ANN, 'It\'s "quoted"\n$HOME', "--effect", "confetti"],
        ["call", "send_message", f"chat_id={ANN}", "text=Hello"],
    ],
)
def test_the_code_from_a_dry_run_sends_the_same_message(
    cli: Cli, blooio_sandbox: Sandbox, arguments: list[str]
) -> None:
    """The printed Python and curl use the same key, so both and the command send one message."""
    (planned,) = cli(*arguments, "--dry-run", "--json").objects
    assert blooio_sandbox.requests == []

    programs = [[sys.executable, "-c", planned["python"]], ["/bin/sh", "-c", planned["curl"]]]
    for program in programs if shutil.which("curl") else programs[:1]:
        subprocess.run(program, env=cli.variables(), cwd=cli.folder, check=True, capture_output=True, timeout=PATIENCE)

    (message,) = blooio_sandbox.messages
    assert message.idempotency_key == planned["headers"]["Idempotency-Key"]
    assert [json.loads(planned["body"])] * len(blooio_sandbox.requests) == [
        each.body for each in blooio_sandbox.requests
    ]


@pytest.mark.parametrize(
    ("chat", "question"),
    [(f"{ANN},ann@example.com", "Send this message to 2 people?"), ("grp_1", "everyone in the group grp_1?")],
)
@pytest.mark.parametrize("typed", ["n\n", "\n", ""])
def test_it_asks_before_sending_to_several_people(
    cli: Cli, blooio_sandbox: Sandbox, chat: str, question: str, typed: str
) -> None:
    """On a terminal, it asks before sending to several people, and anything but "yes" sends nothing."""
    done = cli.on_screen("send", chat, "Hello", typed=typed)

    assert done.code == 1
    assert question in done.err
    assert "nothing was sent" in done.err
    assert blooio_sandbox.requests == []


@pytest.mark.parametrize(("keys", "code"), [("n\n", 1), ("\x04", 1), ("\x03", 130)])
def test_the_question_on_a_real_terminal(cli: Cli, blooio_sandbox: Sandbox, keys: str, code: int) -> None:
    """Typing "n", the end of the input, and Ctrl-C send nothing."""
    with cli.on_terminal("send", f"{ANN},ann@example.com", "Hello") as terminal:
        terminal.wait_for("[y/N]")
        terminal.type(keys)
        ended = terminal.ended()

    assert ended == code
    assert "othing was sent" in terminal.text
    assert blooio_sandbox.requests == []


@pytest.mark.parametrize("options", [[], ["--yes"]])
def test_yes_is_the_answer_or_an_option(cli: Cli, blooio_sandbox: Sandbox, options: list[str]) -> None:
    """It sends after "yes", and does not ask with --yes or in a pipe."""
    shown = cli.on_screen("send", f"{ANN},ann@example.com", "Hello", *options, typed="" if options else "y\n")
    piped = cli("send", f"{ANN},ann@example.com", "Hello")

    assert (shown.code, piped.code) == (0, 0)
    assert ("[y/N]" in shown.err) is not bool(options)
    assert len(blooio_sandbox.messages) == 2


def test_it_does_not_ask_for_one_person(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """On a terminal, a message to one person is sent at once, and a sentence printed."""
    shown = cli.on_screen("send", ANN, "Hello")

    assert shown.code == 0
    assert without_codes(shown.out) == f"✓ Sent {blooio_sandbox.messages[0].id}.\n"
