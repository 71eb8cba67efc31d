"""The outbox in other job queues: each recipient gets one message, however often the processes are killed."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import venv
from contextlib import suppress
from pathlib import Path

import pytest
from outbox_judge import cause_trouble, judge, rows
from outbox_places import eager

from blooio_sandbox import Sandbox

pytestmark = [pytest.mark.proof, pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")]
ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "engines"
# A file broker needs no server. It loses the tasks of a killed worker, and the outbox schedules them again.
CELERY = """
from celery_outbox import app
app.conf.broker_transport_options = {"data_folder_in": "queue", "data_folder_out": "queue"}
"""
COMMANDS = {
    "celery": ["-m", "celery", "-A", "celery_files", "worker", "--beat", "--concurrency", "4", "--loglevel", "ERROR"],
    "dbos": [str(EXAMPLES / "dbos_outbox.py")],
}


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The Python of a virtual environment with both job queues."""
    folder = tmp_path_factory.mktemp("engines")
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "celery", "dbos"]
    subprocess.run([*command, f"{ROOT}[outbox]"], check=True)
    return python


@pytest.mark.parametrize("engine", COMMANDS)
def test_a_job_queue_is_killed(engine: str, python: str, tmp_path: Path) -> None:
    """300 messages are each sent once, despite broken connections, 503s, 429s and six kills of all processes."""
    (tmp_path / "queue").mkdir()
    (tmp_path / "celery_files.py").write_text(CELERY, "utf-8")
    url, dice, nobody = f"sqlite:///{tmp_path / 'outbox.db'}", random.Random(7), threading.Event()  # noqa: S311
    kills = 0
    with Sandbox() as sandbox:
        cause_trouble(sandbox, 7)
        outbox = eager(url)
        outbox.add_many(({**row, "quiet_hours": None} for row in rows(sandbox, 300)), campaign="c")
        for number in sandbox.numbers:
            outbox.pace(number, per_minute=600)
        environment = {
            **os.environ,
            "BLOOIO_API_KEY": sandbox.api_key,
            "BLOOIO_BASE_URL": sandbox.base_url,
            "CELERY_BROKER_URL": "filesystem://",
            "OUTBOX_URL": url,
            "DBOS_URL": f"sqlite:///{tmp_path / 'dbos.db'}",
            "PYTHONPATH": f"{EXAMPLES}{os.pathsep}{tmp_path}",
        }
        while outbox.progress().left:
            seen = len(sandbox.messages)
            process = subprocess.Popen(
                [python, *COMMANDS[engine]],
                cwd=tmp_path,
                env=environment,
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            try:
                while outbox.progress().left and (kills >= 6 or len(sandbox.messages) < seen + 30):
                    assert process.poll() is None, "the engine ended by itself"
                    nobody.wait(dice.uniform(0.05, 0.3))
            finally:
                with suppress(ProcessLookupError):  # it ended by itself
                    os.killpg(process.pid, 9)
                process.wait()
            kills += 1
        found = judge(sandbox)
        outbox.close()

    print(f"\n{engine}: {kills} kills; {found}")
    assert kills >= 6
    assert found.is_exact(300)
