"""The four forms of a chat id: a phone number, an e-mail address, a group id, or several people at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from blooio_sandbox.responses import ApiError

AddressKind: TypeAlias = Literal["phone", "email", "group", "several"]

_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_EMAIL = re.compile(r"[^@\s,]+@[^@\s,]+\.[^@\s,.]+")
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")

PLUS_HINT: str = "A raw '+' in a path is read as a blank: percent-encode it as %2B (for example /chats/%2B15551234567)."


@dataclass(frozen=True)
class Address:
    """Whom a chat id names: one person, one group, or several people."""

    kind: AddressKind
    people: tuple[str, ...]

    @property
    def id(self) -> str:
        """The id as the API writes it."""
        return ",".join(self.people)


def parse_chat_id(text: str) -> Address:
    """Read a chat id.

    Raises:
        ApiError: It has none of the four forms (400).
    """
    if text.startswith("grp_"):
        return Address("group", (text,))
    people = list(dict.fromkeys(parse_person(part) for part in text.split(",")))
    kind = kind_of_person(people[0]) if len(people) == 1 else "several"
    return Address(kind, tuple(people))


def parse_person(text: str) -> str:
    """Return the normal form of a phone number or an e-mail address.

    Raises:
        ApiError: It is neither (400).
    """
    person = text.strip()
    if _PHONE.fullmatch(person):
        return person
    if _EMAIL.fullmatch(person):
        return person.lower()
    raise ApiError(400, f"{text!r} is neither an E.164 phone number nor an e-mail address.{_hint(text)}", "invalid_id")


def kind_of_person(person: str) -> Literal["phone", "email"]:
    """Say whether a person is known by an e-mail address or a phone number."""
    return "email" if "@" in person else "phone"


def participants_key(people: tuple[str, ...]) -> str:
    """Return what two lists of the same people have in common, whatever their order."""
    return ",".join(sorted(people))


def _hint(text: str) -> str:
    return " It looks percent-encoded twice: encode an id exactly once." if _ENCODED.search(text) else ""
