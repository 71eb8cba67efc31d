"""The pages about the command line: the reference, the transcript in the guide, and the examples in the help."""

from __future__ import annotations

import json
import re
import runpy
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from cli_runs import COMMAND, PATIENCE, Cli, Result
from pytest_httpserver import HTTPServer

from blooio_client import Blooio
from blooio_client.outbox import Outbox
from blooio_sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = runpy.run_path(str(ROOT / "scripts" / "cli_reference.py"))
PAGE = (ROOT / "docs" / "cli.md").read_text("utf-8")
GUIDE = (ROOT / "docs" / "guides" / "command-line.md").read_text("utf-8")
ANN = "+15551234567"
# These run until Ctrl-C or read a key, and are tested elsewhere.
ELSEWHERE = ("listen", "login", "logout")
EXAMPLES = [
    example
    for words in SCRIPT["commands"]()
    if not words or words[0] not in ELSEWHERE
    for example in SCRIPT["examples"](words)
]


def test_the_reference_is_up_to_date() -> None:
    """The page is what `make cli-reference` writes."""
    assert SCRIPT["written"](PAGE) == PAGE


def test_every_command_has_examples() -> None:
    """Every command has examples, except groups and the sandbox, whose help is that of another command."""
    words = list(SCRIPT["commands"]())
    groups = {each[0] for each in words if len(each) > 1}

    without = [each for each in words if each and not SCRIPT["examples"](each)]
    named = ("contacts", "groups", "polls", "webhooks", "card", "outbox")
    assert without == [("sandbox",), *((name,) for name in named)]
    assert groups == {name for (name,) in without[1:]}


def test_lists_of_commands_show_whole_sentences() -> None:
    """No summary in a list of commands is cut off."""
    lists = [SCRIPT["help_of"](words).partition("Commands:")[2] for words in SCRIPT["commands"]()]

    assert [line for text in lists for line in text.splitlines() if line.endswith("...")] == []


def test_every_command_documents_json() -> None:
    """Every command has --json, and its help lists the fields."""
    helps = {words: SCRIPT["help_of"](words) for words in SCRIPT["commands"]() if SCRIPT["examples"](words)}

    assert len(helps) > 35
    assert [words for words, text in helps.items() if "With --json:" not in text or "--json  " not in text] == []


@pytest.fixture
def names(blooio_sandbox: Sandbox, blooio: Blooio, httpserver: HTTPServer) -> Mapping[str, str]:
    """Fill an account, and return the ids used in the examples."""
    httpserver.expect_request("/hook").respond_with_data("")
    hook = blooio.webhooks.create(httpserver.url_for("/hook"), type="all").webhook_id
    ann = blooio_sandbox.phone(ANN)
    ann.sends("Is there a table?")
    ann.sends("Hello?")
    ann.shares_location(52.5, 13.4)
    people = [{"identifier": "ann@example.com", "name": "Ann"}, {"identifier": ANN, "name": "Ann"}]
    blooio_sandbox.seed({"contacts": people})
    blooio.contacts.tags.add("ann@example.com", ["vip"])
    blooio.numbers.contact_card.update(blooio_sandbox.number, first_name="Front", last_name="Desk")
    blooio_sandbox.wait_for_deliveries()
    event = blooio.webhooks.logs.list(hook).first()
    assert event is not None
    chat = blooio.chat(ANN)
    members = [ANN, "ben@example.com"]
    return {
        "GROUP_ID": blooio.groups.create("Team", members=members, chat_guid="iMessage;+;chat1").group_id,
        "POLL_ID": chat.polls.send(["Pizza", "Sushi"]).poll_id,
        "WEBHOOK_ID": hook,
        "EVENT_ID": event.event_id,
        "MESSAGE_ID": chat.send("Later").message_id,
    }


@pytest.mark.blooio(
    clock="stepped", enabled=["callFaceTime", "addGroupMember", "removeGroupMember", "getMyContactCard"]
)
@pytest.mark.parametrize("example", [each for each in EXAMPLES if "--wait" not in each and "outbox" not in each])
def test_an_example_runs(cli: Cli, blooio_sandbox: Sandbox, names: Mapping[str, str], example: str) -> None:
    """Every example in the help runs with exit code 0 and sends something, unless it says otherwise."""
    line = example
    for placeholder, value in names.items():
        line = line.replace(placeholder, value)
    before = len(blooio_sandbox.requests)

    done = _run(line, cli)

    assert (done.code, done.err) == (0, "")
    assert done.out or example.endswith("--failed")  # no delivery has failed
    is_offline = "--dry-run" in example or "--explain" in example or example == "blooio call"
    assert (len(blooio_sandbox.requests) == before) is is_offline


