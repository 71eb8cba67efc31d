"""What goes back over the wire."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from blooio_sandbox.state import dump

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Send

    from blooio_sandbox.answers import Answer
    from blooio_sandbox.faults import Fault
    from blooio_sandbox.ledger import RecordedRequest

_JSON = {"content-type": "application/json"}
_WITHOUT_CONTENT = frozenset({204, 205, 304})


@dataclass(frozen=True)
class Reply:
    """A status, headers, and bytes."""

    status: int
    headers: Mapping[str, str]
    content: bytes


def write(record: RecordedRequest, answer: Answer) -> Reply:
    """Note what a request is answered, and return it as it is written."""
    text = answer.body if isinstance(answer.body, str) else dump(answer.body)
    reply = Reply(answer.status, {**_JSON, **answer.headers}, text.encode())
    record.status, record.raw_answer = reply.status, reply.content
    return reply


def fail(record: RecordedRequest, fault: Fault) -> Reply | None:
    """Note that a request fails, and return what its client sees: nothing, if the connection is to break."""
    if fault.status is None:
        record.status, record.raw_answer = None, b""
        return None
    content = b"" if fault.status in _WITHOUT_CONTENT else fault.body.encode()
    record.status, record.raw_answer = fault.status, content
    return Reply(fault.status, fault.headers, content)


async def send_reply(reply: Reply, send: Send) -> None:
    """Write a reply."""
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers.items()]
    headers.append((b"content-length", b"%d" % len(reply.content)))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.content})
