"""Chat ids: a phone number, an email address, a group id, a short code, or several people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final, NoReturn

import attrs

from blooio_client.types import Model

from .arguments import invisible_character, masked, reject

_BLANKS: Final = " \t\r\n\v\f"
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_SHORT_CODE: Final = re.compile(r"[0-9]{3,8}")
_GROUP: Final = re.compile(r"grp_\S+")
_EMAIL: Final = re.compile(r"[^@\s,<>]+@[^@\s,?/#;:<>]+")
_SCHEME: Final = re.compile(r"\A(?:tel|mailto):", re.IGNORECASE)
_ENCODED: Final = re.compile(r"%[0-9A-Fa-f]{2}")
# Digits of any script with anything but letters between them, such as the blanks and dashes of an address book.
_LIKE_A_PHONE: Final = re.compile(r"(?:[^\w@]*\d){6,}[^\w@]*")
_ANYBODY: Final = "expected a phone number in E.164 format, an email address, a group id or a short code"
_PERSON: Final = "expected a phone number in E.164 format such as +15551234567, or an email address"


@attrs.frozen(repr=False)
class ChatId:
    """The id of a conversation; `str()` returns the plain id, which the client encodes itself.

    `client.chat` takes plain strings, too. Use these constructors to say which kind of id you mean.
    """

    __module__ = "blooio_client"

    value: str

    @classmethod
    def phone(cls, number: str) -> ChatId:
        """Make the id of a phone number in E.164 format: a plus, the country code and the number.

        Raises:
            InvalidArgumentError: The number is not in E.164 format.
        """
        return cls(_phone(_cleaned(number, "chat id")))

    @classmethod
    def email(cls, address: str) -> ChatId:
        """Make the id of an email address, in lower case.

        Raises:
            InvalidArgumentError: The text is not an email address.
        """
        text = _cleaned(address, "chat id")
        if not _EMAIL.fullmatch(text):
            reject(f"the chat id {masked(text)!r} is not an email address; expected one such as ann@example.com")
        return cls(_address(text))

    @classmethod
    def group(cls, group_id: str) -> ChatId:
        """Make the id of a group, such as `grp_...`.

        Raises:
            InvalidArgumentError: The id is empty, not printable, or several ids.
        """
        text = _cleaned(group_id, "chat id")
        if "," in text:
            reject("the group id contains a comma; expected one group id. For several people, use ChatId.several")
        return cls(text)

    @classmethod
    def several(cls, people: Iterable[str | ChatId]) -> ChatId:
        """Make the id of a group of exactly these people; Blooio creates the group if it does not exist.

        Neither the order nor the case of addresses matters: the same people have the same id.

        Args:
            people: Phone numbers or email addresses.

        Raises:
            InvalidArgumentError: The list is empty, or one of the ids is not valid.
        """
        if isinstance(people, str) or not isinstance(people, Iterable):
            reject(f"the chat ids are {type(people).__name__}; expected a list of ids")
        ids = {each for person in people for each in chat_id(person).value.split(",")}
        if not ids:
            reject("the list of chat ids is empty; expected at least one phone number or email address")
        if len(ids) > 1 and any(map(_GROUP.fullmatch, ids)):
            reject("the list of chat ids contains a group; expected phone numbers or email addresses")
        # Sorted, so an idempotency key derived from the id does not depend on the order of the members.
        return cls(",".join(sorted(ids)))

    def __str__(self) -> str:
        return self.value

    def __repr__(self) -> str:
        return f"ChatId({masked(self.value)!r})"


def chat_id(value: object) -> ChatId:
    """Return the chat id that a user means.

    Args:
        value: One id, several ids as a list or separated by commas, or an object that has an id. An id that came from
            the service may have any form, since Blooio also lists senders such as `SUPPORT`.

    Raises:
        InvalidArgumentError: The value cannot be a chat id.
    """
    if isinstance(value, str):
        text: object = value
    elif isinstance(value, ChatId):
        text = value.value
    elif isinstance(value, Iterable) and not isinstance(value, bytes):
        return ChatId.several(value)  # pyright: ignore[reportUnknownArgumentType] - several() checks each item
    else:
        text = _id_of_object(value)
    if isinstance(text, str) and "," in text:
        return ChatId.several(map(ChatId, text.split(",")) if _is_ours(value) else text.split(","))
    cleaned = _cleaned(text, "chat id")
    return ChatId(cleaned if _GROUP.fullmatch(cleaned) else _one_person(cleaned, "chat id", _ANYBODY, value))


def _is_ours(value: object) -> bool:
    """Whether an object is one of this package, rather than the user's own, whose `id` may be anything."""
    return isinstance(value, Model) or type(value).__module__.partition(".")[0] == "blooio_client"


