"""`blooio listen`, `messages --follow`, and `blooio sandbox`: commands that run until Ctrl-C."""

from __future__ import annotations

import json
import signal
import subprocess

import httpx
from cli_runs import PATIENCE, Cli
from pytest_httpserver import HTTPServer
from waiting import wait_until
from werkzeug import Request, Response

from blooio_client import Blooio, webhooks
from blooio_sandbox import Sandbox

ANN = "+15551234567"
# If Ctrl-C interrupts an import, Python warns about an open file.
PLAIN = {"PYTHONWARNINGS": None}


def _subscribed(client: Blooio) -> str:
    """Create a webhook whose URL is unreachable; its log has every event anyway."""
    return client.webhooks.create("http://127.0.0.1:9/", type="all").webhook_id


def _wait_for_a_look(sandbox: Sandbox) -> None:
    """Wait until the log was read once, so that later deliveries are new."""
    wait_until(lambda: any(each.operation == "listWebhookLogs" and each.status for each in sandbox.requests))


def _interrupted(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=PATIENCE)
    return process.returncode, out, err


def test_listen_prints_events(cli: Cli, blooio_sandbox: Sandbox, blooio: Blooio) -> None:
    """`listen` prints new events, one object per line, and Ctrl-C ends it with exit code 130."""
    hook = _subscribed(blooio)
    blooio_sandbox.phone(ANN).sends("before")
    blooio_sandbox.wait_for_deliveries()
    with cli.start("listen", "--json", "--poll", "0.05", **PLAIN) as process:
        assert process.stdout is not None
        _wait_for_a_look(blooio_sandbox)
        blooio_sandbox.phone(ANN).sends("after")
        event = json.loads(process.stdout.readline())
        code, rest, errors = _interrupted(process)

    assert (event["event"]["event"], event["event"]["text"]) == ("message.received", "after")
    assert event["forwarded_status"] is None
    assert (code, rest) == (130, "")
    assert errors.splitlines() == [f"Listening to {hook}. Ctrl-C stops.", "", "Interrupted."]


def test_listen_forwards_signed_events(
    cli: Cli, blooio_sandbox: Sandbox, blooio: Blooio, httpserver: HTTPServer
) -> None:
    """The local server receives each event with a valid signature, and a table shows its responses."""
    _subscribed(blooio)
    received: list[webhooks.Event] = []

    def receive(request: Request) -> Response:
        received.append(webhooks.unwrap(request.get_data(), dict(request.headers), secret="whsec_example"))
        return Response(status=204)

    httpserver.expect_request("/hook").respond_with_handler(receive)
    options = ["--forward", httpserver.url_for("/hook"), "--poll", "0.05"]
    with cli.on_terminal("listen", *options, BLOOIO_WEBHOOK_SECRET="whsec_example", **PLAIN) as terminal:
        terminal.wait_for("Listening to")
        _wait_for_a_look(blooio_sandbox)
        blooio_sandbox.phone(ANN).sends("Hello there")
        terminal.wait_for("message.received")  # not the status, whose digits may be part of an id or a port
        terminal.type("\x03")
        code = terminal.ended()

    assert code == 130
    assert [getattr(event, "text", None) for event in received] == ["Hello there"]
    assert "Hello there" in terminal.text
    assert "204" in terminal.text


def test_listen_creates_a_secret(cli: Cli, blooio_sandbox: Sandbox, blooio: Blooio, httpserver: HTTPServer) -> None:
    """Without a secret, `listen` creates one, signs the events with it, and prints it."""
    hook = _subscribed(blooio)
    requests: list[tuple[bytes, dict[str, str]]] = []

    def receive(request: Request) -> Response:
        requests.append((request.get_data(), dict(request.headers)))
        return Response(status=200)

    httpserver.expect_request("/hook").respond_with_handler(receive)
    options = ["--forward", httpserver.url_for("/hook"), "--webhook", hook, "--poll", "0.05"]
    with cli.start("listen", *options, **PLAIN) as process:
        assert process.stdout is not None
        _wait_for_a_look(blooio_sandbox)
        blooio_sandbox.phone(ANN).sends("Hello")
        line = process.stdout.readline()
        _, _, errors = _interrupted(process)

    secret = errors.partition("signed with ")[2].split()[0]
    body, headers = requests[0]
    assert webhooks.unwrap(body, headers, secret=secret).type == "message.received"
    assert line.rstrip().endswith("\tHello\t200")


def test_listen_without_a_single_webhook(cli: Cli, blooio: Blooio) -> None:
    """With no webhook, the error shows how to create one; with several, it lists them; a foreign URL is rejected."""
    none = cli("listen")
    hooks = [blooio.webhooks.create(f"http://127.0.0.1:9/{number}").webhook_id for number in range(2)]
    several = cli("listen")
    elsewhere = cli("listen", "--webhook", hooks[0], "--forward", "https://example.com/hook")

    assert (none.code, several.code, elsewhere.code) == (1, 1, 2)
    assert "blooio webhooks create" in none.err
    assert all(hook in several.err for hook in hooks)


def test_follow_prints_new_messages(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Each message is printed once and in order, until Ctrl-C."""
    for text in ("one", "two"):
        blooio_sandbox.phone(ANN).sends(text)
    with cli.start("messages", ANN, "--follow", **PLAIN) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(2)]
        for text in ("three", "four"):
            blooio_sandbox.phone(ANN).sends(text)
        lines += [process.stdout.readline() for _ in range(2)]
        code, rest, errors = _interrupted(process)

    assert [line.rstrip().split("\t")[3] for line in lines] == ["one", "two", "three", "four"]
    assert (code, rest) == (130, "")
    assert "Traceback" not in errors


def test_follow_waits_for_the_first_message(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """A chat that does not exist yet is followed, too; without `--follow`, it is an error."""
    missing = cli("messages", ANN)
    with cli.start("messages", ANN, "--follow", **PLAIN) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        note = process.stderr.readline()
        blooio_sandbox.phone(ANN).sends("one")
        line = process.stdout.readline()
        code, rest, _ = _interrupted(process)

    assert (missing.code, "Chat not found" in missing.err) == (1, True)
    assert note == "No messages yet. Ctrl-C stops.\n"
    assert line.rstrip().split("\t")[3] == "one"
    assert (code, rest) == (130, "")


def test_sandbox_is_blooio_sandbox(bare_cli: Cli) -> None:
    """`blooio sandbox` has the options, output, server and help of `blooio-sandbox`."""
    helped = bare_cli("sandbox", "--help")
    refused = bare_cli("sandbox", "--port", "70000")
    with bare_cli.start("sandbox", "--port", "0") as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        url = lines[0].split()[-1]
        key = next(line for line in lines if "API key" in line).split()[2]
        answer = httpx.get(f"{url}/me", headers={"Authorization": f"Bearer {key}"}, trust_env=False, timeout=60.0)
        code, out, errors = _interrupted(process)

    assert "--lenient-encoding" in helped.out
    assert refused.code == 2
    assert answer.status_code == 200
    assert (code, errors) == (0, "")
    assert "Stopped." in out
