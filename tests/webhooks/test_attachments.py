"""Downloading attachments, with limits on hosts and size."""

from __future__ import annotations

import contextlib
import datetime
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from served import served

from blooio_client import AsyncBlooio, Blooio, InvalidArgumentError
from blooio_overrides.webhooks import Attachment

FILE = b"picture" * 1000
LOOPBACK = ["127.0.0.1"]


class Files(BaseHTTPRequestHandler):
    """Serves a file, a redirect to it, a redirect to itself, and one to another host."""

    seen: list[Any] = []  # noqa: RUF012 - the server makes an object for each request
    both = threading.Barrier(2)
    dripping, disconnected, never = threading.Event(), threading.Event(), threading.Event()

    def do_GET(self) -> None:
        """Respond by path."""
        self.seen.append(dict(self.headers))
        if self.path in ("/both", "/drip"):
            self.send_response(200)
            self.end_headers()
            (self.send_to_both if self.path == "/both" else self.drip)()
            return
        place = {"/moved": "/file", "/round": "/round", "/away": "http://127.0.0.2/file"}.get(self.path)
        self.send_response(302 if place else 200 if self.path == "/file" else 404)
        if place:
            self.send_header("Location", place)
        self.send_header("Content-Length", str(0 if place else len(FILE)))
        self.end_headers()
        if not place:
            self.wfile.write(FILE)

    def send_to_both(self) -> None:
        """Send the file in two halves, the second one once two clients have the first."""
        self.wfile.write(FILE[:100])
        self.wfile.flush()
        self.both.wait(30.0)
        self.wfile.write(FILE[100:])
        self.close_connection = True

    def drip(self) -> None:
        """Send a byte now and then, until the client disconnects."""
        with contextlib.suppress(OSError):
            while True:
                self.wfile.write(b"x")
                self.wfile.flush()
                self.dripping.set()
                self.never.wait(0.01)
        self.disconnected.set()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class calls it
        """Print nothing."""


