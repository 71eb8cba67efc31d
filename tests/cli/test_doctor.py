"""`blooio doctor`: each line is ok or says what to do."""

from __future__ import annotations

import datetime
import json
from collections.abc import Generator
from contextlib import contextmanager
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cli_runs import Cli
from pytest_httpserver import HTTPServer
from served import served

from blooio_client import Blooio
from blooio_sandbox import Sandbox


def _lines(cli: Cli, code: int, **variables: str | None) -> dict[str, tuple[bool, str]]:
    done = cli("doctor", "--json", typed="", **variables)
    assert done.code == code, done
    return {each["check"]: (each["ok"], each["says"]) for each in done.objects}


def test_a_good_setup_is_ok(cli: Cli, blooio_sandbox: Sandbox) -> None:
    """Every check of a good setup is ok, and a terminal shows a table."""
    lines = _lines(cli, 0)
    shown = cli.on_screen("doctor")

    assert list(lines) == [
        "key found",
        "base URL",
        "proxy",
        "certificates",
        "connection",
        "clock",
        "API key",
        "numbers",
        "webhooks",
    ]
    assert all(ok for ok, _ in lines.values())
    assert lines["key found"][1] == "in BLOOIO_API_KEY"
    assert lines["base URL"][1] == blooio_sandbox.base_url
    assert "2 of 2 active" in shown.out


def test_an_invalid_key_says_what_to_do(cli: Cli) -> None:
    """With an invalid key, the exit code is 1, and checks that need the key are skipped."""
    lines = _lines(cli, 1, BLOOIO_API_KEY="some-other-key")

    assert lines["API key"] == (False, "rejected with 401: create a new one, then `blooio login`")
    assert "numbers" not in lines


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (404, "not checked: the base URL responds with 404; expected one such as https://backend.blooio.com/v2/api"),
        (503, "not checked: the service responds with 503"),
    ],
)
def test_a_response_that_says_nothing_about_the_key(cli: Cli, httpserver: HTTPServer, status: int, says: str) -> None:
    """A wrong base URL or an outage does not ask for a new key."""
    httpserver.expect_request("/v2/me").respond_with_data("", status=status)
    lines = _lines(cli, 1, BLOOIO_BASE_URL=httpserver.url_for("/v2"))

    assert lines["API key"] == (False, says)


def test_a_url_that_is_not_one(cli: Cli) -> None:
    """A base URL that cannot be parsed is reported like any other problem."""
    lines = _lines(cli, 1, BLOOIO_BASE_URL="http://[::1")

    assert lines["base URL"] == (False, "not a URL; expected one such as https://backend.blooio.com/v2/api")
    assert not lines["connection"][0]


@pytest.mark.parametrize("url", ["https://ann:canary@{}", "https://{}?token=canary", "https://ann:canary@[{}"])
def test_a_base_url_with_a_password(cli: Cli, url: str) -> None:
    """The report, which people paste into issues, does not show a password or a token in the base URL."""
    done = cli("doctor", BLOOIO_BASE_URL=url.format("127.0.0.1:9"))

    assert (done.code, "canary" in done.out + done.err) == (1, False)


def test_an_unreachable_service(cli: Cli) -> None:
    """If the service is unreachable, the check of the connection is the last line."""
    url = "http://127.0.0.1:9/v2/api"

    lines = _lines(cli, 1, BLOOIO_BASE_URL=url)

    assert list(lines)[-1] == "connection"
    assert lines["connection"][0] is False


def test_missing_certificates_are_named(cli: Cli) -> None:
    """If a certificate file is missing, the line contains the variable and the path."""
    lines = _lines(cli, 1, SSL_CERT_FILE="/nowhere/ca.pem")

    assert lines["certificates"] == (
        False,
        "SSL_CERT_FILE names /nowhere/ca.pem, which does not exist: correct or unset it",
    )


