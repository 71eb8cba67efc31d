"""People: one phone number, or one email address."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from blooio_client.models import Chat, Contact, Device, Group, GroupMember, PhoneNumber
from blooio_overrides.chat_ids import ChatId, contact_id, own_number, person
from blooio_overrides.errors import InvalidArgumentError
from blooio_overrides.results import Location

PHONE = "+15551234567"


@pytest.mark.parametrize(
    "value",
    [
        PHONE,
        f"  {PHONE}\n",
        ChatId.phone(PHONE),
        Contact(identifier=PHONE, id="other", contact_id="ct_1"),
        GroupMember(identifier=PHONE),
        Location(PHONE),
        PhoneNumber(phone_number=PHONE),
        Chat(id=PHONE),
    ],
)
def test_objects_with_a_number_are_accepted(value: object) -> None:
    """A string, a ChatId, and every API object with the number mean the same person."""
    assert [contact_id(value), person(value, "contact"), own_number(value)] == [PHONE] * 3


def test_an_address_is_a_person() -> None:
    """An email address works like a number, whatever its case."""
    assert person("ann@example.com", "contact") == contact_id("Ann@Example.com") == "ann@example.com"


@pytest.mark.parametrize("value", ["22395", *(Contact(identifier=text) for text in ("urn:biz:1234", "5551@", "Ann"))])
def test_short_codes_and_listed_contacts_can_be_read(value: Any) -> None:
    """Short codes and listed ids can be read; a new contact needs a number or an email address."""
    assert contact_id(value) == getattr(value, "identifier", value)
    with pytest.raises(InvalidArgumentError, match="neither a phone number nor an email address"):
        person(value, "contact")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", "''"),
        ("..", r"'\.\.'"),
        ("(555) 123-4567", r"'\(###\) ###-####'"),
        ("+1 555 123 4567", r"'\+# ### ### ####'"),
        ("%2B15551234567", "percent-encoded"),
        (f"{PHONE},{PHONE}", "several people"),
        (f"{PHONE}\u202c", r"U\+202C"),
        ("grp_1", "a group"),
        (Group(group_id="grp_1"), "Group"),
        ("Ann", "is not valid; expected a phone number"),
        ("urn:biz:1234", "is not valid"),
        (None, "NoneType"),
        (15551234567, "int"),
        (SimpleNamespace(id="12345"), "SimpleNamespace"),
    ],
)
def test_an_invalid_person_is_rejected(value: Any, reason: str) -> None:
    """The error says what is expected, and does not show the value."""
    with pytest.raises(InvalidArgumentError, match=reason) as caught:
        contact_id(value)

    assert "4567 " not in str(caught.value).replace("+15551234567", "")


@pytest.mark.parametrize("value", ["ann@example.com", "22395", "", Device(phone_number="555-1234")])
def test_an_own_number_must_be_a_phone_number(value: object) -> None:
    """A number of the account must be in E.164 format."""
    with pytest.raises(InvalidArgumentError, match=r"E\.164"):
        own_number(value)
