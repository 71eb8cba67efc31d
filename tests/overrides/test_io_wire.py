"""The code that sync and async connections share; nothing is sent."""

# pyright: reportPrivateUsage=false
# These tests guard internals that are not public.

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any, cast

import httpcore
import httpx
import pytest

from blooio_client.types import File
from blooio_overrides._call.outcome import Failure
from blooio_overrides._call.request import HiddenHeaders, Request
from blooio_overrides._call.retries import Deadline
from blooio_overrides._io import exceptions, uploads, wire
from blooio_overrides._io.synchronous import Stream
from blooio_overrides._io.wire import Attempt
from blooio_overrides.errors import InvalidArgumentError
from blooio_overrides.silence import silence

BASE = "https://api.example/v2"
CONNECT_LIMIT = wire.CONNECT_LIMIT
"""The real one; during tests, it is longer."""


def attempt(timeout: Any = 30.0, max_retries: int = 2) -> Attempt:
    """An attempt that has not started."""
    return Attempt(Deadline(timeout, max_retries), once=False)


def request(
    files: dict[str, File] | None = None, content: bytes | None = b"{}", method: str = "POST", path: str = "/chats/a"
) -> Request:
    """A request that is never sent."""
    return Request(method, path, HiddenHeaders({"x-key": "canary", "x-a": "b"}), content, files)


class ConnectError(httpx.ConnectError):
    """An error of a custom transport."""


@pytest.mark.parametrize(
    ("error", "reason", "sent", "timed_out"),
    [
        (httpx.ConnectError("canary"), "the connection failed", False, False),
        (ConnectError("canary"), "the connection failed", False, False),
        (httpx.ConnectTimeout("canary"), "connecting took too long", False, True),
        (httpx.PoolTimeout("canary"), "all connections were in use for too long", False, True),
        (httpx.ProxyError("canary"), "the proxy refused the connection", False, False),
        (httpx.UnsupportedProtocol("canary"), "the connection broke", False, False),
        (httpx.ReadTimeout("canary"), "the response took too long", None, True),
        (httpx.WriteTimeout("canary"), "sending took too long", None, True),
        (httpx.ReadError("canary"), "the connection broke", None, False),
        (httpx.WriteError("canary"), "the connection broke", None, False),
        (httpx.CloseError("canary"), "the connection broke", None, False),
        (httpx.RemoteProtocolError("canary"), "the connection broke", None, False),
        (httpx.LocalProtocolError("canary"), "the connection broke", None, False),
    ],
)
def test_exceptions_of_the_transport(error: Exception, reason: str, sent: bool | None, timed_out: bool) -> None:
    """Each exception of the transport becomes a failure with our reason, and with `sent` False or None."""
    failure = exceptions.failure_of(error, attempt())

    assert isinstance(failure, Failure)
    assert (failure.reason, failure.sent, failure.timed_out) == (reason, sent, timed_out)
    assert failure.cause is error


def test_a_failure_before_the_first_byte_was_never_sent() -> None:
    """A failure while connecting means that nothing was sent; later failures have an unknown outcome."""
    connecting = attempt()
    connecting.step = "ConnectTimeout"
    before = exceptions.failure_of(httpx.ReadError("a proxy hung up"), connecting)
    stream, token = Stream(httpcore.MockStream([])), wire.current.set(connecting)
    for greeting in (b"CONNECT api.example:443 HTTP/1.1\r\n", b"\x05\x01\x00", b"\x01\x03ann\x03key"):
        stream.write(greeting)
        stream.write(b"")
    stream.write(b"POST /v2/chats HTTP/1.1\r\n")
    greeted = exceptions.timed_out(connecting)
    stream.write(b"{}")
    after = exceptions.timed_out(connecting)
    wire.current.reset(token)

    assert isinstance(before, Failure)
    assert (before.sent, greeted.sent, after.sent) == (False, False, None)
    assert (greeted.reason, after.reason) == ("connecting took too long", "the response took too long")


@pytest.mark.parametrize(
    "error",
    [
        ValueError("x"),
        OSError("x"),
        TimeoutError("x"),
        httpx.InvalidURL("x"),
        httpx.TooManyRedirects("x"),
        httpx.StreamConsumed(),
        InvalidArgumentError("x"),
        KeyboardInterrupt(),
    ],
)
def test_exceptions_from_outside_the_transport(error: BaseException) -> None:
    """Exceptions from outside the transport pass unchanged, so they are never retried."""
    assert exceptions.failure_of(error, attempt()) is error


def sending(work: Callable[[], object]) -> Exception:
    """Return the exception of a function called by a transport package."""
    name_space: dict[str, Any] = {"__name__": "httpx._client", "work": work}
    exec("def send():\n    work()\n", name_space)  # noqa: S102 - its module must have the name of one that sends
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whatever the function raises
        name_space["send"]()
    error = caught.value
    assert error.__traceback__ is not None
    error.__traceback__ = error.__traceback__.tb_next  # without this function, which is not part of the client
    return error


def fail_on_a_header() -> None:
    """Raise in a frame of the standard library, as http.cookiejar does on newer versions of Python."""
    json.loads("not JSON")


def test_exceptions_in_the_transport() -> None:
    """An exception raised in the transport has an unknown outcome; one raised in a hook passes unchanged."""
    standard_library = json.loads
    of_the_transport = sending(lambda: standard_library("not JSON"))
    frames = of_the_transport.__traceback__
    assert frames is not None
    of_a_hook = sending(fail_on_a_header)

    assert exceptions.failure_of(of_a_hook, attempt()) is of_a_hook
    frames.tb_next = frames.tb_next.tb_next if frames.tb_next else None  # without the lambda of this module
    failure = exceptions.failure_of(of_the_transport, attempt())
    assert isinstance(failure, Failure)
    assert (failure.reason, failure.sent) == ("the transport failed (JSONDecodeError)", None)
    assert failure.cause is None  # its text quotes the invalid input


def raised(error: Exception) -> Exception:
    """An exception with a frame that could hold the key."""
    with pytest.raises(type(error)) as caught:
        raise error
    return caught.value


def test_no_frame_is_kept() -> None:
    """No cause, group or cycle of exceptions leads to frames that hold the API key."""
    error, cause, first, second = map(raised, (httpx.ConnectError("a"), OSError("b"), OSError("c"), OSError("d")))
    group = raised(ExceptionGroup("e", [first, second]))
    error.__cause__, error.__context__, cause.__cause__ = cause, group, error
    everything = (error, cause, group, first, second)
    before = [each.__traceback__ is None for each in everything]
    exceptions.without_traces(error)

    assert before == [False] * 5
    assert [each.__traceback__ for each in everything] == [None] * 5
    assert (error.__cause__, cause.__cause__) == (cause, error)


def test_a_frame_of_user_code_is_kept() -> None:
    """The transport's frames are removed from a traceback; those of a user's hook are kept."""
    error = sending(fail_on_a_header)
    exceptions.without_frames(error)

    assert [frame.f_code.co_name for frame in exceptions._frames(error.__traceback__)][-1] != "send"
    assert "fail_on_a_header" in [frame.f_code.co_name for frame in exceptions._frames(error.__traceback__)]
    assert "send" not in [frame.f_code.co_name for frame in exceptions._frames(error.__traceback__)]


def test_the_headers_of_a_response() -> None:
    """Response headers are case-insensitive, may contain any bytes, and are joined if repeated."""
    raw = [(b"Retry-After", b"5"), (b"X-Request-ID", b"\xffr"), (b"Via", b"a"), (b"via", b"b")]

    assert wire.headers_of(raw) == {"retry-after": "5", "x-request-id": "\u00ffr", "via": "a, b"}


def test_our_requests_are_not_in_the_logs_of_httpx(caplog: pytest.LogCaptureFixture) -> None:
    """Log records of httpx and httpcore show nothing of our requests; all others are kept."""
    silence()
    caplog.set_level(logging.DEBUG)
    logger, steps = logging.getLogger("httpx"), logging.getLogger("httpcore.http11")
    logger.info("before")
    token = wire.current.set(attempt())
    logger.info("canary %s", "+15551234567")
    steps.debug("send_request_headers.started request=%r", "canary")
    logging.getLogger("elsewhere").info("meanwhile")
    wire.current.reset(token)
    logger.info("after")
    steps.debug("after, %s", "whole")

    said = [record.getMessage() for record in caplog.records]
    assert said == ["before", "send_request_headers.started", "meanwhile", "after", "after, whole"]


