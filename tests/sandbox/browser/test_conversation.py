"""The phones of the page in a real browser: writing, reacting, voting, attaching, reading, groups, search."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest
from browsing import ANN, BOB, PNG, bubble, path_of, send

from blooio_client import Blooio

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

    from blooio_sandbox import Sandbox


def test_a_phone_writes(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """Enter sends; sent messages are on the right and blue, those of the app on the left."""
    page = visit(path_of(ANN))
    send(page, "Hi there")
    bubble(page, "Hi there", ".mine")
    with Blooio(sandbox.api_key, base_url=sandbox.base_url) as client:
        client.chat(ANN).send("Hello Ann")
    bubble(page, "Hello Ann", ".theirs")
    color = page.locator(".mine .bubble").evaluate("each => getComputedStyle(each).backgroundColor")

    assert [(message.text, message.direction) for message in sandbox.phone(ANN).messages] == [
        ("Hi there", "inbound"),
        ("Hello Ann", "outbound"),
    ]
    assert color == "rgb(10, 111, 232)"
    assert page.get_by_label("Message", exact=True).input_value() == ""


# Types three messages and part of a fourth, faster than the sandbox can respond.
WRITE = """(texts) => {
    const box = document.querySelector("textarea");
    for (const text of texts) {
        box.value += text;
        box.dispatchEvent(new Event("input"));
        box.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true}));
    }
    box.value += "four";
}"""


def test_a_phone_writes_several_in_a_row(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """Messages written while others are being sent arrive once, in order, and unsent text stays in the box."""
    page = visit(path_of(ANN))
    page.locator(".phone[aria-label='Phone of Ann Miller']").wait_for()
    page.evaluate(WRITE, ["one", "", "two", "three"])
    bubble(page, "three", ".mine")

    assert [message.text for message in sandbox.phone(ANN).messages] == ["one", "two", "three"]
    assert page.get_by_label("Message", exact=True).input_value() == "four"


def test_enter_before_the_phone_is_drawn_sends(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """A message written while the chat is still loading is sent once it has loaded."""
    page = visit()
    loading: list[Route] = []
    page.route("**/messages", lambda route: loading.append(route), times=1)  # noqa: PLW0108 - Playwright inspects it
    with page.expect_request("**/messages"):
        page.evaluate("hash => { location.hash = hash; }", path_of(ANN))
    send(page, "Hi there")
    loading[0].continue_()
    bubble(page, "Hi there", ".mine")

    assert [message.text for message in sandbox.phone(ANN).messages] == ["Hi there"]


def test_a_failed_send_stays_a_draft(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """A message whose send failed stays in the box and can be sent again; an invalid address opens no phone."""
    page = visit(path_of(ANN)).context.new_page()  # a page of its own, since errors are expected here
    page.goto(sandbox.page_url + path_of(ANN))
    page.locator(".phone[aria-label='Phone of Ann Miller']").wait_for()
    page.route("**/sends", lambda route: route.abort())
    send(page, "Hello")
    page.locator("#toast.bad", has_text="Failed to fetch").wait_for()
    kept = page.get_by_label("Message", exact=True).input_value()
    page.unroute("**/sends")
    page.get_by_label("Message", exact=True).press("Enter")
    bubble(page, "Hello", ".mine")
    page.get_by_label("New chat").first.click()
    page.get_by_label("People").fill("Ann")
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator("#toast.bad", has_text="'Ann' is not").wait_for()

    assert kept == "Hello"
    assert page.locator(".phone").get_attribute("aria-label") == "Phone of Ann Miller"
    assert page.get_by_label("People").is_visible()


def test_a_phone_reacts_and_replies(visit: Callable[..., Page], sandbox: Sandbox, client: Blooio) -> None:
    """The menu of a message adds and removes tapbacks, and quotes the message in a reply."""
    client.chat(ANN).send("Lunch?")
    page = visit(path_of(ANN))
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
    send(page, "Sure")
    page.wait_for_selector(".mine .quote:has-text('Lunch?')")
    first, last = sandbox.phone(ANN).messages

    assert (reacted, first.reactions, last.reply_to) == (("love",), (), first.id)


def test_a_phone_votes(visit: Callable[..., Page], sandbox: Sandbox, client: Blooio) -> None:
    """A poll shows bars and votes; a second vote replaces the first."""
    poll = client.chat(ANN).polls.send(["Morning", "Evening"], title="When?")
    page = visit(path_of(ANN))
    for option in ("Morning", "Evening"):
        page.locator(".poll button", has_text=option).click()
        page.wait_for_selector(f".poll button[aria-pressed=true]:has-text('{option}')")
    options = sandbox.overview.conversation(ANN)["items"][0]["options"]

    assert page.locator(".poll p").inner_text() == "1 vote"
    assert [option["voters"] for option in options] == [[], [ANN]]
    assert poll.poll_id is not None


def test_a_phone_attaches_files(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """Files can be picked, dropped or pasted; pictures and sounds are shown, others listed with their size."""
    page = visit(path_of(ANN))
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
    fetched = httpx.get(urls[0], trust_env=False, timeout=60.0)

    assert [url.rpartition("/")[2] for url in urls] == ["cat.png", "report.pdf", "voice.mp3"]
    assert (fetched.content, fetched.headers["content-type"]) == (PNG, "image/png")
    assert page.locator(".picture").evaluate("each => each.complete && each.naturalWidth") == 1
    assert page.locator(".file").inner_text().split("\n") == ["report.pdf", "10 bytes"]
    assert page.locator(".sound").get_attribute("aria-label") == "voice.mp3"


def test_typing_is_shown_both_ways(visit: Callable[..., Page], sandbox: Sandbox, client: Blooio) -> None:
    """Dots show that the app or another phone in the group is typing."""
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


def test_a_phone_reads(visit: Callable[..., Page], sandbox: Sandbox, client: Blooio) -> None:
    """Unread messages are counted in the list; a click reads them, and the app's read receipts are shown."""
    for text in ("One", "Two"):
        client.chat(ANN).send(text)
    sandbox.phone(ANN).sends("Hi")
    page = visit(path_of(ANN))
    page.locator(".chat .badge", has_text="2").wait_for()
    page.get_by_role("button", name="unread · Mark as read").click()
    page.locator(".chat .badge").wait_for(state="detached")
    client.chat(ANN).mark_read()
    page.locator(".receipt", has_text="Read").wait_for()

    assert [message.status for message in sandbox.phone(ANN).messages] == ["read", "read", "received"]


