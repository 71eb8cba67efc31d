"""Check a setup end to end: each line is ok, or says what to do."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import typer

from ..exits import NOT_DONE, Failure
from ..output import Columns, columns
from ..profiles import PUBLISHED_URL
from ..session import Session, command

if TYPE_CHECKING:
    from blooio_client import RawResponse

app = typer.Typer()

TOLERATED_SKEW: Final = 60.0
"""How many seconds the clock may be off: webhook signatures are accepted for 300."""
CA_VARIABLES: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR")


@dataclass(frozen=True)
class Check:
    """One line of the report."""

    check: str
    ok: bool
    says: str
    """The finding; if it is not ok, what to do."""


@command(app, examples=["blooio doctor"], prints="check, ok, says")
def doctor(session: Session) -> None:
    """Check your setup: each line is ok, or says what to do.

    It checks the API key, base URL, proxy, certificates, clock, numbers and webhooks.
    """
    found: list[Check] = []
    verdict: Columns[Check] = {"ok": lambda each: "ok" if each.ok else "!!"}
    with session.out.live({**verdict, **columns("check says")}) as add:
        for each in checks(session):
            found.append(each)
            add(each)
    if not all(each.ok for each in found):
        raise Failure("some checks failed", NOT_DONE)


def checks(session: Session) -> Iterator[Check]:
    """Run the checks in order; without a connection, skip those that need one."""
    from blooio_client import BlooioError, calls

    yield from _environment(session)
    try:
        response = session.client.call_raw(calls.get_me())
    except BlooioError as error:
        yield Check("connection", ok=False, says=str(error))
        return
    yield Check("connection", ok=True, says="the service responds")
    yield _clock(response)
    if response.status != 200:  # noqa: PLR2004 - a status
        yield Check("API key", ok=False, says=_problem(response.status))
        return
    yield Check("API key", ok=True, says="accepted")
    yield _numbers(session)
    yield from _webhooks(session)


def _problem(status: int) -> str:
    if status in (401, 403):
        return f"rejected with {status}: create a new one, then `blooio login`"
    if status == 404:  # noqa: PLR2004 - a status
        return f"not checked: the base URL responds with 404; expected one such as {PUBLISHED_URL}"
    return f"not checked: the service responds with {status}"


def _environment(session: Session) -> Iterator[Check]:
    import urllib.request

    account = session.account
    yield Check("key found", ok=True, says=f"in {account.source}")
    try:
        parts = urlsplit(account.base_url)
    except ValueError:
        yield Check("base URL", ok=False, says=f"not a URL; expected one such as {PUBLISHED_URL}")
        return
    # People paste the report into issues. The client rejects a URL with a password or a query.
    without_secrets = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="")
    yield Check("base URL", ok=True, says=without_secrets.geturl())
    proxies = urllib.request.getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    bypassed = urllib.request.proxy_bypass(parts.hostname or "")
    # A proxy URL may contain a password.
    yield Check("proxy", ok=True, says="none" if proxy is None or bypassed else urlsplit(proxy).hostname or "set")
    for name in CA_VARIABLES:
        if (path := os.environ.get(name)) and not Path(path).exists():
            yield Check(
                "certificates", ok=False, says=f"{name} names {path}, which does not exist: correct or unset it"
            )
            return
    yield Check(
        "certificates", ok=True, says=", ".join(name for name in CA_VARIABLES if os.environ.get(name)) or "default"
    )


def _clock(response: RawResponse) -> Check:
    from email.utils import parsedate_to_datetime

    try:
        server_time = parsedate_to_datetime(response.headers["date"])
        ahead = (datetime.datetime.now(datetime.UTC) - server_time).total_seconds()
    except (KeyError, ValueError, TypeError):  # missing, not a date, or without a time zone
        return Check("clock", ok=True, says="unknown: the response has no valid date")
    if abs(ahead) <= TOLERATED_SKEW:
        return Check("clock", ok=True, says="correct to within a minute")
    way = "ahead" if ahead > 0 else "behind"
    return Check("clock", ok=False, says=f"{abs(ahead):.0f} s {way}: set it, or webhook signatures are rejected")


def _numbers(session: Session) -> Check:
    numbers = session.client.numbers.list()
    active = [number.phone_number for number in numbers if number.is_active]
    if active:
        return Check("numbers", ok=True, says=f"{len(active)} of {len(numbers)} active: {', '.join(active)}")
    return Check("numbers", ok=False, says="none is active: messages wait until one is. See the Blooio dashboard")


def _webhooks(session: Session) -> Iterator[Check]:
    webhooks = session.client.webhooks.list()
    if not webhooks:
        yield Check("webhooks", ok=True, says="none")
    for webhook in webhooks:
        name = f"webhook {webhook.webhook_id}"
        if webhook.is_active is False:
            yield Check(name, ok=True, says="paused: it receives no events")
            continue
        latest: Any = session.client.webhooks.logs.list(webhook).first()
        status = latest.response_status if latest else None
        if latest is None or (status and 200 <= status < 300):  # noqa: PLR2004 - statuses
            yield Check(name, ok=True, says="no deliveries yet" if latest is None else "the last delivery was accepted")
        else:
            answer = f"status {status}" if status else "no response"
            yield Check(
                name, ok=False, says=f"the last delivery got {answer}: `blooio webhooks logs {webhook.webhook_id}`"
            )
