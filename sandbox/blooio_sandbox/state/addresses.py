"""Chat ids: a phone number, an email address, a group id, or several people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from blooio_sandbox.responses import ApiError

AddressKind: TypeAlias = Literal["phone", "email", "group", "several"]

_PHONE = re.compile(r"\+[1-9][0-9]{6,14}|[0-9]{3,8}")  # or a short code
_EMAIL = re.compile(r"[^@\s,]+@[^@\s,]+\.[^@\s,.]+")
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")

PLUS_HINT: str = "A raw '+' in a path is read as a space: percent-encode it as %2B (for example /chats/%2B15551234567)."


@dataclass(frozen=True)
class Address:
    """The recipients that a chat id names: a person, a group, or several people."""

    kind: AddressKind
    people: tuple[str, ...]

    @property
    def id(self) -> str:
        """The id as the API writes it."""
        return ",".join(self.people)


def parse_chat_id(text: str) -> Address:
    """Parse a chat id.

    Raises:
        ApiError: The id is not valid (400).
    """
    if text.startswith("grp_"):
        return Address("group", (text,))
    people = list(dict.fromkeys(parse_person(part) for part in text.split(",")))
    kind = kind_of_person(people[0]) if len(people) == 1 else "several"
    return Address(kind, tuple(people))


def parse_person(text: str) -> str:
    """Normalize a phone number or an email address.

    Raises:
        ApiError: It is neither (400).
    """
    person = text.strip()
    if _PHONE.fullmatch(person):
        return person
    if _EMAIL.fullmatch(person):
        return person.lower()
    raise ApiError(400, f"{text!r} is not an E.164 phone number or an email address.{_hint(text)}", "invalid_id")


def kind_of_person(person: str) -> Literal["phone", "email"]:
    """Return whether an identifier is an email address or a phone number."""
    return "email" if "@" in person else "phone"


def participants_key(people: tuple[str, ...]) -> str:
    """Return a key that identifies a set of people, whatever their order."""
    return ",".join(sorted(people))


def _hint(text: str) -> str:
    return " It looks percent-encoded twice: encode an id exactly once." if _ENCODED.search(text) else ""
