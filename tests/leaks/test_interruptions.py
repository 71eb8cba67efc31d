"""Calls that are interrupted anywhere, as by Ctrl-C: no frame shows the key, and the client stays usable."""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count, takewhile
from threading import Event, Thread
from types import FrameType
from typing import Any, Final, TypeVar

import attrs
import httpx
import pytest
from canaries import PRIVATE, SECRETS, Search
from canary_runs import OF_A_VIEW
from wire import Exchange, Wire, json_response

from blooio_client import Blooio
from blooio_overrides._io.synchronous import Stream

# A socket that is open but not referenced yet at an interruption is closed by the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

PACKAGES: Final = frozenset({"blooio_overrides", "blooio_client", "httpx", "httpcore", "h11"})
READER: Final = frozenset({"h11._receivebuffer"})
JPEG: Final = b"\xff\xd8\xff\xe0" + bytes(100)
STEP: Final = 61
"""The lines between two interruptions; a prime, so that loops are interrupted at different places."""

T = TypeVar("T")


@attrs.define
class Interruption:
    """Raises KeyboardInterrupt at the n-th line that a call executes in some packages or modules."""

    at: int
    among: frozenset[str] = PACKAGES
    lines: int = 0

    def trace(self, frame: FrameType, event: str, argument: object) -> Any:
        """Count lines; a function for `sys.settrace`."""
        del argument
        name = str(frame.f_globals.get("__name__"))
        if not self.among & {name, name.partition(".")[0]}:
            return None
        if event == "line":
            self.lines += 1
            if self.lines == self.at:
                raise KeyboardInterrupt
        return self.trace


@contextmanager
def interrupted(at: int, among: frozenset[str] = PACKAGES) -> Generator[None]:
    """Interrupt at a line, and restore the previous trace function, such as that of coverage, afterwards."""
    before = sys.gettrace()
    sys.settrace(Interruption(at, among).trace)
    try:
        yield
    finally:
        sys.settrace(before)


def in_a_thread(work: Callable[[], T]) -> T:
    """Run a function in a new thread.

    If tracing raises at a line with `except`, Python considers the exception handled there as being handled forever
    in this thread, and would make it the context of every exception in later tests.
    """
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(work).result()


def response(exchange: Exchange) -> None:
    """Accept a message."""
    exchange.write(json_response(b'{"message_id": "msg_1"}', b"202 Accepted"))


@contextmanager
def forgetting() -> Generator[None]:
    """Collect objects that an interruption left half constructed, so that no connection stays open."""
    try:
        yield
    finally:
        gc.collect()


def is_interrupted(url: str, search: Search, among: frozenset[str], at: int) -> bool:
    """Interrupt a call, search its traceback, and call again; return whether the call had that many lines."""
    with Blooio(SECRETS["API key"], base_url=url) as client:
        view = client.with_options(headers=OF_A_VIEW)
        try:
            with interrupted(at, among):
                view.chat(PRIVATE["phone number"]).send(PRIVATE["message text"])
        except KeyboardInterrupt as error:
            search.exception(error)
            assert client.chat(PRIVATE["phone number"]).send("again").message_id == "msg_1"
            return True
    return False


def interrupted_every(lines: int, search: Search, among: frozenset[str] = PACKAGES) -> int:
    """Interrupt a call at every n-th line until it completes; return the number of interruptions."""
    with Wire(response) as server, forgetting():
        interrupt = partial(is_interrupted, server.url, search, among)
        interrupt(-1)  # imports everything
        return len(list(takewhile(lambda at: in_a_thread(partial(interrupt, at)), count(1, lines))))


def test_no_frame_of_an_interrupted_call_shows_the_key() -> None:
    """Wherever a call is interrupted, its traceback's local variables hold no secret, and the next call succeeds."""
    search = Search()
    times = interrupted_every(STEP, search)

    assert times > 20
    assert search.counts["local variables in our frames"] > times
    assert search.counts["local variables in frames of other packages"] == 0
    assert search.counts["errors"] == search.counts["str and repr of errors"] == 0
    assert search.found == []


def test_an_interrupted_exception_is_not_a_context() -> None:
    """After an interruption, the exception being handled is not the context of later exceptions."""
    assert interrupted_every(1, Search(), READER) > 20
    assert sys.exc_info() == (None, None, None)


def connections() -> list[Stream]:
    """Return all connections of sync clients in this process."""
    gc.collect()
    return [each for each in gc.get_objects() if isinstance(each, Stream)]


def test_interruptions_leave_no_connections() -> None:
    """A client that was interrupted many times keeps at most the connection of its last call."""
    before = connections()
    with Wire(response) as server, forgetting(), Blooio("key", base_url=server.url) as client:
        chat = client.chat("+15551234567")

        def send(at: int) -> None:
            with suppress(KeyboardInterrupt), interrupted(at):
                chat.send("interrupted")

        for at in range(1, 2000, STEP):
            in_a_thread(partial(send, at))
        chat.send("again")

        assert len([each for each in connections() if each not in before]) <= 1


class Unreadable(io.BytesIO):
    """A file whose type can be detected, but whose content cannot be read."""

    def read(self, size: int | None = -1) -> bytes:
        """Raise an error that no transport raises."""
        if size is not None and 0 <= size <= 4096:
            return super().read(size)
        raise LookupError


def test_a_foreign_exception_does_not_affect_other_calls() -> None:
    """A file's exception passes unchanged; a call in flight completes, and idle connections are closed."""
    has_arrived, may_respond = Event(), Event()

    def respond(exchange: Exchange) -> None:
        body = b'{"message_id": "msg_1"}'
        if b"under way" in exchange.request:
            has_arrived.set()
            may_respond.wait(30.0)
            exchange.write(json_response(body))
        else:
            exchange.write(b"HTTP/1.1 202 Accepted\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
            exchange.wait()  # the connection is idle

    ends: list[str] = []
    before = connections()
    with Wire(respond) as server, Blooio("key", base_url=server.url) as client:
        chat = client.chat("+15551234567")
        other = Thread(target=lambda: ends.append(chat.send("under way").message_id))
        other.start()
        assert has_arrived.wait(30.0)
        chat.send("first")
        opened = [each for each in connections() if each not in before]
        with pytest.raises(LookupError):
            chat.background.set(Unreadable(JPEG))
        closed = [each.get_extra_info("socket").fileno() == -1 for each in opened]
        may_respond.set()
        other.join()

        assert sorted(closed) == [False, True]
        assert [*ends, chat.send("again").message_id] == ["msg_1", "msg_1"]


def test_frames_of_user_code_are_kept() -> None:
    """The traceback of a user's hook keeps the hook's local variables, but not those of httpx."""
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
