"""The command `blooio-sandbox`: a local Blooio until Ctrl-C."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from blooio_sandbox.deliveries.payloads import CHOICES
from blooio_sandbox.extra import MISSING_EXTRA, is_installed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from blooio_sandbox.api.ledger import RecordedRequest
    from blooio_sandbox.deliveries.posting import DeliveryAttempt
    from blooio_sandbox.sandbox import Sandbox

DEFAULT_PORT: int = 8787

_WARNING = """\
WARNING: other machines can reach this sandbox. The page and the control API under /_sandbox need no key.
"""

_WELCOME = """\
Blooio sandbox at {base_url}
Open it in a browser: {page_url}
API key: {api_key}      own number: {number}
{webhooks}
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
    from blooio_sandbox.server import PortInUseError

    try:
        with _sandbox(options) as sandbox:
            _prepare(sandbox, options)
            _serve_until_interrupted(sandbox, allow_network=options.allow_network)
    except PortInUseError as error:
        return _fail(f"{error}; choose another with --port, or --port 0 for any free one")
    except ValueError as error:
        return _fail(str(error))
    return 0


def _sandbox(options: argparse.Namespace) -> Sandbox:
    from blooio_sandbox.sandbox import Sandbox

    return Sandbox(
        port=options.port,
        host=options.host,
        allow_network=options.allow_network,
        allowed_hosts=options.allow_host,
        db=options.db,
        webhook_timeout=options.webhook_timeout,
        lenient_encoding=options.lenient_encoding,
        enabled=options.enable,
        disabled=options.disable,
        payload=options.payload,
        attachments=options.attachments,
        batches=options.batches,
        sparse=options.sparse,
        observer=partial(_print_request, with_bodies=options.verbose),
        delivery_observer=_print_delivery,
    )


def _prepare(sandbox: Sandbox, options: argparse.Namespace) -> None:
    if options.seed is not None:
        _seed(sandbox, options)
    for url in options.webhook:
        sandbox.seed({"webhooks": [{"url": url}]})


def _seed(sandbox: Sandbox, options: argparse.Namespace) -> None:
    if any(sandbox.snapshot().tables.values()):
        _print(f"{options.db} has a state: {options.seed} is not loaded again.")
        return
    try:
        sandbox.seed(options.seed)
    except ValueError:
        # The next start is to load all of it.
        sandbox.reset()
        raise


def _serve_until_interrupted(sandbox: Sandbox, *, allow_network: bool) -> None:
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopping.set())
    secrets = [f"Webhook {url}, signed with {secret}\n" for url, secret in sandbox.webhook_secrets.items()]
    places = {"base_url": sandbox.base_url, "page_url": sandbox.page_url}
    identity = {"api_key": sandbox.api_key, "number": sandbox.number}
    if allow_network:
        _print(_WARNING)
    _print(_WELCOME.format(**places, **identity, webhooks="".join(secrets)))
    # Without a timeout, Windows does not notice Ctrl-C.
    while not stopping.wait(1.0):
        pass
    _print("Stopped.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="blooio-sandbox", description="A local, stateful Blooio for demos and tests.")
    add = parser.add_argument
    add("--port", type=_port, default=DEFAULT_PORT, help="port to listen on; 0 picks a free one (%(default)s)")
    add(
        "--host",
        default="127.0.0.1",
        help="address to listen on; loopback unless --allow-network is given (%(default)s)",
    )
    add(
        "--allow-network", action="store_true", help="allow a --host that other machines can reach; prints a random key"
    )
    add(
        "--allow-host",
        metavar="NAME",
        action="append",
        default=[],
        help="a name that clients use in the URL, such as a container's; can be repeated",
    )
    add("--db", metavar="FILE", help="keep the state in this file (default: in memory)")
    add("--seed", metavar="FILE", help="load contacts, messages, ... from this YAML file")
    add("--webhook", metavar="URL", action="append", default=[], help="send every event to this URL; can be repeated")
    add(
        "--webhook-timeout",
        metavar="SECONDS",
        type=float,
        default=30.0,
        help="seconds that a webhook has to respond; Blooio allows less (%(default)g)",
    )
    add(
        "--enable",
        metavar="OPERATION",
        action="append",
        default=[],
        help="enable an operation that Blooio has announced, such as callFaceTime",
    )
    add(
        "--disable",
        metavar="OPERATION",
        action="append",
        default=[],
        help="disable an operation that not every plan includes, such as lookupPhoneNumber",
    )
    add(
        "--payload", choices=CHOICES["payload"], default="v2", help="webhook bodies: flat, or an envelope (%(default)s)"
    )
    add(
        "--attachments",
        choices=CHOICES["attachments"],
        default="object",
        help="attachments in webhook bodies: objects, URLs, or both alternately (%(default)s)",
    )
    add(
        "--batches",
        choices=CHOICES["batches"],
        default="none",
        help="deliver events that are due together as a list, or as an object with events (%(default)s)",
    )
    add("--sparse", action="store_true", help="leave out null fields, empty lists and the status of inbound messages")
    add("--lenient-encoding", action="store_true", help="read a raw + in a path as a plus sign, not as a space")
    add("--verbose", action="store_true", help="also print request and response bodies")
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:  # noqa: PLR2004 - what a port is
        raise argparse.ArgumentTypeError(f"{port} is not a port: use 0 to 65535")
    return port


def _print_request(record: RecordedRequest, *, with_bodies: bool) -> None:
    from blooio_sandbox.api.request_log import describe

    _log(describe(record, with_bodies=with_bodies))


def _print_delivery(attempt: DeliveryAttempt) -> None:
    from blooio_sandbox.api.request_log import describe_delivery

    _log(describe_delivery(attempt))


def _log(line: str) -> None:
    # The reader of the log may be gone, as with `| head`; keep serving.
    with suppress(OSError):
        _print(line)


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _fail(message: str) -> int:
    sys.stderr.write(f"blooio-sandbox: {message}\n")
    return 1
