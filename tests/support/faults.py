"""Faults between client and service; each states whether the request was processed."""

from __future__ import annotations

import codecs
import gzip
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Final

from fault_talk import Act, Fault, Stage, Step, Talk, Where

MEGABYTE: Final = 1024 * 1024
MAX_BODY: Final = 64 * MEGABYTE
"""The maximum number of bytes of a response that are read, as documented."""
DEADLINE: Final = 4.0
"""The deadline in seconds of a call that gets no response: enough to send it on a busy machine."""

PROBLEM: Final = b'{"error": "Trouble", "message": "In words"}'
CODED: Final = b'{"error": "Limit", "message": "In words", "code": "daily_limit", "status": 429}'
PAGE: Final = b"<!doctype html><title>Bad gateway</title>"


def says(data: bytes) -> Act:
    """Return an act that writes bytes."""

    async def act(talk: Talk) -> None:
        await talk.write(data)

    return act


def head(status: int = 200, *lines: str) -> bytes:
    """Return the head of a response."""
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unheard Of"
    return "\r\n".join([f"HTTP/1.1 {status} {phrase}", *lines, "", ""]).encode("latin-1")


def complete(status: int, body: bytes, *lines: str, kind: str = "application/json") -> bytes:
    """Return a response with a correct length."""
    return head(status, f"content-type: {kind}", f"content-length: {len(body)}", *lines) + body


def refusing(status: int, body: bytes = PROBLEM, *, name: str = "", processed: bool | None = None) -> Fault:
    """Return the fault of an error response; Retry-After: 0 avoids long waits."""
    data = head(status, "retry-after: 0") if status == 304 else complete(status, body, "retry-after: 0")
    is_done = is_processed(status) if processed is None else processed
    return Fault(name or f"status {status}", (Step(says(data), processed=is_done, keeps=True),), status=status)


def is_processed(status: int) -> bool:
    """Return whether a service may have processed a request that gets this status, in the worst case.

    Blooio documents that nothing was done for a 503 with an error body, and for a 501, "coming soon".
    """
    return status // 100 == 3 or status in (408, 409) or (status >= 500 and status not in (501, 503))


def success(name: str, data: bytes, *, keeps: bool = False) -> Fault:
    """Return the fault of a successful response that is invalid."""
    return Fault(name, (Step(says(data), keeps=keeps),), status=200)


async def nothing(talk: Talk) -> None:
    """Close the connection."""
    del talk


async def _early_reset(talk: Talk) -> None:
    # A client that has started to write is connected; before that, it would count as a refused connection.
    await talk.reader.read(1)
    await talk.reset()


async def _early_close(talk: Talk) -> None:
    await talk.reader.read(1)


async def _half_a_handshake(talk: Talk) -> None:
    await talk.reader.read(64)
    await talk.write(b"\x16\x03\x03\x00\x7a\x02\x00")


async def _no_handshake(talk: Talk) -> None:
    await talk.reader.read(64)
    await talk.write(complete(400, PAGE, kind="text/html"))


async def _distrusted(talk: Talk) -> None:
    await talk.secure(trusted=False)
    await talk.reader.read(1)


def _early(name: str, act: Act, stage: Stage, where: Where = Where.PLAIN) -> Fault:
    return Fault(name, (Step(act, stage, processed=False),), where)


def _lost(name: str, data: bytes, *, processed: bool = True) -> Fault:
    return Fault(name, (Step(says(data), processed=processed),))


REFUSED: Final = (Fault("connection refused", (Step(nothing, Stage.CONNECTION, processed=False),), Where.DEAD),)
BAD_TLS: Final = (
    _early("plain text where TLS is expected", _no_handshake, Stage.CONNECTION, Where.TLS),
    _early("untrusted certificate", _distrusted, Stage.CONNECTION, Where.TLS),
    _early("TLS handshake cut off", _half_a_handshake, Stage.CONNECTION, Where.TLS),
    _early("TLS handshake reset", _early_reset, Stage.CONNECTION, Where.TLS),
)

BROKEN: Final = (
    _early("reset before the request is read", _early_reset, Stage.CONNECTION),
    _early("closed before the request is read", _early_close, Stage.CONNECTION),
    _early("reset after the headers", Talk.reset, Stage.HEAD),
    Fault("reset after the whole request", (Step(Talk.reset),)),
    Fault("closed after the whole request", (Step(nothing),)),
    Fault("idle connection closed when it is reused", (Step(nothing, processed=False),), warms_up=True),
)

