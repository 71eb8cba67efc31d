"""A request in the form that the wire, or a user's own client, takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any, Final
from urllib.parse import urlsplit

import attrs
import httpcore

from .._call.request import Request
from .limits import Limits

RawHeaders = list[tuple[bytes, bytes]]


@attrs.frozen(eq=False, repr=False)
class Address:
    """Where the service is, in the parts that a connection and a request line are made of."""

    scheme: bytes
    host: bytes
    port: int | None
    authority: bytes
    """What the Host header says."""
    prefix: bytes
    """The path of the base URL."""

    @classmethod
    def of(cls, base_url: str) -> Address:
        """Return the parts of a base URL that was checked."""
        parts = urlsplit(base_url)
        scheme, host = parts.scheme.encode(), (parts.hostname or "").encode()
        port = None if parts.port == _DEFAULT_PORTS[parts.scheme] else parts.port
        name = b"[%s]" % host if b":" in host else host
        authority = name if port is None else b"%s:%d" % (name, port)
        return cls(scheme, host, port, authority, parts.path.encode())


_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def wire_request(request: Request, address: Address, limits: Limits) -> httpcore.Request:
    """Return a request as it goes over the wire."""
    headers, content = _framed(request, limits)
    return httpcore.Request(
        request.method,
        httpcore.URL(
            scheme=address.scheme,
            host=address.host,
            port=address.port,
            target=address.prefix + request.target.encode(),
        ),
        headers=[(b"host", address.authority), *headers],
        content=content,
        extensions={"timeout": limits.phases},
    )


def _framed(request: Request, limits: Limits) -> tuple[RawHeaders, Any]:
    """Return the headers and the body of a request, with what says where the body ends."""
    if request.files is not None:
        return _multipart_framed(request, limits)
    headers = [(name.encode(), value.encode()) for name, value in request.headers.items()]
    content = request.content or b""
    if content or request.method in ("POST", "PUT", "PATCH"):
        headers.append((b"content-length", b"%d" % len(content)))
    return headers, content


def _multipart_framed(request: Request, limits: Limits) -> tuple[RawHeaders, Any]:
    import httpx  # rare, and slow to import

    made = httpx.Request(request.method, "http://none", headers=request.headers, files=_multipart(request, limits))
    return [(name, value) for name, value in made.headers.raw if name.lower() != b"host"], made.stream


def build_with(client: Any, base_url: str, request: Request, limits: Limits) -> Any:
    """Return a request as a user's own client makes it, with its cookies, hooks and headers."""
    return client.build_request(
        request.method,
        base_url + request.target,
        headers=request.headers,
        content=request.content,
        files=_multipart(request, limits),
        extensions={"timeout": limits.phases},
    )


def _multipart(request: Request, limits: Limits) -> Mapping[str, Any] | None:
    if request.files is None:
        return None
    return {
        name: (file.file_name, _until_sent(file.payload, limits), file.mime_type)
        if file.mime_type
        else (file.file_name, _until_sent(file.payload, limits))
        for name, file in request.files.items()
    }


def _until_sent(payload: IO[bytes] | bytes, limits: Limits) -> Any:
    return payload if isinstance(payload, bytes) else _Upload(payload, limits)


class _Upload:
    """A file whose attempt has its time begin when the last byte was read."""

    def __init__(self, file: IO[bytes], limits: Limits) -> None:
        self._file = file
        self._limits = limits

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        if not chunk:
            self._limits.start()
        return chunk

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def starts_at_once(request: Request) -> bool:
    """Whether the time of an attempt runs from its beginning: always, but for an upload from a file."""
    return all(isinstance(file.payload, bytes) for file in (request.files or {}).values())
