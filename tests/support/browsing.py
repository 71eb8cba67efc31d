"""A browser on the sandbox's page: the path of Chromium, and common steps of tests."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ANN, BOB = "+15551234567", "bob@example.com"
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
HTML = "<img src=x onerror=alert(1)>"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def path_of(*chats: str) -> str:
    """Return the URL path of the page that shows these chats."""
    return "#/" + "/".join(chat.replace("+", "%2B").replace("@", "%40") for chat in chats)


def send(page: Page, text: str) -> None:
    """Type a message on the phone, and send it."""
    page.get_by_label("Message", exact=True).fill(text)
    page.keyboard.press("Enter")


def bubble(page: Page, text: str, side: str = "") -> object:
    """Wait for a bubble with this text, such as one of the `.mine`."""
    return page.wait_for_selector(f".row{side} .bubble:has-text('{text}')")
