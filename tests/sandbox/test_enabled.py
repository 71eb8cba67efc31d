"""Enabled and disabled operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blooio_sandbox import Sandbox
from blooio_sandbox.api.handlers import COMING_SOON

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import httpx

PEOPLE = ["+15551234567", "ann@example.com"]
LOOKUPS: dict[str, tuple[str, str, object]] = {
    "lookupPhoneNumber": ("GET", "/phone-numbers/lookup?number=%2B15551234567", None),
    "lookupPhoneNumberPost": ("POST", "/phone-numbers/lookup", {"number": "+15551234567"}),
    "batchLookupPhoneNumbers": ("POST", "/phone-numbers/batch", {"numbers": ["+15551234567"]}),
}


@pytest.fixture(scope="module")
def open_sandbox() -> Generator[Sandbox]:
    """A server with every announced operation enabled."""
    with Sandbox(clock="stepped", enabled=COMING_SOON) as sandbox:
        yield sandbox


@pytest.fixture
def api(open_sandbox: Sandbox, connect: Callable[[Sandbox], httpx.Client]) -> httpx.Client:
    """A client of that server."""
    open_sandbox.reset()
    return connect(open_sandbox)


@pytest.fixture
def group(api: httpx.Client) -> str:
    """The path of a group."""
    return f"/groups/{api.post('/groups', json={'name': 'Team', 'members': PEOPLE}).json()['group_id']}"


def test_a_facetime_call_gives_a_link(api: httpx.Client) -> None:
    """Each call has its own link, and an invalid handle is rejected."""
    first, second = (api.post("/facetime/calls", json={"handle": "Ann@example.com"}).json() for _ in range(2))

    assert (first["success"], first["handle"]) == (True, "ann@example.com")
    assert first["link"].startswith("https://facetime.apple.com/join#v=1&p=")
    assert first["link"] != second["link"]
    assert api.post("/facetime/calls", json={"handle": "ann"}).status_code == 400


def test_a_member_is_added_once(api: httpx.Client, group: str) -> None:
    """A new member gets 201 and becomes a contact, and an existing one gets 200."""
    first, second = (api.post(f"{group}/members", json={"contact_id": "+15557654321"}) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 200)
    assert (first.json()["contact_created"], second.json()["contact_created"]) == (True, False)
    assert first.json()["member"] == second.json()["member"]
    assert api.get(group).json()["member_count"] == 3


def test_a_member_who_is_a_contact(api: httpx.Client, group: str) -> None:
    """A member who is already a contact keeps that contact."""
    api.post("/contacts", json={"identifier": "+15557654321", "name": "Bob"})
    added = api.post(f"{group}/members", json={"contact_id": "+15557654321"}).json()

    assert (added["contact_created"], added["member"]["name"]) == (False, "Bob")


def test_a_member_is_removed_once(api: httpx.Client, group: str) -> None:
    """Removing a member changes the group's people, and removing an unknown one is a 404."""
    assert [api.delete(f"{group}/members/ann%40example.com").status_code for _ in range(2)] == [200, 404]
    assert [member["identifier"] for member in api.get(f"{group}/members").json()["members"]] == ["+15551234567"]
    assert api.post("/groups", json={"name": "Again", "members": PEOPLE}).status_code == 201


def test_removing_the_own_number_leaves_the_group(api: httpx.Client, group: str, open_sandbox: Sandbox) -> None:
    """Removing an own number leaves the group."""
    own = open_sandbox.number.replace("+", "%2B")

    assert api.delete(f"{group}/members/{own}").json()["success"] is True
    assert api.get(group).status_code == 404


@pytest.mark.parametrize("member", ["ann", "%252B15551234567"])
def test_a_member_is_a_person(api: httpx.Client, group: str, member: str) -> None:
    """Members with invalid identifiers are rejected."""
    assert api.post(f"{group}/members", json={"contact_id": member}).status_code == 400
    assert api.delete(f"{group}/members/{member}").status_code == 400


def test_the_contact_card_is_read(api: httpx.Client, open_sandbox: Sandbox) -> None:
    """The contact card has the given names."""
    path = f"/me/numbers/{open_sandbox.number.replace('+', '%2B')}/contact-card"
    before = api.get(path).json()
    api.put(path, json={"first_name": "Ann", "last_name": "Example"})

    assert (before["phone_number"], before["name"]) == (open_sandbox.number, None)
    assert api.get(path).json()["name"] == "Ann Example"
    assert api.get("/me/numbers/%2B15559999999/contact-card").status_code == 403


@pytest.mark.parametrize("disabled", LOOKUPS)
def test_a_plan_without_lookups(connect: Callable[[Sandbox], httpx.Client], disabled: str) -> None:
    """A disabled lookup gets 403; the others work."""
    with Sandbox(disabled=[disabled]) as sandbox:
        api = connect(sandbox)
        responses = {name: api.request(method, path, json=body) for name, (method, path, body) in LOOKUPS.items()}
    refused = responses.pop(disabled).json()

    assert (refused["error"], refused["status"]) == ("ApiError", 403)
    assert refused["message"].startswith("Enterprise plan required")
    assert {response.status_code for response in responses.values()} == {200}


def test_only_some_operations_can_be_disabled() -> None:
    """An unknown name raises an error that lists the valid ones."""
    with pytest.raises(ValueError, match="sendMessage: only batchLookupPhoneNumbers, createWebhook, lookupPhoneNumber"):
        Sandbox(disabled=["sendMessage"])


def test_only_announced_operations_can_be_enabled() -> None:
    """An unknown name raises an error that lists the valid ones."""
    with pytest.raises(ValueError, match="callFacetime: only addGroupMember, callFaceTime"):
        Sandbox(enabled=["callFacetime"])
