# Derived from ../_async/test_groups.py by `make derive`. Do not edit.
"""Groups, their members and icons."""

from __future__ import annotations

import io
import os
from operator import attrgetter
from pathlib import Path
from typing import IO, Any

import pytest
from pytest_httpserver import HTTPServer
from received import received

from blooio_client import Blooio, ChatId
from blooio_client.errors import ComingSoonError, ConflictError, InvalidArgumentError, NotFoundError, ServerError
from blooio_sandbox import Sandbox

ANN, BOB = "+15551234567", "bob@example.com"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def test_a_group_is_created_read_updated_and_deleted(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """Each method sends one request, and an update contains only the given fields."""
    bob = client.contacts.create(BOB)
    made = client.groups.create("Team", members=[ANN, bob, ANN])
    read = client.groups.get(made)
    kept = client.groups.update(ChatId.group(made.group_id))
    changed = client.groups.update(read, name="Sales")
    deleted = client.groups.delete(changed)

    assert (made.added_members, made.created_contacts, made.member_count) == ([ANN, BOB], [ANN], 2)
    assert [read.name, kept.name, changed.name, deleted.success] == ["Team", "Team", "Sales", True]
    assert received(blooio_sandbox)[1:] == [
        ("POST", "/groups", {"name": "Team", "members": [ANN, BOB]}),
        ("GET", f"/groups/{made.group_id}", None),
        ("PATCH", f"/groups/{made.group_id}", {}),
        ("PATCH", f"/groups/{made.group_id}", {"name": "Sales"}),
        ("DELETE", f"/groups/{made.group_id}", None),
    ]
    with pytest.raises(NotFoundError):
        client.groups.get(made)


def test_a_group_links_to_a_chat(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """A GUID is sent unchanged, a single member needs no list, and a second group for the same chat is a conflict."""
    guid = "iMessage;+;chat123"

    linked = client.groups.create("Linked", members=ANN, chat_guid=guid)

    assert linked.chat_guid == guid
    assert received(blooio_sandbox) == [("POST", "/groups", {"name": "Linked", "members": [ANN], "chat_guid": guid})]
    with pytest.raises(ConflictError):
        client.groups.create("Again", chat_guid=guid)


def test_groups_are_read_in_pages(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """The pager requests page after page, with the search and order of the first."""
    for name in ("Team A", "Other", "Team B"):
        client.groups.create(name)

    found = [group.name for group in client.groups.list(q="team", sort="name_desc", page_size=1)]

    assert found == ["Team B", "Team A"]
    assert received(blooio_sandbox)[3:] == [
        ("GET", "/groups?limit=1&offset=0&q=team&sort=name_desc", None),
        ("GET", "/groups?limit=1&offset=1&q=team&sort=name_desc", None),
    ]


@pytest.mark.parametrize("name", ["", "  ", "x" * 256, None])
def test_an_invalid_name_raises(client: Blooio, blooio_sandbox: Sandbox, name: Any) -> None:
    """A group has a name of 1 to 255 characters, which cannot be removed."""
    with pytest.raises(InvalidArgumentError, match="expected"):
        client.groups.create(name)
    with pytest.raises(InvalidArgumentError, match="expected"):
        client.groups.update("grp_1", name=name)

    assert blooio_sandbox.requests == []


@pytest.mark.parametrize("members", ["Ann", [], [ANN, ""], ["grp_1"], [None]])
def test_invalid_members_raise(client: Blooio, blooio_sandbox: Sandbox, members: Any) -> None:
    """A member is a phone number or an email address."""
    with pytest.raises(InvalidArgumentError, match="member"):
        client.groups.create("Team", members=members)

    assert blooio_sandbox.requests == []


def test_members_are_read_in_pages(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """The pager reads all members of a group."""
    group = client.groups.create("Team", members=[ANN, BOB])

    members = [member.identifier for member in client.groups.members.list(group, page_size=1)]

    assert members == [ANN, BOB]
    assert received(blooio_sandbox)[1:] == [
        ("GET", f"/groups/{group.group_id}/members?limit=1&offset=0", None),
        ("GET", f"/groups/{group.group_id}/members?limit=1&offset=1", None),
    ]


def test_members_cannot_be_changed_yet(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """Adding and removing members are sent as documented, and the service's 501 raises ComingSoonError."""
    with pytest.raises(ComingSoonError):
        client.groups.members.add("grp_1", ANN)
    with pytest.raises(ComingSoonError):
        client.groups.members.remove("grp_1", BOB)

    assert received(blooio_sandbox) == [
        ("POST", "/groups/grp_1/members", {"contact_id": ANN}),
        ("DELETE", "/groups/grp_1/members/bob%40example.com", None),
    ]


def test_members_can_be_changed_once_the_service_supports_it(stub: Blooio, httpserver: HTTPServer) -> None:
    """The documented responses to adding and removing a member are parsed."""
    added = {"message": "ok", "member": {"identifier": ANN}, "contact_created": True}
    httpserver.expect_request("/v2/api/groups/grp_1/members", method="POST").respond_with_json(added, status=201)
    httpserver.expect_request(f"/v2/api/groups/grp_1/members/{ANN}", method="DELETE").respond_with_json(
        {"success": True, "removed_at": 1_700_000_000_000}
    )

    new = stub.groups.members.add("grp_1", ANN)
    gone = stub.groups.members.remove("grp_1", ANN)

    assert new.member is not None
    assert (new.member.identifier, new.contact_created) == (ANN, True)
    assert gone.removed_at is not None
    assert (gone.success, gone.removed_at.year) == (True, 2023)


def test_an_invalid_member_raises(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """A new member is a phone number or an email address."""
    with pytest.raises(InvalidArgumentError, match="expected a phone number"):
        client.groups.members.add("grp_1", "Ann")

    assert blooio_sandbox.requests == []


@pytest.mark.parametrize("method", ["get", "update", "delete", "members.list", "icon.remove"])
@pytest.mark.parametrize("group", ["", " ", None, 7])
def test_an_invalid_group_id_raises(client: Blooio, blooio_sandbox: Sandbox, method: str, group: Any) -> None:
    """In every method, an invalid group id raises an error before anything is sent."""
    ask = attrgetter(method)(client.groups)

    with pytest.raises(InvalidArgumentError, match="group is"):
        ask(group)

    assert blooio_sandbox.requests == []


def test_an_icon_is_set_and_removed(client: Blooio, blooio_sandbox: Sandbox, tmp_path: Path) -> None:
    """The file at a path is sent with its name and the type detected from its content."""
    group = client.groups.create("Linked", chat_guid="iMessage;+;chat123")
    picture = tmp_path / "picture.txt"
    picture.write_bytes(PNG)

    changed = client.groups.icon.set(group, picture)
    removed = client.groups.icon.remove(group)

    sent, deletion = blooio_sandbox.requests[1:]
    assert b'name="icon"; filename="picture.txt"\r\nContent-Type: image/png\r\n\r\n' + PNG in sent.raw_body
    assert (sent.method, sent.raw_path) == ("POST", f"/v2/api/groups/{group.group_id}/icon")
    assert (deletion.method, deletion.raw_path) == ("DELETE", f"/v2/api/groups/{group.group_id}/icon")
    assert changed.device_sync is not None
    assert (changed.success, changed.device_sync.synced, removed.success) == (True, True, True)


def test_an_icon_is_resent_whole(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """A retry sends an open file from its beginning, whatever its position; it stays open."""
    group = client.groups.create("Linked", chat_guid="iMessage;+;chat123")
    blooio_sandbox.fail_next(503, retry_after=0)
    picture = io.BytesIO(PNG)
    picture.seek(4)

    client.groups.icon.set(group, picture)

    first, second = blooio_sandbox.requests[1:]
    assert PNG in first.raw_body
    assert PNG in second.raw_body
    assert not picture.closed


def piped(content: bytes) -> IO[bytes]:
    """Return a file that can be read only once, with no known size."""
    out, into = os.pipe()
    with os.fdopen(into, "wb") as writer:
        writer.write(content)
    return os.fdopen(out, "rb")


def test_a_file_that_cannot_be_rewound_is_sent_once(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """A pipe is sent in chunks; a failure is not retried, since nothing would be left to send."""
    group = client.groups.create("Linked", chat_guid="iMessage;+;chat123")

    with piped(PNG) as pipe:
        client.groups.icon.set(group, pipe)
    blooio_sandbox.fail_next(503, retry_after=0)
    with piped(PNG) as pipe, pytest.raises(ServerError) as caught:
        client.groups.icon.set(group, pipe)

    sent, _ = blooio_sandbox.requests[1:]
    assert sent.headers["transfer-encoding"] == "chunked"
    assert PNG in sent.raw_body
    assert caught.value.attempts == 1


@pytest.mark.parametrize("icon", ["missing.png", "", "https://example.com/a.png", b"", io.StringIO("text"), 7, None])
def test_an_invalid_icon_raises(client: Blooio, blooio_sandbox: Sandbox, icon: Any) -> None:
    """Nothing is sent if the icon cannot be read as a file."""
    with pytest.raises(InvalidArgumentError, match="icon is"):
        client.groups.icon.set("grp_1", icon)

    assert blooio_sandbox.requests == []
