"""`blooio outbox run` on PostgreSQL, without a supervisor."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import postgres_server
import pytest
import sqlalchemy.exc
from cli_runs import PATIENCE, Cli
from outbox_places import eager
from waiting import wait_until

from blooio_client.outbox import Outbox
from blooio_sandbox import Sandbox

MESSAGES = 120
CRASHES = 3


@pytest.mark.proof
@pytest.mark.parametrize("engine", [(), ("--embedded",)], ids=["procrastinate", "embedded"])
def test_the_command_survives_restarts_of_the_database(
    blooio_sandbox: Sandbox, tmp_path: Path, engine: tuple[str, ...]
) -> None:
    """The database is down at first and crashes three times; one process sends each message once."""
    server = postgres_server.server()
    with server.database() as url:
        if not server.may_crash:
            pytest.skip("DATABASE_URL names a server that is not ours")
        key, base_url, path = blooio_sandbox.api_key, blooio_sandbox.base_url, os.environ["PATH"]
        cli = Cli(
            {"BLOOIO_API_KEY": key, "BLOOIO_BASE_URL": base_url, "BLOOIO_OUTBOX_URL": url, "PATH": path}, tmp_path
        )
        assert cli("outbox", "migrate").code == 0
        server.stop()
        with cli.start("outbox", "run", *engine, "--quiet-hours", "none", "--per-minute", "1200") as process:
            assert process.stderr is not None
            assert "database is unavailable" in process.stderr.readline()
            said: list[str] = []
            listening = threading.Thread(target=lambda: said.extend(process.stderr or ()))
            listening.start()
            server.start()
            outbox = eager(url)
            outbox.add_many(({"to": f"+1555{each:07}", "text": "Hi"} for each in range(MESSAGES)), campaign="c")
            for crash in range(1, CRASHES + 1):
                _wait_until_sent(blooio_sandbox, crash * MESSAGES // (CRASHES + 1))
                server.crash()
            last = time.monotonic()
            _wait_until_sent(blooio_sandbox, MESSAGES)
            print(f"\n{engine or 'procrastinate'}: all sent {time.monotonic() - last:.1f} s after the last restart")
            wait_until(lambda: _left(outbox) == 0)
            process.send_signal(signal.SIGTERM)
            code = process.wait(PATIENCE)
            listening.join()
        outbox.close()

    assert code == 0, said
    assert sorted(message.chat_id for message in blooio_sandbox.messages) == [
        f"+1555{each:07}" for each in range(MESSAGES)
    ]
    assert "Traceback" not in "".join(said)


def _wait_until_sent(sandbox: Sandbox, count: int) -> None:
    until = time.monotonic() + 60
    while len(sandbox.messages) < count:
        assert time.monotonic() < until, f"only {len(sandbox.messages)} of {count}"
        time.sleep(0.05)


def _left(outbox: Outbox) -> int | None:
    try:
        return outbox.progress().left
    except sqlalchemy.exc.SQLAlchemyError:
        return None
