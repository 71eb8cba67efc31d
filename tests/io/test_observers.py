"""Packages that instrument or mock httpx see every request of the default client; the real packages are used."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import anyio
import httpx
import pytest
import respx
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pytest_httpx import HTTPXMock
from wire import Wire, in_turn, json_response

from blooio_client import AsyncBlooio, Blooio
from blooio_client.errors import ConnectionFailedError

PHONE: Final = "+15551234567"
ACCEPTED: Final = json_response(b'{"message_id": "msg_1"}', b"202 Accepted")
MODES: Final = ("sync", "asyncio", "trio")


def send(mode: str, url: str) -> str:
    """Send a message with the default client; return its id."""
    if mode == "sync":
        with Blooio("key", base_url=url) as client:
            return client.chat(PHONE).send("Hello").message_id

    async def awaited() -> str:
        async with AsyncBlooio("key", base_url=url) as client:
            return (await client.chat(PHONE).send("Hello")).message_id

    return anyio.run(awaited, backend=mode)


def fails_once() -> Wire:
    """A service that fails once, and then accepts."""
    busy = json_response(b"{}", b"500 Busy")
    return Wire(in_turn(lambda each: each.write(busy), lambda each: each.write(ACCEPTED)))


@pytest.fixture
def server() -> Iterator[Wire]:
    """A running service that fails once."""
    with fails_once() as running:
        yield running


@contextmanager
def traced() -> Generator[InMemorySpanExporter]:
    """Instrument httpx like users of OpenTelemetry."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentor = HTTPXClientInstrumentor()
    instrumentor.instrument(tracer_provider=provider)
    try:
        yield exporter
    finally:
        instrumentor.uninstrument()


def spans_to(url: str, exporter: InMemorySpanExporter) -> list[ReadableSpan]:
    """The spans of requests to a server; other threads of this process may send some to others."""
    return [each for each in exporter.get_finished_spans() if f"{url}/" in json.dumps(dict(each.attributes or {}))]


def status_of(span: ReadableSpan) -> object:
    """The status recorded by a span."""
    attributes = dict(span.attributes or {})
    return attributes.get("http.status_code") or attributes.get("http.response.status_code")


@pytest.mark.parametrize("mode", MODES)
def test_opentelemetry_records_a_span_per_attempt(server: Wire, mode: str) -> None:
    """Each attempt is a separate span with method, URL and status."""
    with traced() as exporter:
        assert send(mode, server.url) == "msg_1"
    spans = spans_to(server.url, exporter)

    assert [status_of(span) for span in spans] == [500, 202]
    assert all(span.name.startswith("POST") for span in spans)
    assert len(server.requests) == 2
    assert all("/chats/%2B15551234567/messages" in json.dumps(dict(span.attributes or {})) for span in spans)


@pytest.mark.parametrize("mode", MODES)
def test_opentelemetry_sees_failures(mode: str) -> None:
    """A failed attempt is a span with an error, and the call raises our error."""
    with traced() as exporter, pytest.raises(ConnectionFailedError) as caught:
        send(mode, "http://127.0.0.1:9")

    assert caught.value.sent is False
    assert len(spans_to("http://127.0.0.1:9", exporter)) == caught.value.attempts == 3


SENTRY: Final = """
import asyncio, json, sys
import sentry_sdk
from sentry_sdk.transport import Transport
from blooio_client import AsyncBlooio, Blooio

events = []

class Kept(Transport):
    def capture_envelope(self, envelope):
        events.extend(item.payload.json for item in envelope.items if item.payload.json)

sentry_sdk.init(dsn="http://key@127.0.0.1:9/1", transport=Kept, traces_sample_rate=1.0)

async def awaited(url):
    async with AsyncBlooio("bl_live_canary", base_url=url) as client:
        await client.chat("+15551234567").send("Hello")

with sentry_sdk.start_transaction(name="test"):
    with Blooio("bl_live_canary", base_url=sys.argv[1]) as client:
        client.chat("+15551234567").send("Hello")
    asyncio.run(awaited(sys.argv[2]))
sentry_sdk.flush(5)
print(json.dumps(events))
"""


def test_sentry_sees_each_attempt() -> None:
    """Sentry with its defaults records each attempt, sync and async, and no event contains the API key."""
    with fails_once() as first, fails_once() as second:
        command = [sys.executable, "-c", SENTRY, first.url, second.url]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    events: list[dict[str, Any]] = json.loads(done.stdout)
    spans = [span for event in events for span in event.get("spans", []) if span["op"] == "http.client"]

    assert [span["data"]["http.response.status_code"] for span in spans] == [500, 202, 500, 202]
    assert "canary" not in done.stdout


@pytest.mark.parametrize("mode", MODES)
def test_pytest_httpx_catches_every_request(server: Wire, httpx_mock: HTTPXMock, mode: str) -> None:
    """The `httpx_mock` fixture handles each attempt, and none reaches a socket."""
    httpx_mock.add_response(status_code=503)
    httpx_mock.add_response(json={"message_id": "msg_mocked"}, status_code=202)

    assert send(mode, server.url) == "msg_mocked"
    assert [json.loads(request.content)["text"] for request in httpx_mock.get_requests()] == ["Hello"] * 2
    assert server.requests == []


@pytest.mark.parametrize("mode", MODES)
def test_pytest_httpx_can_fail(server: Wire, httpx_mock: HTTPXMock, mode: str) -> None:
    """An exception raised by the mock is handled like a real failure."""
    httpx_mock.add_exception(httpx.ConnectError("refused"), is_reusable=True)

    with pytest.raises(ConnectionFailedError) as caught:
        send(mode, server.url)
    assert (caught.value.sent, caught.value.attempts, server.requests) == (False, 3, [])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("using", ["httpx", "httpcore"])
def test_respx_catches_every_request(server: Wire, using: str, mode: str) -> None:
    """In both of its modes, respx handles each attempt, and none reaches a socket."""
    replies = [httpx.Response(503), httpx.Response(202, json={"message_id": "msg_mocked"})]
    with respx.mock(using=using) as router:
        route = router.post(path__regex=r".*/messages").mock(side_effect=replies)

        assert send(mode, server.url) == "msg_mocked"
    assert route.call_count == 2
    assert server.requests == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("using", ["httpx", "httpcore"])
def test_respx_matches_requests(server: Wire, using: str, mode: str) -> None:
    """Mocks can inspect the body of a request, including uploads."""
    with respx.mock(using=using) as router:
        router.post(path__regex=r".*/messages", json={"text": "Hello"}).respond(202, json={"message_id": "msg_mocked"})

        assert send(mode, server.url) == "msg_mocked"
    assert server.requests == []


def test_a_hook_may_read_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """A replacement for `AsyncClient.send` can read the body, even more than once, as with plain httpx."""
    bodies: list[bytes] = []

    async def sent(self: httpx.AsyncClient, request: httpx.Request, **named: Any) -> httpx.Response:
        del self, named
        assert isinstance(request.stream, Iterable)
        bodies.extend(b"".join(request.stream) for _ in range(2))
        return httpx.Response(202, json={"message_id": "msg_mocked"}, request=request)

    monkeypatch.setattr(httpx.AsyncClient, "send", sent)

    assert send("asyncio", "http://127.0.0.1:9") == "msg_mocked"
    assert bodies == [b'{"text":"Hello"}'] * 2
