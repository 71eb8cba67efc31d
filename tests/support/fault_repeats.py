"""The effect of a second request of each operation."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

from blooio_overrides._call.operations import OPERATIONS


class Kind(Enum):
    """The effect of processing a request twice."""

    SAFE = "the same as after one"
    KEYED = "the same as after one, since the service knows the key"
    VISIBLE = "the same in the end, but people may see it happen twice"
    ONCE = "something that was not asked for"


REPEATS: Final[Mapping[str, tuple[Kind, str]]] = MappingProxyType(
    {name: (Kind[each.repeat.name], each.why) for name, each in OPERATIONS.items()}
)
REPRESENTATIVES: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.SAFE: "getChat",
        Kind.KEYED: "sendMessage",
        Kind.VISIBLE: "setGroupIcon",
        Kind.ONCE: "sendPoll",
    }
)
"""One operation of each kind, for tests that would take too long with all operations."""