def test_a_proxy_is_shown_without_its_password(cli: Cli) -> None:
    """The proxy's host is shown without credentials; requests to loopback bypass it."""
    proxied = {"http_proxy": "http://user:hunter2@proxy.example:3128"}
    direct = _lines(cli, 0, **proxied, no_proxy="127.0.0.1")
    done = cli("doctor", "--json", typed="", **proxied)

    assert direct["proxy"] == (True, "none")
    assert "proxy.example" in done.out
    assert "hunter2" not in done.out + done.err


def test_a_proxy_for_all_schemes_is_shown(cli: Cli) -> None:
    """The report shows ALL_PROXY, the fallback for schemes without a proxy of their own."""
    done = cli("doctor", "--json", ALL_PROXY="http://all.example:3128")

    assert "all.example" in done.out


@contextmanager
def _service_at(date: str) -> Generator[str]:
    """Return the URL of a service that rejects every key and sends a given date."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(401)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def date_time_string(self, timestamp: float | None = None) -> str:
            del timestamp
            return date

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with served(server):
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.mark.parametrize(("ahead", "said"), [(0, "correct"), (600, "ahead"), (-600, "behind")])
def test_a_wrong_clock_is_found(cli: Cli, ahead: float, said: str) -> None:
    """A clock that differs from the response's date is reported, since signatures would be rejected."""
    date = format_datetime(datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=ahead), usegmt=True)
    with _service_at(date) as url:
        ok, says = _lines(cli, 1, BLOOIO_BASE_URL=url)["clock"]

    assert ok is (ahead == 0)
    assert said in says


@pytest.mark.parametrize("date", ["yesterday", "Fri, 27 Nov 2026 10:00:00"])
def test_an_invalid_date_is_ignored(cli: Cli, date: str) -> None:
    """An invalid date, which any proxy may send, is ignored, and the other checks continue."""
    with _service_at(date) as url:
        lines = _lines(cli, 1, BLOOIO_BASE_URL=url)

    assert lines["clock"] == (True, "unknown: the response has no valid date")
    assert lines["API key"][0] is False


def test_no_active_number(cli: Cli, httpserver: HTTPServer) -> None:
    """If no number is active, the line says so."""
    httpserver.expect_request("/me").respond_with_json({"valid": True})
    httpserver.expect_request("/me/numbers").respond_with_json(
        {"numbers": [{"phone_number": "+15550100001", "is_active": False}]}
    )
    httpserver.expect_request("/webhooks").respond_with_json({"webhooks": []})

    lines = _lines(cli, 1, BLOOIO_BASE_URL=httpserver.url_for("").rstrip("/"))

    assert lines["numbers"][0] is False
    assert "none is active" in lines["numbers"][1]


def test_webhooks_are_checked_by_their_last_delivery(
    cli: Cli, blooio_sandbox: Sandbox, blooio: Blooio, httpserver: HTTPServer
) -> None:
    """A webhook's line says whether its last delivery was accepted, rejected or impossible, or why there is none."""
    httpserver.expect_request("/good").respond_with_data("")
    httpserver.expect_request("/bad").respond_with_data("", 500)
    urls = httpserver.url_for("/good"), httpserver.url_for("/bad"), "http://127.0.0.1:9/"
    hooks = [blooio.webhooks.create(url).webhook_id for url in urls]
    blooio_sandbox.phone("+15551234567").sends("Hello")
    blooio_sandbox.wait_for_deliveries()
    hooks += [blooio.webhooks.create(f"http://127.0.0.1:9/{name}").webhook_id for name in ("new", "paused")]
    blooio.webhooks.update(hooks[-1], deprecate=True)

    lines = _lines(cli, 1)

    found = [lines[f"webhook {hook}"] for hook in hooks]
    assert [ok for ok, _ in found] == [True, False, False, True, True]
    assert f"status 500: `blooio webhooks logs {hooks[1]}`" in found[1][1]
    assert "no response" in found[2][1]
    assert [json.dumps(found).count(said) for said in ("no deliveries yet", "paused: it receives no events")] == [1, 1]