CUT: Final = (
    _lost("truncated headers", b"HTTP/1.1 200 OK\r\ncontent-le"),
    _lost("missing body", head(200, "content-length: 100")),
    _lost("truncated body", head(200, "content-length: 100") + b'{"id": "x"'),
    _lost("truncated chunks", head(200, "transfer-encoding: chunked") + b'a\r\n{"id": "x"\r\n'),
    _lost("chunk without a valid size", head(200, "transfer-encoding: chunked") + b"zz\r\n{}\r\n0\r\n\r\n"),
)

GARBLED: Final = (
    _lost("negative Content-Length", head(200, "content-length: -1") + b"{}"),
    _lost("Content-Length that is not a number", head(200, "content-length: two") + b"{}"),
    _lost("two different Content-Lengths", head(200, "content-length: 2", "content-length: 3") + b"{} "),
    _lost("one huge header", head(200, "x-filler: " + "x" * MEGABYTE, "content-length: 2") + b"{}"),
    _lost("endless headers", head(200, *(f"x-filler-{number}: {number}" for number in range(20_000)))),
    _lost("garbage instead of HTTP", b"\x15\x03\x01\x00\x02\x02\x28 garbage\r\n\r\n" * 9),
    _lost("HTTP/0.9", PAGE),
    _lost("switching protocols", head(101, "upgrade: websocket", "connection: upgrade")),
)


def _before(*statuses: int) -> Act:
    async def act(talk: Talk) -> None:
        await talk.write(b"".join(head(status) for status in statuses) + complete(200, talk.good))

    return act


async def _flood(talk: Talk) -> None:
    await talk.write(complete(200, talk.good, *(f"x-filler-{number}: {number}" for number in range(1000))))


async def _endless(talk: Talk) -> None:
    await talk.write(head(200, "connection: close") + talk.good)


def _as(*lines: str, body: Callable[[bytes], bytes] = bytes) -> Act:
    """Return an act that writes the valid response with other headers and in another encoding."""

    async def act(talk: Talk) -> None:
        await talk.write(complete(200, body(talk.good), *lines))

    return act


def _begun(status_line: bytes) -> Act:
    """Return an act that writes the valid response with another status line, bare line feeds and no length."""

    async def act(talk: Talk) -> None:
        await talk.write(status_line + b"\ncontent-type: application/json\n\n" + talk.good)

    return act


async def _surplus(talk: Talk) -> None:
    await talk.write(complete(200, talk.good) + complete(200, b'{"id": "of nobody"}'))


async def _in_chunks(talk: Talk) -> None:
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in talk.good)
    await talk.write(head(200, "transfer-encoding: chunked") + chunks + b"0\r\n\r\n")


HARMLESS: Final = (
    Fault("idle connection closed", (Step(_before(), keeps=True),), warms_up=True, closes_idle=True),
    Fault("100 before the response", (Step(_before(100), keeps=True),)),
    Fault("102 and 103 before the response", (Step(_before(102, 103, 103), keeps=True),)),
    Fault("a thousand headers", (Step(_flood, keeps=True),)),
    Fault("response without a length", (Step(_endless),)),
    Fault("chunks of one byte", (Step(_in_chunks, keeps=True),)),
    Fault("compressed response", (Step(_as("content-encoding: gzip", body=gzip.compress), keeps=True),)),
    Fault("byte order mark", (Step(_as(body=codecs.BOM_UTF8.__add__), keeps=True),)),
    Fault("non-ASCII header", (Step(_as("x-place: Köln"), keeps=True),)),
    Fault("repeated header", (Step(_as("x-twice: 1", "x-twice: 2"), keeps=True),)),
    Fault("HTTP/1.0", (Step(_begun(b"HTTP/1.0 200 OK")),)),
    Fault("status without a reason phrase", (Step(_begun(b"HTTP/1.1 200")),)),
    Fault("a second response", (Step(_surplus, keeps=True),)),
)


async def _drip_headers(talk: Talk) -> None:
    await talk.drip(b"HTTP/1.1 200 OK\r\nx-filler: " + b"x" * 100)


