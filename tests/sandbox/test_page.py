"""The page that shows the sandbox in a browser, and who may use the control API that it asks."""

from __future__ import annotations

import base64
import hashlib
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
TEXT = files("blooio_sandbox").joinpath("page.html").read_text("utf-8")
(SCRIPT,) = re.findall(r"<script>(.*?)</script>", TEXT, re.DOTALL)
PERSON = "+15551234567"
PHONE = "phones/%2B15551234567"
CHAT = "/chats/%2B15551234567/messages"
HTML = "<img src=x onerror=alert(1)></script>"


@pytest.fixture
def browser(sandbox: Sandbox) -> Generator[httpx.Client]:
    """A client that asks as a browser does."""
    headers = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    with httpx.Client(base_url=sandbox.page_url, headers=headers, trust_env=False) as client:
        yield client


@pytest.fixture
def busy(sandbox: Sandbox, api: httpx.Client) -> Sandbox:
    """A sandbox in which there is something of everything that the page shows."""
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


def _fields(name: str) -> set[str]:
    found = re.findall(rf"(?<![\w.$]){name}\??\.(\w+)", SCRIPT)
    assert found, f"the script reads nothing of {name}"
    return set(found)


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_browser_gets_the_page(sandbox: Sandbox, browser: httpx.Client, slash: str) -> None:
    """With or without the slash, and nobody else does."""
    address = sandbox.page_url.rstrip("/") + slash
    page, data = browser.get(address), browser.get(address, headers={"Accept": "*/*"})

    assert (page.status_code, page.text) == (200, TEXT)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert (data.json()["base_url"], page.headers["vary"]) == (sandbox.base_url, "accept")
    assert sandbox.api_key not in page.text


