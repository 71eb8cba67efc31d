"""The body of a send is checked before anything is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blooio_client.models import LinkPreview, MessagePart, OutgoingAttachment
from blooio_overrides._rules.conversation import message_body
from blooio_overrides.errors import InvalidArgumentError

URL = "https://example.com/a.jpg"
PREVIEW = {"title": "A"}


def body(text: Any = None, **given_fields: Any) -> dict[str, Any]:
    """Return the body of a send with only these arguments."""
    names = ("attachments", "parts", "link_preview", "from_number", "share_contact", "use_typing_indicator", "extra")
    fields: dict[str, Any] = {**dict.fromkeys(names), **given_fields}
    return message_body(text, **fields)


@pytest.mark.parametrize(
    ("given_fields", "expected"),
    [
        ({"text": "Hello"}, {"text": "Hello"}),
        ({"text": " Hello\n"}, {"text": " Hello\n"}),
        ({"text": ["one", "two"]}, {"text": ["one", "two"]}),
        ({"text": ("one",)}, {"text": ["one"]}),
        ({"attachments": URL}, {"attachments": [URL]}),
        ({"attachments": [URL, "HTTP://a.example?b"]}, {"attachments": [URL, "HTTP://a.example?b"]}),
        ({"attachments": {"url": URL, "name": "a"}}, {"attachments": [{"url": URL, "name": "a"}]}),
        ({"attachments": [OutgoingAttachment(url=URL)]}, {"attachments": [{"url": URL}]}),
        ({"attachments": OutgoingAttachment(url=URL)}, {"attachments": [{"url": URL}]}),
        ({"attachments": (each for each in [URL])}, {"attachments": [URL]}),
        ({"parts": [{"text": "a"}, {"url": URL}]}, {"parts": [{"text": "a"}, {"url": URL}]}),
        ({"parts": [MessagePart(text="a"), MessagePart(url=URL)]}, {"parts": [{"text": "a"}, {"url": URL}]}),
        ({"parts": ({"text": "a", "url": None},)}, {"parts": [{"text": "a", "url": None}]}),
        (
            {"parts": [{"text": URL, "link_preview": PREVIEW}, {"text": f" {URL} "}]},
            {"parts": [{"text": URL, "link_preview": PREVIEW}, {"text": f" {URL} "}]},
        ),
        ({"text": URL, "link_preview": PREVIEW}, {"text": URL, "link_preview": PREVIEW}),
        ({"text": f" {URL}\n", "link_preview": LinkPreview(title="A")}, {"text": f" {URL}\n", "link_preview": PREVIEW}),
        ({"parts": [{"text": URL}], "link_preview": PREVIEW}, {"parts": [{"text": URL}], "link_preview": PREVIEW}),
        ({"text": "a", "from_number": " +15551234567"}, {"text": "a", "from_number": "+15551234567"}),
        (
            {"text": "a", "share_contact": False, "use_typing_indicator": False},
            {"text": "a", "share_contact": False, "use_typing_indicator": False},
        ),
        ({"text": "a", "extra": {"subject": "slam"}}, {"text": "a", "subject": "slam"}),
        ({"text": "a", "extra": {"subject": None}}, {"text": "a", "subject": None}),
        ({"extra": {"sticker": OutgoingAttachment(url=URL)}}, {"sticker": {"url": URL}}),
        ({"text": "a", "extra": {}}, {"text": "a"}),
    ],
)
def test_the_body_of_a_send(given_fields: dict[str, Any], expected: dict[str, Any]) -> None:
    """A body contains the given arguments and nothing else."""
    assert expected == body(**given_fields)


@pytest.mark.parametrize(
    ("given_fields", "match"),
    [
        ({}, "the message is empty"),
        ({"extra": {}}, "the message is empty"),
        ({"from_number": "+15551234567", "share_contact": True}, "the message is empty"),
        ({"text": "canary", "share_contact": "no"}, "share_contact must be True or False, not str"),
        ({"text": "canary", "use_typing_indicator": 0}, "use_typing_indicator must be True or False, not int"),
        ({"text": "canary", "parts": [{"text": "canary"}]}, "either text or parts"),
        *(({"text": text}, "text is (empty|blank)") for text in ("", " ", "\n\t\u00a0")),
        ({"text": []}, "text is empty"),
        ({"text": ["canary", " "]}, r"text\[1\] is blank"),
        ({"text": ["canary", 5]}, r"text\[1\] must be a str, not int"),
        ({"text": b"canary"}, r"text\[0\] must be a str, not int"),
        *(
            ({"text": text}, "text must be a str or a list of str, not (int|set|dict|bool)")
            for text in (5, {"canary"}, {"canary": 1}, True)
        ),
        ({"attachments": []}, "attachments is empty"),
        ({"attachments": ""}, r"attachments\[0\] must be an http"),
        *(
            ({"attachments": attachments}, "host the file")
            for attachments in (
                "canary.jpg",
                "/canary/a.jpg",
                Path("/canary/a.jpg"),
                [Path("canary.jpg")],
                b"canary",
                "file:///canary",
                "ftp://canary/a",
                "data:canary",
                "https://",
                "https:///canary",
                "https://canary.example/a b",
                " https://canary.example",
                "//canary.example",
                {"url": "canary.jpg"},
                {"url": None},
                [{"url": 5}],
                OutgoingAttachment(url="canary.jpg"),
            )
        ),
        ({"attachments": [{"name": "canary"}]}, r"attachments\[0\] must be .*not dict"),
        ({"attachments": [None]}, r"attachments\[0\] must be .*not NoneType"),
        ({"attachments": [[URL]]}, r"attachments\[0\] must be .*not list"),
        ({"attachments": 5}, "attachments must be a URL.*not int"),
        ({"attachments": True}, "attachments must be a URL.*not bool"),
        ({"parts": []}, "parts is empty"),
        *(
            ({"parts": parts}, "parts must be a list")
            for parts in ("canary", b"canary", {"text": "canary"}, MessagePart(text="canary"), 5)
        ),
        *(
            ({"parts": [part]}, "either a text or a url")
            for part in ({}, {"text": "canary", "url": URL}, {"text": None}, MessagePart())
        ),
        ({"parts": [{"text": ""}]}, r"parts\[0\]\['text'\] is empty"),
        ({"parts": [{"text": 5}]}, r"parts\[0\]\['text'\] must be a str, not int"),
        ({"parts": [{"url": "canary.jpg"}]}, "host the file"),
        ({"parts": [{"text": ["canary"]}]}, r"parts\[0\]\['text'\] must be a str, not list"),
        ({"parts": ["canary"]}, r"parts\[0\] must be .*not str"),
        ({"parts": [{"text": URL, "link_preview": PREVIEW}, {"text": "canary"}]}, r"parts\[1\] must have a single URL"),
        ({"parts": [{"url": URL, "link_preview": PREVIEW}]}, r"parts\[0\] must have a single URL"),
        *(
            ({"text": text, "link_preview": PREVIEW}, "exactly one")
            for text in ("canary", f"see {URL}", f"{URL} {URL}", [URL])
        ),
        ({"attachments": URL, "link_preview": PREVIEW}, "exactly one"),
        *(({"text": URL, "link_preview": preview}, "link_preview must be") for preview in ("canary", 5, [PREVIEW])),
        ({"text": "a", "from_number": "555-canary"}, "the (phone number|from_number)"),
        ({"text": "a", "extra": {"text": "canary", "parts": []}}, "extra contains parts, text"),
        ({"text": "a", "extra": [("effect", "canary")]}, "extra must be a dict.*not list"),
        ({"text": "a", "format": 5}, "format is int; expected 'plain' or 'markdown'"),
        ({"text": "a", "format": ""}, "format is empty"),
        ({"text": "canary", "attachments": URL, "format": "markdown"}, "cannot be combined with attachments"),
        ({"attachments": URL, "format": "markdown"}, "cannot be combined with attachments"),
        ({"parts": [{"url": URL}], "format": "markdown"}, "requires a text"),
        ({"text": "a" * 20_001, "format": "markdown"}, "text has 20001 characters; expected at most 20000"),
        ({"text": ["a", "*a* " * 257], "format": "markdown"}, r"text\[1\] has 257 formatted ranges; .* at most 256"),
        ({"parts": [{"text": "**a** " * 300}], "format": "markdown"}, r"parts\[0\]\['text'\] has 300 formatted"),
        ({"text": "a", "extra": "canary"}, "extra must be a dict.*not str"),
    ],
)
def test_an_invalid_message_is_rejected(given_fields: dict[str, Any], match: str) -> None:
    """An invalid message is rejected, and the error does not show its content."""
    with pytest.raises(InvalidArgumentError, match=match) as caught:
        body(**given_fields)

    assert "canary" not in str(caught.value)
    assert caught.value.sent is False


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.just(URL),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["text", "url", "link_preview", "title"]), inner),
)


@given(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("text", "attachments", "parts", "link_preview", "from_number", "extra"), JUNK)
    )
)
def test_a_body_is_returned_or_rejected(given_fields: dict[str, Any]) -> None:
    """Any arguments yield a body or one of our errors."""
    try:
        made = body(**given_fields)
    except InvalidArgumentError:
        return

    assert made
