"""STOP and START words in messages."""

from __future__ import annotations

import pytest

from blooio_overrides.webhooks.opt_out import START_WORDS, STOP_WORDS, is_opt_in, is_opt_out


@pytest.mark.parametrize("word", sorted(STOP_WORDS))
def test_a_stop_word_is_an_opt_out(word: str) -> None:
    """Case, blanks, quotation marks and punctuation around the word do not matter."""
    for text in (word, word.upper(), f"  {word.title()}!\n", f"“{word}”", f"'{word}.'"):
        assert is_opt_out(text)
        assert not is_opt_in(text)


@pytest.mark.parametrize("word", sorted(START_WORDS))
def test_a_start_word_is_an_opt_in(word: str) -> None:
    """Case, blanks, quotation marks and punctuation around the word do not matter."""
    for text in (word, word.upper(), f"  {word.title()}!\n", f"“{word}”", f"'{word}.'"):
        assert is_opt_in(text)
        assert not is_opt_out(text)


@pytest.mark.parametrize("text", [None, "", "  ", "stop by at noon", "yes", "don't stop", "restart", "the end"])
def test_other_messages_are_neither(text: str | None) -> None:
    """A word within a sentence is not an opt-out, and "yes" is not an opt-in."""
    assert not is_opt_out(text)
    assert not is_opt_in(text)


@pytest.mark.parametrize(
    "text",
    [
        *("STOP\u2026", "\uff33\uff34\uff2f\uff30\uff01", "\u200eSTOP\u200e", "Stop\u200b", "STOP\ufe0f"),
        *("[STOP]", "-STOP-", "\u2014STOP\u2014", "STOP/", "~STOP~", "<stop>", "\u00a1stop!", "\u2022 STOP"),
        *("STOP\u3002", "\u201cStop.\u201d", "\u00abSTOP\u00bb", "opt\u00a0out", "opt\u2011out"),
    ],
)
def test_what_keyboards_add_does_not_matter(text: str) -> None:
    """Any punctuation around it, full-width letters and invisible characters do not hide an opt-out."""
    assert is_opt_out(text)


def test_a_long_text_is_not_a_word() -> None:
    """A text that is longer than any word is neither, even if most of it is invisible."""
    assert not is_opt_out("stop" + "\u200b" * 100 + "x")
