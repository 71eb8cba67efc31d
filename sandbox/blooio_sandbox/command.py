"""The command `blooio-sandbox`: a local Blooio until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from typing import TYPE_CHECKING

from blooio_sandbox.extra import MISSING_EXTRA, is_installed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blooio_sandbox.sandbox import Sandbox

DEFAULT_PORT = 8787

_WELCOME = """\
Blooio sandbox at {base_url}
API key: {api_key}      own number: {number}

Try it with curl:

    curl -X POST {base_url}/chats/%2B15551234567/messages \\
        -H "Authorization: Bearer {api_key}" -H "Content-Type: application/json" -d '{{"text": "Hello"}}'

or with Python:

    from blooio_client import Blooio

    with Blooio(api_key="{api_key}", base_url="{base_url}") as client:
        client.chat("+15551234567").send("Hello")

Ctrl-C stops it.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit code."""
    options = _parser().parse_args(arguments)
    if not is_installed():
        return _fail(MISSING_EXTRA)
    from blooio_sandbox.sandbox import Sandbox
    from blooio_sandbox.server import PortInUseError

    sandbox = Sandbox(port=options.port, db=options.db, lenient_encoding=options.lenient_encoding)
    try:
        with sandbox:
            _serve_until_interrupted(sandbox)
    except PortInUseError as error:
        return _fail(f"{error}; choose another with --port, or --port 0 for any free one")
    return 0


def _serve_until_interrupted(sandbox: Sandbox) -> None:
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopping.set())
    _print(_WELCOME.format(base_url=sandbox.base_url, api_key=sandbox.api_key, number=sandbox.number))
    # Without a timeout, Windows would not notice Ctrl-C.
    while not stopping.wait(1.0):
        pass
    _print("Stopped.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="blooio-sandbox", description="A local, stateful Blooio for demos and tests.")
    parser.add_argument(
        "--port", type=_port, default=DEFAULT_PORT, help="where to listen; 0 takes a free port (%(default)s)"
    )
    parser.add_argument("--db", metavar="FILE", help="keep the state in this file; without it, nothing is kept")
    parser.add_argument(
        "--lenient-encoding", action="store_true", help="read a raw + in a path as a plus, not as a blank"
    )
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:  # noqa: PLR2004 - what a port is
        raise argparse.ArgumentTypeError(f"{port} is no port: it goes from 0 to 65535")
    return port


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _fail(message: str) -> int:
    sys.stderr.write(f"blooio-sandbox: {message}\n")
    return 1
