"""Regression seeds, and random bytes as deliveries, identifiers and headers."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzz_cases import Case, keep, seeds
from fuzz_drive import Drive
from fuzz_settings import BOUNDED
from fuzz_targets import bytes_of, keep_found, targets
from hypothesis import given, settings
from hypothesis import strategies as st

TOKENS = (
    *(
        b"t=1",
        b"v1=",
        b"0" * 64,
        b",",
        b"=",
        b"\n\n",
        b"{",
        b"}",
        b'"event"',
        b":",
        b'"message.received"',
        b'"data"',
        b"[",
    ),
    *(b"+", b"1555123", b"4567", b"@", b"example.com", b"grp_", b"%2B", b" ", b"\xe2\x80\xae", b"\xed\xa0\x80", b"."),
    *(b"9" * 400, b"-", b"1e999", b"nan", b"Wed, 21 Oct 2015 07:28:00 GMT", b"_", b"\xd9\xa3", b"\x00", b"GMT", b"2"),
)


@pytest.mark.parametrize("path", seeds(), ids=lambda path: str(path.stem))
def test_seeds_stay_fixed(drive: Drive, path: Path) -> None:
    """Each seed yields a result or one of our errors."""
    target, data = bytes_of(path.read_text("ascii"))

    targets(drive)[target](data)


@pytest.mark.parametrize("target", ["webhook", "identifier", "retry_header", "response"])
@settings(BOUNDED, max_examples=250)
@given(data=st.binary(max_size=60) | st.lists(st.sampled_from(TOKENS), max_size=9).map(b"".join))
def test_any_bytes_are_accepted_or_rejected(drive: Drive, target: str, data: bytes) -> None:
    """Any bytes yield a result or one of our errors."""
    targets(drive)[target](data)


def test_there_are_seeds_for_every_target() -> None:
    """Each seed says what it guards, and each target has seeds."""
    texts = [path.read_text("ascii") for path in seeds()]

    assert {bytes_of(text)[0] for text in texts} == {"response", "webhook", "identifier", "retry_header"}
    assert all('"guards": "' in text for text in texts)


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff\n\n\x00", b'"\n\n"'])
def test_a_case_survives_encoding(body: bytes) -> None:
    """A case is the same after encoding as bytes or as a seed."""
    case = Case("getMe", 503, (("retry-after", "\xff: 1"), ("x", "")), body)

    assert Case.of_bytes(case.as_bytes()) == case
    assert Case.of_json(case.as_json("nothing")) == case


@pytest.mark.parametrize("target", ["webhook", "response"])
def test_failures_are_kept(tmp_path: Path, target: str) -> None:
    """A failure writes a seed with the same bytes for the same target."""
    data = Case("getMe", 200, (), b"\xff").as_bytes()
    path = keep_found(target, data, ValueError("wrong"), tmp_path)

    assert bytes_of(path.read_text("ascii")) == (target, data)
    assert path.parent == keep(Case.of_bytes(data), KeyError(), tmp_path).parent
    assert len(list(tmp_path.iterdir())) == 2
