"""A local, stateful Blooio for demos and tests.

from blooio_sandbox import Sandbox

with Sandbox() as sandbox:
    print(sandbox.base_url, sandbox.api_key)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blooio_sandbox.api.ledger import RecordedRequest
    from blooio_sandbox.control.faults import Fault
    from blooio_sandbox.phones.phone import Phone
    from blooio_sandbox.sandbox import Sandbox
    from blooio_sandbox.state.messages import SandboxMessage
else:
    _HOMES = {
        "Fault": "control.faults",
        "Phone": "phones.phone",
        "RecordedRequest": "api.ledger",
        "Sandbox": "sandbox",
        "SandboxMessage": "state.messages",
    }

    def __getattr__(name: str) -> object:
        """Load a public name when it is first used: importing this package costs nothing."""
        from importlib import import_module

        from blooio_sandbox.extra import MISSING_EXTRA, is_installed

        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        if not is_installed():
            raise ImportError(MISSING_EXTRA)
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


__all__ = ["Fault", "Phone", "RecordedRequest", "Sandbox", "SandboxMessage"]
