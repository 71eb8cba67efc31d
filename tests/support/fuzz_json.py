"""Abnormal JSON: values for any place, and mutations of valid bodies."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, Final

import attrs

from blooio_overrides.json_values import is_list, is_object


@attrs.frozen
class Raw:
    """JSON text that is inserted unchanged."""

    text: str


def nested(depth: int, opening: str = "[", closing: str = "]") -> Raw:
    """Return a deeply nested value."""
    return Raw(opening * depth + ("1" if ":" in opening else "") + closing * depth)


# Texts that are JSON, or nearly, and that Python itself would not write.
_RAW: Final = (
    *("1e999", "-1e999", "1E400", "-0", "-0.0", "1e-999", "0.1e1", "NaN", "Infinity", "-Infinity", "01", "+1", ".5"),
    *(
        "9" * 4300,
        "9" * 4301,
        "-" + "9" * 5000,
        "1" + "0" * 400,
        "1." + "1" * 5000,
        "0x10",
        "1_000",
        "'x'",
        "undefined",
    ),
    *(
        '"\\ud800"',
        '"\\udc00\\ud800"',
        '"\\u0000"',
        '"\x00"',
        '"\n"',
        '"\\x41"',
        '"\u2028"',
        '{"a":1,"a":2}',
        "{,}",
        "[1,]",
    ),
)
STRANGE: Final[tuple[Any, ...]] = (
    *(
        None,
        True,
        False,
        0,
        1,
        -1,
        1.5,
        -1.0,
        1e308,
        2**31,
        2**63,
        2**64,
        -(2**63),
        10**30,
        253402300800000,
        -62135596800001,
    ),
    *(
        "",
        " ",
        "x",
        "0",
        "-1",
        "null",
        "NaN",
        "unheard_of",
        "queued",
        "+15551234567",
        "T",
        "-T-",
        "-" * 3000,
        "é" * 2000,
    ),
    *("2025-11-22T10:00:00Z", "2025-11-22", "2025-W47-6", "2025-11-22T24:00:00", "9999-12-31T24:00:00Z", "0000-00-00"),
    *("0001-01-01T00:00:00+14:00", "2025-11-22T10:00:00.1234567890Z", "2025-11-22T10:00:00,5", "२०२५-११-२२", "\u202e"),
    *(
        [],
        {},
        [[]],
        [None],
        [{}],
        {"": None},
        {"_json": 1, "to_dict": 2, "__class__": 3},
        ["x"] * 50,
        {"error": {"error": {}}},
    ),
    *(Raw(text) for text in _RAW),
    *(nested(depth) for depth in (50, 99, 101, 350, 900, 100_000)),
    *(nested(depth, '{"x":', "}") for depth in (50, 99, 101, 350, 900, 20_000)),
)
_KEYS: Final = (
    "id",
    "message_id",
    "message_ids",
    "error",
    "code",
    "status",
    "pagination",
    "total",
    "",
    "é",
    "_json",
    "x",
)
Place = tuple[Any, Any]
"""An object or a list, and the key of one of its values."""


def strange(random: Random) -> Any:
    """Return an abnormal value; the caller may change it."""
    return copy.deepcopy(random.choice(STRANGE))


def places(root: Any) -> Iterator[Place]:
    """Return every place in a value."""
    items: list[Place] = []
    if is_object(root):
        items = list(root.items())
    elif is_list(root):
        items = list(enumerate(root))
    for key, value in items:
        yield root, key
        yield from places(value)


def _drop(place: Place, random: Random) -> None:
    del random
    del place[0][place[1]]


def _replace(place: Place, random: Random) -> None:
    place[0][place[1]] = strange(random)


def _wrap(place: Place, random: Random) -> None:
    value = place[0][place[1]]
    place[0][place[1]] = random.choice(
        ([value], {"x": value}, [value, value], [None, value], json.dumps(written(value)))
    )


def _borrow(place: Place, random: Random) -> None:
    """Copy a value from elsewhere in the same object or list."""
    held = place[0]
    others = list(held.values()) if is_object(held) else list(held)
    held[place[1]] = copy.deepcopy(random.choice(others))


def _repeat_a_key(place: Place, random: Random) -> None:
    value = place[0][place[1]]
    twice = ",".join(f'"x":{written(each)}' for each in (value, strange(random)))
    place[0][place[1]] = Raw(f"{{{twice}}}")


def _add(place: Place, random: Random) -> None:
    value = strange(random)
    if is_object(place[0]):
        place[0][random.choice(_KEYS)] = value
    else:
        place[0].append(value)


def _flip(place: Place, random: Random) -> None:
    """Change the type: a list to an object, an object to a list, a text to a number, a number to a text."""
    value = place[0][place[1]]
    if is_object(value):
        place[0][place[1]] = list(value.values())
    elif is_list(value):
        place[0][place[1]] = {str(index): each for index, each in enumerate(value)}
    else:
        place[0][place[1]] = str(value) if not isinstance(value, str) else random.choice((0, 1.5, True, len(value)))


MUTATIONS: Final[tuple[Callable[[Place, Random], None], ...]] = (
    _drop,
    _replace,
    _replace,
    _replace,
    _wrap,
    _borrow,
    _repeat_a_key,
    _add,
    _flip,
)


def mutated(value: Any, random: Random) -> Any:
    """Return a mutated copy of a value."""
    root = [copy.deepcopy(value)]
    for _ in range(random.choice((0, 1, 1, 1, 2, 3, 8))):
        found = list(places(root))
        if not found:
            break
        # Usually not at the root, where a mutation reveals little.
        random.choice(MUTATIONS)(random.choice(found[1:] or found), random)
    if random.random() < 0.03:
        return strange(random)
    return root[0] if root else None


def written(value: Any) -> str:
    """Return a value as JSON text, with raw pieces unchanged."""
    if isinstance(value, Raw):
        return value.text
    if is_object(value):
        return "{" + ",".join(f"{json.dumps(key)}:{written(each)}" for key, each in value.items()) + "}"
    if is_list(value):
        return "[" + ",".join(map(written, value)) + "]"
    return json.dumps(value)
