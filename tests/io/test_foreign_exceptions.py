"""Exceptions from outside the transport, such as signal handlers, pass unchanged, whatever their class."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Final

import httpx
import httpx2
import pytest
from wire import Exchange, Wire, json_response

from blooio_client import AsyncBlooio, Blooio
from blooio_client.errors import ConnectionFailedError

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGALRM"), reason="needs SIGALRM")

PHONE: Final = "+15551234567"
KINDS: Final[list[type[BaseException]]] = [TimeoutError, ConnectionResetError, OSError, LookupError, KeyboardInterrupt]


@contextmanager
def raising(kind: type[BaseException], *, at: str) -> Generator[None]:
    """Raise in a signal handler while a socket waits, like programs that limit the time of a job.

    Args:
        kind: The exception to raise.
        at: The name of the function to interrupt, in httpcore or the standard library.
    """

    def handle(number: int, frame: FrameType | None) -> None:
        del number
        if frame is not None and frame.f_code.co_name != at:
            signal.setitimer(signal.ITIMER_REAL, 0.005)  # not in that function yet, so try again
            return
        raise kind("the job took too long")

    before = signal.signal(signal.SIGALRM, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGALRM, before)


class Interrupting:
    """A service that interrupts the client before it responds."""

    def __init__(self) -> None:
        self._target = threading.main_thread().ident or 0

    def __call__(self, exchange: Exchange) -> None:
        """Interrupt the client, and do not respond."""
        signal.pthread_kill(self._target, signal.SIGALRM)
        exchange.wait()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("own", [None, httpx.Client, httpx2.Client], ids=["ours", "httpx", "httpx2"])
def test_a_signal_handler_that_raises_while_a_response_is_read(kind: type[BaseException], own: Any) -> None:
    """The exception passes unchanged after one request."""
    client = None if own is None else own()
    with (
        Wire(Interrupting()) as server,
        raising(kind, at="read"),
        Blooio("key", base_url=server.url, http_client=client) as blooio,
        pytest.raises(kind, match="the job took too long") as caught,
    ):
        blooio.chat(PHONE).send("Hello")

    assert type(caught.value) is kind
    assert len(server.requests) == 1
    if client is not None:
        client.close()


def test_a_signal_handler_that_raises_while_a_body_is_written() -> None:
    """An OSError raised while a large body is written passes unchanged, although httpcore would ignore it."""
    main = threading.main_thread().ident or 0

    with socket.create_server(("127.0.0.1", 0)) as listener, raising(BrokenPipeError, at="write"):

        def read_a_little() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                signal.pthread_kill(main, signal.SIGALRM)
                ended.wait(30.0)

        ended = threading.Event()
        thread = threading.Thread(target=read_a_little)
        thread.start()
        with (
            Blooio("key", base_url=f"http://127.0.0.1:{listener.getsockname()[1]}") as client,
            pytest.raises(BrokenPipeError, match="the job took too long"),
        ):
            client.chat(PHONE).send("x" * 30_000_000)
        ended.set()
        thread.join()


def test_an_os_error_of_a_signal_handler_while_the_users_client_writes() -> None:
    """If httpcore ignores the exception, the call still reports an unknown outcome."""
    main, struck = threading.main_thread().ident or 0, threading.Event()

    def strike(number: int, frame: FrameType | None) -> None:
        del number
        if frame is not None and frame.f_code.co_name != "write":
            signal.setitimer(signal.ITIMER_REAL, 0.005)
            return
        struck.set()
        raise OSError("the job took too long")

    def read_a_little(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(1000)
            signal.pthread_kill(main, signal.SIGALRM)
            struck.wait(30.0)

    before = signal.signal(signal.SIGALRM, strike)
    with socket.create_server(("127.0.0.1", 0)) as listener, httpx.Client() as own:
        thread = threading.Thread(target=read_a_little, args=(listener,))
        thread.start()
        blooio = Blooio("key", base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", http_client=own, max_retries=0)
        with pytest.raises(ConnectionFailedError) as caught:
            blooio.chat(PHONE).send("x" * 30_000_000)
        thread.join()
    signal.signal(signal.SIGALRM, before)

    assert (caught.value.sent, caught.value.attempts) == (None, 1)
    assert caught.value.idempotency_key


@pytest.mark.skipif(os.name != "posix", reason="elsewhere, a full backlog refuses connections")
def test_a_signal_handler_that_raises_while_connecting() -> None:
    """An exception raised while connecting passes unchanged."""
    main = threading.main_thread().ident or 0
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, raising(TimeoutError, at="create_connection"):
        address = listener.getsockname()
        filling = [socket.socket() for _ in range(4)]
        for each in filling:
            each.setblocking(False)
            each.connect_ex(address)
        timer = threading.Timer(0.3, signal.pthread_kill, (main, signal.SIGALRM))
        timer.start()
        with (
            Blooio("key", base_url=f"http://127.0.0.1:{address[1]}") as client,
            pytest.raises(TimeoutError, match="the job took too long"),
        ):
            client.chat(PHONE).send("Hello")
        timer.join()
        for each in filling:
            each.close()


class Interrupted(asyncio.SelectorEventLoop):
    """An event loop that is interrupted once while it resolves a name."""

    strikes = 1

    async def getaddrinfo(self, *arguments: Any, **named: Any) -> Any:
        """Raise like a signal handler, or resolve the name."""
        if self.strikes:
            self.strikes = 0
            raise PermissionError("the job took too long")
        return await super().getaddrinfo(*arguments, **named)


@pytest.mark.parametrize("is_own", [False, True])
def test_a_signal_handler_that_raises_in_an_event_loop(*, is_own: bool) -> None:
    """An exception raised in the event loop passes unchanged, and the client stays usable."""

    async def main() -> None:
        url = server.url.replace("127.0.0.1", "localhost")
        async with (
            httpx.AsyncClient() as own,
            AsyncBlooio("key", base_url=url, http_client=own if is_own else None) as client,
        ):
            with pytest.raises(PermissionError, match="the job took too long"):
                await client.chat(PHONE).send("Hello")
            assert (await client.chat(PHONE).send("again")).message_id == "msg_1"

    with Wire(set_a_bad_cookie) as server, asyncio.Runner(loop_factory=Interrupted) as runner:
        runner.run(main())
        assert len(server.requests) == 1


def set_a_bad_cookie(exchange: Exchange) -> None:
    """Respond with a cookie that makes http.cookiejar fail."""
    exchange.write(json_response(b'{"message_id": "msg_1"}').replace(b"connection:", b"set-cookie: a=b\r\nconnection:"))


@pytest.mark.parametrize("mode", ["sync", "async"])
@pytest.mark.parametrize("package", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_a_cookie_jar_that_fails(mode: str, package: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ValueError in the cookie jar of the user's HTTP client has an unknown outcome."""
    import http.cookiejar
    import types

    # As in the standard library, the exception is raised in a frame of http.cookiejar.
    code = compile("def cookies_for(*arguments):\n    raise ValueError('canary')\n", http.cookiejar.__file__, "exec")
    module = types.ModuleType("http.cookiejar")
    exec(code, module.__dict__)  # noqa: S102 - its module must have the right name
    monkeypatch.setattr(http.cookiejar.CookieJar, "make_cookies", module.cookies_for)

    async def awaited(url: str) -> None:
        async with package.AsyncClient() as own:
            await AsyncBlooio("key", base_url=url, http_client=own, max_retries=0).chat(PHONE).send("Hello")

    def send(url: str) -> None:
        if mode == "async":
            asyncio.run(awaited(url))
            return
        with package.Client() as own:
            Blooio("key", base_url=url, http_client=own, max_retries=0).chat(PHONE).send("Hello")

    with Wire(set_a_bad_cookie) as server, pytest.raises(ConnectionFailedError, match="ValueError") as caught:
        send(server.url)

    assert (caught.value.sent, caught.value.attempts, len(server.requests)) == (None, 1, 1)
    assert caught.value.idempotency_key
    assert "canary" not in f"{caught.value!r} {caught.value.__cause__!r}"


def fail() -> None:
    """Raise the exception that the caller handles."""
    raise LookupError


def test_an_exception_being_handled_does_not_interfere() -> None:
    """A call made while an exception is being handled fails with our error, not with that exception."""
    errors: list[Exception] = []
    with httpx.Client() as own, Wire(lambda _: None) as server:
        blooio = Blooio("key", base_url=server.url, http_client=own, max_retries=0)
        try:
            fail()
        except LookupError:
            try:
                blooio.chat(PHONE).send("Hello")
            except Exception as error:  # noqa: BLE001 - any exception is inspected
                errors.append(error)

    assert [type(each) for each in errors] == [ConnectionFailedError]
