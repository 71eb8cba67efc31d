"""Helpers for the tests of pure modules; none of them opens a connection."""

from __future__ import annotations

import pytest

from blooio_overrides._call.settings import Settings, hidden, settings_from


@pytest.fixture
def settings() -> Settings:
    """The settings of a client with only an API key."""
    return settings_from(
        api_key=hidden("bl_live_canary"), base_url=None, timeout=30.0, max_retries=2, from_number=None, allow_http=False
    )
