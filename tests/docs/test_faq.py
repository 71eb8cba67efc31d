"""The FAQ quotes the exact errors that common mistakes raise."""

from __future__ import annotations

import asyncio
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from blooio_client import AsyncBlooio, Blooio, BlooioError
from blooio_sandbox import Sandbox

FAQ: Final = Path(__file__).resolve().parents[2] / "docs" / "faq.md"
# `...` in a quote matches any text.
QUOTES: Final = [
    ".*".join(map(re.escape, re.split(r"\.\.\.", quote)))
    for line in re.findall(r"^> (.+)$", FAQ.read_text("utf-8"), re.MULTILINE)
    for quote in re.findall(r'"([^"]+)"|`([^`]+)`', line)
    for quote in quote
    if quote
]
PHONE: Final = "+15551234567"


def asks(*arguments: str, **options: Any) -> None:
    """Send a request with a client of some settings."""
    with Blooio(*arguments, **options) as client:
        client.me()


def chats_with(recipient: Any) -> None:
    """Open a chat with a recipient."""
    with Blooio() as client:
        client.chat(recipient)


def in_async(run: Callable[[AsyncBlooio], Any]) -> Callable[[], None]:
    """Return a program that misuses an async client."""

    async def main() -> None:
        async with AsyncBlooio() as client:
            await run(client)

    def program() -> None:
        asyncio.run(main())

    return program


async def forgets_await(client: AsyncBlooio) -> None:
    """Read a field of a send without awaiting it."""
    sending: Any = client.chat(PHONE).send("Hi")
    try:
        assert sending.message_id
    finally:
        sending.close()


async def forgets_async_for(client: AsyncBlooio) -> None:
    """Iterate over an async pager with `for`."""
    pager: Any = client.chat(PHONE).messages.list()
    list(pager)


async def awaits_a_list(client: AsyncBlooio) -> None:
    """Await an async pager."""
    pager: Any = client.chat(PHONE).messages.list()
    await pager


async def runs_in_a_notebook(client: AsyncBlooio) -> None:
    """Call `asyncio.run` inside a running event loop."""
    program = client.me()
    try:
        asyncio.run(program)
    finally:
        program.close()


async def uses_with(client: AsyncBlooio) -> None:
    """Write `with` instead of `async with`."""
    wrong: Any = client
    with wrong:
        pass


MISTAKES: Final[dict[str, Callable[[], object]]] = {
    "a wrong key": lambda: asks("wrong"),
    "a national number": lambda: chats_with("(555) 123-4567"),
    "a number without a plus": lambda: chats_with("15551234567"),
    "a number that is an int": lambda: chats_with(15551234567),
    "an encoded number": lambda: chats_with("%2B15551234567"),
    "a sandbox that is not running": lambda: asks(base_url="http://127.0.0.1:1/v2/api", max_retries=0),
    "http": lambda: asks(base_url="http://example.com"),
    "no await": in_async(forgets_await),
    "no async for": in_async(forgets_async_for),
    "await of a list": in_async(awaits_a_list),
    "asyncio.run in a notebook": in_async(runs_in_a_notebook),
    "with": in_async(uses_with),
}


def is_answered(error: BaseException) -> bool:
    """Return whether the FAQ quotes an error by its text, or an error of the service by its class."""
    return any(re.search(quote, f"{type(error).__name__}: {error}") for quote in QUOTES)


@pytest.mark.parametrize("mistake", list(MISTAKES))
def test_a_mistake_has_an_answer(mistake: str, blooio_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The FAQ quotes the error of each common mistake."""
    monkeypatch.setenv("BLOOIO_API_KEY", blooio_sandbox.api_key)
    monkeypatch.setenv("BLOOIO_BASE_URL", blooio_sandbox.base_url)
    with pytest.raises((BlooioError, AttributeError, RuntimeError, TypeError)) as caught:
        MISTAKES[mistake]()

    assert is_answered(caught.value), caught.value


def test_no_key_has_an_answer() -> None:
    """The FAQ quotes the error for a missing key."""
    with pytest.raises(BlooioError) as caught:
        Blooio()

    assert is_answered(caught.value)


def test_a_forgotten_await_has_an_answer() -> None:
    """The FAQ quotes Python's warning about a coroutine that was never awaited."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")

        async def main() -> None:
            async with AsyncBlooio("key", base_url="http://127.0.0.1:1/v2/api") as client:
                client.chat(PHONE).send("Hi")  # type: ignore[unused-coroutine]

        asyncio.run(main())

    assert any(re.search(quote, f"RuntimeWarning: {caught[0].message}") for quote in QUOTES)