def test_nothing_but_its_own_script_runs(browser: httpx.Client) -> None:
    """The policy names the hashes of what stands in the page, forbids all else, and lets nobody frame it."""
    headers = browser.get("").headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    for element in ("script", "style"):
        (content,) = re.findall(f"<{element}>(.*?)</{element}>", TEXT, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert policy[f"{element}-src"] == f"'sha256-{digest}'"

    assert (policy["default-src"], policy["connect-src"], policy["frame-ancestors"]) == ("'none'", "'self'", "'none'")
    assert policy["require-trusted-types-for"] == "'script'"
    assert headers["x-content-type-options"] == "nosniff"
    assert not [name for name in headers if name.startswith("access-control-")]


def test_it_is_one_file(browser: httpx.Client) -> None:
    """It loads nothing, from here or elsewhere, and never reads text as HTML."""
    markup = browser.get("").text.replace(SCRIPT, "")

    assert re.findall(r"""(?:src|href|action|url)\s*[=(]\s*["']?([^"'>)]*)""", markup) == ["data:,"]
    assert not re.search(r"""\s(?:on\w+|style)=""", markup)
    assert "://" not in TEXT
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|srcdoc|DOMParser", SCRIPT)


def test_whatever_it_asks_for_is_there() -> None:
    """Every path in the script is one of the control API, with its method."""
    calls = re.findall(r"""\b(?:ask|act)\((?:"([^"]+)"|`([^`]+)`)(,?)""", SCRIPT)
    asked = {("POST" if values else "GET", plain or re.sub(r"\$\{.*?\}", "{}", made)) for plain, made, values in calls}
    actions = re.findall(r"asPhone\(([^{]+),", SCRIPT)
    asked.remove(("POST", "phones/{}/{}"))
    asked |= {("POST", f"phones/{{}}/{name}") for action in actions for name in re.findall(r'"(\w+)"', action)}

    assert asked - {(control.method, control.path) for control in CONTROLS} == set()
    assert {path.rpartition("/")[2] for _, path in asked} >= {"overview", "sends", "reacts", "fail_next", "bodies"}


def test_it_finds_every_element_that_it_looks_for() -> None:
    """What the script names, the page has."""
    ids = re.findall(r'\bid="(\w[\w-]*)"', TEXT)

    assert {*re.findall(r'(?:\$|onSubmit|draw)\("([\w-]+)"', SCRIPT)} - {*ids} == set()
    assert {*re.findall(r'aria-labelledby="([\w-]+)"', TEXT)} - {*ids} == set()
    assert len(ids) == len(set(ids))


@pytest.mark.usefixtures("busy")
def test_the_answers_hold_what_the_script_reads(browser: httpx.Client) -> None:
    """Every field that it takes from an answer is in it."""
    seen = _get(browser, "overview")
    conversation = _get(browser, f"chats/{PERSON.replace('+', '%2B')}/messages")
    message = conversation["messages"][-1]
    (attempt, *_) = _get(browser, f"deliveries/{seen['deliveries'][0]['event_id']}/attempts")["attempts"]
    samples = {
        "seen": seen,
        "chat": seen["chats"][0],
        "request": seen["requests"][0],
        "delivery": seen["deliveries"][0],
        "fault": seen["faults"][0],
        "conversation": conversation,
        "message": message,
        "given": message["reactions"][0],
        "exchange": _get(browser, f"requests/{seen['requests'][0]['number']}/bodies"),
        "attempt": attempt,
        "first": attempt,
    }

    assert {field for name, sample in samples.items() for field in _fields(name) - sample.keys()} == set()
    assert "sendMessage" in _get(browser, "operations")["operations"]


@pytest.mark.usefixtures("busy")
def test_text_arrives_as_data(browser: httpx.Client) -> None:
    """HTML in a name or message is served as JSON only."""
    response = browser.get("overview")
    (chat,) = response.json()["chats"]

    assert (chat["name"], chat["text"], chat["direction"]) == (HTML, "Hello", "outbound")
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_it_lists_what_happened(browser: httpx.Client, busy: Sandbox) -> None:
    """It lists requests, deliveries, pending faults, messages and reactions."""
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
    assert [(each["direction"], each["status"]) for each in conversation["messages"]] == [
        ("inbound", "received"),
        ("outbound", "queued"),
    ]
    assert conversation["messages"][1]["reactions"] == [{"reaction": "love", "sender": PERSON}]
    assert conversation["members"] == [PERSON]


def test_a_delivery_is_one_line_however_often_it_is_tried(browser: httpx.Client, sandbox: Sandbox) -> None:
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


def test_attempts_stay_right_past_a_hundred(browser: httpx.Client, sandbox: Sandbox) -> None:
    """Every delivery counts all of its attempts, however many others there were."""
    sandbox.seed({"webhooks": [{"url": "http://127.0.0.1:1/", "type": "all"}]})
    for number in range(30):
        sandbox.phone(f"+1555123{number:04}").sends("Hi")
    for seconds in (0, 1, 2, 4, 8, 16):
        sandbox.advance(seconds=seconds)
        sandbox.wait_for_deliveries()
    deliveries = _get(browser, "overview")["deliveries"]

    assert [delivery["attempts"] for delivery in deliveries] == [6] * 30


def test_a_group_has_its_members(sandbox: Sandbox, browser: httpx.Client) -> None:
    """A group chat lists its members."""
    people = [PERSON, "bob@example.com"]
    sandbox.seed({"groups": [{"name": "Team", "members": people}]})
    sandbox.seed({"messages": [{"from": PERSON, "group": "Team", "text": "Hello all"}]})
    (chat,) = _get(browser, "overview")["chats"]

    assert (chat["name"], chat["members"]) == ("Team", people)
    assert _get(browser, f"chats/{chat['id']}/messages")["messages"][0]["text"] == "Hello all"


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


def test_a_number_stands_for_one_request(browser: httpx.Client, api: httpx.Client, sandbox: Sandbox) -> None:
    """Request numbers stay unique after a reset; unknown numbers are a 404."""
    api.get("/me")
    (first,) = _get(browser, "overview")["requests"]
    sandbox.reset()
    api.get("/me/numbers")
    (second,) = _get(browser, "overview")["requests"]

    assert _get(browser, f"requests/{second['number']}/bodies")["operation"] == "listNumbers"
    for number, status in [(first["number"], 404), (second["number"] + 1, 404), (-1, 404), ("first", 400)]:
        assert browser.get(f"requests/{number}/bodies").status_code == status


def test_not_more_is_listed_than_people_read(browser: httpx.Client, sandbox: Sandbox, api: httpx.Client) -> None:
    """Lists are limited to the latest hundred."""
    sandbox.seed({"messages": [{"from": f"+1555123{number:04}", "text": "Hi"} for number in range(101)]})
    sandbox.seed({"messages": [{"from": PERSON, "text": str(number)} for number in range(101)]})
    for _ in range(101):
        api.get("/me/numbers")
    seen, talk = _get(browser, "overview"), _get(browser, "chats/%2B15551234567/messages")["messages"]

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
def test_pages_of_other_sites_are_refused(
    sandbox: Sandbox, browser: httpx.Client, headers: dict[str, str], code: str
) -> None:
    """Pages of other sites change and read nothing, even with DNS rebinding."""
    sandbox.phone(PERSON).sends("Still here")
    form = browser.post("reset", content="a=b", headers={"Content-Type": "text/plain", **headers})
    reading = [browser.get(path, headers=headers) for path in ("", "overview")]

    assert [(response.status_code, response.json()["code"]) for response in (form, *reading)] == [(403, code)] * 3
    assert [message.text for message in sandbox.phone(PERSON).messages] == ["Still here"]


@pytest.mark.parametrize("host", ["localhost", "localhost:8787", "127.0.0.1:8787", "[::1]:8787", "192.168.1.2"])
def test_its_own_page_may_act(sandbox: Sandbox, browser: httpx.Client, host: str) -> None:
    """The page works under localhost and IP addresses."""
    response = browser.post(f"{PHONE}/sends", json={"text": "Hi"}, headers={"Host": host, "Origin": f"http://{host}"})

    assert response.status_code == 200
    assert [message.text for message in sandbox.phone(PERSON).messages] == ["Hi"]


def test_programs_need_no_origin(sandbox: Sandbox, browser: httpx.Client) -> None:
    """Requests without an Origin are accepted, with curl's default content type."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    response = browser.post(f"{PHONE}/sends", content='{"text": "Hi"}', headers=headers)

    assert (response.status_code, len(sandbox.phone(PERSON).messages)) == (200, 1)


def test_it_is_in_the_wheel() -> None:
    """What the build takes up has the page."""
    names = {Path(each.distribution_path) for each in WheelBuilder(str(ROOT)).recurse_included_files()}

    assert Path("blooio_sandbox/page.html") in names