@pytest.fixture
def files() -> Iterator[str]:
    """The URL of a server of files."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    with served(server):
        yield f"http://127.0.0.1:{server.server_port}"


def test_a_file_is_downloaded(files: str, blooio: Blooio, tmp_path: Path) -> None:
    """A file is downloaded as bytes or to a path, also through a redirect, and without sending the API key."""
    target = tmp_path / "picture"
    assert Attachment(f"{files}/file").download(blooio, hosts=LOOPBACK) == FILE
    assert Attachment(f"{files}/moved").download(blooio, target, hosts=LOOPBACK) == target
    assert target.read_bytes() == FILE
    assert [*tmp_path.iterdir()] == [target]
    assert not [name for headers in Files.seen for name in headers if name.lower() == "authorization"]


def test_its_url_is_private(files: str, blooio: Blooio, caplog: pytest.LogCaptureFixture) -> None:
    """Neither a log line of httpx nor the error shows the URL, with which anyone could download the file."""
    caplog.set_level(logging.DEBUG)
    Attachment(f"{files}/file").download(blooio, hosts=LOOPBACK)
    with pytest.raises(httpx.HTTPStatusError, match="status 404") as caught:
        Attachment(f"{files}/missing").download(blooio, hosts=LOOPBACK)
    assert caught.value.response.status_code == 404
    assert files not in f"{caught.value}{caplog.text}"

    httpx.get(f"{files}/file", trust_env=False)
    assert files in caplog.text


def test_an_async_client_awaits_it(files: str, async_blooio: AsyncBlooio) -> None:
    """With an async client, the result is awaited."""

    async def download() -> object:
        async with async_blooio as client:
            return await Attachment(f"{files}/file").download(client, hosts=LOOPBACK)

    assert anyio.run(download) == FILE


@pytest.mark.parametrize("hosts", ["127.0.0.1", ["LOCALHOST", "127.0.0.1"]])
def test_hosts_are_names(files: str, blooio: Blooio, hosts: Any) -> None:
    """`hosts` is one name or several, in any case."""
    options: dict[str, Any] = {"hosts": hosts, "timeout": datetime.timedelta(seconds=60)}
    assert Attachment(f"{files}/file").download(blooio, **options) == FILE
    if not isinstance(hosts, str):
        assert Attachment(f"{files}/file".replace("127.0.0.1", "localhost")).download(blooio, **options) == FILE


def test_a_part_of_an_allowed_host_is_not_allowed(blooio: Blooio) -> None:
    """A host that is only a part of an allowed name is rejected."""
    with pytest.raises(InvalidArgumentError, match="not among hosts"):
        Attachment("http://127.0.0.1/file").download(blooio, hosts="x127.0.0.1.example.com")


@pytest.mark.parametrize(
    "options", [{"max_bytes": "1"}, {"max_bytes": 0}, {"timeout": 0}, {"timeout": datetime.timedelta(-1)}]
)
def test_bounds_are_checked(blooio: Blooio, async_blooio: AsyncBlooio, options: dict[str, Any]) -> None:
    """An invalid limit raises before anything is requested."""
    for client in (blooio, async_blooio):
        with pytest.raises(InvalidArgumentError, match=next(iter(options))):
            Attachment("https://files.example.com/file").download(client, **options)


@pytest.mark.parametrize("url", ["https://[::1/file", "https://files.exa\x00mple.com/file"])
def test_an_invalid_url_raises(blooio: Blooio, url: str) -> None:
    """A URL that cannot be read raises one of our errors."""
    with pytest.raises(InvalidArgumentError, match="URL is invalid"):
        Attachment(url).download(blooio)


@pytest.mark.parametrize("host", ["a..b", "a" * 70 + ".example.com"])
def test_a_host_that_cannot_be_resolved_raises(blooio: Blooio, host: str) -> None:
    """A host without an address raises the documented `httpx.HTTPError`."""
    with pytest.raises(httpx.HTTPError, match="cannot be resolved"):
        Attachment(f"https://{host}/file").download(blooio)


def test_two_handlers_download_the_same_file(files: str, blooio: Blooio, tmp_path: Path) -> None:
    """Two downloads to one path do not disturb each other: the file is complete, and nothing else is left."""
    target = tmp_path / "picture"

    def download(_: int) -> object:
        return Attachment(f"{files}/both").download(blooio, target, hosts=LOOPBACK)

    with ThreadPoolExecutor(2) as pool:
        assert [*pool.map(download, range(2))] == [target, target]
    assert target.read_bytes() == FILE
    assert [*tmp_path.iterdir()] == [target]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_cancelled_download_ends(files: str, async_blooio: AsyncBlooio, backend: str, tmp_path: Path) -> None:
    """Cancelling a handler ends its download, even if the server never finishes; no file is left."""
    for event in (Files.dripping, Files.disconnected):
        event.clear()

    async def download() -> None:
        async with async_blooio as client, anyio.create_task_group() as group:

            async def run() -> None:
                await Attachment(f"{files}/drip").download(client, tmp_path / "file", hosts=LOOPBACK)

            group.start_soon(run)
            await anyio.to_thread.run_sync(Files.dripping.wait, 30.0)
            group.cancel_scope.cancel()

    anyio.run(download, backend=backend)
    assert Files.disconnected.wait(30.0)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(
    ("path", "options", "error"),
    [
        ("/file", {"hosts": ["files.example.com"]}, InvalidArgumentError),
        ("/file", {}, InvalidArgumentError),
        ("/away", {"hosts": LOOPBACK}, InvalidArgumentError),
        ("/file", {"hosts": LOOPBACK, "max_bytes": len(FILE) - 1}, OverflowError),
        ("/none", {"hosts": LOOPBACK}, httpx.HTTPStatusError),
        ("/round", {"hosts": LOOPBACK}, httpx.TooManyRedirects),
    ],
)
def test_forbidden_urls_are_not_downloaded(  # noqa: PLR0917 - fixtures and cases
    files: str, blooio: Blooio, tmp_path: Path, path: str, options: dict[str, Any], error: type[Exception]
) -> None:
    """Other hosts, redirects to them, large files and errors raise, and leave no file."""
    with pytest.raises(error):
        Attachment(files + path).download(blooio, tmp_path / "file", **options)

    assert list(tmp_path.iterdir()) == []


def resolving_to(found: list[Any]) -> Callable[..., list[Any]]:
    """Return a stub for `getaddrinfo` that always returns the same addresses."""

    def resolve(*_: object, **__: object) -> list[Any]:
        return found

    return resolve


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "fe80::1%eth0"])
def test_private_networks_are_not_asked(blooio: Blooio, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A public name that resolves to a private address is rejected."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", resolving_to(found))
    with pytest.raises(InvalidArgumentError, match="not public"):
        Attachment("https://files.example.com/file").download(blooio)


def test_a_public_host_is_asked(blooio: Blooio, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host with a public address passes the check."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", resolving_to(found))

    def unreachable(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", unreachable)
    with pytest.raises(httpx.ConnectError):
        Attachment("https://files.example.com/file").download(blooio)
