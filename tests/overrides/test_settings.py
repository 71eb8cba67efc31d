"""The settings of a client."""

from __future__ import annotations

import pickle
import re
import traceback
from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import httpx
import pytest

from blooio_client import AsyncBlooio, Blooio
from blooio_client.types import Secret
from blooio_overrides import __version__
from blooio_overrides._call.operations import DEFAULT_BASE_URL
from blooio_overrides._call.request import HiddenHeaders, checked_headers
from blooio_overrides._call.settings import Settings, checked_retries, checked_timeout, hidden, settings_from
from blooio_overrides.errors import InvalidArgumentError

CANARY = "bl_live_canary"


def made(**given: Any) -> Settings:
    """Settings with some arguments."""
    defaults: dict[str, Any] = {
        "api_key": CANARY,
        "base_url": None,
        "timeout": 30.0,
        "max_retries": 2,
        "from_number": None,
        "allow_http": False,
    }
    fields: dict[str, Any] = {**defaults, **given}
    fields["api_key"] = hidden(fields["api_key"])
    return settings_from(**fields)


def test_the_environment_sets_missing_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key, the base URL and allow_http default to the environment."""
    monkeypatch.setenv("BLOOIO_API_KEY", "from-environment")
    monkeypatch.setenv("BLOOIO_BASE_URL", "http://api.example/v2/")
    monkeypatch.setenv("BLOOIO_ALLOW_HTTP", "1")
    taken, given = made(api_key=None), made(base_url="https://b.example")

    assert isinstance(taken.api_key, Secret)
    assert isinstance(given.api_key, Secret)
    assert (taken.api_key.reveal(), taken.base_url) == ("from-environment", "http://api.example/v2")
    assert (given.api_key.reveal(), given.base_url) == (CANARY, "https://b.example")


def test_an_empty_base_url_in_the_environment_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable counts as unset."""
    monkeypatch.setenv("BLOOIO_BASE_URL", "")

    assert made().base_url == DEFAULT_BASE_URL


@pytest.mark.parametrize("value", ["0", "true", "", "yes"])
def test_only_1_allows_http(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """BLOOIO_ALLOW_HTTP allows http only as 1."""
    monkeypatch.setenv("BLOOIO_ALLOW_HTTP", value)

    with pytest.raises(InvalidArgumentError, match="http://"):
        made(base_url="http://api.example")


def test_a_missing_key_raises() -> None:
    """Without a key, the error names both the argument and the variable."""
    with pytest.raises(InvalidArgumentError, match=r"api_key=.*BLOOIO_API_KEY"):
        made(api_key=None)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "  ",
        f"{CANARY}\n",
        f"{CANARY}\r\nX-Injected: 1",
        f"{CANARY}\0",
        f"{CANARY}\xa0",
        f"{CANARY}\u200b",
        f"{CANARY}\ud800",
        f"{CANARY}\x7f",
        f" {CANARY}",
        f"{CANARY}\t",
        f"{CANARY} {CANARY}",
        f"{CANARY}é",
        "\u202a" + CANARY,
        5,
        b"x",
    ],
)
def test_a_key_that_is_not_a_header_value_is_rejected(key: Any) -> None:
    """A key with blanks, newlines or non-ASCII characters is rejected before anything is sent, and not shown."""
    with pytest.raises(InvalidArgumentError, match=r"API key|api_key") as caught:
        made(api_key=key)

    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("make", [Blooio, AsyncBlooio])
def test_a_rejected_key_is_in_no_traceback(make: type[Blooio | AsyncBlooio]) -> None:
    """A traceback with local variables does not show the key in our frames."""
    with pytest.raises(InvalidArgumentError) as caught:
        make("bl_live_" + "canary\n")

    report = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [frame for frame in report.stack if "blooio" in frame.filename and "test_settings" not in frame.filename]
    assert len(ours) > 2
    assert "canary" not in "".join(str(frame.locals) for frame in ours)


def test_settings_show_nothing_private() -> None:
    """No repr of settings or headers shows the key, another key in a header, or a number."""
    settings = attrs.evolve(
        made(from_number="+15551234567"), headers=HiddenHeaders({"authorization": f"Bearer {CANARY}"})
    )
    headers = settings.common_headers

    assert CANARY not in "".join(map(repr, (settings, vars(settings), headers, settings.headers)))
    assert "555" not in repr(settings)
    assert CANARY not in str(headers)


def test_every_request_has_a_user_agent() -> None:
    """Every request has the key, the version, and the client's headers."""
    settings = attrs.evolve(made(), headers=HiddenHeaders({"x-team": "blue", "accept": "text/plain"}))
    headers = settings.common_headers.reveal()

    assert {"x-team": "blue", "accept": "text/plain"}.items() <= headers.items()
    assert headers["authorization"] == f"Bearer {CANARY}"
    assert re.fullmatch(rf"blooio-client/{re.escape(__version__)} python/3\.\d+\.\d+", headers["user-agent"])


