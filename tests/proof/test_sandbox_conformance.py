"""Twenty thousand requests made up by schemathesis, and a thousand connections at once."""

from __future__ import annotations

import importlib.util
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from blooio_sandbox.api.document import load_operations

if TYPE_CHECKING:
    from types import ModuleType

CASES = 20_000
CASES_PER_OPERATION = 620
CONNECTIONS = 1000
SHORT_RUN = Path(__file__).resolve().parents[1] / "sandbox" / "test_conformance.py"
SERVER = """
import sys
from blooio_sandbox import Sandbox
with Sandbox() as sandbox:
    print(sandbox.base_url.split(":")[2].partition("/")[0], sandbox.api_key, flush=True)
    sys.stdin.read()
    print(len(sandbox.messages), flush=True)
"""


def _short_run() -> ModuleType:
    specification = importlib.util.spec_from_file_location("short_conformance_run", SHORT_RUN)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module


@pytest.mark.proof
def test_twenty_thousand_requests() -> None:
    """No server error, no undocumented status or body, and no invalid request that is accepted."""
    figures = _short_run().run(CASES_PER_OPERATION)
    print(f"\nschemathesis: {figures}")

    assert not figures.failures, "\n\n".join(f"{name}: {text}" for name, text in figures.failures.items())
    assert figures.statuses.total() >= CASES
    assert len(figures.operations) == len(load_operations())
    assert figures.sent > 0.3 * figures.sends.total()


@pytest.mark.proof
@pytest.mark.skipif(sys.platform == "win32", reason="the limit of open files is another matter there")
def test_a_thousand_connections_at_once() -> None:
    """Each sends a message while all are open; every message is accepted, and the sandbox goes on."""
    _raise_limit_of_open_files()
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        port, key = server.stdout.readline().split()
        statuses = _send_over_many_connections(int(port), key)
        server.stdin.close()
        accepted = int(server.stdout.readline())
    print(f"\n{CONNECTIONS} connections at once: {statuses.count(202)} answered 202, {accepted} messages")

    assert statuses == [202] * CONNECTIONS
    assert accepted == CONNECTIONS


def _send_over_many_connections(port: int, key: str) -> list[int]:
    with ExitStack() as stack:
        connections = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60)) for _ in range(CONNECTIONS)
        ]
        for index, connection in enumerate(connections):
            connection.sendall(_message(index, key))
        return [int(connection.makefile("rb").readline().split()[1]) for connection in connections]


def _message(index: int, key: str) -> bytes:
    body = f'{{"text": "{index}"}}'
    head = f"POST /v2/api/chats/%2B15551234567/messages HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {key}\r\n"
    return f"{head}content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()


def _raise_limit_of_open_files() -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * CONNECTIONS
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if hard < 0 else min(wanted, hard), hard))
