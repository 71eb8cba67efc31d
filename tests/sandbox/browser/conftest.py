"""The page in a real browser: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsing import ANN, BOB, CHROMIUM, WIDE

from blooio_client import Blooio
from blooio_sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from playwright.sync_api import Browser, BrowserContext, Page


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    """One Chromium for the module."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed (apt-get install chromium)")
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
    """Open the page, and check at the end that it logged no error and contacted no other host."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(path: str = "", *, viewport: dict[str, int] = WIDE, **options: object) -> Page:
        context = browser.new_context(viewport=viewport, **options)  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
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
        if not url.startswith((sandbox.page_url.removesuffix("/"), sandbox.base_url, "blob:")):
            problems.append(f"asked {url}")

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []
