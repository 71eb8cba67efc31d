"""What both colours of input and output share; nothing here opens a connection."""

from __future__ import annotations

import io
import logging
import ssl
from typing import Any

import httpx
import pytest

from blooio_client.types import File
from blooio_overrides._io import common
from blooio_overrides.deadlines import Deadline
from blooio_overrides.errors import InvalidArgumentError
from blooio_overrides.outcomes import Failure
from blooio_overrides.requests import Request

BASE = "https://api.example/v2"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


def request(files: dict[str, File] | None = None, content: bytes | None = b"{}") -> Request:
    """A request that is never sent."""
    return Request("POST", f"{BASE}/chats/%2B15551234567", {"x-a": "b"}, content, files)


@pytest.mark.parametrize(
    ("environment", "url", "expected"),
    [
        ({}, BASE, None),
        ({"HTTPS_PROXY": "http://proxy.example:3128"}, BASE, "http://proxy.example:3128"),
        ({"https_proxy": "http://proxy.example:3128"}, BASE, "http://proxy.example:3128"),
        ({"HTTPS_PROXY": "proxy.example:3128"}, BASE, "http://proxy.example:3128"),
        ({"HTTPS_PROXY": "https://proxy.example"}, BASE, "https://proxy.example"),
        ({"HTTPS_PROXY": ""}, BASE, None),
        ({"HTTP_PROXY": "http://proxy.example"}, BASE, None),
        ({"HTTP_PROXY": "http://proxy.example"}, "http://api.example", "http://proxy.example"),
        ({"ALL_PROXY": "socks5://proxy.example"}, BASE, "socks5://proxy.example"),
        ({"ALL_PROXY": "http://a.example", "HTTPS_PROXY": "http://b.example"}, BASE, "http://b.example"),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "api.example"}, BASE, None),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": ".example"}, BASE, None),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "*"}, BASE, None),
        ({"HTTPS_PROXY": "http://proxy.example", "NO_PROXY": "other.example"}, BASE, "http://proxy.example"),
        ({"HTTP_PROXY": "http://proxy.example", "NO_PROXY": "127.0.0.1"}, "http://127.0.0.1:8787", None),
    ],
)
def test_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], url: str, expected: str | None
) -> None:
    """The proxy is the one that other programs would take."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    proxy = common.environment_proxy(url)

    assert expected == (None if proxy is None else str(proxy.url))


@pytest.mark.parametrize("value", ["ftp://ann:canary@proxy.example", "http://proxy.example:port", "://"])
def test_a_proxy_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """A proxy that cannot be one is our own error, which names the variable and shows no password."""
    monkeypatch.setenv("HTTPS_PROXY", value)

    with pytest.raises(InvalidArgumentError, match="HTTPS_PROXY") as caught:
        common.environment_proxy(BASE)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("url", [BASE, "HTTPS://api.example", "HttpS://api.example"])
def test_certificates_are_verified(url: str) -> None:
    """However https is written, certificates are verified, with one context for all clients."""
    context = common.verification(url)

    assert isinstance(context, ssl.SSLContext)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert context is common.tls()


def test_plain_http_loads_no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without TLS there is nothing to verify; a proxy may need it."""
    bare = common.verification("http://127.0.0.1:8787")
    monkeypatch.setenv("HTTP_PROXY", "https://proxy.example")

    assert (bare, common.verification("http://api.example")) == (False, common.tls())


@pytest.mark.parametrize(
    ("timeout", "expected"),
    [
        (30.0, httpx.Timeout(10.0, connect=5.0)),
        (3.0, httpx.Timeout(3.0, connect=3.0 * 0.98)),
        (None, httpx.Timeout(None, connect=5.0)),
        (httpx.Timeout(7.0), httpx.Timeout(7.0)),
    ],
)
def test_the_limits_of_an_attempt(timeout: Any, expected: httpx.Timeout) -> None:
    """An attempt has its share of a number; connecting ends before it does; limits of httpx are taken as they are."""
    limits = common.limits_of(Deadline(timeout, 2))

    assert (limits.phases, limits.ends_at, limits.left()) == (expected, None, None)


