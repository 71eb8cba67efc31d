"""The body of a send, checked before it leaves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeGuard

from blooio_client.models import SendStatus
from blooio_client.types import JsonObject, Model, plain

from .._call.exchange import Exchange
from .._call.outcome import message_ids
from ..arguments import checked_text, id_of, reject
from ..chat_ids import phone_number
from ..json_values import is_object
from ..markdown import checked_format
from ..results import SentMessage


class HasMessageId(Protocol):
    """An object with a message id."""

    @property
    def message_id(self) -> str | None:
        """The id of the message."""
        ...


if TYPE_CHECKING:
    from blooio_client.models import (
        LinkPreview,
        MessageEffect,
        MessageFormat,
        MessagePart,
        OutgoingAttachment,
        ReplyTarget,
    )

    Attachment = str | OutgoingAttachment | Mapping[str, Any]
    Part = MessagePart | Mapping[str, Any]
    Preview = LinkPreview | Mapping[str, Any]
    Parent = str | ReplyTarget | Mapping[str, Any] | HasMessageId

KNOWN_KEY: Final = 200
"""The status of a send with a known key; a new message gets 202."""
_URL: Final = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
FIELDS: Final = frozenset(
    {
        "attachments",
        "effect",
        "format",
        "from_number",
        "link_preview",
        "parts",
        "reply_to",
        "share_contact",
        "text",
        "use_typing_indicator",
    }
)


def message_body(
    text: str | Sequence[str] | None,
    *,
    attachments: str | Sequence[Attachment] | None,
    parts: Sequence[Part] | None,
    link_preview: Preview | None,
    from_number: str | None,
    share_contact: bool | None,
    use_typing_indicator: bool | None,
    effect: MessageEffect | str | None = None,
    format: MessageFormat | str | None = None,  # noqa: A002 - the API's word
    reply_to: Parent | None = None,
    extra: Mapping[str, Any] | None,
) -> JsonObject:
    """Return the body of a send.

    Raises:
        InvalidArgumentError: The message is empty, or an argument is invalid.
    """
    if text is None and attachments is None and parts is None and not extra:
        reject("the message is empty; pass a text, attachments= or parts=")
    if parts is not None and text is not None:
        reject("pass either text or parts, not both; a text can be a part: {'text': '...'}")
    if parts is not None and effect is not None:
        reject("effect cannot be combined with parts; send the text on its own")
    for name, flag in (("share_contact", share_contact), ("use_typing_indicator", use_typing_indicator)):
        if flag is not None and not isinstance(flag, bool):
            reject(f"{name} must be True or False, not {type(flag).__name__}")
    fields: JsonObject = {
        "text": None if text is None else checked_message_text(text),
        "attachments": None if attachments is None else checked_attachments(attachments),
        "parts": None if parts is None else checked_parts(parts),
        "link_preview": None if link_preview is None else checked_preview(link_preview, text, parts),
        "from_number": None if from_number is None else phone_number(from_number, "from_number"),
        "share_contact": share_contact,
        "use_typing_indicator": use_typing_indicator,
        "effect": None if effect is None else str(checked_text(effect, "effect", "expected one such as 'confetti'")),
        "reply_to": None if reply_to is None else checked_parent(reply_to),
    }
    if reply_to is not None and _are_several_messages(fields):
        reject("reply_to requires a single message; send the others separately")
    if format is not None:
        fields["format"] = checked_format(format, _texts_of(fields), has_attachments=attachments is not None)
    for name in [*fields]:
        if fields[name] is None:
            del fields[name]
    return fields if extra is None else {**fields, **_checked_extra(extra)}


def _are_several_messages(fields: JsonObject) -> bool:
    return isinstance(fields["text"], list) or any("link_preview" in part for part in fields["parts"] or ())


def _texts_of(fields: JsonObject) -> list[tuple[str, str]]:
    """Return every text of a checked body, with its name in errors."""
    text: str | list[str] | None = fields["text"]
    if isinstance(text, str):
        return [("text", text)]
    parts: list[JsonObject] = fields["parts"] or []
    listed = [(f"text[{position}]", one) for position, one in enumerate(text or [])]
    return listed + [(f"parts[{at}]['text']", part["text"]) for at, part in enumerate(parts) if part.get("text")]


def checked_message_text(text: str | Sequence[str], name: str = "text") -> str | list[str]:
    """Return one text, or several: each becomes a message of its own."""
    if not isinstance(text, Sequence):
        reject(f"{name} must be a str or a list of str, not {type(text).__name__}")
    if not text:
        reject(f"{name} is empty; expected at least one text")
    texts: Sequence[object] = [text] if isinstance(text, str) else text
    for position, one in enumerate(texts):
        which = name if isinstance(text, str) else f"{name}[{position}]"
        if not isinstance(one, str):
            reject(f"{which} must be a str, not {type(one).__name__}")
        if not one.strip():
            reject(f"{which} is blank; expected the text of a message")
    return text if isinstance(text, str) else list(text)


def checked_attachments(attachments: str | Sequence[Attachment]) -> list[str | JsonObject]:
    """Return attachments in the form that the service accepts: URLs, or objects with a URL and a name."""
    if isinstance(attachments, str | bytes | PathLike | Mapping | Model):
        attachments = [attachments]
    if not isinstance(attachments, Iterable):
        reject(f"attachments must be a URL or a list of URLs, not {type(attachments).__name__}")
    listed = list(attachments)
    if not listed:
        reject("attachments is empty; leave it out, or pass at least one URL")
    return [_attachment(one, f"attachments[{position}]") for position, one in enumerate(listed)]


def _attachment(attachment: Attachment | PathLike[str] | bytes, name: str) -> str | JsonObject:
    if isinstance(attachment, str | bytes | PathLike):
        return checked_url(attachment, name)
    written = plain(attachment)
    if not is_object(written) or "url" not in written:
        reject(f"{name} must be a URL or {{'url': ..., 'name': ...}}, not {type(attachment).__name__}")
    checked_url(written["url"], f"{name}['url']")
    return written


def checked_url(url: object, name: str) -> str:
    """Return an http(s) URL, which Blooio downloads."""
    if not is_url(url):
        reject(f"{name} must be an http(s) URL; Blooio downloads files, so host the file and pass its URL")
    return url


def is_url(url: object) -> TypeGuard[str]:
    """Whether something is an http(s) URL."""
    return isinstance(url, str) and bool(_URL.fullmatch(url))


def checked_parts(parts: Sequence[Part]) -> list[JsonObject]:
    """Return the parts of a message, each with either a text or a URL."""
    if isinstance(parts, str | bytes | Mapping) or not isinstance(parts, Iterable):
        reject("parts must be a list such as [{'text': '...'}, {'url': 'https://...'}]")
    written = [_part(part, f"parts[{position}]") for position, part in enumerate(parts)]
    if not written:
        reject("parts is empty; expected at least one part")
    if any(part.get("link_preview") is not None for part in written):
        for position, part in enumerate(written):
            if not _is_url(part.get("text")):
                reject(f"parts[{position}] must have a single URL as its text, because another part has a link_preview")
    return written


def _part(part: object, name: str) -> JsonObject:
    written = plain(part)
    if not is_object(written):
        reject(f"{name} must be {{'text': '...'}} or {{'url': 'https://...'}}, not {type(part).__name__}")
    if (written.get("text") is None) == (written.get("url") is None):
        reject(f"{name} must have either a text or a url")
    if written.get("text") is not None:
        if not isinstance(written["text"], str):
            reject(f"{name}['text'] must be a str, not {type(written['text']).__name__}")
        checked_message_text(written["text"], f"{name}['text']")
    else:
        checked_url(written["url"], f"{name}['url']")
    return written


def checked_preview(preview: Preview, text: object, parts: object) -> JsonObject:
    """Return a link preview, which requires a text that is exactly one URL."""
    if parts is None and not _is_url(text):
        reject("link_preview requires a text that is exactly one http(s) URL; send other text as a separate message")
    written = plain(preview)
    if not is_object(written):
        reject(f"link_preview must be {{'title': ..., 'image_url': ...}}, not {type(preview).__name__}")
    return written


def checked_parent(reply_to: Parent) -> JsonObject:
    """Return the message that is replied to: its id, or its GUID and part."""
    if isinstance(reply_to, Mapping) or type(reply_to).__name__ == "ReplyTarget":
        written: JsonObject = plain(reply_to)
        if (written.get("message_id") is None) == (written.get("guid") is None):
            reject("reply_to must have either message_id or guid")
        return written
    return {"message_id": id_of(reply_to, "reply_to", "message_id")}


def _is_url(text: object) -> bool:
    return isinstance(text, str) and _URL.fullmatch(text.strip()) is not None


def _checked_extra(extra: Mapping[str, Any]) -> JsonObject:
    if not isinstance(extra, Mapping):
        reject(f"extra must be a dict of body fields, not {type(extra).__name__}")
    known = sorted(FIELDS & extra.keys())
    if known:
        reject(f"extra contains {', '.join(known)}; pass it as an argument of send")
    written: JsonObject = plain(extra)
    return written


def sent_message(exchange: Exchange) -> SentMessage:
    """Return the result of a send.

    Raises:
        BlooioError: The message was not accepted, or its outcome is unknown.
    """
    response, state = exchange.successful_response(), exchange.state
    data: dict[str, Any] = response.json
    duplicate: bool | None = response.status == KNOWN_KEY
    if duplicate and state.uncertain:
        # The key was new when this call began, or it is unknown whether an earlier call used it.
        duplicate = False if state.has_own_key else None
    return SentMessage(
        message_ids=message_ids(data),
        duplicate=duplicate,
        idempotency_key=state.idempotency_key or "",
        status=SendStatus.read(data.get("status")),
        group_id=data.get("group_id"),
        group_created=data.get("group_created"),
        participants=data.get("participants"),
        parent_unresolved=data.get("parent_unresolved"),
        raw=data,
    )
