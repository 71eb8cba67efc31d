"""Chat ids: a phone number, an e-mail address, a group id, or several people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Final

import attrs

from .arguments import invisible_character, masked, refuse

_BLANKS: Final = " \t\r\n\v\f"
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_ENCODED: Final = re.compile(r"%[0-9A-Fa-f]{2}")
# Digits of any script with anything but letters between them, such as the blanks and dashes of an address book.
_LIKE_A_PHONE: Final = re.compile(r"(?:[^\w@]*\d){6,}[^\w@]*")
_EMAIL: Final = re.compile(r"[^@\s,]+@[^@\s,]+")
_ANYBODY: Final = "write a phone number, an e-mail address or a group id"
_PERSON: Final = "write a phone number in E.164 format such as +15551234567, or an e-mail address"


@attrs.frozen(repr=False)
class ChatId:
    """Whom a conversation is with; `str()` gives the plain id, which the client encodes itself.

    `client.chat` takes plain strings as well; these constructors are for who wants to say which kind it is.
    """

    value: str

    @classmethod
    def phone(cls, number: str) -> ChatId:
        """A phone number in E.164 format: a plus, the country code, the number, nothing else.

        Raises:
            InvalidArgumentError: It is not in E.164 format.
        """
        return cls(_phone(_cleaned(number, "chat id")))

    @classmethod
    def email(cls, address: str) -> ChatId:
        """An e-mail address.

        Raises:
            InvalidArgumentError: It is no e-mail address.
        """
        text = _cleaned(address, "chat id")
        if not _EMAIL.fullmatch(text):
            refuse(f"the chat id {masked(text)!r} is no e-mail address; write one such as ann@example.com")
        return cls(text)

    @classmethod
    def group(cls, group_id: str) -> ChatId:
        """A group's id, such as `grp_...`.

        Raises:
            InvalidArgumentError: It is empty, several ids, or not printable.
        """
        text = _cleaned(group_id, "chat id")
        if "," in text:
            refuse("the chat id of a group holds a comma; write one group id, or use ChatId.several for several people")
        return cls(text)

    @classmethod
    def several(cls, people: Iterable[str | ChatId]) -> ChatId:
        """Several phone numbers or e-mail addresses: the group of exactly these people, made if there is none.

        Raises:
            InvalidArgumentError: There is nobody, or one of them is no usable id.
        """
        if isinstance(people, str) or not isinstance(people, Iterable):
            refuse(f"the chat ids are {type(people).__name__}; pass a list of them")
        ids = list(dict.fromkeys(each for person in people for each in chat_id(person).value.split(",")))
        if not ids:
            refuse("the list of chat ids is empty; write at least one phone number or e-mail address")
        # A set has another order in each process, and an id that differs would make idempotency keys differ.
        return cls(",".join(sorted(ids) if isinstance(people, AbstractSet) else ids))

    def __str__(self) -> str:
        return self.value

    def __repr__(self) -> str:
        return f"ChatId({masked(self.value)!r})"


def chat_id(value: object) -> ChatId:
    """Return the chat id that a user means: one id, several as a list or with commas, or an object that has one.

    Raises:
        InvalidArgumentError: It cannot be a chat id; the text says what to write instead.
    """
    if isinstance(value, ChatId):
        value = value.value
    if isinstance(value, str):
        return _from_text(value)
    if isinstance(value, Iterable):
        return ChatId.several(value)  # pyright: ignore[reportUnknownArgumentType] - each is checked in there
    return _from_object(value)


def _from_object(value: object) -> ChatId:
    for attribute in ("chat_id", "group_id", "identifier", "id", "external_id"):
        held = getattr(value, attribute, None)
        if isinstance(held, str):
            return _from_text(held)
    return refuse(
        f"the chat id is {type(value).__name__}; write a phone number, an e-mail address, a group id, or a list of them"
    )


def _from_text(text: str) -> ChatId:
    if "," in text:
        return ChatId.several(text.split(","))
    cleaned = _cleaned(text, "chat id")
    return ChatId(_phone(cleaned) if _LIKE_A_PHONE.fullmatch(cleaned) or cleaned.startswith("+") else cleaned)


def _cleaned(text: object, name: str, hint: str = _ANYBODY) -> str:
    """Strip ASCII blanks, and refuse what cannot be an id of anybody."""
    if not isinstance(text, str):
        refuse(f"the {name} is {type(text).__name__}; {hint}")
    stripped = text.strip(_BLANKS)
    if stripped in ("", ".", ".."):
        refuse(f"the {name} is {stripped!r}; {hint}")
    if found := invisible_character(stripped):
        refuse(f"the {name} holds {found}, which cannot be seen; type the id again instead of pasting it")
    if _ENCODED.search(stripped):
        refuse(f"the {name} is percent-encoded already ({masked(stripped)!r}); write it plainly, the client encodes it")
    return stripped


def _phone(text: str) -> str:
    if not _E164.fullmatch(text):
        refuse(
            f"the phone number {masked(text)!r} is not in E.164 format; "
            "write a plus, the country code and the number, such as +15551234567"
        )
    return text


def phone_number(value: object, name: str) -> str:
    """Return a phone number of one's own in E.164 format.

    Raises:
        InvalidArgumentError: It is not in E.164 format.
    """
    return _phone(_cleaned(value, name))


def contact_id(value: object, name: str = "contact") -> str:
    """Return the phone number or e-mail address under which the service keeps a person; or an object's own.

    What is neither goes through, since the service lists such people too; a short code has no country code.

    Raises:
        InvalidArgumentError: It is empty, several people, a group, or a phone number that is not in E.164 format.
    """
    text = _cleaned(_held_by(value), name, _PERSON)
    if "," in text or text.startswith("grp_"):
        refuse(f"the {name} is {'several people' if ',' in text else 'a group'}; {_PERSON}")
    return _phone(text) if _LIKE_A_PHONE.fullmatch(text) or text.startswith("+") else text


def person(value: object, name: str) -> str:
    """Return the phone number or e-mail address of somebody whom the service need not know yet.

    Raises:
        InvalidArgumentError: It is neither a phone number in E.164 format nor an e-mail address.
    """
    text = contact_id(value, name)
    if not text.startswith("+") and not _EMAIL.fullmatch(text):
        refuse(f"the {name} {masked(text)!r} is neither a phone number nor an e-mail address; {_PERSON}")
    return text


def _held_by(value: object) -> object:
    if isinstance(value, str | ChatId):
        return str(value)
    names = ("identifier", "handle", "phone_number", "id")
    return next((held for name in names if isinstance(held := getattr(value, name, None), str)), value)


def own_number(value: object, name: str = "number") -> str:
    """Return one of one's own phone numbers, or the one that an object of the API has.

    Raises:
        InvalidArgumentError: It is not in E.164 format.
    """
    return _phone(_cleaned(_held_by(value), name, _PERSON))
