"""`blooio call`, which runs every operation of the document, and the commands for operations."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from cli_runs import COMMAND, PATIENCE, Cli

from blooio_cli import operations
from blooio_cli.commands import calling
from blooio_cli.exits import Failure
from blooio_client import Call, calls, models
from blooio_sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
ANN = "+15551234567"
BUILT = ROOT / "sandbox" / "blooio_sandbox" / "openapi.json"
# The command for each operation. `blooio call` also runs the operations that are not listed here.
COMMANDS = {
    "getMe": "me",
    "listNumbers": "numbers",
    "getMyContactCard": "card show",
    "updateMyContactCard": "card update",
    "shareContactCard": "card share",
    "listContacts": "contacts list",
    "createContact": "contacts create",
    "getContact": "contacts show",
    "deleteContact": "contacts delete",
    "updateContact": "contacts rename",
    "getContactCapabilities": "contacts capabilities",
    "listContactTags": "contacts tags",
    "addContactTags": "contacts tag",
    "removeContactTag": "contacts tag --remove",
    "listLocationContacts": "locations",
    "getLocationContact": "locations CONTACT",
    "refreshLocationContacts": "locations --refresh",
    "callFaceTime": "facetime",
    "listGroups": "groups list",
    "createGroup": "groups create",
    "getGroup": "groups show",
    "deleteGroup": "groups delete",
    "updateGroup": "groups rename",
    "setGroupIcon": "groups icon",
    "removeGroupIcon": "groups icon --remove",
    "listGroupMembers": "groups members",
    "addGroupMember": "groups add",
    "removeGroupMember": "groups remove",
    "requestCallForwarding": "forward-calls",
    "listWebhooks": "webhooks list",
    "createWebhook": "webhooks create",
    "getWebhook": "webhooks show",
    "deleteWebhook": "webhooks delete",
    "updateWebhook": "webhooks update",
    "rotateWebhookSecret": "webhooks rotate",
    "listWebhookLogs": "webhooks logs",
    "replayWebhookEvent": "webhooks replay",
    "listChats": "chats",
    "getChat": "call",
    "listChatMessages": "messages",
    "sendMessage": "send",
    "getMessage": "call",
    "cancelMessage": "cancel",
    "getMessageStatus": "status",
    "addReaction": "react",
    "sendPoll": "polls send",
    "getPollResults": "polls results",
    "startTyping": "typing",
    "stopTyping": "typing --stop",
    "markChatRead": "read",
    "getChatBackground": "background",
    "setChatBackground": "background FILE",
    "removeChatBackground": "background --remove",
    "lookupPhoneNumber": "lookup",
    "lookupPhoneNumberPost": "lookup",
    "batchLookupPhoneNumbers": "lookup NUMBER NUMBER",
}


def _documented() -> dict[str, dict[str, Any]]:
    paths: dict[str, dict[str, Any]] = json.loads(BUILT.read_bytes())["paths"]
    return {each["operationId"]: each for item in paths.values() for each in item.values() if "operationId" in each}


def _arguments(operation: operations.Operation) -> Iterator[str]:
    """Return a value for every required argument of an operation."""
    samples = {"webhook_url": "https://example.com/hook", "icon": "@photo.jpg", "background": "@photo.jpg"}
    lists = {"numbers": ["+12125550123"], "tags": ["vip"], "options": ["a", "b"]}
    for name, each in operation.parameters.items():
        if each.default is each.empty:
            yield f"{name}={'+15551234567' if name in ('chat_id', 'contact_id', 'number') else 'grp_1'}"
    if operation.name == "send_message":  # one of several fields is required
        yield "text=Hello"
    for name, kind in operation.fields.items():
        if "Unset" not in kind:
            value = lists.get(name, samples.get(name, "+love" if name == "reaction" else "Ann"))
            yield f"{name}:={json.dumps(value)}" if isinstance(value, list) else f"{name}={value}"


def test_there_is_a_command_for_every_operation(cli: Cli) -> None:
    """`blooio call` runs every operation, and each command in the table exists."""
    helps = {name.split(" -")[0].split(" CON")[0].split(" FILE")[0].split(" NUM")[0] for name in COMMANDS.values()}

    assert sorted(set(COMMANDS) - set(_documented())) == [], "commands for operations that no longer exist"
    assert [words for words in sorted(helps) if cli(*words.split(), "--help").code != 0] == []


@pytest.mark.parametrize("name", sorted(operations.every()))
def test_call_sends_every_operation(cli: Cli, blooio_sandbox: Sandbox, name: str) -> None:
    """`blooio call` sends each operation with a request that the sandbox accepts as valid."""
    operation = operations.every()[name]

    done = cli("call", name, *_arguments(operation), "--json")

    (request,) = blooio_sandbox.requests
    assert request.operation is not None
    assert operations.named(request.operation).name == name
    assert done.code in {0, 1, 3}
    assert "invalid_request" not in done.err
    assert (done.code == 0) is bool(done.objects)


def test_call_lists_every_operation(cli: Cli) -> None:
    """Without an operation, `blooio call` lists all of them with a summary."""
    listed = cli("call", "--json").objects

    assert {each["operation"] for each in listed} == set(operations.every())
    assert len(listed) == len(_documented())
    assert all(each["summary"] for each in listed)


@pytest.mark.parametrize("name", ["sendMessage", "send_message"])
def test_explain_prints_the_documentation(cli: Cli, name: str) -> None:
    """--explain prints summary, parameters and body fields from the document."""
    explained = cli("call", name, "--explain").out

    assert explained.startswith("Send a message.\n")
    assert "idempotency_key: Unique key" in explained
    assert "    share_contact: bool" in explained


def test_values_have_the_types_of_the_fields(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Values are converted to the type of their field: text, flag, JSON or a list of repeated names."""
    parent = blooio_sandbox.phone(ANN).sends("Hi").id
    words = ["text=5", "share_contact=true", "attachments=https://a.example/1.jpg", "idempotency-key=k-1"]
    words += ["attachments=https://a.example/2.jpg", f'reply_to:={{"message_id": "{parent}"}}']

    done = cli("call", "sendMessage", f"chat_id={ANN}", *words)

    request = blooio_sandbox.requests[-1]
    assert done.code == 0
    assert request.body == {
        "text": "5",
        "share_contact": True,
        "reply_to": {"message_id": parent},
        "attachments": ["https://a.example/1.jpg", "https://a.example/2.jpg"],
    }
    assert request.idempotency_key == "k-1"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["send_message"], "needs chat_id="),
        (["send_message", f"chat_id={ANN}", "txt=Hello"], "does not take txt; it takes chat_id, idempotency_key, text"),
        (["send_message", f"chat_id={ANN}", "share_contact=maybe"], "share_contact takes JSON"),
        (["send_message", f"chat_id={ANN}", f"body:={5000 * '['}"], "body takes JSON"),
        (["send_message", f"chat_id={ANN}", "Hello"], "is not name=value"),
        (["set_group_icon", "group_id=grp_1", "icon=@nowhere.jpg"], "nowhere.jpg cannot be read"),
        (["set_group_icon", "group_id=grp_1", "icon=photo.jpg"], "icon takes a file: icon=@photo.jpg"),
        (["send_message", f"chat_id={ANN}", 'body:=["Hello"]'], "send_message takes an object as its body"),
        (["send_message", f"chat_id={ANN}", "body:={}", "text=Hello"], "pass either body:=JSON or text, not both"),
        (["send_message", f"chat_id={ANN}", "body=Hello"], "body takes JSON"),
        (["get_chat", f"chat_id={ANN}", "body:={}"], "get_chat does not take body"),
        (["list_chats", "limit=abc"], "limit must be a whole number"),
        (["send_massage"], "did you mean send_message"),
        (["zzz"], "`blooio call` lists them"),
    ],
)
def test_an_invalid_call_says_why(cli: Cli, blooio_sandbox: Sandbox, words: list[str], said: str) -> None:
    """An invalid call exits with code 2 and a reason, and sends nothing."""
    done = cli("call", *words)

    assert done.code == 2
    assert said in done.err
    assert blooio_sandbox.requests == []


