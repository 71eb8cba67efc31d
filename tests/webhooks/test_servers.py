"""Receivers in real servers: gunicorn, uvicorn and aiohttp, with hooks, chunked and gzip bodies."""

from __future__ import annotations

import gzip
import http.client
import os
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from pathlib import Path

import attrs
import django_database
import postgres_server
import pytest
import webhook_apps
from waiting import wait_until
from webhook_servers import listening

from blooio_overrides.webhooks import example, sign

SUPPORT = Path(webhook_apps.__file__).parent
HEADERS = {"Content-Type": "application/json"}
CHUNKED = {"Transfer-Encoding": "chunked"}
FRAMEWORKS = ["flask", "django", "starlette", "aiohttp"]


@attrs.frozen
class Server:
    """A running application, and what it has written."""

    port: int
    folder: Path

    @property
    def handled(self) -> set[str]:
        """The texts of the messages that it has handled."""
        journal = self.folder / "journal"
        return set(journal.read_text("utf-8").split()) if journal.exists() else set()

    @property
    def log(self) -> str:
        """Its log so far."""
        return (self.folder / "log").read_text("utf-8")


@contextmanager
def serving(framework: str, folder: Path) -> Generator[Server]:
    """Serve an application in a subprocess."""
    environment = {**os.environ, "JOURNAL": str(folder / "journal"), "PYTHONPATH": str(SUPPORT)}
    with listening() as listener, (folder / "log").open("w", encoding="utf-8") as log:
        descriptor = str(listener.fileno())
        if framework in ("flask", "django"):
            bound = ["--bind", f"fd://{descriptor}", "--threads", "2"]
            command = ["-m", "gunicorn", f"webhook_apps:{framework}()", *bound]
        else:
            command = [webhook_apps.__file__, framework, descriptor]
        with subprocess.Popen(
            [sys.executable, *command], pass_fds=[int(descriptor)], env=environment, stderr=log, cwd=folder
        ) as process:
            try:
                yield Server(listener.getsockname()[1], folder)
            finally:
                process.terminate()


@pytest.fixture(scope="module")
def server_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Server]]:
    """Return the server of a framework, which is started on first use."""
    with ExitStack() as running:

        @cache
        def started(framework: str) -> Server:
            return running.enter_context(serving(framework, tmp_path_factory.mktemp("server")))

        yield started


def post(port: int, body: bytes, headers: dict[str, str], *, hook: str = "none") -> int:
    """Send a request and return the status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60.0)
    is_chunked = CHUNKED.items() <= headers.items()
    try:
        content = iter([body[:20], body[20:]]) if is_chunked else body
        sent = {**HEADERS, **headers, "Hook": hook}
        connection.request("POST", "/blooio", content, sent, encode_chunked=is_chunked)
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def signed(body: bytes) -> dict[str, str]:
    """The signature header of a body."""
    return {"X-Blooio-Signature": sign(body, webhook_apps.SECRET)}


def body(text: str) -> bytes:
    """A message."""
    return example("message.received", text=text).body


@pytest.mark.parametrize("hook", ["none", "kept"])
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_genuine_delivery_is_accepted_however_it_comes(
    server_of: Callable[[str], Server], framework: str, hook: str
) -> None:
    """A delivery is accepted if plain, chunked, compressed before or after signing, or already read by a hook."""
    server = server_of(framework)
    names = ("plain", "chunked", "zip", "signed", "twice")
    plain, chunked, zipped, signed_zip, twice = (body(f"{hook}-{name}") for name in names)
    compressed = gzip.compress(signed_zip)
    encoding = {"Content-Encoding": "gzip"}
    posted = partial(post, server.port, hook=hook)
    statuses = {
        "plain": posted(plain, signed(plain)),
        "again": posted(plain, signed(plain)),
        "chunked": posted(chunked, {**signed(chunked), **CHUNKED}),
        "zipped": posted(gzip.compress(zipped), {**signed(zipped), **encoding}),
        "twice": posted(twice, {"X-Blooio-Signature": ", ".join([*signed(twice).values()] * 2)}),
        "forged": posted(plain + b" ", signed(plain)),
        "large": posted(b" " * 300_000, signed(plain)),
    }
    # aiohttp decompresses bodies before the application reads them, so the signed bytes are lost.
    if framework != "aiohttp":
        statuses["signed when zipped"] = posted(compressed, {**signed(compressed), **encoding})
    handled = {f"{hook}-{name}" for name in names if framework != "aiohttp" or name != "signed"}
    wait_until(lambda: {text for text in server.handled if text.startswith(hook)} == handled)

    assert {name: status for name, status in statuses.items() if status != 200} == {"forged": 401, "large": 413}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_consumed_body_is_reported(server_of: Callable[[str], Server], framework: str) -> None:
    """If a hook consumed the body, the response is 503, so that Blooio retries, and the reason is logged."""
    server, plain = server_of(framework), body("canary")

    assert post(server.port, plain, signed(plain), hook="lost") == 503
    assert post(server.port, plain, {**signed(plain), **CHUNKED}, hook="lost") == 503
    assert "middleware" in server.log
    assert "canary" not in server.log
    assert webhook_apps.SECRET not in server.log


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_client_that_disconnects_is_reported_without_a_traceback(
    server_of: Callable[[str], Server], framework: str
) -> None:
    """A delivery that breaks off leaves one line in the log; a traceback could show the body to an error reporter."""
    server, whole = server_of(framework), body("canary")
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60.0)
    connection.putrequest("POST", "/blooio")
    for name, value in {**signed(whole), **CHUNKED}.items():
        connection.putheader(name, value)
    connection.endheaders(b"%x\r\n%s" % (len(whole), whole[:-10]))
    connection.close()
    wait_until(lambda: "its body is incomplete" in server.log)

    assert post(server.port, whole, signed(whole)) == 200
    assert "Traceback" not in server.log


def test_aiohttp_says_that_a_body_cannot_be_read(server_of: Callable[[str], Server]) -> None:
    """A body that is not encoded as its headers say gets a 400 and a line in the log."""
    server, plain = server_of("aiohttp"), body("canary")

    assert post(server.port, plain, {**signed(plain), "Content-Encoding": "gzip"}) == 400
    assert "not encoded as its headers say" in server.log
    assert "canary" not in server.log


def test_aiohttp_without_a_context_handles_in_threads(server_of: Callable[[str], Server]) -> None:
    """Events are handled even if the application does not enter `receiver.running()`."""
    server, plain = server_of("aiohttp without a context"), body("plain")

    assert post(server.port, plain, signed(plain)) == 200
    wait_until(lambda: server.handled == {"plain"})


@pytest.mark.postgres
@pytest.mark.skipif(not postgres_server.is_there(), reason=postgres_server.MISSING)
def test_a_handler_in_django_gets_a_new_database_connection() -> None:
    """After a restart of the database, handlers get new connections from Django, as requests do."""
    with postgres_server.server().database() as url:
        command = [sys.executable, django_database.__file__, url]
        assert subprocess.run(command, check=True, capture_output=True, text=True, timeout=60.0).stdout == "[]\n"
