"""Validate added rows, and convert them to rows of the ledger. Pure functions."""

# pyright: standard
# pyright's strict mode cannot type SQLAlchemy's rows and procrastinate's jobs; mypy checks this file strictly.

from __future__ import annotations

import datetime
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from blooio_client import ChatId, InvalidArgumentError
from blooio_overrides.markdown import MARKDOWN, checked_format

from .errors import OutboxRowError
from .quiet import NONE, checked_zone, parse_hours

FIELDS: Final = frozenset(
    {"to", "text", "key", "format", "from_number", "not_before", "not_after", "zone", "quiet_hours"}
)
_MAX_BYTES: Final = 2000
"""Bytes of what is indexed: PostgreSQL rejects entries of more than 2,704."""
_PLAIN_NUMBER: Final = re.compile(r"\+[1-9][0-9]{6,14}")


def ledger_row(row: object, campaign: str | None, now: float) -> dict[str, Any]:
    """Convert a row to the form that the ledger stores.

    Raises:
        InvalidArgumentError: A field is missing, unknown or invalid; the text names it.
    """
    if not isinstance(row, Mapping):
        raise InvalidArgumentError(f'a row must be a mapping such as {{"to": ..., "text": ...}}, not {_kind(row)}')
    fields: Mapping[str, Any] = row
    if unknown := sorted(str(name) for name in fields if name not in FIELDS):
        raise InvalidArgumentError(f"unknown fields {', '.join(unknown)}; expected {', '.join(sorted(FIELDS))}")
    recipient = checked_recipient(fields.get("to"))
    number = fields.get("from_number")
    number = "" if number in (None, "") else _checked_number(number, "from_number")
    body = json.dumps(_body(fields), ensure_ascii=False)
    not_before, not_after = (
        seconds(fields.get("not_before"), "not_before"),
        seconds(fields.get("not_after"), "not_after"),
    )
    due = max(now, not_before or 0.0)
    if not_after is not None and not_after <= due:
        raise InvalidArgumentError("not_after must be in the future, and later than not_before")
    return {
        "key": _checked_key(fields.get("key"), campaign, recipient),
        "campaign": campaign,
        "recipient": recipient,
        "number": number,
        "body": body,
        "digest": hashlib.blake2b(f"{recipient}\0{number}\0{body}".encode(), digest_size=12).digest(),
        "state": "waiting",
        "due": due,
        "not_after": not_after,
        "zone": _checked_zone(fields.get("zone")),
        "quiet_hours": _quiet_hours(fields),
        "claims": 0,
        "attempts": 0,
    }


def at_row(error: InvalidArgumentError, position: int) -> OutboxRowError:
    """Return an error that also names the row."""
    return OutboxRowError(f"row {position}: {error}", row=position)


def checked_recipient(to: object) -> str:
    """Return the canonical chat id of a recipient."""
    if isinstance(to, str) and _PLAIN_NUMBER.fullmatch(to):  # the common case
        return to
    if to is None or to == "":
        raise InvalidArgumentError("to is missing; expected a phone number, an email address or a group id")
    people: Any = to if isinstance(to, list | tuple | set | frozenset) else [to]
    ids = str(ChatId.several(people)).split(",")
    # The same people are the same recipient, however their email addresses are capitalized: opt-outs depend on it.
    return _short(",".join(sorted({each.lower() if "@" in each else each for each in ids})), "to")


def checked_number(number: str | None) -> str:
    """Return one of your numbers as the ledger stores it; "" is the client's own."""
    return "" if number is None else _checked_number(number, "number")


def checked_campaign(campaign: object) -> str | None:
    """Return the name of a campaign."""
    return None if campaign is None else _printable(campaign, "campaign")


def checked_age(age: object, name: str) -> float:
    """Return a duration in seconds."""
    if not isinstance(age, datetime.timedelta) or age < datetime.timedelta():
        raise InvalidArgumentError(f"{name} must be a timedelta >= 0, such as datetime.timedelta(days=90)")
    return age.total_seconds()


def _body(fields: Mapping[str, Any]) -> dict[str, str]:
    text, form = _checked_text(fields.get("text")), fields.get("format")
    if form is None or checked_format(form, [("text", text)], has_attachments=False) == "plain":
        return {"text": text}  # plain is the default: passing it does not make another message
    if form != MARKDOWN:
        raise InvalidArgumentError("format must be 'plain' or 'markdown'")
    return {"text": text, "format": MARKDOWN}


def _checked_text(text: object) -> str:
    if not isinstance(text, str) or not text.strip():
        raise InvalidArgumentError("text must be a str that is not blank")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidArgumentError("text contains a lone surrogate; expected valid Unicode") from None
    if "\0" in text:
        raise InvalidArgumentError("text contains a NUL character, which cannot be stored; remove it")
    return text


def _checked_number(number: object, name: str) -> str:
    if not isinstance(number, str) or not _PLAIN_NUMBER.fullmatch(number):
        raise InvalidArgumentError(f"{name} must be a phone number in E.164 format, such as +15551234567")
    return number


def _checked_key(key: object, campaign: str | None, recipient: str) -> str:
    if key is None:
        if campaign is None:
            raise InvalidArgumentError("pass key= or campaign=: the key makes sure that a message is sent only once")
        return _short(f"{campaign}:{recipient}", "the key of campaign and recipient")
    return _printable(key, "key")


def _printable(value: object, name: str) -> str:
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise InvalidArgumentError(f"{name} must be a printable str that is not blank")
    return _short(value, name)


def _short(value: str, name: str) -> str:
    if len(value.encode()) > _MAX_BYTES:
        raise InvalidArgumentError(f"{name} is too long; expected at most {_MAX_BYTES:,} bytes in UTF-8")
    return value


def _checked_zone(zone: object) -> str | None:
    if zone is None or zone == "":
        return None
    if not isinstance(zone, str):
        raise InvalidArgumentError(f"zone must be the name of a time zone such as America/New_York, not {_kind(zone)}")
    return checked_zone(zone)


def _quiet_hours(fields: Mapping[str, Any]) -> str | None:
    if "quiet_hours" not in fields:
        return None
    hours = parse_hours(fields["quiet_hours"])
    return NONE if hours is None else str(hours)


def seconds(moment: object, name: str) -> float | None:
    """Return an aware datetime as seconds since 1970."""
    if moment is None:
        return None
    if not isinstance(moment, datetime.datetime):
        raise InvalidArgumentError(f"{name} must be a datetime, not {_kind(moment)}")
    if moment.utcoffset() is None:
        raise InvalidArgumentError(f"{name} must be aware: add a time zone, such as tzinfo=datetime.UTC")
    return moment.timestamp()


def _kind(value: object) -> str:
    return type(value).__name__
