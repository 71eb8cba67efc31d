"""Requests to the local Blooio, in a form that is easy to compare."""

from __future__ import annotations

from typing import Any

from blooio_sandbox import Sandbox

PREFIX = "/v2/api"


def asked(sandbox: Sandbox) -> list[tuple[str, str, Any]]:
    """Return every request so far: its method, its path as sent with the query, and its JSON body."""
    return [
        (
            request.method,
            request.raw_path.removeprefix(PREFIX) + (f"?{request.query}" if request.query else ""),
            request.body,
        )
        for request in sandbox.requests
    ]
