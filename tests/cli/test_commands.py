"""The other commands: what they change at the service, and what they print."""

from __future__ import annotations

import json

import pytest
from cli_runs import Cli
from waiting import wait_until

from blooio_cli.profiles import PUBLISHED_URL
from blooio_client import Blooio
from blooio_sandbox import Sandbox

ANN = "+15551234567"
ON_DEMAND = ["callFaceTime", "addGroupMember", "removeGroupMember", "getMyContactCard"]


def test_react_to_a_message(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """A reaction goes to the last message, or to one given by index and direction, or by id, and can be removed."""
    first = blooio_sandbox.phone(ANN).sends("one").id
    second = blooio_sandbox.phone(ANN).sends("two").id

    def reactions() -> list[tuple[str, ...]]:
        return [message.reactions for message in blooio_sandbox.phone(ANN).messages]

    assert cli("react", ANN, "love").out.strip() == second
    assert cli("react", ANN, "😂", "--message", "-2", "--direction", "inbound").out.strip() == first
    assert reactions() == [("😂",), ("love",)]
    assert cli("react", ANN, "love", "--message", second, "--remove").out.strip() == second
    assert reactions() == [("😂",), ()]


def test_typing_and_reading(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """The typing indicator is started and stopped, at once or after a time, and the chat is marked as read."""
    blooio_sandbox.phone(ANN).sends("Hello")
    for arguments in (["typing", ANN], ["typing", ANN, "--stop"], ["typing", ANN, "--seconds", "0"], ["read", ANN]):
        assert cli(*arguments).code == 0

    operations = [request.operation for request in blooio_sandbox.requests]
    assert operations == ["startTyping", "stopTyping", "startTyping", "stopTyping", "markChatRead"]


def test_typing_stops_at_ctrl_c(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Ctrl-C stops the typing indicator."""
    blooio_sandbox.phone(ANN).sends("Hello")
    with cli.on_terminal("typing", ANN, "--seconds", "60", PYTHONWARNINGS=None) as terminal:
        wait_until(lambda: bool(blooio_sandbox.requests))
        terminal.type("\x03")
        code = terminal.ended()

    assert code == 130
    assert [request.operation for request in blooio_sandbox.requests] == ["startTyping", "stopTyping"]


@pytest.mark.blooio(clock="stepped")
def test_cancel_and_status(cli: Cli) -> None:
    """A queued message is cancelled; cancelling it again fails."""
    message = cli("send", ANN, "Hello").out.strip()
    before = cli("status", ANN, message).out
    codes = [cli("cancel", ANN, message).code for _ in range(2)]
    after = cli("status", ANN, message, "--json").objects[0]

    assert "status\tqueued" in before
    assert codes[0] == 0
    assert codes[1] in {1, 3}  # a 409 may be due to an earlier attempt of this request
    assert after["status"] == "cancelled"


def test_contacts(cli: Cli, blooio: Blooio) -> None:
    """Contacts are created, renamed, tagged, untagged, searched and deleted."""
    assert cli("contacts", "create", "ann@example.com", "--name", "Ann").out == "ann@example.com\n"
    cli("contacts", "rename", "ann@example.com", "Ann Lee")
    cli("contacts", "tag", "ann@example.com", "vip", "new")
    cli("contacts", "tag", "ann@example.com", "new", "--remove")

    assert blooio.contacts.get("ann@example.com").name == "Ann Lee"
    assert cli("contacts", "tags", "ann@example.com").out == "vip\n"
    assert cli("contacts", "list", "--search", "lee").lines[0].startswith("ann@example.com\tAnn Lee")
    assert "name\tAnn Lee" in cli("contacts", "show", "ann@example.com").lines
    assert "imessage\tyes" in cli("contacts", "capabilities", "ann@example.com").lines
    assert cli("contacts", "rename", "ann@example.com", "").code == 0
    assert blooio.contacts.get("ann@example.com").name is None
    assert cli("contacts", "delete", "ann@example.com").code == 0
    assert cli("contacts", "show", "ann@example.com").code == 1


@pytest.mark.blooio(enabled=ON_DEMAND)
def test_groups(cli: Cli, blooio: Blooio) -> None:
    """Groups are created with members, renamed, joined, left, given an icon and deleted."""
    created = cli("groups", "create", "Team", "--member", ANN, "--member", "ben@example.com", "--json").objects[0]
    group = created["group_id"]
    linked = blooio.groups.create("Linked", members=["c@example.com"], chat_guid="iMessage;+;chat1").group_id

    assert cli("groups", "rename", group, "Sunday").code == 0
    assert cli("groups", "add", linked, "dan@example.com").code == 0
    assert cli("groups", "remove", linked, "c@example.com").code == 0
    assert cli("groups", "icon", linked, "photo.jpg").code == 0
    assert cli("groups", "icon", linked, "--remove").code == 0
    assert cli("groups", "icon", linked).code == 2
    assert blooio.groups.get(group).name == "Sunday"
    assert [line.split("\t")[0] for line in cli("groups", "members", linked).lines] == ["dan@example.com"]
    assert {line.split("\t")[1] for line in cli("groups", "list").lines} == {"Sunday", "Linked"}
    assert "name\tSunday" in cli("groups", "show", group).lines
    assert cli("groups", "delete", group).code == 0
    assert cli("groups", "show", group).code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["groups", "create", "Team", "--member", ANN, "--member", "b@example.com"],
        ["groups", "rename", "grp_1", "Sunday"],
        ["groups", "delete", "grp_1"],
        ["groups", "add", "grp_1", ANN],
        ["groups", "remove", "grp_1", ANN],
        ["groups", "icon", "grp_1", "--remove"],
        ["polls", "send", "grp_1", "a", "b"],
        ["polls", "send", f"{ANN},b@example.com", "a", "b"],
        ["react", "grp_1", "love"],
        ["facetime", ANN],
        ["background", "grp_1", "--remove"],
    ],
)
def test_commands_that_reach_people_ask(cli: Cli, blooio_sandbox: Sandbox, arguments: list[str]) -> None:
    """On a terminal, these commands ask; "no" sends nothing, and a dry run does not ask."""
    asked = cli.on_screen(*arguments, typed="no\n")
    dry = cli.on_screen(*arguments, "--dry-run")

    assert (asked.code, dry.code) == (1, 0)
    assert "[y/N]" in asked.err
    assert "[y/N]" not in dry.err
    assert "curl -X" in dry.out
    assert blooio_sandbox.requests == []


def test_polls(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Polls are sent, voted in and counted."""
    poll = cli("polls", "send", ANN, "Pizza", "Sushi", "--title", "Lunch?").out.strip()
    blooio_sandbox.phone(ANN).votes("Sushi")

    assert cli("polls", "results", ANN, poll).out == "Pizza\t0\nSushi\t1\n"
    assert cli("polls", "results", ANN, poll, "--json").objects[0]["title"] == "Lunch?"


def test_a_poll_of_unknown_outcome(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Since polls have no idempotency key, the exit code is 3, and the error says to check before retrying."""
    blooio_sandbox.drop_next(operation="sendPoll", after_processing=True)

    done = cli("polls", "send", ANN, "a", "b")

    assert done.code == 3
    assert "Check before you run it again" in done.err
    assert "--idempotency-key" not in done.err


@pytest.mark.blooio(clock="stepped")
def test_webhooks(cli: Cli, blooio_sandbox: Sandbox, blooio: Blooio) -> None:
    """Webhooks are created with a secret that is printed once, and then updated, rotated, replayed and deleted."""
    url = "http://127.0.0.1:9/hook"
    hook, secret = cli("webhooks", "create", url, "--type", "all").out.strip().split("\t")
    assert blooio_sandbox.webhook_secrets == {url: secret}
    assert cli("webhooks", "create", url).out.strip() == hook

    blooio_sandbox.phone(ANN).sends("Hello")
    blooio_sandbox.wait_for_deliveries()
    (entry,) = cli("webhooks", "logs", hook, "--json").objects
    replayed = cli("webhooks", "replay", hook, entry["event_id"])
    rotated = cli("webhooks", "rotate", hook).out.strip()

    assert cli("webhooks", "logs", hook).lines[-1].endswith("message.received\tno response")
    assert replayed.out.startswith("Not delivered")
    assert blooio_sandbox.webhook_secrets == {url: rotated} != {url: secret}
    assert cli("webhooks", "update", hook, "--type", "message", "--pause").code == 0
    assert blooio.webhooks.get(hook).webhook_type == "message"
    assert "active\tno" in cli("webhooks", "show", hook).lines
    assert [line.split("\t")[0] for line in cli("webhooks", "list").lines] == [hook]
    assert cli("webhooks", "delete", hook).code == 0
    assert blooio.webhooks.list() == []


@pytest.mark.blooio(enabled=ON_DEMAND)
def test_numbers_cards_and_the_rest(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """The commands for numbers, cards, lookups, locations, FaceTime and backgrounds work."""
    blooio_sandbox.phone(ANN).sends("Hello")
    blooio_sandbox.phone(ANN).shares_location(52.5, 13.4)

    assert cli("card", "update", blooio_sandbox.number, "--first-name", "Front").code == 0
    assert cli("card", "show", blooio_sandbox.number).lines[0] == "first_name\tFront"
    assert cli("card", "share", ANN).code == 0
    assert cli("numbers").out.split("\t")[1:3] == ["yes", "dedicated"]
    assert cli("forward-calls", blooio_sandbox.number, ANN).out.startswith("tkt_")
    assert cli("lookup", "(212) 555-0123").out.split("\t")[:3] == ["(212) 555-0123", "yes", "+1 212-555-0123"]
    assert len(cli("lookup", "+12125550123", "+442079460958").lines) == 2
    assert cli("locations").out.startswith(f"{ANN}\t52.5\t13.4")
    assert cli("locations", ANN, "--json").objects[0]["latitude"] == 52.5
    assert cli("facetime", ANN).out.startswith("https://")
    assert cli("background", ANN, "photo.jpg").code == 0
    assert cli("background", ANN, "--json").code == 0
    assert cli("background", ANN, "--remove").code == 0
    assert cli("background", ANN, "photo.jpg", "--remove").code == 2
    assert blooio_sandbox.requests[-1].operation == "removeChatBackground"


def test_me_masks_the_key(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """The service returns the key, and no command prints it."""
    for arguments in (["me"], ["me", "--json"], ["call", "get_me"], ["call", "get_me", "--json"]):
        done = cli(*arguments)
        assert done.code == 0
        assert blooio_sandbox.api_key not in done.out + done.err


def test_a_dry_run_needs_no_key_and_shows_none(cli: Cli, bare_cli: Cli, blooio_sandbox: Sandbox) -> None:
    """A dry run needs no key; the printed Python and curl do what the command does, and --json separates them."""
    cli_options = ["send", ANN, 'It\'s "quoted"\n$HOME', "--dry-run"]
    with_key, without = cli(*cli_options, "--json"), bare_cli(*cli_options)
    planned = with_key.objects[0]

    assert (with_key.code, without.code) == (0, 0)
    assert blooio_sandbox.api_key not in with_key.out
    assert PUBLISHED_URL in without.out
    assert json.loads(planned["body"]) == {"text": 'It\'s "quoted"\n$HOME'}
    assert planned["headers"]["Idempotency-Key"]
    assert blooio_sandbox.requests == []