async def _drip_body(talk: Talk) -> None:
    talk.writer.write(head(200, "content-length: 100"))
    await talk.drip(b" " * 100)


async def _drip_informational(talk: Talk) -> None:
    await talk.drip(head(100) * 100, at_once=len(head(100)))


async def _silence(talk: Talk) -> None:
    await talk.reader.read(1)


LATE: Final = tuple(
    Fault(name, (Step(act),), seconds=DEADLINE)
    for name, act in {
        "slow headers": _drip_headers,
        "slow body": _drip_body,
        "endless 100 responses": _drip_informational,
        "no response at all": _silence,
    }.items()
)


async def _gigabyte(talk: Talk) -> None:
    talk.writer.write(head(200, "content-length: 1073741824"))
    await talk.pour(b" " * MEGABYTE, 1024)


@cache
def _bomb() -> bytes:
    return gzip.compress(bytes(2 * MAX_BODY), 1)


async def _explode(talk: Talk) -> None:
    await talk.write(complete(200, _bomb(), "content-encoding: gzip"))


def _in_flight() -> int:
    """Return how many bytes may be written and not read: what the kernel buffers between two sockets."""
    limits = [Path(f"/proc/sys/net/ipv4/tcp_{side}") for side in ("rmem", "wmem")]
    return max(16 * MEGABYTE, sum(int(each.read_text().split()[-1]) for each in limits if each.exists()))


BULKY: Final = (
    Fault("body of 1 GB", (Step(_gigabyte),), at_once=2, status=200, most_written=MAX_BODY + _in_flight()),
    Fault("decompression bomb", (Step(_explode),), at_once=2, status=200),
)

UNREADABLE: Final = (
    success("HTML body", complete(200, PAGE, kind="text/html"), keeps=True),
    success("invalid UTF-8", complete(200, b'{"id": "\xff\xfe"}'), keeps=True),
    success("truncated JSON", complete(200, b'{"id": "x'), keeps=True),
    success("Content-Length too small", head(200, "content-length: 9") + b'{"id": "x"}', keeps=True),
    success("garbage instead of gzip", complete(200, b"garbage", "content-encoding: gzip"), keeps=True),
    Fault("page of a proxy", (Step(says(complete(200, PAGE)), processed=False, keeps=True),), status=200),
)

UNUSABLE: Final = (
    success("empty body", complete(200, b""), keeps=True),
    success("JSON that is not an object", complete(200, b'["id"]'), keeps=True),
    success("JSON null", complete(200, b"null"), keeps=True),
    Fault("204", (Step(says(head(204)), keeps=True),), status=204),
    Fault("204 with a body", (Step(says(head(204) + b'{"id": "x"}'), keeps=True),), status=204),
)


async def _redirect(talk: Talk, status: int) -> None:
    await talk.write(complete(status, b"", f"location: {talk.elsewhere}"))


def redirecting(status: int) -> Fault:
    """Return the fault of a redirect to another host."""

    async def act(talk: Talk) -> None:
        await _redirect(talk, status)

    return Fault(f"redirect {status}", (Step(act, keeps=True),), status=status)


REDIRECTS: Final = tuple(redirecting(status) for status in (301, 302, 303, 307, 308))


async def _too_large(talk: Talk) -> None:
    await talk.write(complete(413, PROBLEM, "connection: close"))
    await talk.reader.read()  # closing a connection with unread data resets it, which loses the response


EARLY: Final = Fault("413 before the body is read", (Step(_too_large, Stage.HEAD, processed=False),), status=413)
STATUSES: Final = tuple(refusing(status) for status in range(300, 600))
QUOTA: Final = refusing(429, CODED, name="429 with a code")
GATEWAYS: Final = (
    refusing(502, PAGE, name="502 with HTML"),
    refusing(503, PAGE, name="503 with HTML", processed=True),
    refusing(503, b"", name="503 without a body", processed=True),
)
CONFLICT_LATER: Final = Fault(
    "response lost, then 409", (Step(nothing), *refusing(409, processed=False).steps), status=409
)
REFUSED_LATER: Final = Fault("response lost, then 400", (Step(nothing), *refusing(400).steps), status=400)
GONE_LATER: Final = Fault("response lost, then 404", (Step(nothing), *refusing(404).steps), status=404)
