"""Base URLs, and where the API key may be sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blooio_client import AsyncBlooio, Blooio
from blooio_overrides._call.operations import DEFAULT_BASE_URL
from blooio_overrides._call.settings import Settings, checked_base_url
from blooio_overrides.errors import InvalidArgumentError


def test_the_default_base_url_is_the_documents(settings: Settings) -> None:
    """The default base URL is the server in Blooio's document."""
    document: dict[str, Any] = json.loads(Path(__file__).parents[2].joinpath("openapi/blooio-v2.json").read_bytes())

    assert [server["url"] for server in document["servers"]] == [DEFAULT_BASE_URL]
    assert settings.base_url == DEFAULT_BASE_URL


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://api.example/v2/api", "https://api.example/v2/api"),
        ("https://api.example/v2/api///", "https://api.example/v2/api"),
        ("https://api.example", "https://api.example"),
        ("https://api.example:8443/", "https://api.example:8443"),
        ("HTTPS://API.example/V2", "https://API.example/V2"),
        ("hTTp://localhost:8787", "http://localhost:8787"),
        ("http://blooio.localhost/v2", "http://blooio.localhost/v2"),
        ("http://127.0.0.1:8787", "http://127.0.0.1:8787"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:8787/x", "http://[::1]:8787/x"),
        ("https://blooio_sandbox:8787", "https://blooio_sandbox:8787"),
    ],
)
def test_base_urls(url: str, expected: str) -> None:
    """Trailing slashes are stripped and the scheme is lowercased; http is for loopback only."""
    assert expected == checked_base_url(url, allow_http=False)


@pytest.mark.parametrize(
    ("url", "match"),
    [
        *(
            (url, "must be an http")
            for url in ("", "api.example", "//api.example", "ftp://api.example", "https://", "https:///x")
        ),
        *(
            (url, "must be an http")
            for url in ("https://api.example:99999", "https://api.example:0", "https://[::1", "https://a:x")
        ),
        *(
            (url, "must be an http")
            for url in (
                "https://api example",
                "https://api.example\n",
                "https://api.example/\x00",
                "https://bücher.example",
            )
        ),
        *(
            (url, "must be an http")
            for url in (
                "https://a..b",
                "https://.a",
                "https://a<b",
                "https://a\\b",
                "https://%41b",
                f"https://{'a' * 64}.b",
            )
        ),
        *(
            (url, "user info")
            for url in ("https://ann:canary@api.example", "https://@api.example", "https://canary@api.example")
        ),
        *(
            (url, "a query")
            for url in (
                "https://api.example?key=canary",
                "https://api.example/?",
                "https://api.example#canary",
                "https://api.example#",
            )
        ),
        *(
            (url, "allow_http=True")
            for url in (
                "http://api.example",
                "HTTP://api.example",
                "http://127.0.0.1.example",
                "http://0.0.0.0",
                "http://notlocalhost",
                "http://192.168.0.1",
                "http://localhost.evil.example",
                "http://localhost-evil.example",
                "http://127.0.0.1.evil.example",
                "http://0x7f.1",
                "http://0177.0.0.1",
                "http://2130706433",
                "http://127.1",
                "http://[::ffff:1.2.3.4]",
                "http://[::]",
                "http://[fe80::1]",
                "hTTp://API.example",
            )
        ),
        *(
            (url, "user info")
            for url in (
                "http://127.0.0.1@evil.example",
                "http://localhost:80@evil.example",
                "http://localhost\\@evil.example",
                "http://localhost@evil.example/",
            )
        ),
        *(
            (url, "must be an http")
            for url in (
                "http://[fe80::1%25eth0]",
                "http://[::1%25lo]",
                "http://localhost%2eevil.example",
                "https://api.example/v2/../admin",
                "https://api.example/%2e%2e/admin",
                "https://api.example/./v2",
                "https://api.example/a\\b",
                'https://api.example/a"b',
                "https://api.example/%zz",
                "https://api.example/\r\nX-Injected: 1",
            )
        ),
        *((url, r"base_url is (int|bytes|NoneType)") for url in (5, b"https://api.example", None)),
    ],
)
def test_an_invalid_base_url_is_rejected(url: Any, match: str) -> None:
    """A URL with more than scheme, host and path, or one that would send the key unencrypted, is rejected."""
    with pytest.raises(InvalidArgumentError, match=match) as caught:
        checked_base_url(url, allow_http=False)

    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("kind", [Blooio, AsyncBlooio])
def test_an_invalid_base_url_in_the_environment_is_rejected(
    monkeypatch: pytest.MonkeyPatch, kind: type[Blooio | AsyncBlooio]
) -> None:
    """Plain http is rejected, whether it comes from an argument or the environment."""
    monkeypatch.setenv("BLOOIO_BASE_URL", "http://localhost.evil.example")

    with pytest.raises(InvalidArgumentError, match="allow_http=True"):
        kind("bl_live_canary")


def test_http_can_be_allowed() -> None:
    """allow_http=True allows sending the key unencrypted."""
    assert checked_base_url("http://api.example", allow_http=True) == "http://api.example"


@given(
    st.text() | st.text().map("https://".__add__) | st.from_regex(r"https?://[a-z.:@%\[\]\\0-9-]{1,12}", fullmatch=True)
)
def test_a_base_url_is_accepted_or_rejected(url: str) -> None:
    """The check raises no other error, and httpx parses an accepted URL to the same host."""
    try:
        checked = checked_base_url(url, allow_http=True)
    except InvalidArgumentError:
        return

    assert checked.startswith(("http://", "https://"))
    assert httpx.URL(checked).host
