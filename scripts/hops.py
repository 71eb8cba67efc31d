"""Count our functions and files that run for one call, as a measure of readability.

python scripts/hops.py             # print the table
python scripts/hops.py send        # and list each function, in the order in which it was first entered
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from types import CodeType, FrameType
from typing import Any, NamedTuple

from blooio_client import Blooio, webhooks
from blooio_sandbox import Sandbox

ROOT = Path(__file__).resolve().parent.parent
OURS = tuple(str(ROOT / folder) + "/" for folder in ("overrides", "blooio_client"))
NOT_COUNTED = {"<module>", "<listcomp>", "<setcomp>", "<dictcomp>"}
"""Since Python 3.12, comprehensions run within their function, so they do not count before either."""
PERSON = "+15551234567"


class Length(NamedTuple):
    """The counts of one call."""

    files: int
    functions: int


GOALS = {"send": Length(14, 50), "page": Length(14, 45), "webhook": Length(9, 35)}
LIMITS = {"send": Length(14, 47), "page": Length(14, 45), "webhook": Length(9, 50)}
"""The current figures; CONTRIBUTING.md repeats them."""


class Hops:
    """Our functions that were entered, in order."""

    def __init__(self) -> None:
        self.entered: list[CodeType] = []

    def record(self, frame: FrameType, event: str, _argument: Any) -> None:
        """Record a function call."""
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(OURS) and code.co_name not in NOT_COUNTED:
            self.entered.append(code)

    @property
    def functions(self) -> list[str]:
        """Each function once, as `file:name`; a lambda or a generator expression counts like any other."""
        return [f"{_path(code)}:{code.co_qualname}" for code in dict.fromkeys(self.entered)]

    @property
    def files(self) -> int:
        """The number of their files."""
        return len({code.co_filename for code in self.entered})

    @property
    def changes(self) -> int:
        """How often the file changes along the way."""
        return sum(before.co_filename != after.co_filename for before, after in pairwise(self.entered))


def _path(code: CodeType) -> str:
    return str(Path(code.co_filename).relative_to(ROOT))


@contextmanager
def recording() -> Generator[Hops]:
    """Record the calls of this thread, and of threads that it starts."""
    hops = Hops()
    threading.setprofile(hops.record)
    sys.setprofile(hops.record)
    try:
        yield hops
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def measured() -> dict[str, Hops]:
    """Send a message, read a page of messages and handle a webhook, each once before, so everything is imported."""
    with Sandbox() as sandbox, Blooio(sandbox.api_key, base_url=sandbox.base_url) as client:
        chat = client.chat(PERSON)
        calls: dict[str, Callable[[], object]] = {
            "send": lambda: client.chat(PERSON).send("Hello"),
            "page": lambda: chat.messages.list(page_size=10).first(),
            "webhook": delivery_to_a_receiver(["msg_1", "msg_2"]),
        }
        counted: dict[str, Hops] = {}
        for name, go in calls.items():
            go()
            with recording() as hops:
                go()
            counted[name] = hops
    return counted


def delivery_to_a_receiver(message_ids: Sequence[str]) -> Callable[[], None]:
    """Return a function that receives a signed delivery of a new message and runs its handler."""
    handled: list[webhooks.Event] = []
    receiver = webhooks.Receiver(secret="whsec_example")  # noqa: S106 - an example
    receiver.on(webhooks.MessageReceived)(handled.append)
    deliveries = iter([signed_delivery(message_id) for message_id in message_ids])

    def go() -> None:
        before = len(handled)
        receiver.receive(next(deliveries))
        receiver.drain()
        if len(handled) != before + 1:
            sys.exit("the webhook was not handled")

    return go


def signed_delivery(message_id: str) -> webhooks.Delivery:
    """Return a delivery of a message, as Blooio sends it."""
    message = {"event": "message.received", "message_id": message_id, "external_id": PERSON, "text": "Hi"}
    body = json.dumps(message).encode()
    return webhooks.Delivery("POST", {"X-Blooio-Signature": webhooks.sign(body, "whsec_example")}, body)


def main(shown: list[str]) -> int:
    """Print the counts; fail if a call exceeds its limits."""
    print(f"{'call':10}{'files':>8}{'goal':>6}{'functions':>12}{'goal':>6}{'changes of file':>18}")
    too_far = False
    counted = measured()
    for name, hops in counted.items():
        goal, functions = GOALS[name], len(hops.functions)
        too_far |= hops.files > LIMITS[name].files or functions > LIMITS[name].functions
        print(f"{name:10}{hops.files:8}{goal.files:6}{functions:12}{goal.functions:6}{hops.changes:18}")
    for name in shown:
        print(f"\n{name}:", *counted[name].functions, sep="\n  ")
    return int(too_far)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
