"""Parsing JSON, with and without msgspec, and limits on nesting."""

from __future__ import annotations

import copy
import json
import pickle
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from blooio_overrides import json_values as json_text
from blooio_overrides._call.outcome import UNREADABLE, Response
from blooio_overrides.json_values import DEEPEST, read_json

ENCODERS: list[Callable[[str], Any]] = [
    str,
    str.encode,
    lambda text: bytearray(text, "utf-8"),
    lambda text: text.encode("utf-16"),
]
LONG: Final = b" " * 20_001
"""Blanks that make a text long."""


@pytest.fixture(autouse=True, params=["msgspec", "json"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Parse long texts with and without msgspec."""
    which: str = request.param
    if which == "json":
        monkeypatch.setitem(sys.modules, "msgspec.json", None)
    json_text.long_reader.cache_clear()
    yield which
    json_text.long_reader.cache_clear()


def outcome(read: Callable[[bytes], Any], text: bytes) -> str:
    """Return the repr of the parsed value, which shows key order and number types, or "no JSON"."""
    try:
        return repr(read(text))
    except ValueError:
        return "no JSON"


NUMBERS: Final = st.from_regex(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,4})?", fullmatch=True)
LITERALS: Final = st.sampled_from(
    ["null", "true", "false", "NaN", "Infinity", "-Infinity", "01", "1.", "tru", "''", ""]
)
STRINGS: Final = st.one_of(
    st.text(st.characters(codec="utf-8")).map(json.dumps),
    st.text(st.characters(codec="utf-8")).map(lambda text: json.dumps(text, ensure_ascii=False)),
    st.from_regex(r'"(\\[u/bfnrtx"][0-9a-fA-FdD]{0,8}|.){0,8}"', fullmatch=True),
)
TEXTS: Final = st.recursive(
    NUMBERS | LITERALS | STRINGS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]"),
        st.lists(st.tuples(STRINGS, inner), max_size=4).map(
            lambda pairs: "{" + ",".join(f"{name}:{value}" for name, value in pairs) + "}"
        ),
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.one_of(TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")), st.binary(max_size=12)))
@example(text=b"123456789012345678901234567890")
@example(text=b"-18446744073709551616")
@example(text=b"1e400")
@example(text=b"[NaN, -0, -0.0]")
@example(text=b'"\\ud800"')
@example(text=b'"\xed\xa0\x80"')
@example(text=b'{"a": 1, "b": 2, "a": 3}')
@example(text=b"\xef\xbb\xbf1")
@example(text=b"1\x00")
@example(text=b"9" * 5000)
@example(text='"\\ud83d\\ude00"'.encode("utf-16"))
def test_both_parsers_agree(text: bytes) -> None:
    """Both parsers agree with `json` on values and on rejected texts."""
    for given_text in (text, text + LONG, LONG + text):
        assert outcome(read_json, given_text) == outcome(json.loads, given_text)


def test_long_texts_are_read_by_msgspec_if_it_is_installed(reader: str) -> None:
    """With the extra `fast`, msgspec parses long texts and `json` short ones; without it, `json` parses all."""
    read_json(b"1")
    assert json_text.long_reader.cache_info().currsize == 0

    read_json(b"1" + LONG)
    assert json_text.long_reader.cache_info().currsize == 1
    assert json_text.long_reader().__qualname__ == {"msgspec": "Decoder.decode", "json": "loads"}[reader]


def nested(depth: int, opening: str = "[", closing: str = "]") -> str:
    """Lists or objects nested this deeply."""
    return opening * depth + ("1" if ":" in opening else "") + closing * depth


@pytest.mark.parametrize("kind", [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")], ids=["lists", "objects", "both"])
@pytest.mark.parametrize("encode", ENCODERS)
def test_nesting_is_bounded(kind: tuple[str, str], encode: Callable[[str], Any]) -> None:
    """A hundred levels are parsed; more are an error."""
    levels = kind[0].count("[") + kind[0].count("{")

    assert read_json(encode(nested(DEEPEST // levels, *kind))) == json.loads(nested(DEEPEST // levels, *kind))
    for depth in (DEEPEST // levels + 1, 400, 900, 100_000):
        with pytest.raises(ValueError, match="deeply"):
            read_json(encode(nested(depth, *kind)))


def test_nesting_is_bounded_in_long_texts() -> None:
    """Nesting is also bounded in a long text."""
    assert read_json(nested(DEEPEST).encode() + LONG) == json.loads(nested(DEEPEST))
    for depth in (DEEPEST + 1, 400, 900, 5_000, 100_000):
        with pytest.raises(ValueError, match="deeply"):
            read_json(nested(depth).encode() + LONG)


def test_only_nesting_counts() -> None:
    """Many sibling objects, and brackets in strings, do not count as depth."""
    wide: Any = [{"text": "[" * 1000, "of": [{"deep": [{}]}]} for _ in range(1000)]

    assert read_json(json.dumps(wide)) == wide
    assert read_json(f'"{"{" * 1000}"') == "{" * 1000


@pytest.mark.parametrize("kind", [("[", "]"), ('{"a":', "}")], ids=["lists", "objects"])
def test_one_deep_place_among_many(kind: tuple[str, str]) -> None:
    """A single value that is too deep is an error, even in the middle of a long list."""
    many = ['{"text":"Lovely","reactions":[{"reaction":"love"}],"of":{}}'] * 500
    fine, too_deep = (",".join([*many, nested(depth, *kind), *many]) for depth in (DEEPEST - 1, DEEPEST))

    assert read_json(f"[{fine}]") == json.loads(f"[{fine}]")
    with pytest.raises(ValueError, match="deeply"):
        read_json(f"[{too_deep}]")


@pytest.mark.parametrize("text", ["", "<html>", '{"a":', b"\xff", "9" * 5000])
def test_invalid_json_raises(text: str | bytes) -> None:
    """Text that is not JSON raises ValueError."""
    with pytest.raises(ValueError, match=r".+"):
        read_json(text)


def test_a_response_can_be_copied() -> None:
    """Every response that can be read can also be copied, pickled and serialized."""
    for depth in range(1, 1200, 7):
        value = Response(200, {}, nested(depth).encode()).json
        if value is not UNREADABLE:
            assert copy.deepcopy(value) == pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own
            assert json.loads(json.dumps(value)) == value


@pytest.mark.parametrize("text", ["{}\r\n", " \t[1]", "[1] 2", "{}x", "[1]\u00a0", "\ufeff[]", "", " "])
def test_text_around_a_value(text: str) -> None:
    """Whitespace around a value is skipped, and anything else is an error."""
    assert outcome(read_json, text.encode()) == outcome(json.loads, text.encode())
