"""The page in the browser, and the origins that may use the control API."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hatchling.builders.wheel import WheelBuilder

from blooio_sandbox import Sandbox
from blooio_sandbox.control.operations import CONTROLS

if TYPE_CHECKING:
    from collections.abc import Generator

ROOT = Path(__file__).resolve().parents[2]
STATIC = files("blooio_sandbox.page") / "static"
NAMES = sorted(each.name for each in STATIC.iterdir())
SCRIPTS = {name: (STATIC / name).read_text("utf-8") for name in NAMES if name.endswith(".js")}
PERSON = "+15551234567"
PHONE = "phones/%2B15551234567"
CHAT = "/chats/%2B15551234567/messages"
HTML = "<img src=x onerror=alert(1)></script>"


@pytest.fixture
def browser(sandbox: Sandbox) -> Generator[httpx.Client]:
    """A client with the headers of a browser."""
    headers = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    with httpx.Client(base_url=sandbox.page_url, headers=headers, trust_env=False, timeout=60.0) as client:
        yield client


@pytest.fixture
def busy(sandbox: Sandbox, api: httpx.Client) -> Sandbox:
    """A sandbox with everything that the page can show."""
    sandbox.seed({"webhooks": [{"url": "http://user:pass@127.0.0.1:1/secret-path", "type": "all"}]})
    sandbox.seed({"contacts": [{"identifier": PERSON, "name": HTML}]})
    sandbox.phone(PERSON).sends(HTML)
    api.post(CHAT, json={"text": "Hello", "attachments": ["https://example.com/a.jpg"]})
    sandbox.phone(PERSON).reacts("love")
    sandbox.wait_for_deliveries()
    sandbox.fail_next(503, operation="sendMessage")
    return sandbox


def _get(browser: httpx.Client, path: str) -> Any:
    response = browser.get(path, headers={"Accept": "application/json"})
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_browser_gets_the_page(sandbox: Sandbox, browser: httpx.Client, slash: str) -> None:
    """With or without the slash, a browser gets HTML; other clients get JSON."""
    address = sandbox.page_url.rstrip("/") + slash
    page, data = browser.get(address), browser.get(address, headers={"Accept": "*/*"})

    assert (page.status_code, page.text) == (200, (STATIC / "index.html").read_text("utf-8"))
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert (data.json()["base_url"], page.headers["vary"]) == (sandbox.base_url, "accept")
    assert sandbox.api_key not in page.text


def test_only_its_own_scripts_run(browser: httpx.Client) -> None:
    """The policy allows only the page's own files, no inline code, and no frames."""
    headers = browser.get("").headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))

    assert {policy[name] for name in ("script-src", "style-src", "connect-src")} == {"'self'"}
    assert (policy["default-src"], policy["frame-ancestors"]) == ("'none'", "'none'")
    assert (policy["require-trusted-types-for"], policy["trusted-types"]) == ("'script'", "'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert not [name for name in headers if name.startswith("access-control-")]


@pytest.mark.parametrize("name", NAMES)
def test_each_file_is_served(browser: httpx.Client, name: str) -> None:
    """Each file of the page has its type, is short, and refers to no other host."""
    response = browser.get(f"static/{name}")
    text = (STATIC / name).read_text("utf-8")
    hosts = set(re.findall(r"https?://[\w.]+", text)) - {"http://www.w3.org", "http://127.0.0.1"}

    assert (response.status_code, response.text) == (200, text)
    assert response.headers["content-type"].startswith(("text/", "image/svg"))
    assert len(text.splitlines()) < 400
    assert hosts == set()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|srcdoc|DOMParser", text)
    assert not re.search(r"""\s(?:on\w+|style)=""\"""", (STATIC / "index.html").read_text("utf-8"))


@pytest.mark.parametrize("name", ["missing.js", "../overview.py", "%2e%2e/overview.py", "__init__.py"])
def test_no_other_file_is_served(browser: httpx.Client, name: str) -> None:
    """Paths outside the page's folder are a 404."""
    assert browser.get(f"static/{name}").status_code in {401, 404}


def test_every_path_in_the_scripts_exists() -> None:
    """Every path in the scripts exists in the control API."""
    text = "\n".join(SCRIPTS.values())
    plain = set(re.findall(r"""\b(?:ask|app\.act)\("(\w*)\"""", text))
    made = {re.sub(r"\$\{[^}]*\}", "{}", path) for path in re.findall(r"""\b(?:ask|app\.act)\(`([^`]+)`""", text)}
    phone = set(re.findall(r"""\b(?:phone|this)\.act\((?:[^"()]*\? )?"(\w+)"(?: : "(\w+)")?""", text))
    actions = {f"phones/{{}}/{name}" for names in phone for name in names if name}
    asked = plain | made | actions
    paths = {control.path for control in CONTROLS}

    assert {path for path in asked if path != "phones/{}/{}" and path not in paths} == set()
    assert asked >= {"overview", "operations", "phones/{}/votes", "phones/{}/sends", "requests/{}/bodies"}


@pytest.mark.usefixtures("busy")
def test_text_arrives_as_data(browser: httpx.Client) -> None:
    """HTML in a name or message is served as JSON only."""
    response = browser.get("overview")
    (chat,) = response.json()["chats"]

    assert (chat["name"], chat["text"], chat["direction"]) == (HTML, "Hello", "outbound")
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_it_lists_what_happened(browser: httpx.Client, busy: Sandbox) -> None:
    """The page lists requests, deliveries, pending faults, messages and reactions."""
    seen = _get(browser, "overview")
    (request,), (fault,) = seen["requests"], seen["faults"]
    conversation = _get(browser, "chats/%2B15551234567/messages")

    assert (request["method"], request["path"]) == ("POST", f"/v2/api/chats/{PERSON}/messages")
    assert (request["operation"], request["status"], request["time_received"]) == ("sendMessage", 202, busy.now)
    assert {delivery["host"] for delivery in seen["deliveries"]} == {"127.0.0.1:1"}
    assert {(delivery["status"], delivery["attempts"]) for delivery in seen["deliveries"]} == {(None, 1)}
    assert {delivery["error"] for delivery in seen["deliveries"]} == {"connection refused"}
    assert all(delivery["next_attempt"] > busy.now for delivery in seen["deliveries"])
    assert (fault["status"], fault["operation"], fault["times"]) == (503, "sendMessage", 1)
    assert [(each["direction"], each["status"]) for each in conversation["items"]] == [
        ("inbound", "received"),
        ("outbound", "queued"),
    ]
    assert conversation["items"][1]["reactions"] == [{"reaction": "love", "sender": PERSON}]
    assert [member["id"] for member in conversation["members"]] == [PERSON]


def test_a_retried_delivery_is_one_entry(browser: httpx.Client, sandbox: Sandbox) -> None:
    """A delivery has the time of its last attempt and the number of attempts; each attempt can be read."""
    sandbox.seed({"webhooks": [{"url": "http://127.0.0.1:1/", "type": "all"}]})
    listed: list[list[tuple[str, int]]] = []
    for happen in (lambda: sandbox.phone(PERSON).sends("Hi"), sandbox.phone(PERSON).types, lambda: None):
        happen()
        sandbox.wait_for_deliveries()
        deliveries = _get(browser, "overview")["deliveries"]
        listed.append([(delivery["event"], delivery["attempts"]) for delivery in deliveries])
        sandbox.advance(seconds=0.5)
        sandbox.wait_for_deliveries()
    attempts = _get(browser, f"deliveries/{deliveries[0]['event_id']}/attempts")["attempts"]

    assert listed == [
        [("message.received", 1)],
        [("typing.started", 1), ("message.received", 1)],
        [("message.received", 2), ("typing.started", 1)],
    ]
    assert [attempt["time"] for attempt in attempts] == [deliveries[0]["time"] - 1000, deliveries[0]["time"]]
    assert all('"text": "Hi"' in attempt["sent"] for attempt in attempts)


def test_attempts_are_counted_past_a_hundred(browser: httpx.Client, sandbox: Sandbox) -> None:
    """Every delivery counts all of its attempts, however many others there were."""
    sandbox.seed({"webhooks": [{"url": "http://127.0.0.1:1/", "type": "all"}]})
    for number in range(30):
        sandbox.phone(f"+1555123{number:04}").sends("Hi")
    for seconds in (0, 1, 2, 4, 8, 16):
        sandbox.advance(seconds=seconds)
        sandbox.wait_for_deliveries()
    deliveries = _get(browser, "overview")["deliveries"]

    assert [delivery["attempts"] for delivery in deliveries] == [6] * 30


def test_attempts_and_the_next_one_are_shown_past_a_hundred(browser: httpx.Client, sandbox: Sandbox) -> None:
    """Each delivery shows its attempts and the next one, however many others are logged or waiting."""
    sandbox.seed({"webhooks": [{"url": "http://127.0.0.1:1/", "type": "all"}]})
    for how_many in (30, 100):
        for number in range(how_many):
            sandbox.phone(f"+1555123{number:04}").sends("Hi")
        sandbox.wait_for_deliveries()
        sandbox.advance(seconds=0.5)
        sandbox.wait_for_deliveries()
    deliveries = _get(browser, "overview")["deliveries"]
    seen = {(each["attempts"], each["error"], each["next_attempt"] > sandbox.now) for each in deliveries}

    assert len(deliveries) == 100
    assert seen == {(1, "connection refused", True), (2, "connection refused", True)}


def test_a_group_has_its_members(sandbox: Sandbox, browser: httpx.Client) -> None:
    """A group chat lists its members."""
    people = [PERSON, "bob@example.com"]
    sandbox.seed({"groups": [{"name": "Team", "members": people}]})
    sandbox.seed({"messages": [{"from": PERSON, "group": "Team", "text": "Hello all"}]})
    (chat,) = _get(browser, "overview")["chats"]

    assert (chat["name"], [member["id"] for member in chat["members"]]) == ("Team", people)
    assert _get(browser, f"chats/{chat['id']}/messages")["items"][0]["text"] == "Hello all"


def test_bodies_are_shown_without_secrets(browser: httpx.Client, api: httpx.Client, sandbox: Sandbox) -> None:
    """Bodies are readable, but keys and signing secrets are masked."""
    secret = api.post("/webhooks", json={"webhook_url": "http://127.0.0.1:1/"}).json()["signing_secret"]
    api.get("/me")
    api.post(CHAT, content=b"{", headers={"Content-Type": "application/json"})
    numbers = [request["number"] for request in _get(browser, "overview")["requests"]]
    broken, me, subscribed = (_get(browser, f"requests/{number}/bodies") for number in numbers)

    assert broken["asked"] == "1 bytes, not JSON"
    assert '"webhook_url": "http://127.0.0.1:1/"' in subscribed["asked"]
    assert (me["asked"], '"api_key": "***"' in me["answered"]) == ("", True)
    assert subscribed["headers"]["authorization"] == "Bearer ***"
    assert not [view for view in (broken, me, subscribed) if secret in str(view) or sandbox.api_key in str(view)]


def test_request_numbers_are_unique(browser: httpx.Client, api: httpx.Client, sandbox: Sandbox) -> None:
    """Request numbers stay unique after a reset, and an unknown number is a 404."""
    api.get("/me")
    (first,) = _get(browser, "overview")["requests"]
    sandbox.reset()
    api.get("/me/numbers")
    (second,) = _get(browser, "overview")["requests"]

    assert _get(browser, f"requests/{second['number']}/bodies")["operation"] == "listNumbers"
    for number, status in [(first["number"], 404), (second["number"] + 1, 404), (-1, 404), ("first", 400)]:
        assert browser.get(f"requests/{number}/bodies").status_code == status


def test_lists_are_limited(browser: httpx.Client, sandbox: Sandbox, api: httpx.Client) -> None:
    """Lists contain at most the latest hundred entries."""
    sandbox.seed({"messages": [{"from": f"+1555123{number:04}", "text": "Hi"} for number in range(101)]})
    sandbox.seed({"messages": [{"from": PERSON, "text": str(number)} for number in range(101)]})
    for _ in range(101):
        api.get("/me/numbers")
    seen, talk = _get(browser, "overview"), _get(browser, "chats/%2B15551234567/messages")["items"]

    assert [len(seen["chats"]), len(seen["requests"])] == [100, 100]
    assert (seen["chats"][0]["id"], [talk[0]["text"], talk[-1]["text"]]) == (PERSON, ["1", "100"])


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Origin": "https://evil.example"}, "foreign_origin"),
        ({"Origin": "null"}, "foreign_origin"),
        ({"Origin": "http://127.0.0.1:1"}, "foreign_origin"),
        ({"Host": "evil.example"}, "foreign_host"),
        ({"Host": "evil.example:8787", "Origin": "http://evil.example:8787"}, "foreign_host"),
        ({"Host": "127.0.0.1.evil.example"}, "foreign_host"),
        ({"Host": "[::1"}, "foreign_host"),
        ({"Host": ""}, "foreign_host"),
    ],
)
def test_pages_of_other_sites_are_rejected(
    sandbox: Sandbox, browser: httpx.Client, headers: dict[str, str], code: str
) -> None:
    """Pages of other sites can neither change nor read anything, even with DNS rebinding."""
    sandbox.phone(PERSON).sends("Still here")
    form = browser.post("reset", content="a=b", headers={"Content-Type": "text/plain", **headers})
    reading = [browser.get(path, headers=headers) for path in ("", "overview")]

    assert [(response.status_code, response.json()["code"]) for response in (form, *reading)] == [(403, code)] * 3
    assert [message.text for message in sandbox.phone(PERSON).messages] == ["Still here"]


