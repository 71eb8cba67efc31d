"""Requests per second of the sandbox, compared with a bare starlette app that returns the same bytes."""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

from benchmarks.harness import LIMIT, OURS, Comparison, Rounds, Row, in_turns, median_ratio, medians, output_of

BOUND = 0.5
MAX_RESET = 5.0
MAX_START = 1000.0
STARTS = 5
CONNECTIONS = 16
ROUNDS = 6
REPEATS = 60

SANDBOX = """
import sys
from blooio_sandbox import Sandbox
with Sandbox() as sandbox:
    print(sandbox.base_url.split(":")[2].partition("/")[0], sandbox.api_key, flush=True)
    sys.stdin.read()
"""

BARE = """
import asyncio, json, socket, sys
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from uvicorn import Config, Server

answers = json.loads(sys.argv[1])

def endpoint(status, body):
    content = body.encode()
    async def answer(request):
        await request.body()
        return Response(content, status, media_type="application/json")
    return answer

routes = [
    Route("/" + name, endpoint(status, body), methods=["GET", "POST"]) for name, (status, body) in answers.items()
]
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
listener.bind(("127.0.0.1", 0))
listener.listen(128)
print(listener.getsockname()[1], flush=True)
config = Config(Starlette(routes=routes), http="h11", ws="none", lifespan="off", log_config=None, access_log=False)
asyncio.run(Server(config).serve([listener]))
"""

RESET = """
import time
import httpx
from blooio_sandbox import Sandbox
with Sandbox(clock="stepped") as sandbox:
    headers = {"Authorization": f"Bearer {sandbox.api_key}"}
    with httpx.Client(base_url=sandbox.base_url, headers=headers, trust_env=False) as api:
        durations = []
        for _ in range(20):
            for index in range(25):
                api.post("/chats/%2B15551234567/messages", json={"text": str(index)})
            started = time.perf_counter()
            sandbox.reset()
            durations.append(1000 * (time.perf_counter() - started))
print(sorted(durations)[len(durations) // 2])
"""


@dataclass(frozen=True)
class Question:
    """A request to both servers."""

    name: str
    method: str
    path: str
    body: str = ""

    def to_sandbox(self, key: str) -> bytes:
        """Return the request to the sandbox."""
        return self._write(f"/v2/api{self.path}", key)

    def to_bare_app(self, key: str) -> bytes:
        """Return the request to the bare app."""
        return self._write(f"/{self.name}", key)

    def _write(self, path: str, key: str) -> bytes:
        lines = [f"{self.method} {path} HTTP/1.1", "host: 127.0.0.1", f"authorization: Bearer {key}"]
        entity = [f"content-type: application/json\r\ncontent-length: {len(self.body)}"] if self.body else []
        return "\r\n".join([*lines, "accept: */*", "user-agent: benchmark", *entity, "", self.body]).encode()


CHAT = "/chats/%2B15551234567"
QUESTIONS = [
    Question("me", "GET", "/me"),
    Question("status", "GET", f"{CHAT}/messages/-1/status"),
    Question("list-10", "GET", f"{CHAT}/messages?limit=10"),
    Question("chats", "GET", "/chats"),
    Question("react", "POST", f"{CHAT}/messages/-1/reactions", '{"reaction": "+love"}'),
    Question("send", "POST", f"{CHAT}/messages", '{"text": "Hello"}'),
]
# Shown, but not counted: the sandbox creates 15 KB here, while the bare app returns prepared bytes.
LARGE_QUESTION = Question("list-50", "GET", f"{CHAT}/messages?limit=50")


@contextmanager
def running(program: str, *arguments: str) -> Generator[list[str]]:
    """Run a server, and yield the line that it prints once it listens."""
    command = [sys.executable, "-c", program, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()
        finally:
            process.kill()


def connect(port: str) -> socket.socket:
    """Open a connection without Nagle's algorithm."""
    connection = socket.create_connection(("127.0.0.1", int(port)))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def read_response(connection: socket.socket) -> tuple[int, bytes]:
    """Read one response."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length:")[2].split()[0])
    while len(body) < length:
        body += connection.recv(65536)
    return int(head.split()[1]), body


def requests_per_second(port: str, request: bytes) -> float:
    """Use several connections at once, so that the server always has work."""
    with ExitStack() as stack:
        connections = [stack.enter_context(connect(port)) for _ in range(CONNECTIONS)]
        started = time.perf_counter()
        for _ in range(ROUNDS):
            for connection in connections:
                connection.sendall(request)
            for connection in connections:
                read_response(connection)
        return ROUNDS * CONNECTIONS / (time.perf_counter() - started)


def ask_once(port: str, request: bytes) -> tuple[int, str]:
    """Return a response's status and body."""
    with connect(port) as connection:
        connection.sendall(request)
        status, body = read_response(connection)
    return status, body.decode()


def compare(question: Question, ports: tuple[str, str], key: str) -> Rounds:
    """Measure both in turn, and return their rates."""
    measures = {
        LIMIT: partial(requests_per_second, ports[1], question.to_bare_app(key)),
        OURS: partial(requests_per_second, ports[0], question.to_sandbox(key)),
    }
    return in_turns(measures, REPEATS)


def rows(url: str) -> list[Row]:
    """Measure all requests, their mean, and the time of a reset and of the start of the command."""
    del url
    asked = [*QUESTIONS, LARGE_QUESTION]
    with running(SANDBOX) as (port, key):
        for _ in range(50):
            ask_once(port, QUESTIONS[-1].to_sandbox(key))
        responses = {question.name: ask_once(port, question.to_sandbox(key)) for question in asked}
        with running(BARE, json.dumps(responses)) as (bare_port,):
            taken = {question.name: compare(question, (port, bare_port), key) for question in asked}
    return [*(row(name, rates) for name, rates in taken.items()), mean_row(taken), reset_row(), start_row()]


def row(name: str, rates: Rounds) -> Row:
    """Return the row of one request, which has no bound."""
    return Row(f"sandbox: {name}", "1/s", medians(rates), (Comparison(LIMIT, median_ratio(rates, OURS, LIMIT), None),))


def mean_row(taken: Mapping[str, Rounds]) -> Row:
    """Return the row of all requests but the large one."""
    ratios = [median_ratio(taken[question.name], OURS, LIMIT) or 0.0 for question in QUESTIONS]
    mean = Comparison(LIMIT, statistics.geometric_mean(ratios), BOUND, is_floor=True)
    return Row(f"sandbox: mean of the ratios without {LARGE_QUESTION.name}", "", {}, (mean,))


def reset_row() -> Row:
    """Return the row of resets."""
    reset = float(output_of(RESET))
    compared = Comparison(f"{MAX_RESET:.0f} ms", reset / MAX_RESET, 1.0)
    return Row("sandbox: reset", "ms", {OURS: reset}, (compared,))


def start_row() -> Row:
    """Return the row of the command `blooio-sandbox`, from its start to its first response."""
    start = statistics.median(milliseconds_to_first_response() for _ in range(STARTS))
    compared = Comparison(f"{MAX_START:.0f} ms", start / MAX_START, 1.0)
    return Row("sandbox: start to first response", "ms", {OURS: start}, (compared,))


def milliseconds_to_first_response() -> float:
    """Start the command, read the account, and return how long both took."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "blooio_sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = process.stdout.readline().rpartition(":")[2].partition("/")[0]
        ask_once(port, QUESTIONS[0].to_sandbox("any"))
        taken = 1000 * (time.perf_counter() - started)
        process.terminate()
        process.communicate()
    return taken
