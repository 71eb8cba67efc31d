"""The looks of the page in a real browser: keyboard, widths, color schemes, long chats, accessibility."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from browsing import ANN, BOB, HTML, NARROW, WIDE, bubble, path_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from blooio_client import Blooio
    from blooio_sandbox import Sandbox


# Whether the last message comes into view within a few hundred frames.
AT_END = """(wanted) => new Promise((resolve) => {
    const scroll = document.querySelector(".scroll");
    const look = (left) => {
        const isAtEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 2;
        return isAtEnd === wanted || !left ? resolve(isAtEnd) : requestAnimationFrame(() => look(left - 1));
    };
    requestAnimationFrame(() => look(300));
})"""

# The scroll event may come before the larger size of the row is observed.
GROW = """() => {
    document.querySelector(".row:last-of-type").style.minHeight = "600px";
    document.querySelector(".scroll").dispatchEvent(new Event("scroll"));
}"""


def test_keyboard_navigation(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """The text box is within three Tabs; arrow keys move between messages; focus is visible."""
    sandbox.phone(ANN).sends("First")
    sandbox.phone(ANN).sends("Second")
    page = visit(path_of(ANN))
    bubble(page, "Second")
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


def test_a_narrow_window(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """One column has the list, the conversation with a back button, or the inspector; nothing exceeds the window."""
    sandbox.phone(ANN).sends("Hi " + "x" * 300)
    page = visit(viewport=NARROW)
    widths = [page.evaluate("document.documentElement.scrollWidth")]
    page.locator(".chat").click()
    page.get_by_label("Message", exact=True).wait_for()
    widths.append(page.evaluate("document.documentElement.scrollWidth"))
    hidden = [page.locator(selector).is_visible() for selector in ("#sidebar", "#inspector")]
    page.get_by_label("Back to all phones").click()
    page.locator(".chat").wait_for()
    page.get_by_role("button", name="Inspector").click()
    page.get_by_role("tab", name="Requests").wait_for()
    widths.append(page.evaluate("document.documentElement.scrollWidth"))

    assert (widths, hidden) == ([390, 390, 390], [False, False])


def test_the_latest_message_stays_in_view(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """Rows that grow when drawn do not push the latest message out of view, unless the user has scrolled up."""
    sandbox.seed({"messages": [{"from": ANN, "text": f"Number {number} " * 30} for number in range(60)]})
    page = visit(path_of(ANN), viewport=NARROW)
    starts = page.evaluate(AT_END, True)
    sandbox.phone(ANN).sends("Latest " * 60)
    bubble(page, "Latest")
    follows = page.evaluate(AT_END, True)
    page.evaluate(GROW)
    stays = page.evaluate(AT_END, True)
    page.locator(".scroll").hover()
    page.mouse.wheel(0, -600)
    left = page.evaluate(AT_END, False)
    sandbox.phone(ANN).sends("Unseen")
    bubble(page, "Unseen")

    assert (starts, follows, stays, left, page.evaluate(AT_END, False)) == (True, True, True, False, False)


def test_a_chat_that_is_read_further_back_stays_whole(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """New messages push none off the screen while older ones are open; a reset clears them all."""
    sandbox.seed({"messages": [{"from": ANN, "text": str(number)} for number in range(150)]})
    page = visit(path_of(ANN))
    bubble(page, "149")
    page.locator(".scroll").evaluate("each => { each.scrollTop = 0; }")
    page.locator(".row[data-key]").nth(149).wait_for(state="attached")
    for start in (150, 155):
        sandbox.seed({"messages": [{"from": ANN, "text": str(number)} for number in range(start, start + 5)]})
        bubble(page, str(start + 4))
    texts = page.locator(".bubble").evaluate_all("all => all.map(each => each.lastChild.textContent)")
    sandbox.reset()
    sandbox.phone(ANN).sends("New")
    bubble(page, "New")

    assert texts == [str(number) for number in range(160)]
    assert page.locator(".row").count() == 1


@pytest.mark.proof  # paging is also covered by test_messages_are_searched
def test_ten_thousand_messages_stay_smooth(visit: Callable[..., Page], sandbox: Sandbox) -> None:
    """A long chat shows its latest hundred messages, and loads older ones on scrolling up."""
    sandbox.seed({"messages": [{"from": ANN, "text": f"Number {number}"} for number in range(10_000)]})
    page = visit(path_of(ANN))
    bubble(page, "Number 9999")
    shown = page.locator(".row").count()
    page.locator(".scroll").evaluate("each => { each.scrollTop = 0; }")
    page.locator(".row", has_text=re.compile("Number 9850$")).wait_for(state="attached")

    assert shown == 100
    assert page.locator(".row").count() < 400


def test_text_is_never_html(visit: Callable[..., Page], sandbox: Sandbox, client: Blooio) -> None:
    """HTML in names, messages, polls and links is shown as text, and javascript: URLs are not links."""
    sandbox.seed({"contacts": [{"identifier": "eve@example.com", "name": HTML}]})
    sandbox.phone("eve@example.com").sends(HTML)
    client.chat("eve@example.com").send("javascript:alert(1) https://example.com/?a=<b>")
    client.chat("eve@example.com").polls.send([HTML, "No"], title=HTML)
    page = visit(path_of("eve@example.com"))
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
    """axe-core finds nothing serious in any view, in both widths and color schemes, and reduced motion is respected."""
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
    page.goto(sandbox.page_url + path_of(ANN))
    page.locator(".poll").wait_for()
    client.chat(ANN).start_typing()
    page.locator(".typing").wait_for()
    found["chat"] = _serious(page, axe)
    page.get_by_label("Phone settings", exact=True).first.click()
    found["settings"] = _serious(page, axe)
    page.keyboard.press("Escape")
    animation = page.locator(".dots i").first.evaluate("each => getComputedStyle(each).animationName")
    sandbox.phone(ANN).uses("imessage", online=False)
    client.chat(ANN).send("https://example.com/later")
    page.locator(".is-sent .card").wait_for()
    found["undelivered"] = _serious(page, axe)
    page.goto(sandbox.page_url + "#/")
    if viewport is NARROW:
        page.locator("[data-to=inspector]").click()
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
