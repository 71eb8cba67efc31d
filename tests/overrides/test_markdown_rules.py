"""The limits of Markdown, which reject nothing that Blooio accepts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blooio_overrides.markdown import MAX_RANGES, MAX_TEXT, checked_format, formatted_ranges
from blooio_sandbox.api.markdown import read_markdown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("plain, 2 * 3 * 4 and snake_case_names", 0),
        ("**a** __b__ *c* _d_ ++e++ ~~f~~", 6),
        ("**a _b_ c** *d*", 2),
        ("**two\nlines**", 0),
        ("****", 0),
        (r"\*a\* `*b*` \\*c*", 1),
        ("* a* *b *", 0),
        ("_a_b _c_", 1),
        ("**a", 0),
    ],
)
def test_ranges_are_counted(text: str, expected: int) -> None:
    """A range within a line counts once, with those nested in it; escapes, code and unpaired marks do not count."""
    assert formatted_ranges(text) == expected


@given(st.text(alphabet="ab *_+~\\`\n", max_size=60))
def test_the_count_of_ranges_has_an_upper_bound(text: str) -> None:
    """Each counted range takes at least three characters of the text."""
    assert 3 * formatted_ranges(text) <= len(text)


def test_a_text_within_the_limits_is_sent() -> None:
    """The longest text and the most ranges are accepted, as are plain texts and future formats."""
    longest, most = "a" * MAX_TEXT, "*a* " * MAX_RANGES

    assert checked_format("markdown", [("text", longest), ("text", most)], has_attachments=False) == "markdown"
    assert checked_format("plain", [("text", longest + "a")], has_attachments=True) == "plain"
    assert checked_format("html", [], has_attachments=True) == "html"
    assert read_markdown(most, "/text")[1] is not None
