"""How deeply an answer may be nested."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from blooio_overrides.json_text import DEEPEST, read_json
from blooio_overrides.outcomes import UNREADABLE, Answer

ENCODERS: list[Callable[[str], Any]] = [
    str,
    str.encode,
    lambda text: bytearray(text, "utf-8"),
    lambda text: text.encode("utf-16"),
]


def nested(depth: int, opening: str = "[", closing: str = "]") -> str:
    """So many lists or objects within one another."""
    return opening * depth + ("1" if ":" in opening else "") + closing * depth


@pytest.mark.parametrize("kind", [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")], ids=["lists", "objects", "both"])
@pytest.mark.parametrize("encode", ENCODERS)
def test_nesting_is_bounded(kind: tuple[str, str], encode: Callable[[str], Any]) -> None:
    """A hundred levels are read; one more is an error, and so is any number beyond it."""
    levels = kind[0].count("[") + kind[0].count("{")

    assert read_json(encode(nested(DEEPEST // levels, *kind))) == json.loads(nested(DEEPEST // levels, *kind))
    for depth in (DEEPEST // levels + 1, 400, 900, 100_000):
        with pytest.raises(ValueError, match="deeply"):
            read_json(encode(nested(depth, *kind)))


def test_only_nesting_counts() -> None:
    """Many objects side by side, and brackets in texts, are no depth."""
    wide: Any = [{"text": "[" * 1000, "of": [{"deep": [{}]}]} for _ in range(1000)]

    assert read_json(json.dumps(wide)) == wide
    assert read_json(f'"{"{" * 1000}"') == "{" * 1000


@pytest.mark.parametrize("kind", [("[", "]"), ('{"a":', "}")], ids=["lists", "objects"])
def test_one_deep_place_among_many(kind: tuple[str, str]) -> None:
    """In a long list one value too deep is enough, wherever it stands."""
    many = ['{"text":"Lovely","reactions":[{"reaction":"love"}],"of":{}}'] * 500
    fine, too_deep = (",".join([*many, nested(depth, *kind), *many]) for depth in (DEEPEST - 1, DEEPEST))

    assert read_json(f"[{fine}]") == json.loads(f"[{fine}]")
    with pytest.raises(ValueError, match="deeply"):
        read_json(f"[{too_deep}]")


@pytest.mark.parametrize("text", ["", "<html>", '{"a":', b"\xff", "9" * 5000])
def test_what_is_no_json_is_no_value(text: str | bytes) -> None:
    """All that cannot be read is the one kind of error."""
    with pytest.raises(ValueError, match=r".+"):
        read_json(text)


def test_what_was_read_can_be_kept() -> None:
    """An answer of any depth is unreadable, or can be copied, pickled and written again."""
    for depth in range(1, 1200, 7):
        value = Answer(200, {}, nested(depth).encode()).json
        if value is not UNREADABLE:
            assert copy.deepcopy(value) == pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own
            assert json.loads(json.dumps(value)) == value
