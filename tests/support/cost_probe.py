"""A fresh process that counts what the client costs: the modules it loads, and the instructions of its own code.

python -S -P cost_probe.py URL FOLDER ...   # print the costs as JSON; instructions count in these folders only

It runs without `site`, so that neither the packages that an environment loads at its start nor coverage's tracer
are there. Neither the load of the machine nor the versions of other packages change a count of instructions.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # nothing is imported here that the client might import
    from collections.abc import Callable
    from types import FrameType
    from typing import Any

WARM = 3
REPEATS = 5
API_KEY = "guard-key"
SECRET = "whsec_" + "0123456789abcdef" * 3
# Loaded by httpx and httpcore where development has them, and absent from a plain installation.
ABSENT = ("trio", "httpx._main")


class Counter:
    """Counts the instructions that run in some folders, and in what attrs wrote for the classes there."""

    def __init__(self, folders: list[str]) -> None:
        self._folders = tuple(folders)
        self._counted = 0

    def count(self, work: Callable[[], object]) -> int:
        """Return how many instructions a piece of work takes."""
        self._counted = 0
        sys.settrace(self._enter)
        try:
            work()
        finally:
            sys.settrace(None)
        return self._counted

    def fewest(self, work: Callable[[], object]) -> int:
        """Return the same for work that has run before, without what befalls it by chance.

        It has run under the tracer too: some versions of Python do not count the first run of a function.
        """
        for _ in range(WARM):
            self.count(work)
        return min(self.count(work) for _ in range(REPEATS))

    def _enter(self, frame: FrameType, event: str, argument: object) -> Any:
        del event, argument
        if not self._is_ours(frame.f_code.co_filename):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return self._step

    def _is_ours(self, name: str) -> bool:
        return name.startswith(self._folders) or (name.startswith("<attrs generated") and "blooio_" in name)

    def _step(self, frame: FrameType, event: str, argument: object) -> Any:
        del frame, argument
        self._counted += event == "opcode"
        return self._step


def main(url: str, *folders: str) -> None:
    """Count, and print what was counted."""
    sys.modules.update(dict.fromkeys(ABSENT))  # type: ignore[arg-type]
    before = set(sys.modules)
    import_client()
    imported = set(sys.modules) - before
    send_once(url)
    sent = set(sys.modules) - before
    counter = Counter(list(folders))
    opcodes = {name: counter.fewest(work) for name, work in paths(url).items()}

    import json

    print(json.dumps({"modules": {"import": sorted(imported), "send": sorted(sent)}, "opcodes": opcodes}))


def import_client() -> object:
    """Import the client as users do."""
    from blooio_client import Blooio

    return Blooio


def send_once(url: str) -> None:
    """Make a client, and send once, which loads its transport and a model."""
    from blooio_client import Blooio

    with Blooio(API_KEY, base_url=url) as client:
        assert client.chat("+15551234567").send("Hello").message_id


def paths(url: str) -> dict[str, Callable[[], object]]:
    """Return the key paths."""
    return {**wire_paths(url), "read a page of 50 messages": page_reading(), "read a webhook": webhook_reading()}


def wire_paths(url: str) -> dict[str, Callable[[], object]]:
    """Return the paths that go over the wire."""
    import asyncio
    from contextlib import suppress

    from blooio_client import AsyncBlooio, Blooio, NotFoundError

    chat = Blooio(API_KEY, base_url=url).chat("+15551234567")
    runner, awaiting = asyncio.Runner(), AsyncBlooio(API_KEY, base_url=url).chat("+15551234567")

    def fail() -> None:
        with suppress(NotFoundError):
            chat.messages.get("msg_missing")

    return {
        "make a client": lambda: Blooio(API_KEY, base_url=url).close(),
        "send a message": lambda: chat.send("Hello"),
        "send a message, async": lambda: runner.run(awaiting.send("Hello")),
        "read an error": fail,
    }


def page_reading() -> Callable[[], object]:
    """Return what reads every field of 50 messages and of their reactions."""
    from benchmarks.pages import read_all_models
    from benchmarks.responses import CHAT, message_page
    from blooio_client import calls

    data, read = message_page(50), calls.list_chat_messages(CHAT).read
    return lambda: read_all_models(read(data).messages)


def webhook_reading() -> Callable[[], object]:
    """Return what verifies and reads a delivery."""
    import json

    from benchmarks.responses import CHAT, MOMENT, SENT
    from blooio_client import webhooks

    event = {"event": "message.received", "sender": CHAT, "text": "Hello", "timestamp": MOMENT, "is_group": False}
    body = json.dumps({**event, "message_id": SENT["message_id"], "external_id": CHAT, "attachments": []}).encode()
    headers = {"X-Blooio-Signature": webhooks.sign(body, SECRET)}
    return lambda: webhooks.unwrap(body, headers, secret=SECRET).dedupe_key


if __name__ == "__main__":
    main(*sys.argv[1:])