@pytest.fixture(scope="module")
def filled_outbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fill an outbox for the examples, with a message sent, one failed and one waiting, and a file to add."""
    folder = tmp_path_factory.mktemp("outbox")
    (folder / "reminders.csv").write_text(f"to,phone,text\n{ANN},{ANN},See you at seven!\n")
    with (
        Sandbox() as sandbox,
        Blooio(sandbox.api_key, base_url=sandbox.base_url) as client,
        closing(Outbox(f"sqlite:///{folder}/outbox.db", per_minute=None, quiet_hours=None)) as outbox,
    ):
        outbox.add(ANN, "See you at seven!", key="reminder:4711", campaign="spring")
        outbox.add("ann@example.com", "See you at seven!", key="reminder:4712")
        (planned, failing) = outbox.plan()
        outbox.deliver(planned.id, client)
        sandbox.fail_next(400)
        outbox.deliver(failing.id, client)
        outbox.add("+15557654321", "See you at seven!", key="reminder:4713")
    return folder


@pytest.mark.parametrize("example", [each for each in EXAMPLES if "blooio outbox" in each])
def test_an_example_of_the_outbox_runs(cli: Cli, blooio_sandbox: Sandbox, filled_outbox: Path, example: str) -> None:
    """Every example exits with code 0; only the worker and commands that request statuses send requests."""
    shutil.copytree(filled_outbox, cli.folder, dirs_exist_ok=True)

    done = _run(example, cli)

    assert (done.code, done.err) == (0, "")
    assert done.out or "unknown" in example or "opt-outs" in example  # this account has none
    is_online = example.split()[2] in ("run", "refresh") and "--dry-run" not in example
    assert bool(blooio_sandbox.requests) is is_online


@pytest.mark.parametrize(
    "words",
    [words for words in SCRIPT["commands"]() if "Print the request as curl" in SCRIPT["help_of"](words)],
    ids=" ".join,
)
def test_a_dry_run_sends_nothing(cli: Cli, blooio_sandbox: Sandbox, words: tuple[str, ...]) -> None:
    """Every command that changes something has --dry-run, which prints curl and Python without the key."""
    example = next(each for each in SCRIPT["examples"](words) if " | " not in each and each != "blooio call")
    line = "blooio call start_typing chat_id=+15551234567" if words == ("call",) else example
    line = "blooio background +15551234567 photo.jpg" if words == ("background",) else line

    done = _run(line.replace(" --dry-run", "") + " --dry-run", cli)

    assert (done.code, done.err) == (0, "")
    assert "curl -X" in done.out
    assert "with Blooio() as client:\n    client." in done.out
    assert blooio_sandbox.api_key not in done.out
    assert blooio_sandbox.requests == []


@pytest.mark.blooio(status_delay=0)
def test_the_example_that_waits_runs(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """The example with --wait ends once the message is delivered."""
    (example,) = [example for example in EXAMPLES if "--wait" in example]

    done = _run(example, cli)

    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("\tdelivered\n")
    assert blooio_sandbox.messages[0].effect == "confetti"


def test_the_transcript_is_accurate(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """The commands of the guide, run in order, print what it shows; … matches anything."""
    blooio_sandbox.phone(ANN).sends("Is there a table?")
    (transcript,) = re.findall(r"^```console\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
    steps = re.findall(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", transcript, re.MULTILINE)

    assert len(steps) == 9
    for line, shown in steps:
        done = _run(line, cli)
        pattern = ".*".join(re.escape(part) for part in shown.split("…"))
        assert re.fullmatch(pattern, done.out, re.DOTALL), f"{line}\n{done.out}{done.err}"


def test_the_guide_lists_the_exit_codes() -> None:
    """The guide and the help have the same table."""
    listed = dict(re.findall(r"^ +(\d+)  (.+)$", SCRIPT["help_of"](()), re.MULTILINE))

    assert dict(re.findall(r"^\| (\d+) \| (.+) \|$", GUIDE, re.MULTILINE)) == listed
    assert list(listed) == ["0", "1", "2", "3", "4", "130"]


def _run(line: str, cli: Cli) -> Result:
    """Run a command line, with a shell only if it needs one."""
    words = shlex.split(line)
    return cli(*words[1:]) if words[0] == "blooio" and "|" not in words else _in_shell(line, cli)


def _in_shell(line: str, cli: Cli) -> Result:
    function = 'blooio() { "$PYTHON" -m blooio_client "$@"; }\n'
    done = subprocess.run(
        ["/bin/sh", "-c", function + line],
        env=cli.variables(PYTHON=COMMAND[0]),
        cwd=cli.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    return Result(done.returncode, done.stdout, done.stderr)


def test_json_lines_are_objects(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Every list prints one object per line."""
    for text in ("one", "two"):
        blooio_sandbox.phone(ANN).sends(text)

    for arguments in (["chats"], ["messages", ANN], ["numbers"], ["call"]):
        done = cli(*arguments, "--json")
        assert done.code == 0
        assert all(isinstance(json.loads(line), dict) for line in done.lines)
        assert done.lines