def test_a_body_is_passed_whole(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """body:=JSON is the body as it is on the wire."""
    done = cli("call", "send_message", f"chat_id={ANN}", 'body:={"text": "Hello", "share_contact": true}')

    assert done.code == 0
    assert blooio_sandbox.requests[-1].body == {"text": "Hello", "share_contact": True}


def create_things(*, body: Sequence[models.CreateContactRequest | Mapping[str, Any]]) -> Call[Any]:
    """Create several things; no operation of today's document takes a list."""
    return Call.build("POST", "/things", json=body)


def set_labels(*, body: Mapping[str, Any]) -> Call[Any]:
    """Set labels of any name; no operation of today's document takes a map."""
    return Call.build("PUT", "/labels", json=body)


@pytest.mark.parametrize(
    ("function", "word", "body"),
    [(create_things, 'body:=[{"identifier": "a"}]', [{"identifier": "a"}]), (set_labels, 'body:={"a": 1}', {"a": 1})],
)
def test_a_body_without_fields(function: Callable[..., Call[Any]], word: str, body: object) -> None:
    """A list or a map is passed as a whole, and is named if it is missing or of the other kind."""
    operation = operations.Operation(function.__name__, function)

    def json_of(*words: str) -> object:
        with ExitStack() as stack:
            return operations.call_of(operation, operations.values_of(operation, words, stack), None)[0].json

    assert json_of(word) == body
    with pytest.raises(Failure, match="needs body:="):
        json_of()
    with pytest.raises(Failure, match=r"it takes body$"):
        json_of("identifier=a")
    with pytest.raises(Failure, match=r"takes an (array|object) as its body"):
        json_of("body:=7")


@pytest.mark.parametrize(
    ("result", "text"),
    [({"a": 1, "b": None}, "a: 1\nb: None"), (["x", {"a": 1}], "x\n{'a': 1}"), (None, ""), ("csv", "csv")],
)
def test_results_of_any_kind_are_printed(result: object, text: str) -> None:
    """An operation may return an object, a list, nothing or text."""
    assert calling.written(result) == text


def test_a_call_of_unknown_outcome_is_retried_with_its_key(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """After an unknown outcome, the same call uses the same key, so there is one message; so does the printed one."""
    words = ["call", "send_message", f"chat_id={ANN}", "text=Hello"]
    blooio_sandbox.drop_next(times=3, operation="sendMessage", after_processing=True)

    unknown = cli(*words)
    printed = unknown.err.split()[-1]
    again, with_key = cli(*words), cli(*words, printed)

    assert printed == f"idempotency_key={blooio_sandbox.messages[0].idempotency_key}"
    assert [done.code for done in (unknown, again, with_key)] == [3, 0, 0]
    assert "pass a new idempotency_key." in again.err
    assert len(blooio_sandbox.messages) == 1


def test_another_order_of_texts_is_another_message(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """After an unknown outcome, the same texts in another order have a key of their own, so they are sent."""
    first = ["call", "send_message", f"chat_id={ANN}", "text=One", "text=Two"]
    blooio_sandbox.drop_next(times=3, operation="sendMessage", after_processing=True)

    codes = [cli(*words).code for words in (first, [*first[:3], *first[:2:-1]], [*first[:2], *first[3:], first[2]])]

    assert codes == [3, 0, 0]
    assert [message.text for message in blooio_sandbox.messages] == ["One", "Two", "Two", "One"]


def test_a_call_that_reaches_a_group_asks(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """On a terminal, a call that reaches a group or rings asks, however it is written, and "no" sends nothing."""
    for words in (
        ["sendPoll", f"chat_id={ANN},a@example.com", "options=a", "options=b"],
        ["sendPoll", f'chat-id:="{ANN},a@example.com"', "options=a", "options=b"],
        ["deleteGroup", "group_id=grp_1"],
        ["deleteGroup", 'group-id:="grp_1"'],
        ["removeChatBackground", 'chat_id:="grp_1"'],
        ["callFaceTime", f"handle={ANN}"],
    ):
        done = cli.on_screen("call", *words, typed="n\n")
        assert (done.code, done.err.count("[y/N]")) == (1, 1)
    assert blooio_sandbox.requests == []


def _completed(cli: Cli, *words: str) -> list[str]:
    """Return the completions that bash offers."""
    variables = {"_BLOOIO_COMPLETE": "complete_bash", "COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
    return cli(**variables).lines


def test_completion_knows_commands_operations_and_parameters(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Commands, operations and parameters are completed from the document, without a request."""
    assert _completed(cli, "blooio", "se") == ["send"]
    assert _completed(cli, "blooio", "webhooks", "ro") == ["rotate"]
    assert _completed(cli, "blooio", "call", "add_r") == ["add_reaction"]
    assert "text=" in _completed(cli, "blooio", "call", "send_message", "te")
    assert "confetti" not in _completed(cli, "blooio", "send", "--wait", "d")
    assert _completed(cli, "blooio", "send", "--wait", "d") == ["delivered"]
    assert blooio_sandbox.requests == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_has_a_script_for_each_shell(cli: Cli, shell: str) -> None:
    """The script for each shell asks the command for completions."""
    shown = cli("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")

    assert shown.code == 0
    assert f"complete_{shell}" in shown.out
    assert "blooio" in shown.out


def test_completion_works_in_bash(cli: Cli) -> None:
    """The script, loaded into bash, completes words."""
    (cli.folder / "blooio").write_text(f'#!/bin/sh\nexec {" ".join(COMMAND)} "$@"\n')
    (cli.folder / "blooio").chmod(0o755)
    script = cli("--show-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1").out
    ask = 'COMP_WORDS=(blooio webhooks ro); COMP_CWORD=2; _blooio_completion blooio; echo "${COMPREPLY[@]}"'

    done = subprocess.run(
        ["/bin/bash", "-c", f"{script}\n{ask}"],
        env=cli.variables(PATH=f"{cli.folder}:{cli.environment['PATH']}"),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )

    assert done.stdout.strip() == "rotate", done.stderr


def test_operations_are_those_of_the_calls() -> None:
    """Introspection finds the calls that the module defines, and none that it imports."""
    assert set(operations.every()) == {operations.named(name).name for name in _documented()}
    assert all(hasattr(calls, name) for name in operations.every())
