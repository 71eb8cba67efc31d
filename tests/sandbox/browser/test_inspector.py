"""The inspector of the page in a real browser: snippets, requests, deliveries, faults, the clock."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote

import httpx
from browsing import ANN, BOB, PNG, path_of

from blooio_cli.operations import call_of, named, values_of
from blooio_client.types import UNSET
from blooio_sandbox.api.document import load_operations

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page, Route
    from pytest_httpserver import HTTPServer

    from blooio_client import Blooio
    from blooio_sandbox import Sandbox
    from blooio_sandbox.api.document import Operation


def test_the_first_visit_shows_working_code(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """Both snippets run as copied, and the messages they send appear on the page."""
    sandbox.reset()
    page = visit()
    page.get_by_label("Copy Python").click()
    python = page.evaluate("navigator.clipboard.readText()")
    subprocess.run([sys.executable, "-c", python], check=True, capture_output=True, timeout=30)
    page.locator(".chat").wait_for()
    page.get_by_label("Copy curl").click()
    curl = page.evaluate("navigator.clipboard.readText()")
    if shutil.which("curl"):
        subprocess.run(["bash", "-c", curl], check=True, capture_output=True, timeout=30)  # noqa: S607

    assert {message.text for message in sandbox.messages} == {"Hello"}
    assert sandbox.requests[0].status == 202


def test_the_last_slash_may_be_missing(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """The page works at /_sandbox, too."""
    page = visit()
    page.goto(sandbox.page_url.removesuffix("/"))

    page.locator(".welcome").wait_for()


def test_requests_are_shown_and_copied(visit: Callable[..., Page], sandbox: Sandbox, client: Blooio) -> None:
    """Retries with one key are one entry with its attempts; the copied code sends the same message."""
    sandbox.fail_next(503, retry_after=0)
    client.chat(ANN).send('It\'s "quoted"')
    page = visit(path_of(ANN))
    entry = page.locator(".entry", has_text="2 tries")
    entry.click()
    page.locator(".tries").wait_for()
    statuses = page.locator(".tries li span").all_inner_texts()
    page.get_by_role("button", name="Copy as curl").click()
    curl = page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Copy as Python").click()
    python = page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Copy as CLI").click()
    cli = page.evaluate("navigator.clipboard.readText()")
    subprocess.run([sys.executable, "-c", python], check=True, capture_output=True, timeout=30)
    if shutil.which("curl"):
        subprocess.run(["bash", "-c", curl], check=True, capture_output=True, timeout=30)  # noqa: S607
        assert sandbox.requests[-1].status == 200
        assert sandbox.requests[-1].idempotency_key == sandbox.requests[0].idempotency_key

    assert statuses == ["503", "202"]
    assert cli == """blooio send '+15551234567' 'It'\\''s "quoted"'"""
    assert {message.text for message in sandbox.messages} == {'It\'s "quoted"'}


