"""Connections for blocking code: each read and write of a socket ends with its attempt."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any
from weakref import WeakSet

import httpcore

from .limits import Limits

attempt_limits: ContextVar[Limits | None] = ContextVar("blooio_limits", default=None)
"""Those of the attempt that is under way."""


def _within(timeout: float | None, expired: type[Exception]) -> float | None:
    """The shorter of a timeout and of what is left of the attempt."""
    limits = attempt_limits.get()
    left = None if limits is None else limits.left()
    if left is None:
        return timeout
    if left <= 0:
        raise expired("no time is left")
    return left if timeout is None else min(timeout, left)


class Stream(httpcore.NetworkStream):
    """A connection on which each read and write also ends with the attempt."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _within(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if buffer:  # the end of a request is written as nothing
            self._stream.write(buffer, _within(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None) -> Any:
        within = _within(timeout, httpcore.ConnectTimeout)
        self._stream = self._stream.start_tls(ssl_context, server_hostname, within)
        return self

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class Backend(httpcore.NetworkBackend):
    """What makes such connections."""

    def __init__(self, backend: httpcore.NetworkBackend, streams: WeakSet[Stream]) -> None:
        self._backend = backend
        self._streams = streams

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        within = _within(timeout, httpcore.ConnectTimeout)
        stream = Stream(self._backend.connect_tcp(host, port, within, local_address, socket_options))
        self._streams.add(stream)
        return stream
