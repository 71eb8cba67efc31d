"""What both colours of input and output share."""

from __future__ import annotations

import logging
from types import SimpleNamespace

import httpcore
import httpx
import pytest

from blooio_overrides._call.outcome import Failure
from blooio_overrides._io import common
from blooio_overrides.errors import InvalidArgumentError


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
        (httpx.ReadTimeout("canary"), "the response took too long", None, True),
        (httpx.WriteTimeout("canary"), "sending took too long", None, True),
        (httpx.ReadError("canary"), "the connection broke", None, False),
        (httpx.WriteError("canary"), "the connection broke", None, False),
        (httpx.CloseError("canary"), "the connection broke", None, False),
        (httpx.RemoteProtocolError("canary"), "the connection broke", None, False),
        (httpx.LocalProtocolError("canary"), "the connection broke", None, False),
        (httpcore.ConnectError("canary"), "the connection failed", False, False),
        (httpcore.ConnectTimeout("canary"), "connecting took too long", False, True),
        (httpcore.PoolTimeout("canary"), "all connections were in use for too long", False, True),
        (httpcore.ProxyError("canary"), "the proxy refused the connection", False, False),
        (httpcore.UnsupportedProtocol("canary"), "the connection broke", False, False),
        (httpcore.ReadTimeout("canary"), "the response took too long", None, True),
        (httpcore.WriteTimeout("canary"), "sending took too long", None, True),
        (httpcore.ReadError("canary"), "the connection broke", None, False),
        (httpcore.WriteError("canary"), "the connection broke", None, False),
        (httpcore.RemoteProtocolError("canary"), "the connection broke", None, False),
        (httpcore.LocalProtocolError("canary"), "the connection broke", None, False),
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


@pytest.mark.parametrize(
    ("is_connecting", "reason", "sent"),
    [(False, "the response took too long", None), (True, "connecting took too long", False)],
)
def test_time_that_ran_out(*, is_connecting: bool, reason: str, sent: bool | None) -> None:
    """An attempt that had no time left may have been carried out, unless it had no connection yet."""
    failure = common.timed_out(is_connecting=is_connecting)

    assert (failure.reason, failure.sent, failure.timed_out) == (reason, sent, True)
    assert failure.cause is None


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


def test_the_headers_of_an_answer() -> None:
    """A response's headers are found whatever their case was, any bytes are read, and those of one name are joined."""
    raw = [(b"Retry-After", b"5"), (b"X-Request-ID", b"\xffr"), (b"Via", b"a"), (b"via", b"b")]

    assert common.headers_of(raw) == {"retry-after": "5", "x-request-id": "\u00ffr", "via": "a, b"}


def test_a_users_own_client_keeps_our_url_to_itself(caplog: pytest.LogCaptureFixture) -> None:
    """While our request is sent, httpx logs nothing of it; before and after it logs as ever."""
    caplog.set_level(logging.DEBUG)
    logger = logging.getLogger("httpx")
    logger.info("before")
    with common.QuietLogs():
        logger.info("canary %s", "+15551234567")
        with common.QuietLogs():
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


class Endless:
    """A stream of somebody's own that says to stand in itself."""

    @property
    def _stream(self) -> Endless:
        return self


def test_a_stream_without_end_is_let_be() -> None:
    """Who looks for the reader behind a stream that has none gives up, and nothing is raised."""
    common.give_up_if_followed(httpx.Response(200, stream=httpx.ByteStream(b"")))
    common.give_up_if_followed(SimpleNamespace(stream=Endless()))
