"""Routing: from a raw path to an operation and its ids."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote_to_bytes

from blooio_sandbox.api.document import Operation, is_id, load_operations
from blooio_sandbox.responses import ApiError
from blooio_sandbox.state.addresses import PLUS_HINT

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX: str = "/v2/api"

# Only addresses start with a plus; in other ids it can be an encoded space.
_ADDRESS_IDS = frozenset({"chatId", "contactId", "number", "handle"})


_Shape: TypeAlias = "tuple[bool, ...]"
_Literals: TypeAlias = "tuple[str | None, ...]"


@dataclass(frozen=True)
class Route:
    """An operation and the ids in its path, each decoded once."""

    operation: Operation
    ids: Mapping[str, str]


def find_route(method: str, raw_path: str, *, lenient: bool) -> Route:
    """Return the route of a request.

    Raises:
        ApiError: The path is unknown (404), the method is not allowed (405), or an id contains a raw `+` (404).
    """
    segments = split_path(raw_path) or []
    operations = _operations_at(segments)
    if not operations:
        raise ApiError(404, f"No such path; the operations of the API are under {PREFIX}", "no_such_path")
    for operation in operations:
        if operation.method == method:
            return Route(operation, _read_ids(operation, segments, lenient=lenient))
    allowed = ", ".join(sorted(operation.method for operation in operations))
    message = f"Method not allowed; this path takes {allowed}"
    raise ApiError(405, message, "method_not_allowed", headers={"allow": allowed})


def split_path(raw_path: str) -> list[str] | None:
    """Split a raw path, so that an encoded slash stays in its segment."""
    return raw_path.removeprefix(PREFIX + "/").split("/") if raw_path.startswith(PREFIX + "/") else None


def _operations_at(segments: list[str]) -> list[Operation]:
    """Return the operations at a path; those with fewer ids come first."""
    found: list[Operation] = []
    for shape, operations in _operations_by_shape().get(len(segments), {}).items():
        # An id is never empty: an empty segment matches nothing.
        literals = tuple([None if stands and text else text for stands, text in zip(shape, segments, strict=True)])
        found += operations.get(literals, ())
    return found


@cache
def _operations_by_shape() -> Mapping[int, Mapping[_Shape, Mapping[_Literals, list[Operation]]]]:
    """Index operations by number of segments, positions of ids, and literal segments."""
    table: dict[int, dict[_Shape, dict[_Literals, list[Operation]]]] = {}
    for operation in load_operations():
        shape = tuple(map(is_id, operation.segments))
        literals = tuple(None if is_id(segment) else segment for segment in operation.segments)
        table.setdefault(len(shape), {}).setdefault(shape, {}).setdefault(literals, []).append(operation)
    return table


def _read_ids(operation: Operation, segments: list[str], *, lenient: bool) -> dict[str, str]:
    return {
        part.strip("{}"): _decode(part.strip("{}"), segment, lenient=lenient)
        for part, segment in zip(operation.segments, segments, strict=True)
        if is_id(part)
    }


def _decode(name: str, segment: str, *, lenient: bool) -> str:
    if "+" in segment and not lenient:
        if name in _ADDRESS_IDS:
            raise ApiError(404, f"Not found: {segment.replace('+', ' ')!r}. {PLUS_HINT}", "not_found")
        segment = segment.replace("+", " ")
    try:
        return unquote_to_bytes(segment).decode()
    except UnicodeDecodeError:
        raise ApiError(400, f"The id {segment!r} is not UTF-8 once decoded", "invalid_request") from None