def test_a_phone_turns_sms_goes_offline_and_fails(visit: Callable[..., Page], sandbox: Sandbox, client: Blooio) -> None:
    """Settings decide how messages arrive; SMS is green, and undelivered messages are marked."""
    page = visit(path_of(ANN))
    settings = page.get_by_label("Phone settings", exact=True).first
    settings.click()
    page.get_by_text("SMS", exact=True).click()
    page.get_by_label("Online").click()
    page.get_by_role("button", name="Done").click()
    page.locator(".owner", has_text="SMS · offline").wait_for()
    client.chat(ANN).send("Are you there?")
    page.locator(".note", has_text="Sent, not delivered yet").wait_for()
    send(page, "By SMS")
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


def test_a_phone_starts_a_group(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """Several people make a group with a name and a list of members."""
    page = visit()
    page.get_by_label("New chat").first.click()
    page.get_by_label("People").fill(f"{ANN}, {BOB}")
    page.get_by_label("Name of the group").fill("Trip")
    page.get_by_role("button", name="Start", exact=True).click()
    page.locator(".title", has_text="Trip").wait_for()
    send(page, "Who is in?")
    bubble(page, "Who is in?", ".mine")
    (chat,) = sandbox.overview.summary()["chats"]

    assert page.locator(".title p").inner_text() == "2 members: Ann Miller, Bob"
    assert (chat["name"], chat["sender"], chat["text"]) == ("Trip", "Ann Miller", "Who is in?")
    assert page.locator(".chat .last").inner_text() == "Ann Miller: Who is in?"


def test_backgrounds_and_icons_are_shown(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """A background and a group icon that the app uploads are shown until it removes them."""
    headers = {"Authorization": f"Bearer {sandbox.api_key}"}
    with httpx.Client(base_url=sandbox.base_url, headers=headers, trust_env=False, timeout=60.0) as api:
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

    assert [httpx.get(url, trust_env=False, timeout=60.0).content for url in urls] == [PNG, PNG]


def test_messages_are_searched(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """A search lists chats and messages, and opens the chat at the message, however old it is."""
    sandbox.seed({"messages": [{"from": ANN, "text": f"Number {number}"} for number in range(300)]})
    page = visit()
    page.get_by_label("Search chats and messages").fill("Number 7")
    page.locator(".chat", has_text=re.compile(r"Number 7$")).click()
    page.wait_for_selector(".revealed .bubble:has-text('Number 7')")
    page.get_by_role("button", name="Jump to the latest").click()
    bubble(page, "Number 299")


@pytest.mark.parametrize("query", [".", ".."])
def test_a_search_for_dots_finds_nothing(visit: Callable[..., Page], sandbox: Sandbox, query: str) -> None:
    """Searching for dots works, although a path cannot end with them."""
    sandbox.phone(ANN).sends("Hi.")
    page = visit()
    page.get_by_label("Search chats and messages").fill(query)
    page.get_by_text(f"Nothing contains “{query}”.").wait_for()

    assert page.locator("#toast").inner_text() == ""


def test_each_chat_has_a_draft_and_a_url(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """A draft stays with its chat, also over a reload; the back button opens the previous chat."""
    sandbox.phone(ANN).sends("Hi")
    sandbox.phone(BOB).sends("Hello")
    page = visit(path_of(ANN))
    page.get_by_label("Message", exact=True).fill("For Ann")
    page.locator("input[type=file]").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    page.locator(".chip", has_text="a.txt").wait_for()
    page.locator(".chat", has_text="Bob").click()
    page.locator(".phone[aria-label='Phone of Bob']").wait_for()
    empty = page.get_by_label("Message", exact=True).input_value() + "".join(page.locator(".chip").all_inner_texts())
    page.go_back()
    page.locator(".phone[aria-label='Phone of Ann Miller']").wait_for()
    page.locator(".chip", has_text="a.txt").wait_for()
    page.reload()
    page.locator(".phone[aria-label='Phone of Ann Miller']").wait_for()

    assert (empty, page.get_by_label("Message", exact=True).input_value()) == ("", "For Ann")


def test_a_url_that_cannot_be_read_opens_nothing(visit: Callable[..., Page]) -> None:
    """A URL that cannot be decoded opens the first visit, and a search for two dots finds nothing."""
    page = visit("#/%E0%A4%A")
    page.get_by_label("Search chats and messages").fill("..")
    page.get_by_text("Nothing contains “..”.").wait_for()

    assert page.locator(".welcome").is_visible()


def test_styled_text_is_shown(visit: Callable[..., Page], sandbox: Sandbox, client: Blooio) -> None:
    """Bold, italic, underlined and struck-through text is shown in both directions, nested, and next to links."""
    sandbox.phone(ANN).uses("unknown")
    sandbox.phone(ANN).sends("**Bold *both*** and ++under++ ~~gone~~ 2\\*3 https://example.com", format="markdown")
    sandbox.phone(ANN).uses("imessage")
    client.chat(ANN).send("*Hello* **<b>Ann</b>**", format="markdown")
    client.chat(ANN).send("**Plain**")
    page = visit(path_of(ANN))
    bubble(page, "**Plain**")
    shown = page.locator(".bubble").evaluate_all(
        "all => all.map(each => each.innerHTML.replace(/<span.*?<.span>/, ''))"
    )
    link = (
        '<a href="https://example.com" target="_blank" rel="noopener noreferrer" tabindex="-1">https://example.com</a>'
    )

    assert shown == [
        f"<strong>Bold <em>both</em></strong> and <u>under</u> <s>gone</s> 2*3 {link}",
        "<em>Hello</em> <strong>&lt;b&gt;Ann&lt;/b&gt;</strong>",
        "**Plain**",
    ]


def test_a_text_that_only_looks_like_a_url_is_a_text(
    visit: Callable[..., Page], sandbox: Sandbox, client: Blooio
) -> None:
    """A URL is shown as a card; one that no browser can open, such as an unfinished one, as text."""
    client.chat(ANN).send("https://example.com/a")
    page = visit(path_of(ANN))
    page.locator(".card", has_text="example.com").wait_for()
    for text in ("http://localhost:PORT/x", "https://[host]/x", "https://example.com:99999"):
        sandbox.phone(ANN).sends(text)
        bubble(page, text, ".mine")
