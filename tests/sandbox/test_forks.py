"""A process that forks while it runs a sandbox, such as a test of an app with worker processes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

_OUTLIVING = """
import os, socket
from urllib.parse import urlsplit
from blooio_client import Blooio
from blooio_sandbox import Sandbox

done, hold = os.pipe(), os.pipe()
with Sandbox() as sandbox:
    child = os.fork()
    if not child:
        with Blooio(sandbox.api_key, base_url=sandbox.base_url) as client:
            client.chat("+15551234567").send("Hello")
        try:
            sandbox.messages
        except RuntimeError as error:
            print(error, flush=True)
        sandbox.stop()
        os.write(done[1], b".")
        os.read(hold[0], 1)
        os._exit(0)
    os.read(done[0], 1)
    print([message.text for message in sandbox.messages])
    port = urlsplit(sandbox.base_url).port
try:
    socket.create_connection(("127.0.0.1", port), timeout=30).close()
except ConnectionRefusedError:
    print("refused")
with Sandbox(port=port):
    print("started again")
os.write(hold[1], b".")
os.waitpid(child, 0)
"""
_BUSY = """
import os, signal, threading
import httpx
from blooio_sandbox import Sandbox

def send():
    with httpx.Client(base_url=sandbox.base_url, trust_env=False, timeout=60.0) as client:
        while not stopping.is_set():
            client.get("/me")
            sandbox.phone("+15551234567").sends("Hi")

with Sandbox() as sandbox:
    stopping = threading.Event()
    busy = threading.Thread(target=send)
    busy.start()
    statuses = set()
    for _ in range(40):
        child = os.fork()
        if not child:
            signal.alarm(20)
            sandbox.stop()
            os._exit(0)
        statuses.add(os.waitpid(child, 0)[1])
    stopping.set()
    busy.join()
print(statuses)
"""


def _run(program: str) -> list[str]:
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


def test_a_child_uses_the_sandbox_of_its_parent() -> None:
    """A child sends to the sandbox but cannot read or stop it, and does not hold its port once it has stopped."""
    assert _run(_OUTLIVING) == [
        "the sandbox runs in the process that this one was forked from: call its methods there, or use its control API",
        "['Hello']",
        "refused",
        "started again",
    ]


def test_a_fork_at_any_moment() -> None:
    """A child that leaves the block of the sandbox does not wait for a lock that another thread held."""
    assert _run(_BUSY) == ["{0}"]
