"""Clients in forked children: each message is sent once, and each call gets its own response."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading

import pytest
from storm_server import StormServer
from wire import Exchange, Wire, json_response

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")

IN_FLIGHT = """
import asyncio, os, sys, threading
from blooio_client import AsyncBlooio, Blooio

client, waiting = Blooio("key", base_url=sys.argv[1]), AsyncBlooio("key", base_url=sys.argv[1])
chat, came = client.chat("+15551234567"), []
thread = threading.Thread(target=lambda: came.append(chat.send("in flight").message_id))
thread.start()
assert chat.send("is it?").message_id == "msg_is it?"
child = os.fork()
if child == 0:
    awaited = asyncio.run(waiting.chat("+15551234567").send("in the child, awaited"))
    fine = chat.send("in the child").message_id == "msg_in the child"
    os._exit(0 if fine and awaited.message_id == "msg_in the child, awaited" else 1)
_, status = os.waitpid(child, 0)
thread.join()
assert came == ["msg_in flight"], came
client.close()
sys.exit(os.waitstatus_to_exitcode(status))
"""


def test_a_request_in_flight_stays_with_the_parent() -> None:
    """The child uses its own connections, and the parent gets its own response."""
    has_left, child_has_sent = threading.Event(), threading.Event()

    def handle(exchange: Exchange) -> None:
        text = json.loads(exchange.request.partition(b"\r\n\r\n")[2])["text"]
        if text == "in flight":
            has_left.set()
            child_has_sent.wait(30.0)
        elif text == "is it?":
            has_left.wait(30.0)
        elif text == "in the child":
            child_has_sent.set()
        exchange.write(json_response(json.dumps({"message_id": f"msg_{text}"}).encode()))

    with Wire(handle) as server:
        done = _run(IN_FLIGHT, server.url)

        assert (done.returncode, done.stderr) == (0, "")
        assert len(server.requests) == 4


BUSY = """
import os, sys, threading
from blooio_client import Blooio

client = Blooio("key", base_url=sys.argv[1])
chat, over, wrong = client.chat("+15551234567"), threading.Event(), []

def send(name):
    number = 0
    barrier.wait(), chat.send(f"{name}-first"), barrier.wait()
    while not over.is_set():
        text, number = f"{name}-{number}", number + 1
        if chat.send(text).message_id != f"msg_{text}":
            wrong.append(text)

# Python itself may hang in a child that is forked while another thread imports a module, or makes a first connection.
barrier = threading.Barrier(9)
threads = [threading.Thread(target=send, args=(f"thread-{number}",)) for number in range(8)]
for thread in threads:
    thread.start()
barrier.wait(), barrier.wait()
statuses = []
for number in range(10):
    child = os.fork()
    if child == 0:
        try:
            sent = [chat.send(f"child-{number}-{each}").message_id for each in range(3)]
            os._exit(0 if sent == [f"msg_child-{number}-{each}" for each in range(3)] else 1)
        finally:
            os._exit(2)
    statuses.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
over.set()
for thread in threads:
    thread.join()
client.close()
print(statuses, wrong)
sys.exit(bool(any(statuses) or wrong))
"""


def test_children_of_a_busy_parent() -> None:
    """Whatever the parent's threads hold at the fork, each child sends its messages and gets only its own responses."""
    with StormServer(seed=3, chance=0) as server:
        done = _run(BUSY, server.url)

        assert (done.returncode, done.stdout.strip()) == (0, f"{[0] * 10} []"), done.stderr
        texts = list(server.ledger.accepted.values())
        assert {text for text in texts if text.startswith("child")} == {
            f"child-{number}-{each}" for number in range(10) for each in range(3)
        }
        assert server.ledger.double_sends == 0
        assert server.ledger.requests == len(texts)


def _run(script: str, url: str) -> subprocess.CompletedProcess[str]:
    # Newer versions of Python warn about forks in a process with threads, which these tests need.
    command = [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", "-c", script, url]
    # Coverage's tracer has a lock: a child that is forked while another thread holds it would wait forever.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment)
