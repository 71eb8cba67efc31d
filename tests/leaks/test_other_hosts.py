"""No host but the base URL's receives private data."""

from __future__ import annotations

import json
from typing import Any

import anyio
import attrs
import httpx
import pytest
from canaries import ALL, PRIVATE, SECRETS, Search, forms_of
from canary_runs import CALLED, OF_A_VIEW
from wire import Exchange, Handler, Wire, json_response

from blooio_client import AsyncBlooio, Blooio, BlooioError
from blooio_client.types import Call

PHONE, TEXT, KEY, PASSWORD = PRIVATE["phone number"], PRIVATE["message text"], SECRETS["API key"], "proxy password"


def respond_with(body: bytes, head: bytes) -> Handler:
    """Return a handler with the same response to every request."""
    return lambda exchange: exchange.write(b"HTTP/1.1 %s\r\ncontent-length: %d\r\n\r\n%s" % (head, len(body), body))


def received(other: Wire, *, but: str = "") -> list[str]:
    """Return the canaries that a host has received."""
    came = b"\n".join(other.requests).decode("latin-1")
    return [name for name, canary in ALL.items() if name != but and any(form in came for form in forms_of(canary))]


def sent(mode: str, url: str, *, own: bool = False) -> BaseException | None:
    """Send a message, and return the error."""
    return CALLED[mode](url, send, 30.0, own=own)[1]


def send(client: Any, _: object) -> Any:
    """Send a message."""
    return client.chat(PHONE).send(TEXT)


@pytest.mark.parametrize("mode", CALLED)
@pytest.mark.parametrize("name", ["HTTP_PROXY", "ALL_PROXY", "http_proxy"])
def test_requests_to_loopback_bypass_proxies(monkeypatch: pytest.MonkeyPatch, mode: str, name: str) -> None:
    """Over plain http, the key goes only to this machine, whatever proxy the environment sets."""
    with (
        Wire(lambda exchange: exchange.write(json_response(b'{"message_id": "1"}'))) as service,
        Wire(Exchange.wait) as proxy,
    ):
        monkeypatch.setenv(name, proxy.url)
        error = sent(mode, service.url)

        assert (error, len(service.requests), proxy.requests) == (None, 1, [])


@pytest.mark.parametrize("mode", CALLED)
@pytest.mark.parametrize("head", [b"403 Forbidden", b"407 Proxy Authentication Required", b"200 OK"])
def test_a_proxy_sees_where_to_connect(monkeypatch: pytest.MonkeyPatch, search: Search, mode: str, head: bytes) -> None:
    """An https proxy sees the host and its own password, which we never show."""
    with Wire(respond_with(b"", head)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("://", f"://ann:{SECRETS[PASSWORD]}@"))
        error = sent(mode, "https://api.example/v2")

        assert isinstance(error, BlooioError)
        assert all(request.startswith(b"CONNECT api.example:443 HTTP/1.1\r\n") for request in proxy.requests)
        assert len(proxy.requests) == 1
        assert received(proxy) == [PASSWORD]
        assert received(proxy, but=PASSWORD) == []
    search.exception(error)


def call_each(mode: str, url: str, calls: list[Call[Any]], *, own: bool) -> None:
    """Send calls with one client."""
    if mode == "sync":
        with httpx.Client() as http, Blooio(KEY, base_url=url, http_client=http if own else None) as client:
            for call in calls:
                client.call(call)
        return

    async def send_them() -> None:
        async with (
            httpx.AsyncClient() as http,
            AsyncBlooio(KEY, base_url=url, http_client=http if own else None) as client,
        ):
            for call in calls:
                await client.call(call)

    anyio.run(send_them, backend=mode)


@pytest.mark.parametrize("mode", ["sync", "asyncio", "trio"])
@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("is_replaced", [False, True])
def test_an_operation_with_its_own_server(
    monkeypatch: pytest.MonkeyPatch, mode: str, *, own: bool, is_replaced: bool
) -> None:
    """An operation goes to its own server, on connections of its own, unless the base URL was replaced."""
    handler = respond_with(b"{}", b"200 OK")
    with Wire(handler) as service, Wire(handler) as uploads:
        if not is_replaced:
            monkeypatch.setattr("blooio_overrides._call.request.DEFAULT_BASE_URL", service.url)
        common = Call.build("GET", "/common")
        special = attrs.evolve(Call.build("GET", "/special"), server=uploads.url)

        call_each(mode, service.url, [common, special, common], own=own)

        paths = [[request.split(b" ")[1] for request in each.requests] for each in (service, uploads)]
    assert paths == ([[b"/common", b"/special", b"/common"], []] if is_replaced else [[b"/common"] * 2, [b"/special"]])