def test_limits_run_when_they_are_started(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of an attempt runs from its start, and whoever waits is told how much there is."""
    told: list[float] = []
    for module in ("_io.common", "deadlines"):
        monkeypatch.setattr(f"blooio_overrides.{module}.now", lambda: 1000.0)
    limits = common.limits_of(Deadline(30.0, 2))
    limits.on_start = told.append
    limits.start()

    assert (told, limits.ends_at, limits.left()) == ([10.0], 1010.0, 10.0)


def test_limits_without_a_listener_run_as_well() -> None:
    """Who is not told has the same time."""
    limits, endless = common.limits_of(Deadline(30.0, 2)), common.limits_of(Deadline(None, 2))
    limits.start()
    endless.start()

    assert (limits.ends_at is None, endless.left()) == (False, None)


def through_own_client(*given: Any) -> Any:
    """A request as a user's own client makes it."""
    with httpx.Client() as client:
        return common.build_with(client, *given)


@pytest.mark.parametrize("build", [common.http_request, through_own_client])
def test_a_request_is_httpx_own(build: Any) -> None:
    """What goes over the wire is what was built, with its limits, its id encoded once."""
    made: httpx.Request = build(request(), common.limits_of(Deadline(30.0, 2)))

    assert (made.method, made.url.raw_path, made.content) == ("POST", b"/v2/chats/%2B15551234567", b"{}")
    assert made.headers["x-a"] == "b"
    assert made.extensions["timeout"] == {"connect": 5.0, "read": 10.0, "write": 10.0, "pool": 10.0}


@pytest.mark.parametrize("mime_type", ["image/jpeg", None])
@pytest.mark.parametrize("as_file", [True, False])
def test_a_file_is_sent_whole_each_time(mime_type: str | None, as_file: bool) -> None:
    """A file goes out with its name and type, in full at every attempt, and its time begins with its last byte."""
    payload = io.BytesIO(b"canary") if as_file else b"canary"
    asked = request({"icon": File(payload, "a.jpg", mime_type)}, content=None)
    for _ in range(2):
        limits = common.limits_of(Deadline(30.0, 2))
        made = common.http_request(asked, limits)
        begun = [limits.ends_at is not None]
        body = made.read()
        begun.append(limits.ends_at is not None)

        assert b'name="icon"; filename="a.jpg"' in body
        assert b"Content-Type: image/jpeg" in body
        assert b"\r\n\r\ncanary\r\n" in body
        assert begun == [False, as_file]
    assert common.starts_at_once(asked) is not as_file


def test_a_request_without_files_starts_at_once() -> None:
    """Where nothing is uploaded, the time runs from the beginning."""
    assert common.starts_at_once(request())


class ConnectError(httpx.ConnectError):
    """An error of somebody's own transport."""


@pytest.mark.parametrize(
    ("error", "reason", "sent", "timed_out"),
    [
        (httpx.ConnectError("canary"), "the connection failed", False, False),
        (ConnectError("canary"), "the connection failed", False, False),
        (httpx.ConnectTimeout("canary"), "connecting took too long", False, True),
        (httpx.PoolTimeout("canary"), "all connections were in use for too long", False, True),
        (httpx.ProxyError("canary"), "the proxy refused the connection", False, False),
        (httpx.UnsupportedProtocol("canary"), "the connection broke", False, False),
        (httpx.ReadTimeout("canary"), "the answer took too long", None, True),
        (httpx.WriteTimeout("canary"), "sending took too long", None, True),
        (httpx.ReadError("canary"), "the connection broke", None, False),
        (httpx.WriteError("canary"), "the connection broke", None, False),
        (httpx.CloseError("canary"), "the connection broke", None, False),
        (httpx.RemoteProtocolError("canary"), "the connection broke", None, False),
        (httpx.LocalProtocolError("canary"), "the connection broke", None, False),
    ],
)
def test_what_an_exception_of_the_transport_means(
    error: Exception, reason: str, sent: bool | None, timed_out: bool
) -> None:
    """A request that never left is told apart from one of which nobody can know; the words are our own."""
    failure = common.failure_of(error)

    assert failure is not None
    assert (failure.reason, failure.sent, failure.timed_out) == (reason, sent, timed_out)
    assert failure.cause is error


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
def test_an_exception_that_is_not_the_transports_means_nothing(error: BaseException) -> None:
    """What is not of the transport passes unchanged, and is never a reason to send again."""
    assert common.failure_of(error) is None


@pytest.mark.parametrize("cause", [None, httpx.ReadTimeout("canary")])
def test_time_that_ran_out(cause: BaseException | None) -> None:
    """An attempt that had no time left may have been carried out."""
    failure = common.timed_out(cause)

    assert (failure.reason, failure.sent, failure.timed_out) == ("the answer took too long", None, True)
    assert failure.cause is cause


def raised(error: Exception) -> Exception:
    """An exception with a frame, in which the key could be found."""
    with pytest.raises(type(error)) as caught:
        raise error
    return caught.value


def test_no_frame_is_kept() -> None:
    """No exception behind an error, in a group or in a ring, leads to the frames in which the API key stands."""
    error, cause, first, second = map(raised, (httpx.ConnectError("a"), OSError("b"), OSError("c"), OSError("d")))
    group = raised(ExceptionGroup("e", [first, second]))
    error.__cause__, error.__context__, cause.__cause__ = cause, group, error
    everything = (error, cause, group, first, second)
    before = [each.__traceback__ is None for each in everything]
    common.without_traces(error)

    assert before == [False] * 5
    assert [each.__traceback__ for each in everything] == [None] * 5
    assert (error.__cause__, cause.__cause__) == (cause, error)


def test_headers_of_an_answer_are_in_lower_case() -> None:
    """An answer's headers are found whatever their case was."""
    answer = common.answer_of(503, httpx.Headers({"Retry-After": "5", "X-Request-ID": "r"}), b"x")

    assert (answer.status, dict(answer.headers), answer.body) == (503, {"retry-after": "5", "x-request-id": "r"}, b"x")


def test_a_users_own_client_keeps_our_url_to_itself(caplog: pytest.LogCaptureFixture) -> None:
    """While our request is sent, httpx logs nothing of it; before and after it logs as ever."""
    caplog.set_level(logging.DEBUG)
    logger = logging.getLogger("httpx")
    logger.info("before")
    with common.quiet_logs():
        logger.info("canary %s", "+15551234567")
        with common.quiet_logs():
            logger.info("canary")
        logger.info("canary")
        logging.getLogger("elsewhere").info("meanwhile")
    logger.info("after")

    assert [record.getMessage() for record in caplog.records] == ["before", "meanwhile", "after"]


def test_a_failure_is_shown_in_our_words() -> None:
    """What a failure is called holds nothing of the request."""
    failure = common.failure_of(httpx.ConnectError("canary"))

    assert isinstance(failure, Failure)
    assert "canary" not in failure.reason
