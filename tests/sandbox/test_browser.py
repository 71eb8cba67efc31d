"""The page in a real browser: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.resources import files
from typing import TYPE_CHECKING

import httpx
import pytest

from blooio_client import Blooio
from blooio_sandbox import Sandbox

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from playwright.sync_api import Browser, BrowserContext, Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ANN, BOB = "+15551234567", "bob@example.com"
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
HTML = "<img src=x onerror=alert(1)>"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (apt-get install chromium)")


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    """One Chromium for the module."""
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def running() -> Generator[Sandbox]:
    """One sandbox for the module, with a real clock and quick statuses."""
    with Sandbox(status_delay=0.05) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox) -> Sandbox:
    """The sandbox, reset for this test, with two contacts."""
    running.reset()
    running.seed({"contacts": [{"identifier": ANN, "name": "Ann Miller"}, {"identifier": BOB, "name": "Bob"}]})
    return running


@pytest.fixture
def client(sandbox: Sandbox) -> Generator[Blooio]:
    """The app under test."""
    with Blooio(sandbox.api_key, base_url=sandbox.base_url) as client:
        yield client


@pytest.fixture
def visit(browser: Browser, sandbox: Sandbox) -> Generator[Callable[..., Page]]:
    """Open the page, and check at the end that it logged no error and asked no other host."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(path: str = "", *, viewport: dict[str, int] = WIDE, **options: object) -> Page:
        context = browser.new_context(viewport=viewport, **options)  # type: ignore[arg-type]
        context.set_default_timeout(8000)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda line: problems.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: _check_host(request.url))
        page.goto(sandbox.page_url + path)
        page.wait_for_selector(".phone .screen, .welcome, .chat", state="attached")
        return page

    def _check_host(url: str) -> None:
        if not url.startswith((sandbox.page_url, sandbox.base_url, "blob:")):
            problems.append(f"asked {url}")

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


def _path(*chats: str) -> str:
    return "#/" + "/".join(chat.replace("+", "%2B").replace("@", "%40") for chat in chats)


def _send(page: Page, text: str) -> None:
    page.get_by_label("Message", exact=True).fill(text)
    page.keyboard.press("Enter")


def _bubble(page: Page, text: str, side: str = "") -> object:
    return page.wait_for_selector(f".row{side} .bubble:has-text('{text}')")


def test_the_first_visit_shows_code_that_works(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """Both snippets run as copied, and what they send appears on the page."""
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


def test_a_phone_writes(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """Enter sends, on the right and in blue; a message of the app is on the left."""
    page = visit(_path(ANN))
    _send(page, "Hi there")
    _bubble(page, "Hi there", ".mine")
    with Blooio(sandbox.api_key, base_url=sandbox.base_url) as client:
        client.chat(ANN).send("Hello Ann")
    _bubble(page, "Hello Ann", ".theirs")
    color = page.locator(".mine .bubble").evaluate("each => getComputedStyle(each).backgroundColor")

    assert [(message.text, message.direction) for message in sandbox.phone(ANN).messages] == [
        ("Hi there", "inbound"),
        ("Hello Ann", "outbound"),
    ]
    assert color == "rgb(10, 111, 232)"
    assert page.get_by_label("Message", exact=True).input_value() == ""


def test_it_reacts_and_replies(visit: Callable[..., Page], sandbox: Sandbox, client: Blooio) -> None:
    """The menu of a message gives and takes tapbacks, and quotes the message in a reply."""
    client.chat(ANN).send("Lunch?")
    page = visit(_path(ANN))
    row = page.locator(".row", has_text="Lunch?").first
    row.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="love").click()
    row.locator(".tapbacks").wait_for()
    reacted = sandbox.phone(ANN).messages[-1].reactions
    row.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="love").click()
    row.locator(".tapbacks").wait_for(state="detached")
    row.hover()
    row.get_by_label("React or reply").click()
    page.get_by_role("button", name="Reply", exact=True).click()
    _send(page, "Sure")
    page.wait_for_selector(".mine .quote:has-text('Lunch?')")
    first, last = sandbox.phone(ANN).messages

    assert (reacted, first.reactions, last.reply_to) == (("love",), (), first.id)


