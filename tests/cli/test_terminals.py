"""Output on a terminal: tables, bubbles, colors, progress bars, and untrusted text."""

from __future__ import annotations

import json

import pytest
from cli_runs import Cli

from blooio_client import Blooio
from blooio_sandbox import Sandbox

ANN = "+15551234567"


def _shown(cli: Cli, *arguments: str, **variables: str | None) -> tuple[str, str]:
    """Return the output on a terminal, with and without escape codes."""
    with cli.on_terminal(*arguments, **variables) as terminal:
        assert terminal.ended() == 0
    return terminal.raw, terminal.text


def test_messages_are_bubbles(cli: Cli, blooio_sandbox: Sandbox, blooio: Blooio) -> None:
    """Received messages are on the left and your own on the right, the newest last."""
    blooio_sandbox.phone(ANN).sends("Is there a table?")
    blooio.chat(ANN).send("For two?")
    blooio_sandbox.phone(ANN).reacts("love")

    lines = _shown(cli, "messages", ANN)[1].splitlines()

    question = next(line for line in lines if "Is there a table?" in line)
    answer = next(line for line in lines if "For two?" in line)
    assert question.startswith("│ Is there a table?")
    assert answer.rstrip().endswith("│")
    assert answer.index("│") > 50
    assert lines.index(question) < lines.index(answer)
    assert "love" in "".join(lines)


def test_lists_are_tables(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Lists have headings on a terminal, and tabs without headings in a pipe."""
    shown = _shown(cli, "numbers")[1]
    piped = cli("numbers").lines

    assert "number" in shown
    assert "──" in shown
    assert [line.split("\t")[:2] for line in piped] == [[number, "yes"] for number in blooio_sandbox.numbers]


def test_json_on_a_terminal_is_json(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """--json prints only objects, without colors, even on a terminal."""
    raw = cli.on_screen("numbers", "--json").out

    assert raw.count("\n") == len(blooio_sandbox.numbers)
    assert "\x1b" not in raw


def test_no_color(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """With NO_COLOR, the output contains no color codes."""
    blooio_sandbox.phone(ANN).sends("Hello")
    colored, plain = (cli.on_screen("messages", ANN, NO_COLOR=value).out for value in (None, "1"))

    assert "\x1b[90m" in colored
    assert not [code for code in ("\x1b[3", "\x1b[9") if code in plain]


@pytest.mark.parametrize(
    "evil", ["\x1b[2J\x1b[31mred", "\x1b]0;title\x07", "a\u202eb", "\x9b31m", "[bold]not bold[/]", "a\rb"]
)
def test_untrusted_text_cannot_rewrite_the_terminal(cli: Cli, blooio_sandbox: Sandbox, evil: str) -> None:
    """Escape codes, control and bidi characters are replaced, and markup is shown as text."""
    blooio_sandbox.phone(ANN).sends(evil)

    for raw in (cli.on_screen("messages", ANN).out, cli.on_screen("chats").out, cli("messages", ANN).out):
        assert evil not in raw or evil == "[bold]not bold[/]"
        assert not [bad for bad in ("\x1b[2J", "\x1b]", "\u202e", "\x9b", "a\rb") if bad in raw]
        assert "\ufffd" in raw or "[bold]not bold[/]" in raw
    as_json = cli.on_screen("messages", ANN, "--json").out
    assert as_json.strip().isprintable()
    assert json.loads(as_json)["text"] == evil


def test_a_message_is_one_line_in_a_pipe(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Line breaks and tabs in a text do not break the columns; emojis stay whole."""
    blooio_sandbox.phone(ANN).sends("one\ntwo\tthree 👩‍👩‍👧")

    (line,) = cli("messages", ANN).lines
    assert line.split("\t")[3] == "one\\ntwo three 👩‍👩‍👧"


def test_a_long_list_shows_its_progress_on_stderr(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """On a terminal, a list of several pages shows its progress on stderr; stdout contains only the list."""
    blooio_sandbox.seed({"contacts": [{"identifier": f"p{number}@example.com"} for number in range(150)]})

    raw, _ = _shown(cli, "contacts", "list", "--limit", "150")
    short = cli.on_screen("contacts", "list", "--limit", "5")
    piped = cli("contacts", "list", "--limit", "150")

    assert "Reading contacts" in raw
    assert "Reading contacts" not in short.err
    assert (piped.err, len(piped.lines)) == ("", 150)


def test_an_upload_shows_its_progress(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """On a terminal, an upload shows its progress, and the file arrives unchanged."""
    (cli.folder / "large.jpg").write_bytes((cli.folder / "photo.jpg").read_bytes() + b"x" * 2_000_000)
    blooio_sandbox.phone(ANN).sends("Hello")

    _, text = _shown(cli, "background", ANN, "large.jpg")

    assert "Uploading large.jpg" in text
    assert "✓ Set the background." in text
    assert (cli.folder / "large.jpg").read_bytes() in blooio_sandbox.requests[-1].raw_body


def test_a_closed_pipe_ends_quietly(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """A closed pipe, as after `| head -1`, causes no traceback."""
    blooio_sandbox.seed({"contacts": [{"identifier": f"p{number}@example.com"} for number in range(400)]})
    with cli.start("contacts", "list", "--limit", "400", "--json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()

    assert "Traceback" not in errors
