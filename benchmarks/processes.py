"""The time and memory of a process that starts, imports, creates a client, sends once and exits."""

from __future__ import annotations

import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.harness import (
    ENVIRONMENT,
    HTTPX,
    HTTPX2,
    LIMIT,
    OFFICIAL,
    OURS,
    Comparison,
    Row,
    at_most,
    available,
    in_turns,
    medians,
    output_of,
)
from benchmarks.responses import API_KEY, CHAT, SEND_PATH, TEXT

PLAIN: Final = f"""
import sys, uuid
import MODULE
with MODULE.Client(headers={{"authorization": "Bearer {API_KEY}"}}, timeout=30) as client:
    headers = {{"Idempotency-Key": str(uuid.uuid4())}}
    response = client.post(sys.argv[1] + "{SEND_PATH}", json={{"text": "{TEXT}"}}, headers=headers)
    assert response.raise_for_status().json()["message_id"]
"""
BLOOIO: Final = f"""
import sys, uuid
from blooio import Blooio
with Blooio(api_key="{API_KEY}", base_url=sys.argv[1]) as client:
    assert client.chats.messages.send("{CHAT}", text="{TEXT}", idempotency_key=str(uuid.uuid4())).message_id
"""
THIS: Final = f"""
import sys
from blooio_client import Blooio
with Blooio("{API_KEY}", base_url=sys.argv[1]) as client:
    assert client.chat("{CHAT}").send("{TEXT}").message_id
"""
SENDING: Final = {
    LIMIT: "pass",
    HTTPX: PLAIN.replace("MODULE", "httpx"),
    HTTPX2: PLAIN.replace("MODULE", "httpx2"),
    OFFICIAL: BLOOIO,
    OURS: THIS,
}
ASYNC: Final = "ours, async"
STARTING: Final = {
    HTTPX: "import httpx; httpx.Client()",
    OURS: "from blooio_client import Blooio; Blooio('key')",
    ASYNC: "from blooio_client import AsyncBlooio; AsyncBlooio('key')",
}
STATUS: Final = Path("/proc/self/status")
SHOWING_MEMORY: Final = f"""
print(next(line.split()[1] for line in open("{STATUS}") if line.startswith("VmRSS")))
"""


def rows(url: str) -> list[Row]:
    """Measure processes; `limit` is a Python that does nothing."""
    programs = {name: SENDING[name] for name in available(SENDING)}
    return [*started(), took(programs, url), *held(programs, url)]


def started() -> list[Row]:
    """Measure processes that import and create a client, and send nothing."""
    taken = in_turns({name: partial(seconds, program, "") for name, program in STARTING.items()})
    figures = medians(taken, 1e3)
    awaiting = {HTTPX: figures[HTTPX], OURS: figures.pop(ASYNC)}
    return [
        Row("process: start, import, client", "ms", figures, (at_most(taken, 1.2),)),
        Row("process: start, import, client, async", "ms", awaiting, (at_most(taken, 1.2, ours=ASYNC),)),
    ]


def took(programs: dict[str, str], url: str) -> Row:
    """Measure the time of whole processes."""
    taken = in_turns({name: partial(seconds, program, url) for name, program in programs.items()})
    compared = at_most(taken, 1.2), at_most(taken, 0.6, OFFICIAL)
    return Row("process: start, import, client, one send, exit", "ms", medians(taken, 1e3), compared)


def held(programs: dict[str, str], url: str) -> list[Row]:
    """Measure the memory of processes after one send, on systems that report it."""
    if not STATUS.exists():
        return [Row("memory after import and one send", "MB", {}, (Comparison(HTTPX, None, 1.08),))]
    taken = in_turns({name: partial(megabytes, program, url) for name, program in programs.items()})
    compared = at_most(taken, 1.08), at_most(taken, 0.6, OFFICIAL)
    return [Row("memory after import and one send", "MB", medians(taken), compared)]


def seconds(program: str, url: str) -> float:
    """Return the seconds that a process takes to run a program."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", program, url], check=True, env=ENVIRONMENT)
    return time.perf_counter() - began


def megabytes(program: str, url: str) -> float:
    """Return the memory of a process at the end of its program."""
    return int(output_of(program + SHOWING_MEMORY, url)) / 1024
