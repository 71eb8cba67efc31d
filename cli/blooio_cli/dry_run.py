"""Dry runs: what a command would send, as curl and as Python, without the API key."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any, Final, NoReturn, Self

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACEHOLDER: Final = "dry-run"
"""A placeholder for the API key, which a dry run never has."""


class Planned(Exception):  # noqa: N818 - it ends a dry run as planned
    """The request that a command would have sent."""

    def __init__(self, request: httpx.Request) -> None:
        super().__init__("a dry run sends nothing")
        self.request = request
        self.python = ""

    def to_dict(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "method": self.request.method,
            "url": str(self.request.url),
            "headers": dict(_headers(self.request)),
            "body": None if _is_upload(self.request) else self.request.content.decode() or None,
            "curl": curl(self.request),
            "python": self.python,
        }


class Recorder(httpx.BaseTransport):
    """A transport that sends nothing."""

    def handle_request(self, request: httpx.Request) -> NoReturn:
        """Abort the request instead of sending it."""
        request.read()
        raise Planned(request)


class Traced:
    """An object that records the calls made on it as Python: `client.chat('+1555...').send('Hi')`."""

    def __init__(self, real: Any, code: str) -> None:
        self._real = real
        self._code = code

    def __getattr__(self, name: str) -> Traced:
        return Traced(getattr(self._real, name), f"{self._code}.{name}")

    def __call__(self, *args: Any, **kwargs: Any) -> Traced:
        """Record a call and make it."""
        written = [repr(value) for value in args] + [f"{name}={value!r}" for name, value in kwargs.items()]
        code = f"{self._code}({', '.join(written)})"
        try:
            return Traced(self._real(*args, **kwargs), code)
        except Planned as planned:
            planned.python = planned.python or code
            raise

    def __enter__(self) -> Self:
        self._real.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._real.__exit__(*exception)


def curl(request: httpx.Request) -> str:
    """Return a request as a curl command; the shell fills in the key."""
    lines = [f"curl -X {request.method} {shlex.quote(str(request.url))}", '-H "Authorization: Bearer $BLOOIO_API_KEY"']
    lines += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in _headers(request)]
    if _is_upload(request):
        lines += [f"-F {shlex.quote(part)}" for part in _parts(request)]
    elif request.content:
        lines.append(f"--data {shlex.quote(request.content.decode())}")
    return " \\\n  ".join(lines)


def python(code: str) -> str:
    """Return a program that does the same."""
    imports = "from blooio_client import Blooio, calls" if "calls." in code else "from blooio_client import Blooio"
    return f"{imports}\n\nwith Blooio() as client:\n    {code}"


def _headers(request: httpx.Request) -> Iterator[tuple[str, str]]:
    for name, value in request.headers.items():
        if name == "idempotency-key" or (name == "content-type" and not _is_upload(request)):
            yield name.title(), value


def _is_upload(request: httpx.Request) -> bool:
    return str(request.headers.get("content-type", "")).startswith("multipart/")


def _parts(request: httpx.Request) -> list[str]:
    found = re.findall(rb'name="([^"]*)"; filename="([^"]*)"', request.content)
    return [f"{name.decode()}=@{file.decode()}" for name, file in found]