def _id_of_object(value: object) -> str:
    for attribute in ("chat_id", "group_id", *(("identifier", "id", "external_id") if _is_ours(value) else ())):
        held = getattr(value, attribute, None)
        if isinstance(held, str):
            return held
    return reject(f"the chat id is {type(value).__name__}; {_ANYBODY}, or a list of them")


def _one_person(text: str, name: str, hint: str, given: object) -> str:
    """Return the id of one person, if it is one.

    Args:
        text: The id.
        name: What to call it in an error.
        hint: What is expected instead.
        given: What it was given as. The form of an id that came from the service is not checked.
    """
    if _E164.fullmatch(text) or _SHORT_CODE.fullmatch(text):
        return text
    if _EMAIL.fullmatch(text):
        return _address(text)
    if not _is_ours(given) and (_LIKE_A_PHONE.fullmatch(text) or text.startswith("+")):
        _reject_phone(text)
    return reject(f"the {name} {masked(text)!r} is not valid; {hint}") if isinstance(given, str) else text


def _address(email: str) -> str:
    """Normalize an email address: lower case, and composed accents."""
    return unicodedata.normalize("NFC", email.lower())


def _cleaned(text: object, name: str, hint: str = _ANYBODY) -> str:
    """Strip ASCII blanks and `tel:` or `mailto:`, and reject obviously invalid ids."""
    if not isinstance(text, str):
        reject(f"the {name} is {type(text).__name__}; {hint}")
    stripped = _SCHEME.sub("", text.strip(_BLANKS))
    if stripped in ("", ".", ".."):
        reject(f"the {name} is {stripped!r}; {hint}")
    if not (stripped.isascii() and stripped.isprintable()) and (found := invisible_character(stripped)):
        reject(f"the {name} contains {found}, which is invisible; type the id instead of pasting it")
    if _ENCODED.search(stripped):
        reject(f"the {name} {masked(stripped)!r} is percent-encoded; expected the plain id, which the client encodes")
    return stripped


def _phone(text: str) -> str:
    return text if _E164.fullmatch(text) else _reject_phone(text)


def _reject_phone(text: str) -> NoReturn:
    reject(
        f"the phone number {masked(text)!r} is not in E.164 format; "
        "expected a plus, the country code and the number, such as +15551234567"
    )


def phone_number(value: object, name: str) -> str:
    """Return one of your own phone numbers in E.164 format.

    Raises:
        InvalidArgumentError: The number is not in E.164 format.
    """
    return _phone(_cleaned(value, name, _PERSON))


def contact_id(value: object, name: str = "contact") -> str:
    """Return the phone number, email address or short code of a contact, or the identifier of an object.

    An identifier that came from the service may have any form, since Blooio also lists senders such as `SUPPORT`.

    Raises:
        InvalidArgumentError: The value is empty, several people, a group, or not valid.
    """
    text = _cleaned(_held_by(value), name, _PERSON)
    if "," in text or text.startswith("grp_"):
        reject(f"the {name} is {'several people' if ',' in text else 'a group'}; {_PERSON}")
    return _one_person(text, name, _PERSON, value)


def person(value: object, name: str) -> str:
    """Return the phone number or email address of a person that the service may not know yet.

    Raises:
        InvalidArgumentError: The value is neither a phone number in E.164 format nor an email address.
    """
    text = contact_id(value, name)
    if not text.startswith("+") and not _EMAIL.fullmatch(text):
        reject(f"the {name} {masked(text)!r} is neither a phone number nor an email address; {_PERSON}")
    return text


def _held_by(value: object) -> object:
    if isinstance(value, str | ChatId):
        return str(value)
    names = ("identifier", "handle", "phone_number", *(("id",) if _is_ours(value) else ()))
    return next((held for name in names if isinstance(held := getattr(value, name, None), str)), value)


def own_number(value: object, name: str = "number") -> str:
    """Return one of your own phone numbers, or the one that an object of the API has.

    Raises:
        InvalidArgumentError: The number is not in E.164 format.
    """
    return _phone(_cleaned(_held_by(value), name, _PERSON))


def abridged(chat: str) -> str:
    """Return enough of a chat id to tell two apart, but never all of it: `·····4567`."""
    people = chat.split(",")
    shown = ", ".join(map(_abridged, people[:_SHOWN]))
    return shown if len(people) <= _SHOWN else f"{shown} and {len(people) - _SHOWN} more"


_SHOWN: Final = 3


def _abridged(text: str) -> str:
    local, at, host = text.partition("@")
    if at:
        return f"{local[:1]}·····@{host[:1]}·····"
    return f"·····{text[len(text) - min(4, len(text) // 3) :]}"
