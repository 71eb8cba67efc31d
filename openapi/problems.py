"""Problems that stop the build, and readable names for places in a document."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openapi.nodes import Json, Node


class BuildError(Exception):
    """The document or the overlay cannot be used; `problems` lists each place with its fix."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(dict.fromkeys(problems))
        super().__init__("\n".join(self.problems))


def raise_if_any(problems: Iterable[str]) -> None:
    """Raise an error if there are any problems.

    Raises:
        BuildError: It lists every problem once.
    """
    if found := list(problems):
        raise BuildError(found)


def jsonpath_of(pointer: str) -> str:
    """Return the JSONPath that selects the same place as a JSON pointer."""
    return "$" + "".join(_step(step.replace("~1", "/").replace("~0", "~")) for step in pointer.split("/")[1:])


def _step(key: str) -> str:
    if re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", key):
        return f".{key}"
    return f"[{key}]" if key.isdecimal() and len(key) < len("200") else "['" + key.replace("'", "\\'") + "']"


def action(pointer: str, update: Json = None, replaces: Json = None) -> str:
    """Return an action for the overlay, ready to paste: an update of the place, or its removal."""
    parts: Node = {"target": jsonpath_of(pointer)}
    if replaces is not None:
        parts["x-replaces"] = replaces
    parts |= {"remove": True} if update is None else {"update": update}
    return "- " + json.dumps(parts, ensure_ascii=False)
