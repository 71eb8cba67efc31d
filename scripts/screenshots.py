"""Write the screenshots of the sandbox's page into docs/images: both widths, both color schemes."""

from __future__ import annotations

import shutil
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from playwright.sync_api import sync_playwright

from blooio_client import Blooio
from blooio_sandbox import Sandbox

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
ANN, BOB, CHRIS = "+15551234567", "bob@example.com", "+15557654321"
WIDE, NARROW = (1440, 900), (390, 844)


def picture(width: int, height: int) -> bytes:
    """Return a PNG with a diagonal gradient."""
    start, end = (255, 160, 90), (90, 80, 220)
    rows = b"".join(
        b"\0"
        + bytes(
            int(a + (b - a) * (x + y) / (width + height)) for x in range(width) for a, b in zip(start, end, strict=True)
        )
        for y in range(height)
    )
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def fill(sandbox: Sandbox) -> str:
    """Hold some conversations, and return the id of the group."""
    names = {ANN: "Ann Miller", BOB: "Bob", CHRIS: "Chris Doe"}
    sandbox.seed({"contacts": [{"identifier": person, "name": name} for person, name in names.items()]})
    sandbox.seed({"webhooks": [{"url": "http://127.0.0.1:1/hook"}]})
    ann, bob, chris = map(sandbox.phone, names)
    with Blooio(sandbox.api_key, base_url=sandbox.base_url) as client:
        chat = client.chat(ANN)
        ann.sends("Hi! Is my order on its way?")
        chat.send("Hello Ann, it left our house this morning 📦")
        sandbox.advance(5)
        ann.reads()
        ann.reacts("love")
        png = {"Content-Type": "image/png"}
        file = httpx.post(f"{sandbox.page_url}files/order.png", content=picture(320, 220), headers=png, trust_env=False)
        sent = ann.sends("It should look like this one", attachments=[file.json()["url"]])
        chat.send("https://example.com/orders/1042/tracking")
        chat.send("Exactly that one!", reply_to=sent.id, effect="slam")
        chat.polls.send(["Morning", "Noon", "Evening"], title="When may we ring?")
        ann.votes("Evening")
        sandbox.advance(5)
        chat.send("See you **this evening**", format="markdown")
        sandbox.advance(5)
        chris.uses("sms")
        chris.sends("Is this the shop?")
        bob.uses("imessage", failing_with="unreachable")
        client.chat(BOB).send("Hi Bob")
        group = ann.starts_group(BOB, name="Trip to Vienna")
        ann.sends("Who brings the tickets?", group=group)
        bob.sends("I do 🙌", group=group)
        client.chat(group).send("I added both of you to the reservation")
        sandbox.advance(4)
        sandbox.fail_next(503, retry_after=0)
        client.chat(CHRIS).send("It is. How can we help?")
        sandbox.advance(3)
        chat.start_typing()
    return group


def shoot(browser: Browser, sandbox: Sandbox, name: str, path: str, size: tuple[int, int], **options: str) -> None:
    """Write one screenshot."""
    tab, scheme = options.get("tab"), options.get("scheme", "light")
    viewport = {"width": size[0], "height": size[1]}
    context = browser.new_context(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(sandbox.page_url + path)
    page.wait_for_selector(".phone .row, .welcome, .chat", state="attached")
    if tab:
        page.locator(f"#tab-{tab}").click()
    page.wait_for_load_state("load")
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(500)
    page.screenshot(path=IMAGES / f"sandbox-{name}.jpg", type="jpeg", quality=82)
    context.close()


def main() -> None:
    """Write them all."""
    IMAGES.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with Sandbox() as sandbox, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        shoot(browser, sandbox, "welcome-wide", "", WIDE)
        group = fill(sandbox)
        ann = "#/%2B15551234567"
        shoot(browser, sandbox, "chat-wide", ann, WIDE)
        shoot(browser, sandbox, "phones-wide", f"{ann}/{group},bob%40example.com", WIDE, scheme="dark", tab="faults")
        shoot(browser, sandbox, "list-narrow", "", NARROW)
        shoot(browser, sandbox, "chat-narrow", ann, NARROW)
        shoot(browser, sandbox, "group-narrow", f"#/{group}", NARROW, scheme="dark")
        browser.close()


if __name__ == "__main__":
    main()
