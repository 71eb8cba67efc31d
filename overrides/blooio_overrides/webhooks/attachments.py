"""Files that come with messages."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Collection, Coroutine, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, overload

import attrs

from ..arguments import reject

if TYPE_CHECKING:
    import httpx

    from blooio_client import AsyncBlooio, Blooio

LARGEST: Final = 100 * 1024 * 1024
_MOST_REDIRECTS: Final = 3


# Without slots, frozen objects are created twice as fast; a receiver creates one per delivery.
@attrs.frozen(slots=False)
class Attachment:
    """A file attached to a message, whether the delivery held its URL or an object."""

    url: str = attrs.field(repr=False)
    name: str | None = attrs.field(default=None, repr=False)
    mime_type: str | None = None
    size: int | None = None
    """In bytes."""

    @overload
    def download(
        self,
        client: Blooio,
        /,
        to: str | os.PathLike[str] | None = None,
        *,
        max_bytes: int = LARGEST,
        hosts: Collection[str] | None = None,
        timeout: float = 60.0,
    ) -> bytes | Path: ...

    @overload
    def download(
        self,
        client: AsyncBlooio,
        /,
        to: str | os.PathLike[str] | None = None,
        *,
        max_bytes: int = LARGEST,
        hosts: Collection[str] | None = None,
        timeout: float = 60.0,
    ) -> Coroutine[Any, Any, bytes | Path]: ...

    def download(
        self,
        client: Blooio | AsyncBlooio,
        /,
        to: str | os.PathLike[str] | None = None,
        *,
        max_bytes: int = LARGEST,
        hosts: Collection[str] | None = None,
        timeout: float = 60.0,
    ) -> bytes | Path | Coroutine[Any, Any, bytes | Path]:
        """Download the file, streamed and without your API key.

        Args:
            client: Your client; with an `AsyncBlooio`, await the result.
            to: The file to write, which appears once it is complete; None returns the bytes.
            max_bytes: The largest accepted size in bytes.
            hosts: The allowed hosts, which may be private and use plain http. Defaults to any public host over https.
                Redirects are followed only to allowed hosts.
            timeout: Seconds for connecting and for each read.

        Returns:
            The bytes, or the path of the written file.

        Raises:
            InvalidArgumentError: The URL is not https, or its host is not allowed.
            OverflowError: The file is larger than `max_bytes`.
            httpx.HTTPError: The file could not be downloaded.
        """
        from blooio_client import AsyncBlooio

        target = None if to is None else Path(to)
        if not isinstance(client, AsyncBlooio):
            return _download(self.url, target, max_bytes, hosts, timeout)
        from anyio.to_thread import run_sync

        return run_sync(_download, self.url, target, max_bytes, hosts, timeout)


def _download(url: str, to: Path | None, max_bytes: int, hosts: Collection[str] | None, timeout: float) -> bytes | Path:
    import httpx

    with httpx.Client(timeout=timeout, trust_env=False) as http:
        for _ in range(_MOST_REDIRECTS + 1):
            _check_host(httpx.URL(url), hosts)
            with http.stream("GET", url) as response:
                if response.next_request is not None:
                    url = str(response.next_request.url)
                    continue
                response.raise_for_status()
                return _kept(response, to, max_bytes)
    raise httpx.TooManyRedirects(f"the attachment redirects more than {_MOST_REDIRECTS} times")


def _check_host(url: httpx.URL, hosts: Collection[str] | None) -> None:
    if hosts is not None:
        if url.host not in hosts or url.scheme not in ("http", "https"):
            reject("the attachment's host is not among hosts")
        return
    if url.scheme != "https":
        reject("the attachment's URL must be https; allow its host with hosts=[...]")
    # A URL in an event must not make this machine send requests into its own network (SSRF). If the name resolves
    # to another address for the download, the server there must still have a certificate for this host.
    found = socket.getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    if not all(ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global for *_, address in found):
        reject("the attachment's host is not public; allow it with hosts=[...]")


def _kept(response: httpx.Response, to: Path | None, max_bytes: int) -> bytes | Path:
    if to is None:
        return b"".join(_bounded(response, max_bytes))
    with _written(to) as file:
        for chunk in _bounded(response, max_bytes):
            file.write(chunk)
    return to


def _bounded(response: httpx.Response, max_bytes: int) -> Generator[bytes]:
    size = 0
    for chunk in response.iter_bytes():
        size += len(chunk)
        if size > max_bytes:
            raise OverflowError(f"the attachment is larger than {max_bytes} bytes")
        yield chunk


@contextmanager
def _written(to: Path) -> Generator[IO[bytes]]:
    """Open a temporary file that is renamed once it is complete."""
    part = to.with_name(f".{to.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as file:
            yield file
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)