class Endless:
    """A custom stream that contains itself."""

    @property
    def _stream(self) -> Endless:
        return self


def test_a_stream_without_a_reader_is_left_alone() -> None:
    """A mock's response has no HTTP parser, and the search for it ends."""
    wire.close_if_followed(httpx.Response(200, stream=httpx.ByteStream(b"")))
    wire.close_if_followed(SimpleNamespace(stream=Endless()))
    assert wire.parser_behind(SimpleNamespace(a=1, b=2)) is None


def test_the_private_names_that_we_use_exist() -> None:
    """The four private names of httpx and httpcore that we use still exist."""
    read = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nmore"

    backend = httpcore.MockBackend([read])
    with httpcore.ConnectionPool(network_backend=backend) as pool, httpx.HTTPTransport() as transport:
        assert isinstance(getattr(transport, wire.POOL), httpcore.ConnectionPool)
        setattr(transport, wire.POOL, pool)
        with httpx.Client(transport=transport) as client, client.stream("GET", "http://api.example") as response:
            reader = wire.parser_behind(response.stream)

            assert reader.trailing_data[0] == b"more"
    with httpcore.HTTPConnection(httpcore.URL("http://api.example").origin, network_backend=backend) as connection:
        direct = connection.handle_request(httpcore.Request("GET", "http://api.example", headers={"Host": "a"}))

        assert wire.parser_behind(direct.stream).trailing_data[0] == b"more"
    assert len({wire.POOL, wire._STREAM, wire._CONNECTION, wire._PARSER}) == 4