@pytest.mark.parametrize("kind", [Blooio, AsyncBlooio])
@pytest.mark.parametrize("url", ["ftp://ann:{}@proxy.example", "http://ann:{}@proxy.example:port", "://ann:{}@a"])
def test_an_invalid_proxy_shows_no_password(
    monkeypatch: pytest.MonkeyPatch, search: Search, kind: type[Blooio | AsyncBlooio], url: str
) -> None:
    """An invalid proxy URL is rejected, and neither the error nor our frames hold its password."""
    monkeypatch.setenv("HTTPS_PROXY", url.format(SECRETS[PASSWORD]))
    mode = "sync" if kind is Blooio else "async"
    error = sent(mode, "https://api.example")

    assert isinstance(error, BlooioError)
    search.exception(error)


@pytest.mark.parametrize("mode", CALLED)
@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("status", [b"301 Moved", b"302 Found", b"303 See Other", b"307 Temporary", b"308 Permanent"])
def test_a_redirect_leads_nowhere(search: Search, mode: str, status: bytes, *, own: bool) -> None:
    """The target of a redirect gets no request."""
    with Wire(Exchange.wait) as other:
        location = f"\r\nlocation: {other.url}/{PHONE}\r\nset-cookie: a=b".encode()
        with Wire(respond_with(b"", status + location)) as service:
            error = sent(mode, service.url, own=own)

            assert (len(service.requests), other.requests) == (1, [])
    assert isinstance(error, BlooioError)
    search.exception(error)


def test_a_client_that_follows_redirects_does_not_follow_ours() -> None:
    """Even the user's own client that follows redirects does not send the key to another host."""
    with Wire(Exchange.wait) as other, Wire(respond_with(b"", f"307 A\r\nlocation: {other.url}/".encode())) as service:
        own = httpx.Client(follow_redirects=True)
        client = Blooio(KEY, base_url=service.url, http_client=own)
        with own, pytest.raises(BlooioError):
            client.chat(PHONE).send(TEXT)

        assert other.requests == []


LOG = {
    "event_id": "evt_2",
    "attempted_time": 1_763_900_000_000,
    "event_body": {"event": "message.received", "message_id": "msg_1", "text": PRIVATE["webhook body"]},
}


async def forwarded(service: str, target: str) -> list[int | None]:
    """Forward one delivery, and return its status."""
    async with AsyncBlooio(KEY, base_url=service) as client:
        logs = client.with_options(headers=OF_A_VIEW).webhooks.logs
        deliveries = logs.forward("wh_1", target, secret=SECRETS["signing secret"], cursor="1:evt_1")
        try:
            return [(await anext(deliveries)).status]
        finally:
            await deliveries.aclose()


def test_forwarded_requests_have_neither_key_nor_headers(search: Search) -> None:
    """A local server gets the delivery and a signature, but neither key nor secret, and no redirect is followed."""
    body = json.dumps({"logs": [LOG], "pagination": {"limit": 200, "offset": 0, "total": 1}}).encode()
    with Wire(Exchange.wait) as other, Wire(respond_with(b"", f"302 A\r\nlocation: {other.url}".encode())) as local:
        with Wire(lambda exchange: exchange.write(json_response(body))) as service:
            statuses = anyio.run(forwarded, service.url, local.url)

        assert (statuses, len(local.requests), other.requests) == ([302], 1, [])
        assert received(local) == ["webhook body"]
    assert search.counts["log records of httpcore"] > 0


def forwarding(client: Any, _: object) -> Any:
    """Forward from a service that is unavailable."""
    return anext(forwarding_of(client))


def forwarding_of(client: Any) -> Any:
    """Return the iterator of `forward`."""
    return client.webhooks.logs.forward("wh_1", "http://127.0.0.1:9", secret=SECRETS["signing secret"], cursor="1:a")


def test_a_failure_to_forward_shows_no_secret(search: Search) -> None:
    """If the log cannot be read, no frame shows the signing secret."""
    with Wire(respond_with(b"{}", b"500 Oh")) as service:
        _, error = CALLED["async"](service.url, forwarding, 5.0, own=False)
        with Blooio(KEY, base_url=service.url, max_retries=0) as client, pytest.raises(BlooioError) as caught:
            next(forwarding_of(client))
    assert isinstance(error, BlooioError)
    search.exception(error)
    search.exception(caught.value)
