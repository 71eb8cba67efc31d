"""Contacts, their tags and the channels that reach them."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from received import received

from blooio_client import AsyncBlooio, ChatId
from blooio_client.errors import ConflictError, InvalidArgumentError, NotFoundError
from blooio_sandbox import Sandbox

pytestmark = pytest.mark.anyio

PHONE = "+15551234567"
PATH = "/contacts/%2B15551234567"


async def test_a_contact_is_created_read_updated_and_deleted(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """Each method sends one request, with the id encoded once and only the given fields in the body."""
    made = await client.contacts.create(PHONE, name="Ann")
    read = await client.contacts.get(made)
    kept = await client.contacts.update(PHONE)
    changed = await client.contacts.update(read, name="Bea")
    cleared = await client.contacts.update(ChatId.phone(PHONE), name=None)
    deleted = await client.contacts.delete(f" {PHONE} ")

    assert [made.name, read.name, kept.name, changed.name, cleared.name] == ["Ann", "Ann", "Ann", "Bea", None]
    assert deleted.success is True
    assert received(blooio_sandbox) == [
        ("POST", "/contacts", {"identifier": PHONE, "name": "Ann"}),
        ("GET", PATH, None),
        ("PATCH", PATH, {}),
        ("PATCH", PATH, {"name": "Bea"}),
        ("PATCH", PATH, {"name": None}),
        ("DELETE", PATH, None),
    ]


async def test_a_contact_needs_no_name(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """Without a name, none is sent."""
    await client.contacts.create("ann@example.com")

    assert received(blooio_sandbox) == [("POST", "/contacts", {"identifier": "ann@example.com"})]


async def test_an_existing_contact_is_a_conflict(client: AsyncBlooio) -> None:
    """The error's details contain the existing contact."""
    await client.contacts.create(PHONE)

    with pytest.raises(ConflictError) as caught:
        await client.contacts.create(PHONE)

    assert caught.value.details["contact"]["identifier"] == PHONE


async def test_an_unknown_contact_is_not_found(client: AsyncBlooio) -> None:
    """Reading an unknown contact raises an error."""
    with pytest.raises(NotFoundError):
        await client.contacts.get(PHONE)


async def test_contacts_are_read_in_pages(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """The pager requests page after page, with the search and order of the first."""
    for name, digit in (("Ann", 1), ("Bob", 2), ("Anne", 3)):
        await client.contacts.create(f"+1555000000{digit}", name=name)

    found = [contact.name async for contact in client.contacts.list(q="ann", sort="name_asc", page_size=1, limit=2)]

    assert found == ["Ann", "Anne"]
    assert received(blooio_sandbox)[3:] == [
        ("GET", "/contacts?limit=1&offset=0&q=ann&sort=name_asc", None),
        ("GET", "/contacts?limit=1&offset=1&q=ann&sort=name_asc", None),
    ]


@pytest.mark.parametrize(
    "identifier", ["Ann", "(555) 123-4567", "", "grp_1", f"{PHONE},+15559876543", "%2B15551234567"]
)
async def test_an_invalid_contact_raises(client: AsyncBlooio, blooio_sandbox: Sandbox, identifier: str) -> None:
    """A new contact needs a phone number in E.164 format or an email address; otherwise nothing is sent."""
    with pytest.raises(InvalidArgumentError, match=r"\+15551234567|percent-encoded"):
        await client.contacts.create(identifier)

    assert blooio_sandbox.requests == []


async def test_capabilities_are_plain_booleans(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """Each channel that reaches a contact is True or False, with the time of the check."""
    blooio_sandbox.phone(PHONE).uses("sms")

    reach = await client.contacts.capabilities(PHONE)

    assert (reach.imessage, reach.sms, reach.facetime) == (False, True, False)
    assert (reach.contact, reach.type) == (PHONE, "phone")
    assert reach.last_checked is not None
    assert reach.last_checked.tzinfo is not None
    assert received(blooio_sandbox) == [("GET", f"{PATH}/capabilities", None)]


async def test_capabilities_in_the_other_spelling(stub: AsyncBlooio, httpserver: HTTPServer) -> None:
    """`lastChecked` is read like `last_checked`."""
    response = {"capabilities": {"imessage": True}, "lastChecked": 1_700_000_000_000}
    httpserver.expect_request("/v2/api/contacts/+15551234567/capabilities").respond_with_json(response)

    reach = await stub.contacts.capabilities(PHONE)

    assert reach.last_checked is not None
    assert reach.last_checked.isoformat() == "2023-11-14T22:13:20+00:00"


async def test_tags_are_added_listed_and_removed(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """Tags are added together, and each is removed by a separate request, encoded as one path segment."""
    ann = await client.contacts.create(PHONE)

    one = await client.contacts.tags.add(ann, "vip")
    more = await client.contacts.tags.add(ann, ["a/b", "vip", "a/b"])
    listed = await client.contacts.tags.list(PHONE)
    removed = await client.contacts.tags.remove(ann, listed)

    assert (one.tags_added, more.tags_added) == (["vip"], ["a/b"])
    assert [tag.tag for tag in listed] == ["vip", "a/b"]
    assert [deletion.success for deletion in removed] == [True, True]
    assert await client.contacts.tags.list(PHONE) == []
    assert received(blooio_sandbox)[1:6] == [
        ("POST", f"{PATH}/tags", {"tags": ["vip"]}),
        ("POST", f"{PATH}/tags", {"tags": ["a/b", "vip"]}),
        ("GET", f"{PATH}/tags", None),
        ("DELETE", f"{PATH}/tags/vip", None),
        ("DELETE", f"{PATH}/tags/a%2Fb", None),
    ]


@pytest.mark.parametrize("tags", ["", "  ", [], ["vip", ""], [None], 7])
async def test_blank_tags_raise(client: AsyncBlooio, blooio_sandbox: Sandbox, tags: Any) -> None:
    """Blank or missing tags raise an error, and nothing is sent."""
    with pytest.raises(InvalidArgumentError, match="expected"):
        await client.contacts.tags.add(PHONE, tags)
    with pytest.raises(InvalidArgumentError, match="expected"):
        await client.contacts.tags.remove(PHONE, tags)

    assert blooio_sandbox.requests == []


@pytest.mark.parametrize("method", ["get", "update", "delete", "capabilities", "tags.list"])
@pytest.mark.parametrize("invalid", ["", "..", "grp_1", f"{PHONE},{PHONE}", None])
async def test_an_invalid_contact_id_raises(
    client: AsyncBlooio, blooio_sandbox: Sandbox, method: str, invalid: Any
) -> None:
    """In every method, an invalid id or several ids raise an error before anything is sent."""
    ask = attrgetter(method)(client.contacts)

    with pytest.raises(InvalidArgumentError, match="the contact is"):
        await ask(invalid)

    assert blooio_sandbox.requests == []


async def test_an_invalid_name_raises(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """A name is a string, or None to remove it."""
    wrong: Any = 7

    with pytest.raises(InvalidArgumentError, match="name is int"):
        await client.contacts.update(PHONE, name=wrong)

    assert blooio_sandbox.requests == []