def test_deliveries_say_why_and_are_replayed(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """The reason for a failed delivery is shown, with its attempts and body; it can be replayed."""
    page = visit(path_of(ANN))
    page.get_by_role("tab", name="Webhooks").click()
    page.get_by_label("URL of your app").fill("http://127.0.0.1:1/hook")
    page.get_by_role("button", name="Send events to it").click()
    page.get_by_text("No deliveries yet.").wait_for()
    sandbox.phone(ANN).sends("Hi")
    page.locator(".entry", has_text="connection refused").click()
    detail = page.locator(".detail").inner_text()
    page.get_by_role("button", name="Replay").click()
    page.locator(".entry", has_text="(replay)").wait_for()

    assert "X-Blooio-Signature: t=" in detail
    assert '"text": "Hi"' in detail


def test_a_redirect_of_a_delivery_is_a_failure(
    visit: Callable[..., Page], sandbox: Sandbox, httpserver: HTTPServer
) -> None:
    """A receiver that redirects, such as one whose URL lacks its last slash, has not received the event."""
    httpserver.expect_request("/hook").respond_with_data("", 308, headers={"Location": "/hook/"})
    sandbox.seed({"webhooks": [{"url": httpserver.url_for("/hook")}]})
    sandbox.phone(ANN).sends("Hi")
    page = visit(path_of(ANN))
    page.get_by_role("tab", name="Webhooks").click()

    page.locator(".entry .code.bad", has_text="308").wait_for()


def test_faults_are_switched(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """A switch adds a fault until it is switched off; single faults and disturbances can be added and removed."""
    page = visit(path_of(ANN))
    page.get_by_role("tab", name="Faults").click()
    switch = page.get_by_role("switch", name="Server error")
    switch.check()
    page.locator(".pending li").wait_for()
    with httpx.Client(headers={"Authorization": f"Bearer {sandbox.api_key}"}, trust_env=False, timeout=60.0) as api:
        url = f"{sandbox.base_url}/chats/%2B15551234567/messages"
        failed = [api.post(url, json={"text": "Hi"}).status_code for _ in range(2)]
        switch.uncheck()
        page.locator(".pending li").wait_for(state="detached")
        page.get_by_label("with status").select_option("429")
        page.get_by_role("button", name="Fail", exact=True).click()
        page.locator(".pending li", has_text="429").wait_for()
        failed += [api.post(url, json={"text": "Hi"}).status_code for _ in range(2)]
    page.get_by_role("button", name="Wrong signature").click()
    page.locator(".pending li", has_text="wrong signature").wait_for()
    page.get_by_role("button", name="Switch everything off").click()
    page.locator(".pending li").wait_for(state="detached")

    assert failed == [503, 503, 429, 202]


def test_a_switch_stays_as_it_was_clicked(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """Redrawing the page while a fault is being removed does not undo the click."""
    page = visit(path_of(ANN))
    page.get_by_role("tab", name="Faults").click()
    switch = page.get_by_role("switch", name="Server error")
    switch.check()
    page.locator(".pending li").wait_for()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/remove_fault", hold)
    switch.uncheck()
    sandbox.fail_next(429, operation="getMe")
    page.locator(".pending li", has_text="429").wait_for()
    was_on_meanwhile = switch.is_checked()
    held[0].continue_()
    page.locator(".pending li", has_text="503").wait_for(state="detached")

    assert not was_on_meanwhile
    assert not switch.is_checked()


def test_the_clock_advances_and_the_sandbox_is_reset(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """A click advances the clock; a reset asks first, and returns to the first visit."""
    sandbox.phone(ANN).sends("Hi")
    page = visit(path_of(ANN))
    page.get_by_role("tab", name="Clock").click()
    before = sandbox.now
    page.get_by_role("button", name="+ 1 day").click()
    page.locator("#toast", has_text="The clock moved forward").wait_for()
    advanced = sandbox.now - before
    page.get_by_role("button", name="Reset the sandbox").click()
    page.get_by_role("button", name="Reset", exact=True).click()
    page.locator(".welcome").wait_for()

    assert advanced >= 86_400_000
    assert sandbox.phone(ANN).messages == []


def test_the_log_is_filtered(visit: Callable[..., Page], client: Blooio) -> None:
    """The log can be filtered by chat, operation and status."""
    client.chat(ANN).send("Hi")
    client.chat(BOB).send("Hi")
    client.me()
    page = visit(path_of(ANN))
    page.locator(".entry").nth(2).wait_for()
    page.get_by_label("Kind").select_option("sendMessage")
    page.locator(".entry").nth(2).wait_for(state="detached")
    page.get_by_label("Chat", exact=True).select_option("open")
    page.locator(".entry").nth(1).wait_for(state="detached")
    shown = page.locator(".entry .where").inner_text()
    page.get_by_label("Status").select_option("bad")
    page.get_by_text("Nothing matches the filters.").wait_for()

    assert shown == f"POST /chats/{ANN}/messages"


UPLOADS = ("setChatBackground", "setGroupIcon")
BODIES: dict[str, Any] = {
    "addContactTags": {"tags": ["vip", "it's"]},
    "addGroupMember": {"contact_id": ANN},
    "addReaction": {"reaction": "+love", "direction": "inbound"},
    "batchLookupPhoneNumbers": {"numbers": [ANN]},
    "callFaceTime": {"handle": BOB},
    "createContact": {"identifier": BOB, "name": "5"},
    "createGroup": {"name": "Team", "members": [ANN, BOB]},
    "createWebhook": {"webhook_url": "https://example.com/?a=b", "webhook_type": "all", "valid_until": 1},
    "lookupPhoneNumberPost": {"number": ANN},
    "requestCallForwarding": {"forward_to": ANN},
    "sendMessage": {"text": ["-1", "two\nlines"], "share_contact": True, "reply_to": {"message_id": "msg_1"}},
    "sendPoll": {"options": ["Yes", "No"], "title": "@home?"},
    "updateContact": {"name": None},
    "updateGroup": {"name": "@Trip"},
    "updateMyContactCard": {"first_name": "Ann", "sharing": {"enabled": True}},
    "updateWebhook": {"deprecate": False},
}
QUERIES = {
    "listChats": "limit=5&q=Ann%20%26%20Bob",
    "listWebhookLogs": "min_status=400",
    "lookupPhoneNumber": "number=%2B15551234567",
}


def test_every_operation_is_copied_as_code(visit: Callable[..., Page], tmp_path: Path) -> None:
    """`blooio call` parses the copied command into the same request: the same path, query and body."""
    exchanges = [_exchange(operation) for operation in load_operations()]
    page = visit()
    copied = page.evaluate(
        "async (all) => { const {asCli} = await import('./static/snippets.js'); return all.map(asCli); }", exchanges
    )
    (tmp_path / "photo.jpg").write_bytes(PNG)
    different = [
        f"{command}: {sent}"
        for command, exchange in zip(copied, exchanges, strict=True)
        if (words := shlex.split(command))[1] == "call"
        and (sent := _request_of(words[2:], tmp_path)) != exchange["request"]
    ]
    usual = {exchange["operation"]: command for command, exchange in zip(copied, exchanges, strict=True)}

    assert different == []
    assert [usual[name] for name in ("getMe", "listNumbers", "listChatMessages", "markChatRead")] == [
        "blooio me",
        "blooio numbers",
        f"blooio messages '{ANN}'",
        f"blooio read '{ANN}'",
    ]


def _exchange(operation: Operation) -> dict[str, Any]:
    """Return a request of an operation as the page receives it, with its expected parts."""
    ids = {name: ANN if name == "chatId" else f"{name} & 1" for name in re.findall(r"{(\w+)}", operation.path)}
    path = re.sub(r"{(\w+)}", lambda name: quote(ids[name[1]], safe=""), operation.path)
    body, query = BODIES.get(operation.id), QUERIES.get(operation.id, "")
    return {
        "operation": operation.id,
        "ids": ids,
        "chat": ids.get("chatId"),
        "query": query,
        "asked": "8 bytes, not JSON" if operation.id in UPLOADS else "" if body is None else json.dumps(body),
        "request": [operation.method, path, dict(parse_qsl(query)), body],
    }


def _request_of(words: list[str], folder: Path) -> list[Any]:
    """Return the request that `blooio call` makes from its arguments."""
    operation = named(words[0])
    with ExitStack() as stack:
        given = [word.replace("=@photo.jpg", f"=@{folder / 'photo.jpg'}") for word in words[1:]]
        call, _ = call_of(operation, values_of(operation, given, stack), None)
        query = {name: str(value) for name, value in (call.params or {}).items()}
        return [call.method, call.path, query, None if call.json is UNSET else call.json]


def test_uploads_are_copied_with_a_file(visit: Callable[..., Page], sandbox: Sandbox, tmp_path: Path) -> None:
    """The copied Python and curl upload a photo from the current directory."""
    sandbox.phone(ANN).sends("Hi")
    exchange = next(each for each in map(_exchange, load_operations()) if each["operation"] == "setChatBackground")
    exchange |= {"method": "PUT", "raw_path": f"/v2/api{exchange['request'][1]}", "idempotency_key": None}
    about = {"base_url": sandbox.base_url, "api_key": sandbox.api_key}
    python, curl = visit().evaluate(
        """async ([about, exchange]) => { const {asCurl, asPython} = await import('./static/snippets.js');
            return [asPython(about, exchange), asCurl(about, exchange)]; }""",
        [about, exchange],
    )
    (tmp_path / "photo.jpg").write_bytes(PNG)
    subprocess.run([sys.executable, "-c", python], check=True, capture_output=True, timeout=30, cwd=tmp_path)
    if shutil.which("curl"):
        subprocess.run(["bash", "-c", curl], check=True, capture_output=True, timeout=30, cwd=tmp_path)  # noqa: S607
    uploads = [request for request in sandbox.requests if request.operation == "setChatBackground"]

    assert {request.status for request in uploads} == {200}
    assert len(uploads) == 1 + bool(shutil.which("curl"))
