"""Errors of real failures can be pickled, with everything that a retry needs."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from wire import Exchange, Handler, Wire, after_the_first, hang_up, json_response

from blooio_client import Blooio, BlooioError, webhooks
from blooio_client.errors import (
    APIError,
    BadRequestError,
    ConflictError,
    ConnectionFailedError,
    DeadlineExceededError,
    InvalidArgumentError,
    NoActiveNumberError,
    QuotaExceededError,
    RateLimitError,
    RedirectError,
    ServerError,
    SignatureMissingError,
    UnexpectedResponseError,
)

KEY = "bl_live_canary_of_errors"
TRIED = "order-42"
RESPONSES: dict[type[BlooioError], tuple[bytes, bytes]] = {
    BadRequestError: (b"400 Bad", b'{"error": "no", "code": "bad", "message": "a", "limit": [1, null]}'),
    ConflictError: (b"409 Conflict", b'{"code": "key_used"}'),
    RateLimitError: (b"429 Slow", b""),
    QuotaExceededError: (b"429 Slow", b'{"error": {"code": "quota", "details": {"limit": 5}}}'),
    RedirectError: (b"307 Elsewhere", b""),
    ServerError: (b"520 What", b"<html>\xff"),
    NoActiveNumberError: (b"503 None", b'{"error": "none"}'),
    UnexpectedResponseError: (b"202 Accepted", b'{"status": "queued"}'),
}
KINDS: list[type[BlooioError]] = [
    *RESPONSES,
    ConnectionFailedError,
    DeadlineExceededError,
    InvalidArgumentError,
    SignatureMissingError,
]


def handler(kind: type[BlooioError]) -> Handler:
    """Return the handler that causes a failure."""
    if kind not in RESPONSES:
        return after_the_first(Exchange.wait) if kind is DeadlineExceededError else hang_up
    status, body = RESPONSES[kind]

    def response(exchange: Exchange) -> None:
        exchange.write(json_response(body, status))

    return response


def fail(url: str, kind: type[BlooioError]) -> None:
    """Cause a real failure: send to a failing service, or pass an invalid argument."""
    if kind is SignatureMissingError:
        webhooks.verify(b"{}", {}, secret="whsec_canary")
    with Blooio(KEY, base_url=url, max_retries=0) as client:
        chat = client.chat("+15551234567")
        if kind is DeadlineExceededError:
            chat.get()
            chat = client.with_options(timeout=0.1).chat("+15551234567")
        chat.send("" if kind is InvalidArgumentError else "Hello", idempotency_key=TRIED)


def failed(kind: type[BlooioError]) -> BlooioError:
    """Return the error of a real failure."""
    with Wire(handler(kind)) as server, pytest.raises(kind) as caught:
        fail(server.url, kind)
    assert type(caught.value) is kind
    return caught.value


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_has_what_a_retry_needs(kind: type[BlooioError]) -> None:
    """After a send has started, every error has its key, operation, attempts and `sent`."""
    error = failed(kind)

    if kind in (InvalidArgumentError, SignatureMissingError):
        assert (error.attempts, error.sent) == (0, False if kind is InvalidArgumentError else None)
        return
    assert (error.idempotency_key, error.operation, error.attempts) == (TRIED, "sendMessage", 1)
    never = (BadRequestError, RateLimitError)
    assert error.sent is (True if kind is UnexpectedResponseError else False if isinstance(error, never) else None)
    if isinstance(error, APIError | UnexpectedResponseError) and kind is not APIError:
        assert (error.status, error.body) == (int(RESPONSES[kind][0][:3]), RESPONSES[kind][1])


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_of_a_real_failure_survives(kind: type[BlooioError]) -> None:
    """Every copy and pickle keeps class, text, notes and fields, without the API key."""
    error = failed(kind)
    error.add_note("of job 7")
    pickles = [pickle.dumps(error, protocol) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
    loaded = [pickle.loads(pickled) for pickled in pickles]  # noqa: S301 - our own

    for other in [copy.copy(error), copy.deepcopy(error), *loaded]:
        assert (type(other), str(other), vars(other)) == (kind, str(error), vars(error))
        assert other.__notes__ == ["of job 7"]
    assert [pickled for pickled in pickles if KEY.encode() in pickled] == []


def test_the_cause_of_an_error_says_why() -> None:
    """The cause of a failed connection is the transport's exception, without frames; a copy has no cause."""
    error = failed(ConnectionFailedError)

    assert error.__cause__ is not None
    assert error.__cause__.__traceback__ is None
    assert copy.copy(error).__cause__ is None


@pytest.fixture(scope="module")
def service() -> Iterator[Wire]:
    """A service without an active number."""
    with Wire(handler(NoActiveNumberError)) as server:
        yield server


def whole(error: BlooioError) -> tuple[Any, ...]:
    """Return the relevant fields of an error."""
    return type(error), error.idempotency_key, error.operation, error.attempts, error.sent, vars(error)["status"]


@pytest.mark.parametrize("method", ["spawn", "forkserver"])  # this process has threads: a plain fork of it may hang
def test_an_error_is_raised_from_a_pool(service: Wire, method: str) -> None:
    """An error raised in a `multiprocessing` process arrives complete, with every start method."""
    with closing(multiprocessing.get_context(method).Pool(1)) as pool, pytest.raises(NoActiveNumberError) as caught:
        pool.apply(fail, (service.url, NoActiveNumberError))
    pool.join()  # the pool's own `with` block would kill the process

    assert whole(caught.value) == (NoActiveNumberError, TRIED, "sendMessage", 1, None, 503)
    assert KEY not in str(caught.value.__cause__)


@pytest.mark.parametrize("method", ["spawn", "forkserver"])  # this process has threads: a plain fork of it may hang
def test_an_error_is_raised_from_an_executor(service: Wire, method: str) -> None:
    """An error raised in a `concurrent.futures` process arrives complete, too."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(method)) as executor:
        error = executor.submit(fail, service.url, NoActiveNumberError).exception()

    assert isinstance(error, BlooioError)
    assert whole(error) == (NoActiveNumberError, TRIED, "sendMessage", 1, None, 503)
    assert KEY not in str(error.__cause__)
