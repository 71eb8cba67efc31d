"""A call that is interrupted anywhere, as Ctrl-C does: no frame shows the key, and the client works on."""

from __future__ import annotations

import gc
import sys
from collections.abc import Generator
from contextlib import contextmanager
from itertools import count, takewhile
from types import FrameType
from typing import Any, Final

import attrs
import httpx
import pytest
from canaries import PRIVATE, SECRETS, Search
from canary_runs import OF_A_VIEW
from wire import Exchange, Wire, json_answer

from blooio_client import Blooio

# A socket that was opened and not yet kept by anybody when the interruption came is closed by the collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

PACKAGES: Final = frozenset({"blooio_overrides", "blooio_client", "httpx", "httpcore", "h11"})
STEP: Final = 61
"""Every so many lines a call is interrupted; a prime, so that loops are met at different places."""


@attrs.define
class Interruption:
    """Raises KeyboardInterrupt at the n-th line that a call runs."""

    at: int
    lines: int = 0

    def trace(self, frame: FrameType, event: str, argument: object) -> Any:
        """Count lines of the packages that send; what `sys.settrace` calls."""
        del argument
        if str(frame.f_globals.get("__name__")).partition(".")[0] not in PACKAGES:
            return None
        if event == "line":
            self.lines += 1
            if self.lines == self.at:
                raise KeyboardInterrupt
        return self.trace


@contextmanager
def interrupted(at: int) -> Generator[Interruption]:
    """Interrupt at a line; what traced before, such as a measurement of coverage, does so again afterwards."""
    interruption, before = Interruption(at), sys.gettrace()
    sys.settrace(interruption.trace)
    try:
        yield interruption
    finally:
        sys.settrace(before)


def answer(exchange: Exchange) -> None:
    """Accept a message."""
    exchange.write(json_answer(b'{"message_id": "msg_1"}', b"202 Accepted"))


@contextmanager
def forgetting() -> Generator[None]:
    """Let what an interruption left half made be collected, so that no connection stays open."""
    try:
        yield
    finally:
        gc.collect()


def is_interrupted(url: str, at: int, search: Search) -> bool:
    """Interrupt a call, search what it leaves, and call again; whether the call had so many lines."""
    with Blooio(SECRETS["API key"], base_url=url) as client:
        view = client.with_options(headers=OF_A_VIEW)
        try:
            with interrupted(at):
                view.chat(PRIVATE["phone number"]).send(PRIVATE["message text"])
        except KeyboardInterrupt as error:
            search.exception(error)
            assert client.chat(PRIVATE["phone number"]).send("again").message_id == "msg_1"
            return True
    return False


def interrupted_every(lines: int, search: Search) -> int:
    """Interrupt a call at every so many lines, until it comes to its end; return how often it was interrupted."""
    with Wire(answer) as server, forgetting():
        is_interrupted(server.url, -1, search)  # what is imported once is imported now
        return len(list(takewhile(lambda at: is_interrupted(server.url, at, search), count(1, lines))))


def test_no_frame_of_an_interrupted_call_shows_the_key() -> None:
    """Wherever a call is interrupted, its traceback with local variables has no secret, and the next call succeeds."""
    search = Search()
    times = interrupted_every(STEP, search)

    assert times > 20
    assert search.counts["local variables in our frames"] > times
    assert search.counts["local variables in frames of other packages"] > times
    assert search.counts["errors"] == search.counts["str and repr of errors"] == 0
    assert search.found == []


def test_frames_of_a_users_own_code_are_left_alone() -> None:
    """What a hook of a user's own client raises keeps the local variables of the hook, and loses those of httpx."""
    search = Search()

    def hook(request: httpx.Request) -> None:
        mine = request.method
        raise LookupError(mine)

    own = httpx.Client(event_hooks={"request": [hook]}, headers={"x-token": SECRETS["header of a view"]})
    client = Blooio(SECRETS["API key"], base_url="http://127.0.0.1:9", http_client=own)
    with own, pytest.raises(LookupError, match="GET") as caught:
        client.me()
    search.exception(caught.value)

    assert caught.traceback[-1].frame.f_locals["mine"] == "GET"
    assert search.found == []
