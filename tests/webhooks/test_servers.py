"""Receivers in real servers: gunicorn, uvicorn and aiohttp, with hooks, chunked and gzip bodies."""

from __future__ import annotations

import gzip
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import django_database
import postgres_server
import pytest
import webhook_apps
from webhook_servers import listening

from blooio_overrides.webhooks import example, sign

SUPPORT = Path(webhook_apps.__file__).parent
HEADERS = {"Content-Type": "application/json"}


@contextmanager
def serving(framework: str, hook: str, folder: Path) -> Generator[int]:
    """Serve an application in a subprocess; yields the port."""
    environment = {**os.environ, "HOOK": hook, "JOURNAL": str(folder / "journal"), "PYTHONPATH": str(SUPPORT)}
    log = (folder / "log").open("w", encoding="utf-8")
    with listening() as listener:
        descriptor = listener.fileno()
        if framework in ("flask", "django"):
            command = [
                "-m",
                "gunicorn",
                "--bind",
                f"fd://{descriptor}",
                f"webhook_apps:{framework}()",
                "--threads",
                "2",
            ]
        else:
            command = [webhook_apps.__file__, framework, str(descriptor)]
        with (
            log,
            subprocess.Popen(
                [sys.executable, *command], pass_fds=[descriptor], env=environment, stderr=log, cwd=folder
            ) as process,
        ):
            try:
                yield listener.getsockname()[1]
            finally:
                process.terminate()


def post(port: int, body: bytes, headers: dict[str, str], *, is_chunked: bool = False) -> int:
    """Send a request and return the status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60.0)
    try:
        content = iter([body[:20], body[20:]]) if is_chunked else body
        connection.request("POST", "/blooio", content, {**HEADERS, **headers}, encode_chunked=is_chunked)
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


def written(journal: Path) -> set[str]:
    """Return what an application has written to its journal."""
    return set(journal.read_text("utf-8").split()) if journal.exists() else set()


@pytest.mark.parametrize("hook", ["none", "kept"])
@pytest.mark.parametrize("framework", ["flask", "django", "starlette", "aiohttp"])
def test_a_genuine_delivery_is_accepted_however_it_comes(tmp_path: Path, framework: str, hook: str) -> None:
    """A delivery is accepted if plain, chunked, compressed before or after signing, or already read by a hook."""
    plain, chunked, zipped, signed_zip, twice = (body(text) for text in ("plain", "chunked", "zip", "signed", "twice"))
    compressed = gzip.compress(signed_zip)
    encoding = {"Content-Encoding": "gzip"}
    with serving(framework, hook, tmp_path) as port:
        statuses = {
            "plain": post(port, plain, signed(plain)),
            "again": post(port, plain, signed(plain)),
            "chunked": post(port, chunked, {**signed(chunked), "Transfer-Encoding": "chunked"}, is_chunked=True),
            "zipped": post(port, gzip.compress(zipped), {**signed(zipped), **encoding}),
            "twice": post(port, twice, {"X-Blooio-Signature": ", ".join([*signed(twice).values()] * 2)}),
            "forged": post(port, plain + b" ", signed(plain)),
            "large": post(port, b" " * 300_000, signed(plain)),
        }
        # aiohttp decompresses bodies before the application reads them, so the signed bytes are lost.
        if framework != "aiohttp":
            statuses["signed when zipped"] = post(port, compressed, {**signed(compressed), **encoding})
        handled = {"plain", "chunked", "zip", "twice"} | ({"signed"} if framework != "aiohttp" else set[str]())
        ends = time.monotonic() + 60.0
        while written(tmp_path / "journal") != handled:
            assert time.monotonic() < ends
            time.sleep(0.05)
    assert {name: status for name, status in statuses.items() if status != 200} == {"forged": 401, "large": 413}


@pytest.mark.parametrize("framework", ["flask", "django", "starlette", "aiohttp"])
def test_a_consumed_body_is_reported(tmp_path: Path, framework: str) -> None:
    """If a hook consumed the body, the response is 503, so that Blooio retries, and the reason is logged."""
    plain = body("canary")
    with serving(framework, "lost", tmp_path) as port:
        assert post(port, plain, signed(plain)) == 503
        assert post(port, plain, {**signed(plain), "Transfer-Encoding": "chunked"}, is_chunked=True) == 503
    log = (tmp_path / "log").read_text("utf-8")
    assert "middleware" in log
    assert "canary" not in log
    assert webhook_apps.SECRET not in log


@pytest.mark.parametrize("framework", ["flask", "django", "starlette", "aiohttp"])
def test_a_client_that_disconnects_is_reported_without_a_traceback(tmp_path: Path, framework: str) -> None:
    """A delivery that breaks off leaves one line in the log; a traceback could show the body to an error reporter."""
    whole = body("canary")
    log = tmp_path / "log"
    with serving(framework, "none", tmp_path) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60.0)
        connection.putrequest("POST", "/blooio")
        for name, value in {**signed(whole), "Transfer-Encoding": "chunked"}.items():
            connection.putheader(name, value)
        connection.endheaders(b"%x\r\n%s" % (len(whole), whole[:-10]))
        connection.close()
        ends = time.monotonic() + 60.0
        while "its body is incomplete" not in log.read_text("utf-8"):
            assert time.monotonic() < ends
            time.sleep(0.05)
        assert post(port, whole, signed(whole)) == 200
    assert "Traceback" not in log.read_text("utf-8")


def test_aiohttp_says_that_a_body_cannot_be_read(tmp_path: Path) -> None:
    """A body that is not encoded as its headers say gets a 400 and a line in the log."""
    plain = body("canary")
    with serving("aiohttp", "none", tmp_path) as port:
        assert post(port, plain, {**signed(plain), "Content-Encoding": "gzip"}) == 400
    log = (tmp_path / "log").read_text("utf-8")
    assert "not encoded as its headers say" in log
    assert "canary" not in log


def test_aiohttp_without_a_context_handles_in_threads(tmp_path: Path) -> None:
    """Events are handled even if the application does not enter `receiver.running()`."""
    plain = body("plain")
    with serving("aiohttp", "threads", tmp_path) as port:
        assert post(port, plain, signed(plain)) == 200
        ends = time.monotonic() + 60.0
        while not (tmp_path / "journal").exists():
            assert time.monotonic() < ends
            time.sleep(0.05)


@pytest.mark.postgres
@pytest.mark.skipif(not postgres_server.is_there(), reason=postgres_server.MISSING)
def test_a_handler_in_django_gets_a_new_database_connection() -> None:
    """After a restart of the database, handlers get new connections from Django, as requests do."""
    with postgres_server.server().database() as url:
        command = [sys.executable, django_database.__file__, url]
        assert subprocess.run(command, check=True, capture_output=True, text=True, timeout=60.0).stdout == "[]\n"
