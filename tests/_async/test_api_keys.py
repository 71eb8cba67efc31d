"""API keys from a function that returns the current one."""

from __future__ import annotations

import logging
import traceback
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from blooio_client import AsyncBlooio
from blooio_client.errors import AuthenticationError, InvalidArgumentError, ServerError
from blooio_client.types import Secret

pytestmark = pytest.mark.anyio

PHONE = "+15551234567"
PATH = "/v2/api/chats/+15551234567/messages"


class Tokens:
    """Tokens that are each valid for one request."""

    def __init__(self, *tokens: Any) -> None:
        self.left = list(tokens)

    def next(self) -> Any:
        """Return the next token, or raise it if it is an exception."""
        token = self.left.pop(0)
        if isinstance(token, Exception):
            raise token
        return token


def client_of(server: HTTPServer, source: Any) -> AsyncBlooio:
    """Return a client that gets its key from a function."""
    return AsyncBlooio(source, base_url=server.url_for("/v2/api"))


def respond_with(server: HTTPServer, *statuses: int) -> None:
    """Respond to successive sends with these statuses."""
    for status in statuses:
        body = {"message_id": "msg_1"} if status < 300 else {"error": "Token-2 canary-token-2 expired"}
        server.expect_ordered_request(PATH, method="POST").respond_with_json(
            body, status=status, headers={"Retry-After": "0"}
        )


def keys(server: HTTPServer) -> list[str | None]:
    """Return the keys that the server received."""
    return [request.headers.get("Authorization") for request, _ in server.log]


async def test_the_function_is_called_before_each_attempt(httpserver: HTTPServer) -> None:
    """A retry uses a new token, under the same idempotency key."""
    respond_with(httpserver, 503, 503, 202)
    async with client_of(httpserver, Tokens("one", Secret("two"), "three").next) as client:
        await client.chat(PHONE).send("Hello")

    assert keys(httpserver) == ["Bearer one", "Bearer two", "Bearer three"]
    assert len({request.headers["Idempotency-Key"] for request, _ in httpserver.log}) == 1


async def test_copies_call_the_same_function(httpserver: HTTPServer) -> None:
    """A copy with other options gets its key from the same function."""
    respond_with(httpserver, 202)
    async with client_of(httpserver, Tokens("one").next) as client:
        await client.with_options(headers={"x-team": "a"}).chat(PHONE).send("Hello")

    assert keys(httpserver) == ["Bearer one"]


async def test_an_authorization_header_takes_precedence(httpserver: HTTPServer) -> None:
    """An Authorization header passed to a call overrides the function's key."""
    respond_with(httpserver, 202)
    async with client_of(httpserver, Tokens("one").next) as client:
        await client.chat(PHONE).send("Hello", headers={"Authorization": "Bearer mine"})

    assert keys(httpserver) == ["Bearer mine"]


@pytest.mark.parametrize("returned", [None, 5, b"key", "", " ", "two words", "line\n", "ключ"])
async def test_an_invalid_key_raises(httpserver: HTTPServer, returned: Any) -> None:
    """A function that returns an invalid key raises an error that names the operation, before anything is sent."""
    async with client_of(httpserver, Tokens(returned).next) as client:
        with pytest.raises(InvalidArgumentError, match="api_key function") as caught:
            await client.me()

    assert (caught.value.sent, caught.value.operation) == (False, "getMe")
    assert httpserver.log == []


@pytest.mark.parametrize("returned", ["canary-token\n", " canary-token", b"canary-token", ["canary-token"]])
async def test_an_invalid_key_is_in_no_local_variable(httpserver: HTTPServer, returned: Any) -> None:
    """An error reporter that records local variables finds no key that the function returned."""
    async with client_of(httpserver, Tokens(returned).next) as client:
        with pytest.raises(InvalidArgumentError) as caught:
            await client.me()

    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)][1:]
    assert "canary-token" not in "".join(repr(frame.f_locals) for frame in frames)


async def test_an_error_in_the_function_is_raised_unchanged(httpserver: HTTPServer) -> None:
    """If the function fails before the first attempt, its own error is raised, since nothing was sent."""
    problem = LookupError("vault is sealed")
    async with client_of(httpserver, Tokens(problem).next) as client:
        with pytest.raises(LookupError) as caught:
            await client.me()

    assert caught.value is problem
    assert httpserver.log == []


async def test_an_error_in_the_function_before_a_retry_ends_the_call(
    httpserver: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    """If the function fails before a retry, the first attempt's error is raised, with its idempotency key."""
    respond_with(httpserver, 500)
    async with client_of(httpserver, Tokens("one", LookupError("vault")).next) as client:
        with caplog.at_level(logging.WARNING, "blooio_client"), pytest.raises(ServerError) as caught:
            await client.chat(PHONE).send("Hello", idempotency_key="order-42")

    assert (caught.value.sent, caught.value.idempotency_key, caught.value.attempts) == (None, "order-42", 1)
    assert "the api_key function raised LookupError" in caplog.text


async def test_a_key_from_a_function_is_hidden(httpserver: HTTPServer) -> None:
    """A key from a function is in no error, repr or traceback, and is masked in response bodies."""
    respond_with(httpserver, 503, 401)
    source = Tokens("canary-token-1", "canary-token-2").next
    client = client_of(httpserver, source)
    with pytest.raises(AuthenticationError) as caught:
        await client.chat(PHONE).send("Hello")
    await client.aclose()

    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "canary-token" not in shown.replace("canary-token-1', 'canary-token-2", "")
    assert b"canary" not in caught.value.body
    assert "canary" not in repr(client)


@pytest.mark.parametrize("key", [5, b"key", ["key"]])
async def test_a_key_is_a_string_or_a_function(key: Any) -> None:
    """A key of any other type raises an error when the client is created."""
    with pytest.raises(InvalidArgumentError, match="expected str, or a function that returns the key"):
        AsyncBlooio(key)