def test_it_votes(visit: Callable[..., Page], sandbox: Sandbox, client: Blooio) -> None:
    """A poll shows bars and votes; a second vote replaces the first."""
    poll = client.chat(ANN).polls.send(["Morning", "Evening"], title="When?")
    page = visit(_path(ANN))
    for option in ("Morning", "Evening"):
        page.locator(".poll button", has_text=option).click()
        page.wait_for_selector(f".poll button[aria-pressed=true]:has-text('{option}')")
    options = sandbox.overview.conversation(ANN)["items"][0]["options"]

    assert page.locator(".poll p").inner_text() == "1 vote"
    assert [option["voters"] for option in options] == [[], [ANN]]
    assert poll.poll_id is not None


def test_it_attaches_files(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """Files come from the picker, by drop and by paste; pictures and sounds are shown, others named with their size."""
    page = visit(_path(ANN))
    page.locator("input[type=file]").set_input_files({"name": "cat.png", "mimeType": "image/png", "buffer": PNG})
    give = """([kind, name, type]) => {
        const data = new DataTransfer();
        data.items.add(new File(["0123456789"], name, {type}));
        const target = document.querySelector(kind === "drop" ? ".screen" : "textarea");
        const event = kind === "drop" ? new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true})
            : new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
        target.dispatchEvent(event);
    }"""
    page.evaluate(give, ["drop", "report.pdf", "application/pdf"])
    page.evaluate(give, ["paste", "voice.mp3", "audio/mpeg"])
    page.locator(".chip").nth(2).wait_for()
    page.get_by_label("Send", exact=True).click()
    page.wait_for_selector(".picture")
    urls = sandbox.phone(ANN).messages[-1].attachments
    fetched = httpx.get(urls[0], trust_env=False)

    assert [url.rpartition("/")[2] for url in urls] == ["cat.png", "report.pdf", "voice.mp3"]
    assert (fetched.content, fetched.headers["content-type"]) == (PNG, "image/png")
    assert page.locator(".picture").evaluate("each => each.complete && each.naturalWidth") == 1
    assert page.locator(".file").inner_text().split("\n") == ["report.pdf", "10 bytes"]
    assert page.locator(".sound").get_attribute("aria-label") == "voice.mp3"


def test_typing_is_seen_both_ways(visit: Callable[..., Page], sandbox: Sandbox, client: Blooio) -> None:
    """Dots show that the app is typing, and other phones in a group see it of each other."""
    group = sandbox.phone(ANN).starts_group(BOB, name="Team")
    sandbox.phone(ANN).sends("Hello all", group=group)
    page = visit(f"#/{group},%2B15551234567/{group},bob%40example.com")
    phones = page.locator(".phone")
    phones.nth(0).get_by_label("Message", exact=True).press_sequentially("Hm")
    phones.nth(1).locator(".typing [aria-label='Ann Miller is typing']").wait_for()
    phones.nth(0).get_by_label("Message", exact=True).fill("")
    phones.nth(1).locator(".typing").wait_for(state="detached")
    client.chat(group).start_typing()
    phones.nth(1).locator(".typing [aria-label='Your app is typing']").wait_for()

    assert phones.nth(0).locator(".mine").count() == 1
    assert phones.nth(1).locator(".theirs .sender").inner_text() == "Ann Miller"


def test_it_reads(visit: Callable[..., Page], sandbox: Sandbox, client: Blooio) -> None:
    """Unread messages are counted in the list; one press reads them, and a receipt of the app shows on the phone."""
    for text in ("One", "Two"):
        client.chat(ANN).send(text)
    sandbox.phone(ANN).sends("Hi")
    page = visit(_path(ANN))
    page.locator(".chat .badge", has_text="2").wait_for()
    page.get_by_role("button", name="unread · Mark as read").click()
    page.locator(".chat .badge").wait_for(state="detached")
    client.chat(ANN).mark_read()
    page.locator(".receipt", has_text="Read").wait_for()

    assert [message.status for message in sandbox.phone(ANN).messages] == ["read", "read", "received"]


def test_a_phone_turns_sms_goes_offline_and_fails(visit: Callable[..., Page], sandbox: Sandbox, client: Blooio) -> None:
    """Settings decide how messages arrive; SMS is green, and what is not delivered says so."""
    page = visit(_path(ANN))
    settings = page.get_by_label("Phone settings", exact=True).first
    settings.click()
    page.get_by_text("SMS", exact=True).click()
    page.get_by_label("Online").click()
    page.get_by_role("button", name="Done").click()
    page.locator(".owner", has_text="SMS · offline").wait_for()
    client.chat(ANN).send("Are you there?")
    page.locator(".note", has_text="Sent, not delivered yet").wait_for()
    _send(page, "By SMS")
    page.wait_for_selector(".mine.sms .bubble")
    settings.click()
    page.get_by_label("Fail messages").fill("unreachable")
    page.get_by_role("button", name="Done").click()
    page.locator(".owner", has_text="failing").wait_for()
    client.chat(ANN).send("And now?")
    page.locator(".note.bad", has_text="unreachable").wait_for()
    page.locator(".chat .failed-mark").wait_for()

    assert [message.status for message in sandbox.messages] == ["sent", "failed"]
    assert page.get_by_label("Message", exact=True).get_attribute("placeholder") == "Text Message · SMS"


def test_it_starts_a_group(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """Several people make a group, with a name and a list of its members."""
    page = visit()
    page.get_by_label("New chat").first.click()
    page.get_by_label("People").fill(f"{ANN}, {BOB}")
    page.get_by_label("Name of the group").fill("Trip")
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator(".title", has_text="Trip").wait_for()
    _send(page, "Who is in?")
    _bubble(page, "Who is in?", ".mine")
    (chat,) = sandbox.overview.summary()["chats"]

    assert page.locator(".title p").inner_text() == "2 members: Ann Miller, Bob"
    assert (chat["name"], chat["sender"], chat["text"]) == ("Trip", "Ann Miller", "Who is in?")
    assert page.locator(".chat .last").inner_text() == "Ann Miller: Who is in?"


def test_backgrounds_and_icons_are_shown(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """A background and a group icon that the app uploads appear on the phone, and go when it removes them."""
    headers = {"Authorization": f"Bearer {sandbox.api_key}"}
    with httpx.Client(base_url=sandbox.base_url, headers=headers, trust_env=False) as api:
        group = {"name": "Team", "members": [ANN], "chat_guid": "chat123"}
        path = f"/groups/{api.post('/groups', json=group).json()['group_id']}"
        chat = path.replace("/groups", "/chats")
        api.put(f"{chat}/background", files={"background": ("a.png", PNG, "image/png")}).raise_for_status()
        api.post(f"{path}/icon", files={"icon": ("a.png", PNG, "image/png")}).raise_for_status()
        page = visit(path.replace("/groups", "#"))
        page.locator(".screen.has-background").wait_for()
        urls = page.evaluate(
            """['.screen', '.title .avatar'].map((each) =>
                getComputedStyle(document.querySelector(each)).backgroundImage.match(/url\\("(.*?)"\\)/)?.[1])"""
        )
        api.delete(f"{chat}/background").raise_for_status()
        page.locator(".screen:not(.has-background)").wait_for()

    assert [httpx.get(url, trust_env=False).content for url in urls] == [PNG, PNG]


def test_messages_are_found(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """A search lists chats and messages, and opens the chat at the message, however old it is."""
    sandbox.seed({"messages": [{"from": ANN, "text": f"Number {number}"} for number in range(300)]})
    page = visit()
    page.get_by_label("Search chats and messages").fill("Number 7")
    page.locator(".chat", has_text=re.compile(r"Number 7$")).click()
    page.wait_for_selector(".revealed .bubble:has-text('Number 7')")
    page.get_by_role("button", name="Jump to the latest").click()
    _bubble(page, "Number 299")


def test_each_chat_has_a_draft_and_a_url(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """A draft stays with its chat, also over a reload; the back button goes to the chat before."""
    sandbox.phone(ANN).sends("Hi")
    sandbox.phone(BOB).sends("Hello")
    page = visit(_path(ANN))
    page.get_by_label("Message", exact=True).fill("For Ann")
    page.locator(".chat", has_text="Bob").click()
    page.locator(".phone[aria-label='Phone of Bob']").wait_for()
    empty = page.get_by_label("Message", exact=True).input_value()
    page.go_back()
    page.locator(".phone[aria-label='Phone of Ann Miller']").wait_for()
    page.reload()
    page.locator(".phone[aria-label='Phone of Ann Miller']").wait_for()

    assert (empty, page.get_by_label("Message", exact=True).input_value()) == ("", "For Ann")


def test_requests_are_shown_and_copied(visit: Callable[..., Page], sandbox: Sandbox, client: Blooio) -> None:
    """Retries of one key are one entry with its tries; the copied code sends the same again, as the same message."""
    sandbox.fail_next(503, retry_after=0)
    client.chat(ANN).send('It\'s "quoted"')
    page = visit(_path(ANN))
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
    """An unreachable webhook is named with its reason; its attempts and body are shown; replays work."""
    page = visit(_path(ANN))
    page.get_by_role("tab", name="Webhooks").click()
    page.get_by_label("URL of your app").fill("http://127.0.0.1:1/hook")
    page.get_by_role("button", name="Send events there").click()
    page.get_by_text("No deliveries yet.").wait_for()
    sandbox.phone(ANN).sends("Hi")
    page.locator(".entry", has_text="connection refused").click()
    detail = page.locator(".detail").inner_text()
    page.get_by_role("button", name="Replay").click()
    page.locator(".entry", has_text="(replay)").wait_for()

    assert "X-Blooio-Signature: t=" in detail
    assert '"text": "Hi"' in detail


def test_faults_are_switches(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """A switch adds a fault until it is switched off; single faults and disturbances can be added and removed."""
    page = visit(_path(ANN))
    page.get_by_role("tab", name="Faults").click()
    switch = page.get_by_role("switch", name="Server error")
    switch.check()
    page.locator(".pending li").wait_for()
    with httpx.Client(headers={"Authorization": f"Bearer {sandbox.api_key}"}, trust_env=False) as api:
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


def test_the_clock_moves_and_the_sandbox_is_reset(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """The clock advances by a press; a reset asks first, and leads back to the first visit."""
    sandbox.phone(ANN).sends("Hi")
    page = visit(_path(ANN))
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
    """By chat, operation and status."""
    client.chat(ANN).send("Hi")
    client.chat(BOB).send("Hi")
    client.me()
    page = visit(_path(ANN))
    page.locator(".entry").nth(2).wait_for()
    page.get_by_label("Kind").select_option("sendMessage")
    page.locator(".entry").nth(2).wait_for(state="detached")
    page.get_by_label("Chat", exact=True).select_option("open")
    page.locator(".entry").nth(1).wait_for(state="detached")
    shown = page.locator(".entry .where").inner_text()
    page.get_by_label("Status").select_option("bad")
    page.get_by_text("Nothing matches the filters.").wait_for()

    assert shown == f"POST /chats/{ANN}/messages"


def test_the_keyboard_reaches_everything(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """The text box is within three Tabs; arrows go from message to message; focus is visible."""
    sandbox.phone(ANN).sends("First")
    sandbox.phone(ANN).sends("Second")
    page = visit(_path(ANN))
    _bubble(page, "Second")
    page.evaluate("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
    focused: list[str] = []
    for _ in range(3):
        page.keyboard.press("Tab")
        focused.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    page.get_by_label("Message", exact=True).focus()
    page.keyboard.press("ArrowUp")
    last = page.evaluate("document.activeElement.innerText")
    page.keyboard.press("ArrowUp")
    first = page.evaluate("document.activeElement.innerText")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")

    assert "Message" in focused
    assert ("Second" in last, "First" in first, outline) == (True, True, "solid")


def test_a_narrow_window_is_a_phone(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """One column: the list, the conversation with a back button, and the desk; nothing is wider than the window."""
    sandbox.phone(ANN).sends("Hi " + "x" * 300)
    page = visit(viewport=NARROW)
    widths = [page.evaluate("document.documentElement.scrollWidth")]
    page.locator(".chat").click()
    page.get_by_label("Message", exact=True).wait_for()
    widths.append(page.evaluate("document.documentElement.scrollWidth"))
    hidden = [page.locator(selector).is_visible() for selector in ("#sidebar", "#desk")]
    page.get_by_label("Back to all phones").click()
    page.locator(".chat").wait_for()
    page.get_by_role("button", name="Desk").click()
    page.get_by_role("tab", name="Requests").wait_for()
    widths.append(page.evaluate("document.documentElement.scrollWidth"))

    assert (widths, hidden) == ([390, 390, 390], [False, False])


def test_ten_thousand_messages_stay_smooth(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """A long chat shows its latest hundred messages, and older ones as one scrolls up."""
    sandbox.seed({"messages": [{"from": ANN, "text": f"Number {number}"} for number in range(10_000)]})
    page = visit(_path(ANN))
    _bubble(page, "Number 9999")
    shown = page.locator(".row").count()
    page.locator(".scroll").evaluate("each => { each.scrollTop = 0; }")
    page.locator(".row", has_text=re.compile("Number 9850$")).wait_for(state="attached")

    assert shown == 100
    assert page.locator(".row").count() < 400


def test_text_is_never_html(visit: Callable[..., Page], sandbox: Sandbox, client: Blooio) -> None:
    """Names, messages, polls and links that look like HTML are text; javascript: is no link."""
    sandbox.seed({"contacts": [{"identifier": "eve@example.com", "name": HTML}]})
    sandbox.phone("eve@example.com").sends(HTML)
    client.chat("eve@example.com").send("javascript:alert(1) https://example.com/?a=<b>")
    client.chat("eve@example.com").polls.send([HTML, "No"], title=HTML)
    page = visit(_path("eve@example.com"))
    page.locator(".poll").wait_for()

    assert page.locator("img[src=x]").count() == 0
    assert page.locator(".bubble", has_text=HTML).count() == 1
    assert page.locator(".bubble a").evaluate_all("all => all.map(each => each.href)") == ["https://example.com/?a="]


@pytest.mark.parametrize(
    ("viewport", "scheme"),
    [
        pytest.param(WIDE, "light", id="wide-light"),
        pytest.param(WIDE, "dark", id="wide-dark", marks=pytest.mark.proof),
        pytest.param(NARROW, "light", id="narrow-light", marks=pytest.mark.proof),
        pytest.param(NARROW, "dark", id="narrow-dark"),
    ],
)
def test_it_is_accessible(
    visit: Callable[..., Page], sandbox: Sandbox, client: Blooio, viewport: dict[str, int], scheme: str
) -> None:
    """In both widths and schemes, axe-core finds nothing serious in any view, and motion can be reduced."""
    pytest.importorskip("axe_core_python", reason="axe-core is not installed")
    axe = (files("axe_core_python") / "axe.min.js").read_text("utf-8")
    page = visit(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    found = {"welcome": _serious(page, axe)}
    sandbox.seed({"webhooks": [{"url": "http://127.0.0.1:1/"}]})
    sandbox.phone(ANN).sends("Hi")
    client.chat(ANN).send("Hello https://example.com")
    client.chat(ANN).send("https://example.com/page")
    client.chat(ANN).polls.send(["Yes", "No"], title="Coming?")
    sandbox.phone(ANN).reacts("love")
    sandbox.phone(BOB).uses("imessage", failing_with="unreachable")
    client.chat(BOB).send("Hi")
    page.goto(sandbox.page_url + _path(ANN))
    page.locator(".poll").wait_for()
    client.chat(ANN).start_typing()
    page.locator(".typing").wait_for()
    found["chat"] = _serious(page, axe)
    page.get_by_label("Phone settings", exact=True).first.click()
    found["settings"] = _serious(page, axe)
    page.keyboard.press("Escape")
    animation = page.locator(".dots i").first.evaluate("each => getComputedStyle(each).animationName")
    page.goto(sandbox.page_url + "#/")
    if viewport is NARROW:
        page.locator("[data-to=desk]").click()
    for tab in ("Webhooks", "Faults", "Clock", "Connect", "Requests"):
        page.get_by_role("tab", name=tab).click()
        found[tab] = _serious(page, axe)
    page.locator(".entry").first.click()
    page.locator(".detail").wait_for()
    found["request"] = _serious(page, axe)

    assert {view: problems for view, problems in found.items() if problems} == {}
    assert animation == "none"


def _serious(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    report = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {node['html'][:120]} {node['any'][0]['message'] if node['any'] else ''}"
        for each in report["violations"]
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]
