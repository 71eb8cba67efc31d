"""The options of `@pytest.mark.blooio(...)`."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self, TypeAlias

from blooio_sandbox.sandbox import Sandbox

Option: TypeAlias = "Mapping[str, Any] | list[Any] | tuple[Any, ...] | str | float | Path | None"

# Options that a sandbox is started with; the others are applied while it runs.
STARTING: tuple[str, ...] = (
    "clock",
    "status_delay",
    "retry_schedule",
    "webhook_timeout",
    "lenient_encoding",
    "enabled",
    "disabled",
    "payload",
    "attachments",
    "batches",
    "sparse",
    "reused_keys",
    "daily_limit",
    "new_conversation_limit",
    "safety",
)
# The method that each option calls, and the argument that a bare value is passed as.
RUNNING: Mapping[str, str | None] = {
    "seed": "source",
    "fail_next": "status",
    "drop_next": None,
    "delay_next": "seconds",
    "disturb_deliveries": None,
}


class Servers:
    """One running sandbox per set of start options; most test processes use only the default."""

    def __init__(self) -> None:
        self._running: dict[str, Sandbox] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    def prepare(self, options: Mapping[str, Any]) -> Sandbox:
        """Return a fresh sandbox that behaves as the options say.

        Raises:
            ValueError: An option or its value is not valid.
        """
        unknown = sorted(set(options) - {*STARTING, *RUNNING})
        if unknown:
            raise ValueError(f"unknown option {', '.join(unknown)}; expected {', '.join([*RUNNING, *STARTING])}")
        sandbox = self._started({name: options[name] for name in STARTING if name in options})
        sandbox.reset()
        for name in RUNNING:
            for arguments in calls_of(name, options.get(name)):
                getattr(sandbox, name)(**arguments)
        return sandbox

    def _started(self, options: Mapping[str, Any]) -> Sandbox:
        key = repr(sorted(options.items()))
        if key not in self._running:
            self._running[key] = self._stack.enter_context(Sandbox(**options))
        return self._running[key]


def calls_of(name: str, value: Option) -> list[Mapping[str, Any]]:
    """Return the arguments of each call for an option: one per item of a list, none for None or False."""
    if value is None or value is False:
        return []
    if isinstance(value, list | tuple):
        return [arguments for each in value for arguments in calls_of(name, each)]
    if name != "seed" and isinstance(value, Mapping):
        return [value]
    main = RUNNING[name]
    return [{}] if main is None else [{main: value}]