def test_hidden_headers_cannot_be_iterated() -> None:
    """Hidden headers are neither a mapping nor iterable, and their repr shows only names."""
    headers: object = made().common_headers

    assert not isinstance(headers, Mapping | Iterable)
    assert "canary" not in repr(headers)
    assert "authorization" in repr(headers)


@pytest.mark.parametrize(
    "timeout",
    [None, 1, 0.1, 30.0, httpx.Timeout(5), httpx.Timeout(None), httpx.Timeout(5, pool=0), 1_000_000],
)
def test_timeouts(timeout: Any) -> None:
    """A timeout is a number of seconds, an httpx.Timeout, or None."""
    assert timeout is checked_timeout(timeout)


@pytest.mark.parametrize(
    "timeout",
    [0, -1, -0.5, float("nan"), float("inf"), True, False, "30", 10**400, 1e300, [5], (5, 5), {}, b"5", object()],
)
def test_an_invalid_timeout_is_rejected(timeout: Any) -> None:
    """Any other timeout is rejected before anything is sent."""
    with pytest.raises(InvalidArgumentError, match="timeout"):
        checked_timeout(timeout)


@pytest.mark.parametrize("phase", ["connect", "read", "write", "pool"])
@pytest.mark.parametrize("limit", [-1, float("nan"), float("inf"), True, "30", 1e300, b"5"])
def test_an_invalid_limit_of_httpx_is_rejected(phase: str, limit: Any) -> None:
    """An invalid limit in an httpx.Timeout, which accepts any, is rejected before anything is sent."""
    limits: Any = {phase: limit}

    with pytest.raises(InvalidArgumentError, match=phase):
        checked_timeout(httpx.Timeout(5, **limits))


@pytest.mark.parametrize("phase", ["connect", "read", "write"])
def test_a_limit_of_zero_is_rejected(phase: str) -> None:
    """A limit of 0 is rejected, except for the pool."""
    limits: Any = {phase: 0}

    with pytest.raises(InvalidArgumentError, match=phase):
        checked_timeout(httpx.Timeout(5, **limits))


@pytest.mark.parametrize("retries", [0, 1, 100])
def test_retries(retries: int) -> None:
    """max_retries is 0 or a positive integer."""
    assert retries == checked_retries(retries)


@pytest.mark.parametrize("retries", [-1, 1.0, "2", None, True, float("inf")])
def test_invalid_retries_are_rejected(retries: Any) -> None:
    """Any other number of retries is rejected."""
    with pytest.raises(InvalidArgumentError, match="max_retries"):
        checked_retries(retries)


def test_arguments_are_checked_when_the_client_is_made() -> None:
    """Every argument is checked when the client is created."""
    for wrong in ({"timeout": 0}, {"max_retries": -1}, {"from_number": "555"}, {"base_url": "x"}):
        with pytest.raises(InvalidArgumentError):
            made(**wrong)

    assert made(from_number=" +15551234567 ").from_number == "+15551234567"


def test_headers_are_read_in_any_case() -> None:
    """Header names are case-insensitive."""
    assert checked_headers(HiddenHeaders({"X-Team": "blue", "x_y~z": "1"})).reveal() == {"x-team": "blue", "x_y~z": "1"}


@pytest.mark.parametrize(
    ("headers", "match"),
    [
        ({"": "x"}, "the name of a header"),
        ({"a b": "x"}, "the name of a header"),
        ({"a:": "x"}, "the name of a header"),
        ({"a\r\nb": "x"}, "the name of a header"),
        ({"ä": "x"}, "the name of a header"),
        ({5: "x"}, "the name of a header"),
        ({"a": "x\r\nb: canary"}, "the header a"),
        ({"a": ""}, "the header a"),
        ({"a": " x"}, "the header a"),
        ({"a": "é"}, "the header a"),
        ({"a": None}, "the header a"),
        ({"a": b"x"}, "the header a"),
        ([("a", "canary")], "headers is list"),
        ("canary", "headers is str"),
    ],
)
def test_a_header_that_cannot_be_sent_is_rejected(headers: Any, match: str) -> None:
    """Invalid header values are rejected and not shown."""
    with pytest.raises(InvalidArgumentError, match=match) as caught:
        checked_headers(HiddenHeaders(headers))

    assert "canary" not in str(caught.value)


def test_one_key_for_every_call_is_rejected() -> None:
    """An Idempotency-Key in a client's headers is rejected: only its first message would be sent."""
    with pytest.raises(InvalidArgumentError, match="only the first message"):
        checked_headers(HiddenHeaders({"Idempotency-KEY": "a"}), of_every_call=True)

    assert checked_headers(HiddenHeaders({"Idempotency-KEY": "a"})).reveal() == {"idempotency-key": "a"}


def test_a_pickle_does_not_contain_the_key() -> None:
    """A pickle of the settings does not contain the key."""
    assert b"canary" not in pickle.dumps(made().api_key)
