"""Requests to the sandbox, in a form that is easy to compare."""

from __future__ import annotations

from typing import Any

from blooio_sandbox import Sandbox

PREFIX = "/v2/api"


def received(sandbox: Sandbox) -> list[tuple[str, str, Any]]:
    """Return the method, path with query, and JSON body of every request so far."""
    return [
        (
            request.method,
            request.raw_path.removeprefix(PREFIX) + (f"?{request.query}" if request.query else ""),
            request.body,
        )
        for request in sandbox.requests
    ]
