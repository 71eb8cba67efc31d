"""A process patched by gevent, in which many greenlets send with one client.

python -m gevent.monkey gevent_run.py SENDS     # prints the outcome as JSON
"""

from __future__ import annotations

import json
import socket
import sys
from importlib import import_module
from typing import Any

from blooio_client import Blooio

gevent: Any = import_module("gevent")  # gevent has no types
Event: Any = import_module("gevent.event").Event
StreamServer: Any = import_module("gevent.server").StreamServer

PHONE = "+15551234567"
PATIENCE = 20.0
"""Seconds after which the run gives up."""


class Service:
    """A service that responds once a number of requests is in flight, but never to the text `silent`."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._came = 0
        self._all_came = Event()
        self.is_silent = Event()
        """Set when a request has arrived that gets no response."""
        self.open = 0
        self.none_open = Event()

    def __call__(self, connection: socket.socket, address: object) -> None:
        """Serve a connection."""
        del address
        self.open += 1
        self.none_open.clear()
        with connection:
            while text := self._next_text(connection):
                if text == "silent":
                    self.is_silent.set()
                    connection.recv(1)  # the client disconnected
                    break
                self._came += 1
                if self._came == self._at_once:
                    self._all_came.set()
                self._all_came.wait(PATIENCE)
                body = json.dumps({"message_id": text}).encode()
                connection.sendall(b"HTTP/1.1 202 Accepted\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))
        self.open -= 1
        if not self.open:
            self.none_open.set()

    @staticmethod
    def _next_text(connection: socket.socket) -> str:
        data = b""
        while b"}" not in data:
            more = connection.recv(65536)
            if not more:
                return ""
            data += more
        text: str = json.loads(data.partition(b"\r\n\r\n")[2])["text"]
        return text


def main(sends: str) -> None:
    """Send from many greenlets; kill one, let another time out; send again, and close."""
    service = Service(int(sends))
    server = StreamServer(("127.0.0.1", 0), service)
    server.start()
    client = Blooio("key", base_url=f"http://127.0.0.1:{server.server_port}")
    chat = client.chat(PHONE)
    texts = [f"text {number}" for number in range(int(sends))]
    jobs = [gevent.spawn(chat.send, text) for text in texts]
    gevent.joinall(jobs, timeout=PATIENCE)
    came: list[Any] = [job.value and job.value.message_id for job in jobs]

    killed = gevent.spawn(chat.send, "silent")
    service.is_silent.wait(PATIENCE)
    killed.kill()
    is_late = False
    try:
        with gevent.Timeout(0.2):
            chat.send("silent")
    except gevent.Timeout:
        is_late = True
    after = chat.send("after").message_id
    client.close()
    service.none_open.wait(PATIENCE)
    ends = {
        "all arrived": came == texts,
        "killed": isinstance(killed.value, gevent.GreenletExit),
        "own timeout": is_late,
        "after": after,
        "open": service.open,
    }
    print(json.dumps(ends))


if __name__ == "__main__":
    main(sys.argv[1])