@pytest.mark.parametrize(
    ("timeout", "expected"),
    [
        (30.0, {"connect": 5.0, "read": 10.0, "write": 10.0, "pool": 10.0}),
        (3.0, {"connect": 2.94, "read": 3.0, "write": 3.0, "pool": 3.0}),
        (None, {"connect": 5.0, "read": None, "write": None, "pool": None}),
        (httpx.Timeout(7.0), {"connect": 7.0, "read": 7.0, "write": 7.0, "pool": 7.0}),
    ],
)
def test_the_limits_of_an_attempt(
    timeout: Any, expected: dict[str, float | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An attempt gets a share of the timeout, less for connecting; the limits of an httpx.Timeout are kept."""
    monkeypatch.setattr(wire, "CONNECT_LIMIT", CONNECT_LIMIT)
    own, ours = (
        wire.arguments_of(BASE, request(), attempt(timeout), is_ours=is_ours)["extensions"]["timeout"]
        for is_ours in (False, True)
    )

    assert own == pytest.approx(expected)
    assert ours == (expected if isinstance(timeout, httpx.Timeout) else {"connect": pytest.approx(expected["connect"])})


def test_time_runs_when_it_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """An attempt's time runs from its start; each wait gets the time left, and none starts after that."""
    told: list[float] = []
    moment = [1000.0]
    for module in ("_io.wire", "_call.retries"):
        monkeypatch.setattr(f"blooio_overrides.{module}.now", lambda: moment[0])
    limited, endless = attempt(30.0), attempt(None)
    limited.on_start = told.append
    limited.start()
    endless.start()

    assert (told, limited.within(None, TimeoutError), limited.within(4.0, TimeoutError)) == ([10.0], 10.0, 4.0)
    assert (limited.within(40.0, TimeoutError), endless.within(7.0, TimeoutError)) == (10.0, 7.0)
    moment[0] = 1010.0
    with pytest.raises(httpcore.ReadTimeout):
        limited.within(1.0, httpcore.ReadTimeout)


@pytest.mark.parametrize(
    ("method", "content", "expected"),
    [("GET", None, None), ("DELETE", b"{}", "2"), ("POST", None, "0"), ("PUT", None, "0"), ("PATCH", b"{}", "2")],
)
def test_a_request_as_httpx_sends_it(method: str, content: bytes | None, expected: str | None) -> None:
    """The id is encoded once, the headers are merged, and the body has a length."""
    asked = request(content=content, method=method, path="/chats/%2B15551234567")
    made = httpx.Request(**wire.arguments_of(BASE, asked, attempt(), is_ours=True))

    assert (made.method, str(made.url)) == (method, "https://api.example/v2/chats/%2B15551234567")
    assert (made.headers["x-key"], made.headers["x-a"]) == ("canary", "b")
    assert made.headers.get("content-length") == expected


@pytest.mark.parametrize("mime_type", ["image/jpeg", None])
@pytest.mark.parametrize("as_file", [True, False])
def test_a_file_is_sent_whole_each_time(mime_type: str | None, as_file: bool) -> None:
    """A file is sent with its name and type, in full at every attempt, and the timeout starts after its last byte."""
    payload = io.BytesIO(b"canary") if as_file else b"canary"
    asked = request({"icon": File(payload, "a.jpg", mime_type)}, content=None)
    for _ in range(2):
        trying = attempt()
        made = httpx.Request(**wire.arguments_of(BASE, asked, trying, is_ours=True))
        begun = [trying.ends_at is not None]
        body = b"".join(cast("Iterable[bytes]", made.stream))
        begun.append(trying.ends_at is not None)

        assert b'name="icon"; filename="a.jpg"' in body
        assert b"Content-Type: image/jpeg" in body
        assert b"\r\n\r\ncanary\r\n" in body
        assert made.headers["content-length"] == str(len(body))
        assert begun == [not as_file, True]


class Odd(io.BytesIO):
    """A file whose size or content differs from what was announced."""

    def __init__(self, content: Any, size: int) -> None:
        super().__init__(b"")
        self._content = content
        self._size = size

    def seek(self, offset: int, whence: int = 0) -> int:
        """Return the announced size."""
        del offset
        return self._size if whence else 0

    def read(self, size: int | None = -1) -> bytes:
        """Return the content once."""
        del size
        content, self._content = self._content, b""
        return cast("bytes", content)


@pytest.mark.parametrize(
    ("content", "size", "said"),
    [(b"xx", 1, "size of the file changed"), (b"x", 2, "size of the file changed"), (None, 2, "returned NoneType")],
)
def test_a_file_that_changes_is_a_failure(content: bytes | None, size: int, said: str) -> None:
    """A file that grew, shrank or returns no bytes fails its upload, with an unknown outcome."""
    upload = uploads.Upload(Odd(content, size), lambda: None)
    upload.seek(0)
    with pytest.raises(uploads.BrokenUpload, match=said) as caught:
        list(iter(upload.read, b""))
    failure = exceptions.failure_of(caught.value, attempt())

    assert isinstance(failure, Failure)
    assert (failure.sent, failure.timed_out) == (None, False)
    assert said in failure.reason


@pytest.mark.parametrize("has_type", [False, True])
def test_headers_replace_those_of_the_users_own_client(has_type: bool) -> None:
    """Our headers replace the client's of the same name; all others are kept, including repeated ones."""
    further = {"content-type": "multipart/form-data; boundary=here"} if has_type else {}
    arguments = {
        "method": "POST",
        "url": BASE,
        "headers": {"x-key": "ours", **further},
        "files": {"file": ("a.txt", b"content", "text/plain")},
    }
    theirs = [("X-Key", "theirs"), ("x-key", "another"), ("x-tag", "one"), ("x-tag", "two"), ("User-Agent", "theirs")]
    with httpx.Client(headers=theirs) as client:
        made = wire.request_of_own_client(client, arguments)

    assert made.headers.get_list("x-key") == ["ours"]
    assert made.headers.get_list("x-tag") == ["one", "two"]
    assert (made.headers["user-agent"], made.headers["host"]) == ("theirs", "api.example")
    (boundary,) = [made.headers["content-type"].partition("boundary=")[2]]
    assert (boundary == "here") is has_type
    assert made.read().startswith(f"--{boundary}\r\n".encode())
