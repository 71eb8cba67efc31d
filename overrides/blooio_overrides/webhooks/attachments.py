"""Files that come with messages."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable, Collection, Coroutine, Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, overload
from uuid import uuid4

import attrs

from .. import silence
from ..arguments import checked_limit, checked_seconds, reject

if TYPE_CHECKING:
    import httpx

    from blooio_client import AsyncBlooio, Blooio

MAX_BYTES: Final = 100 * 1024 * 1024
_MAX_REDIRECTS: Final = 3


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
        max_bytes: int = MAX_BYTES,
        hosts: Collection[str] | None = None,
        timeout: float | timedelta = 60.0,
    ) -> bytes | Path: ...

    @overload
    def download(
        self,
        client: AsyncBlooio,
        /,
        to: str | os.PathLike[str] | None = None,
        *,
        max_bytes: int = MAX_BYTES,
        hosts: Collection[str] | None = None,
        timeout: float | timedelta = 60.0,
    ) -> Coroutine[Any, Any, bytes | Path]: ...

    def download(
        self,
        client: Blooio | AsyncBlooio,
        /,
        to: str | os.PathLike[str] | None = None,
        *,
        max_bytes: int = MAX_BYTES,
        hosts: Collection[str] | None = None,
        timeout: float | timedelta = 60.0,
    ) -> bytes | Path | Coroutine[Any, Any, bytes | Path]:
        """Download the file, streamed and without your API key.

        Args:
            client: Your client; with an `AsyncBlooio`, await the result.
            to: The file to write, which appears once it is complete; None returns the bytes.
            max_bytes: The largest accepted size in bytes, >= 1.
            hosts: The allowed hosts, or one of them, which may be private and use plain http. Defaults to any public
                host over https. Redirects are followed only to allowed hosts.
            timeout: Seconds (> 0) or a timedelta for connecting and for each read.

        Returns:
            The bytes, or the path of the written file.

        Raises:
            InvalidArgumentError: The URL is invalid or not https, its host is not allowed, or an argument is invalid.
            OverflowError: The file is larger than `max_bytes`.
            httpx.HTTPError: The file could not be downloaded.
        """
        from blooio_client import AsyncBlooio

        checked_limit(max_bytes, "max_bytes")
        seconds = checked_seconds(timeout.total_seconds() if isinstance(timeout, timedelta) else timeout, "timeout")
        allowed = None if hosts is None else {host.lower() for host in ([hosts] if isinstance(hosts, str) else hosts)}
        arguments = (self.url, None if to is None else Path(to), max_bytes, allowed, seconds)
        if not isinstance(client, AsyncBlooio):
            return _download(*arguments, lambda: None)
        from anyio.from_thread import check_cancelled
        from anyio.to_thread import run_sync

        return run_sync(_download, *arguments, check_cancelled)


def _download(  # noqa: PLR0917 - run in a thread, which takes no keywords
    url: str,
    to: Path | None,
    max_bytes: int,
    hosts: Collection[str] | None,
    timeout: float,
    check: Callable[[], object],
) -> bytes | Path:
    import httpx

    # Whoever knows the URL can download the file: neither a log line nor an error shows it.
    silence.silence()
    token = silence.request.set(True)
    try:
        with httpx.Client(timeout=timeout, trust_env=False) as http:
            for _ in range(_MAX_REDIRECTS + 1):
                _check_host(url, hosts)
                with http.stream("GET", url) as response:
                    if response.next_request is not None:
                        url = str(response.next_request.url)
                    elif response.is_success:
                        return _kept(response, to, max_bytes, check)
                    else:
                        text = f"the attachment cannot be downloaded: status {response.status_code}"
                        raise httpx.HTTPStatusError(text, request=response.request, response=response)
        raise httpx.TooManyRedirects(f"the attachment redirects more than {_MAX_REDIRECTS} times")
    finally:
        silence.request.reset(token)


def _parsed(url: str) -> httpx.URL:
    import httpx

    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return reject("the attachment's URL is invalid; expected an https URL")
    return parsed


def _check_host(text: str, hosts: Collection[str] | None) -> None:
    url = _parsed(text)
    if hosts is not None:
        if url.host not in hosts or url.scheme not in ("http", "https"):
            reject("the attachment's host is not among hosts; add it to hosts to download from there")
        return
    if url.scheme != "https":
        reject("the attachment's URL must be https; allow its host with hosts=[...]")
    # A URL in an event must not make this machine send requests into its own network (SSRF). If the name resolves
    # to another address for the download, the server there must still have a certificate for this host.
    found = _resolved(url.host, url.port or 443)
    if not all(ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global for *_, address in found):
        reject("the attachment's host is not public; allow it with hosts=[...]")


def _resolved(host: str, port: int) -> list[Any]:
    import httpx

    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpx.ConnectError("the attachment's host cannot be resolved") from error


def _kept(response: httpx.Response, to: Path | None, max_bytes: int, check: Callable[[], object]) -> bytes | Path:
    if to is None:
        return b"".join(_bounded(response, max_bytes, check))
    with _written(to) as file:
        for chunk in _bounded(response, max_bytes, check):
            file.write(chunk)
    return to


def _bounded(response: httpx.Response, max_bytes: int, check: Callable[[], object]) -> Generator[bytes]:
    size = 0
    for chunk in response.iter_bytes():
        check()  # a cancelled task waits for its thread
        size += len(chunk)
        if size > max_bytes:
            raise OverflowError(f"the attachment is larger than {max_bytes} bytes")
        yield chunk


@contextmanager
def _written(to: Path) -> Generator[IO[bytes]]:
    """Open a temporary file that is renamed once it is complete."""
    # A unique name: another thread may be writing the same file, and a crash may have left one behind.
    part = to.with_name(f".{uuid4().hex}.part")
    try:
        with part.open("xb") as file:
            yield file
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)
