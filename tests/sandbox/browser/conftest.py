"""The page in a real browser: Debian's Chromium, driven by Playwright."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest
from browsing import ANN, BOB, CHROMIUM, WIDE

from blooio_client import Blooio
from blooio_sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from playwright.sync_api import Browser, Page


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


class Pages:
    """The pages of a module. One that a test has left serves the next: a new one takes three times as long."""

    def __init__(self, browser: Browser, sandbox: Sandbox) -> None:
        self._browser, self._home = browser, sandbox.page_url
        self._urls = (sandbox.page_url.removesuffix("/"), sandbox.base_url, "blob:")
        self._opened: list[tuple[str, Page]] = []
        self._left: dict[str, list[Page]] = defaultdict(list)
        self.problems: list[str] = []

    def open(self, path: str = "", *, viewport: dict[str, int] = WIDE, **options: object) -> Page:
        """Open the page of the sandbox."""
        left = self._left[key := repr((viewport, options))]
        page = left.pop() if left else self._new(viewport=viewport, **options)
        self._opened.append((key, page))
        page.goto(self._home + path)
        page.wait_for_selector(".phone .screen, .welcome, .chat", state="attached")
        return page

    def _new(self, **options: Any) -> Page:
        context = self._browser.new_context(**options)
        context.set_default_timeout(30_000)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.on("console", lambda line: self.problems.append(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", lambda request: self._check_host(request.url))
        return page

    def _check_host(self, url: str) -> None:
        if not url.startswith(self._urls):
            self.problems.append(f"asked {url}")

    def leave(self) -> None:
        """Leave all pages as a new one is."""
        for key, page in self._opened:
            page.evaluate("sessionStorage.clear()")
            page.unroute_all()
            page.mouse.move(0, 0)
            page.goto("about:blank")
            for other in page.context.pages[1:]:
                other.close()
            self._left[key].append(page)
        self._opened.clear()
        self.problems.clear()


@pytest.fixture(scope="module")
def pages(browser: Browser, running: Sandbox) -> Pages:
    """The pages of the module."""
    return Pages(browser, running)


@pytest.fixture
def visit(pages: Pages, sandbox: Sandbox) -> Generator[Callable[..., Page]]:
    """Open the page, and check at the end that it logged no error and contacted no other host."""
    del sandbox  # it is reset
    yield pages.open
    problems = [*pages.problems]
    pages.leave()
    assert problems == []