@pytest.mark.parametrize("host", ["localhost", "localhost:8787", "127.0.0.1:8787", "[::1]:8787", "192.168.1.2"])
def test_its_own_page_is_accepted(sandbox: Sandbox, browser: httpx.Client, host: str) -> None:
    """The page works on localhost and on IP addresses."""
    response = browser.post(f"{PHONE}/sends", json={"text": "Hi"}, headers={"Host": host, "Origin": f"http://{host}"})

    assert response.status_code == 200
    assert [message.text for message in sandbox.phone(PERSON).messages] == ["Hi"]


def test_programs_need_no_origin(sandbox: Sandbox, browser: httpx.Client) -> None:
    """Requests without an Origin are accepted, with curl's default content type."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    response = browser.post(f"{PHONE}/sends", content='{"text": "Hi"}', headers=headers)

    assert (response.status_code, len(sandbox.phone(PERSON).messages)) == (200, 1)


def test_it_is_in_the_wheel() -> None:
    """The wheel contains the page."""
    names = {Path(each.distribution_path) for each in WheelBuilder(str(ROOT)).recurse_included_files()}

    assert {Path("blooio_sandbox/page/static") / name for name in NAMES} <= names


def test_uploaded_files_are_served(browser: httpx.Client, sandbox: Sandbox) -> None:
    """A picture is shown, but HTML and SVG, which could run scripts, are only downloaded."""
    picture = browser.post("files/a%20b.png", content=b"\x89PNG", headers={"Content-Type": "image/png"}).json()["url"]
    markup = browser.post("files/a.svg", content=b"<svg/>", headers={"Content-Type": "image/svg+xml"}).json()["url"]
    shown, downloaded = browser.get(picture), browser.get(markup)
    sandbox.reset()

    assert (shown.content, shown.headers["content-type"], shown.headers["content-disposition"]) == (
        b"\x89PNG",
        "image/png",
        "inline",
    )
    assert (downloaded.headers["content-type"], downloaded.headers["content-disposition"]) == (
        "application/octet-stream",
        "attachment",
    )
    assert "sandbox" in downloaded.headers["content-security-policy"]
    assert browser.get(picture).status_code == 404


def test_changes_are_pushed(browser: httpx.Client, sandbox: Sandbox) -> None:
    """The stream of events starts at once, and sends an event after each change."""
    with browser.stream("GET", "live") as response:
        lines = response.iter_lines()
        first = next(lines)
        sandbox.phone(PERSON).sends("Hi")
        later = [next(lines) for _ in range(2)]

    assert response.headers["content-type"] == "text/event-stream"
    assert [first, *later] == ["data: change", "", "data: change"]


def test_long_conversations_are_paged(browser: httpx.Client, sandbox: Sandbox) -> None:
    """A page has a hundred messages; the position of its first message selects the page before."""
    sandbox.seed({"messages": [{"from": PERSON, "text": str(number)} for number in range(150)]})
    last = _get(browser, "chats/%2B15551234567/messages")
    before = _get(browser, f"chats/%2B15551234567/messages/{last['items'][0]['position']}")

    assert [last["items"][0]["text"], last["items"][-1]["text"], last["has_more"]] == ["50", "149", True]
    assert [before["items"][0]["text"], before["items"][-1]["text"], before["has_more"]] == ["0", "49", False]


def test_messages_are_searched(browser: httpx.Client, sandbox: Sandbox) -> None:
    """A search finds texts in any chat, and matches % and _ literally."""
    sandbox.seed({"messages": [{"from": PERSON, "text": "50% off"}, {"from": "bob@example.com", "text": "500 off"}]})

    assert [hit["text"] for hit in _get(browser, "search/50%25")["found"]] == ["50% off"]
    assert [hit["id"] for hit in _get(browser, "search/OFF")["found"]] == ["bob@example.com", PERSON]


def test_a_poll_is_on_one_page_of_a_long_chat(browser: httpx.Client, api: httpx.Client, sandbox: Sandbox) -> None:
    """A poll between two pages, or at the same time as the message after it, is on exactly one of them."""
    phone = sandbox.phone(PERSON)
    for step in (0.001, 0.0):
        for number in range(200):
            if number == 100:
                sandbox.advance(step)
                api.post("/chats/%2B15551234567/polls", json={"options": ["yes", "no"]})
                sandbox.advance(step)
            phone.sends(str(number))
        last = _get(browser, "chats/%2B15551234567/messages")
        position = next(item["position"] for item in last["items"] if item["kind"] == "message")
        before = _get(browser, f"chats/%2B15551234567/messages/{position}")

        assert [item["kind"] for item in [*before["items"], *last["items"]]].count("poll") == 1
        sandbox.reset()
