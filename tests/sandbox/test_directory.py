"""Contacts, tags, groups, polls, locations and contact cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import httpx

    from blooio_sandbox import Sandbox

ANN = "/contacts/ann%40example.com"
PEOPLE = ["+15551234567", "ann@example.com"]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(16)


@pytest.fixture
def group(api: httpx.Client) -> str:
    """The path of a group that is linked to an iMessage chat."""
    body = {"name": "Team", "members": PEOPLE, "chat_guid": "iMessage;+;chat1"}
    return f"/groups/{api.post('/groups', json=body).json()['group_id']}"


def test_a_contact_is_created_once(api: httpx.Client) -> None:
    """A duplicate is a conflict that includes the existing contact."""
    first, second = (api.post("/contacts", json={"identifier": "Ann@example.com", "name": "Ann"}) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 409)
    assert (first.json()["identifier"], first.json()["type"]) == ("ann@example.com", "email")
    assert second.json()["contact"] == first.json()


def test_a_contact_is_renamed_and_its_name_cleared(api: httpx.Client) -> None:
    """An update changes the given fields; null clears a field."""
    api.post("/contacts", json={"identifier": "ann@example.com", "name": "Ann"})

    assert api.patch(ANN, json={}).json()["name"] == "Ann"
    assert api.patch(ANN, json={"name": "Ann Example"}).json()["name"] == "Ann Example"
    assert api.patch(ANN, json={"name": None}).json()["name"] is None


def test_a_deleted_contact_may_be_created_again(api: httpx.Client, sandbox: Sandbox) -> None:
    """Deleting hides a contact, keeps its messages, and frees its identifier."""
    api.post("/contacts", json={"identifier": "ann@example.com"})
    sandbox.phone("ann@example.com").sends("Hi")

    assert api.delete(ANN).json()["success"] is True
    assert [api.get(ANN).status_code, api.delete(ANN).status_code] == [404, 404]
    assert api.get("/chats/ann%40example.com").json()["message_count"] == 1
    assert api.post("/contacts", json={"identifier": "ann@example.com"}).status_code == 201


@pytest.mark.parametrize("identifier", ["5551234567", "(555) 123-4567", "ann", ""])
def test_a_contact_needs_an_address(api: httpx.Client, identifier: str) -> None:
    """Identifiers must be E.164 numbers or email addresses."""
    assert api.post("/contacts", json={"identifier": identifier}).status_code == 400


def test_contacts_are_searched_and_sorted(api: httpx.Client) -> None:
    """`q` searches names and identifiers, and `sort` orders by name or age."""
    for identifier, name in [("+15551234567", "Bob"), ("ann@example.com", "Ann"), ("+15557654321", "Cleo")]:
        api.post("/contacts", json={"identifier": identifier, "name": name})

    def names(**parameters: str | int) -> list[str]:
        return [contact["name"] for contact in api.get("/contacts", params=parameters).json()["contacts"]]

    assert names() == ["Cleo", "Ann", "Bob"]
    assert names(sort="oldest", limit=1, offset=1) == ["Ann"]
    assert names(sort="name_desc") == ["Cleo", "Bob", "Ann"]
    assert names(q="+1555", sort="name_asc") == ["Bob", "Cleo"]


def test_tags_are_added_once_and_removed(api: httpx.Client) -> None:
    """Only new tags are reported as added, and removing an unknown tag is a 404."""
    api.post("/contacts", json={"identifier": "ann@example.com"})

    assert api.post(f"{ANN}/tags", json={"tags": ["vip", "friend"]}).json()["tags_added"] == ["vip", "friend"]
    assert api.post(f"{ANN}/tags", json={"tags": ["vip", "new"]}).json()["tags_added"] == ["new"]
    assert [tag["tag"] for tag in api.get(f"{ANN}/tags").json()["tags"]] == ["vip", "friend", "new"]
    assert [api.delete(f"{ANN}/tags/vip").status_code for _ in range(2)] == [200, 404]
    assert api.get(ANN).json()["tags"] == ["friend", "new"]
    assert api.post(f"{ANN}/tags", json={"tags": [""]}).status_code == 400


def test_capabilities_follow_the_phone(api: httpx.Client, sandbox: Sandbox) -> None:
    """Everyone has iMessage unless their phone says otherwise, and email addresses have no SMS."""
    sandbox.phone("+15551234567").uses("sms")
    phone = api.get("/contacts/%2B15551234567/capabilities").json()
    email = api.get(f"{ANN}/capabilities").json()

    assert phone["capabilities"] == {"imessage": False, "sms": True, "facetime": False}
    assert email["capabilities"] == {"imessage": True, "sms": False, "facetime": True}


def test_a_group_is_created(api: httpx.Client) -> None:
    """Members become contacts, and a second group of the same people or chat is a conflict."""
    first = api.post("/groups", json={"name": "Team", "members": PEOPLE})
    again = api.post("/groups", json={"name": "Other", "members": PEOPLE[::-1]})
    linked = [api.post("/groups", json={"name": "Linked", "chat_guid": "x", "members": PEOPLE}) for _ in range(2)]

    assert (first.status_code, again.status_code) == (201, 409)
    assert [response.status_code for response in linked] == [201, 409]
    assert first.json()["added_members"] == first.json()["created_contacts"] == PEOPLE
    assert linked[0].json()["created_contacts"] == []
    assert api.get("/contacts").json()["pagination"]["total"] == 2


def test_groups_without_members_do_not_conflict(api: httpx.Client) -> None:
    """Two empty groups do not conflict, and a group needs a name."""
    assert [api.post("/groups", json={"name": "Empty"}).status_code for _ in range(2)] == [201, 201]
    assert api.post("/groups", json={"name": ""}).status_code == 400
    assert api.post("/groups", json={"name": "x" * 256}).status_code == 400


def test_a_group_is_renamed_listed_and_deleted(api: httpx.Client, group: str) -> None:
    """An update changes the given fields, and a deleted group is gone."""
    assert api.patch(group, json={}).json()["name"] == "Team"
    assert api.patch(group, json={"name": "Crew"}).json()["name"] == "Crew"
    assert [each["name"] for each in api.get("/groups", params={"q": "cre"}).json()["groups"]] == ["Crew"]
    assert api.delete(group).json()["success"] is True
    assert [api.get(group).status_code, api.get(f"{group}/members").status_code] == [404, 404]


def test_a_group_shows_its_last_message(api: httpx.Client, sandbox: Sandbox, group: str) -> None:
    """Counts and the last message follow the conversation."""
    sandbox.phone("ann@example.com").sends("Hi", group=group.removeprefix("/groups/"))
    shown = api.get(group).json()

    assert (shown["message_count"], shown["last_message_text"], shown["last_message_direction"]) == (1, "Hi", "inbound")


def test_members_are_listed_in_pages(api: httpx.Client, group: str) -> None:
    """Members are listed in the order they were added."""
    page = api.get(f"{group}/members", params={"limit": 1, "offset": 1}).json()

    assert (page["group_name"], page["pagination"]["total"]) == ("Team", 2)
    assert [member["identifier"] for member in page["members"]] == ["ann@example.com"]


def test_renaming_a_linked_group_renames_its_chat(api: httpx.Client, group: str) -> None:
    """The response says that the linked iMessage chat has the new name, too; other groups have no such chat."""
    unlinked = api.post("/groups", json={"name": "Unlinked"}).json()["group_id"]
    guid = api.get(group).json()["chat_guid"]

    assert api.patch(group, json={"name": "Crew"}).json()["device_sync"] == {"chat_guid": guid, "synced": True}
    assert "device_sync" not in api.patch(group, json={}).json()
    assert "device_sync" not in api.patch(f"/groups/{unlinked}", json={"name": "Crew"}).json()


def test_a_linked_group_has_an_icon(api: httpx.Client, group: str) -> None:
    """An icon needs a linked group and a picture."""
    unlinked = api.post("/groups", json={"name": "Unlinked"}).json()["group_id"]

    assert api.post(f"{group}/icon", files={"icon": PNG}).json()["device_sync"]["synced"] is True
    assert api.get(group).json()["icon_url"].startswith("https://")
    assert api.delete(f"{group}/icon").json()["success"] is True
    assert api.get(group).json()["icon_url"] is None
    assert api.post(f"/groups/{unlinked}/icon", files={"icon": PNG}).json()["code"] == "group_not_linked"


def test_a_chat_has_a_background(api: httpx.Client) -> None:
    """A background can be set, read, replaced by a new version, and removed."""
    path = "/chats/%2B15551234567/background"
    before = api.get(path).json()
    first, same, other = (api.put(path, files={"background": picture}).json() for picture in (PNG, PNG, PNG + b"1"))
    removed = api.delete(path).json()

    assert before["has_background"] is False
    assert [each["changed"] for each in (first, same, other)] == [True, False, True]
    assert other["background_version"] == first["background_version"] + 1
    assert (removed["has_background"], removed["background_id"]) == (False, None)


@pytest.mark.parametrize(
    ("picture", "is_taken"),
    [
        (b"\xff\xd8\xff\xe0", True),
        (b"GIF89a", True),
        (b"RIFF\x00\x00\x00\x00WEBP", True),
        (b"\x00\x00\x00\x18ftypheic", True),
        (b"%PDF-1.7", False),
        (b"", False),
        (PNG + bytes(10 * 1024 * 1024), False),
    ],
)
def test_backgrounds_are_checked(api: httpx.Client, picture: bytes, is_taken: bool) -> None:
    """JPEG, PNG, GIF, WebP and HEIC up to 10 MB are accepted."""
    response = api.put("/chats/%2B15551234567/background", files={"background": picture})

    assert response.is_success == is_taken


def test_a_background_without_a_file(api: httpx.Client) -> None:
    """A body without the file part is a 400."""
    path = "/chats/%2B15551234567/background"

    assert api.put(path, json={"background": "x"}).status_code == 400
    assert api.put(path, files={"icon": PNG}).status_code == 400
    assert api.put(path, files={"background": (None, "text")}).status_code == 400
    for content_type in ("multipart/form-data", "multipart/form-data; boundary=b"):
        assert api.put(path, content=b"--b\nx", headers={"Content-Type": content_type}).status_code == 400


def test_polls_are_sent_and_counted(api: httpx.Client, sandbox: Sandbox) -> None:
    """A vote counts, and a second vote by the same person replaces it."""
    api.post("/groups", json={"name": "Team", "members": PEOPLE})
    chat_id = api.post("/chats/%2B15551234567%2Cann%40example.com/messages", json={"text": "Lunch?"}).json()["group_id"]
    poll = api.post(f"/chats/{chat_id}/polls", json={"title": "Lunch?", "options": ["Pizza", "Sushi"]}).json()
    sandbox.phone("+15551234567").votes("Pizza", group=chat_id)
    sandbox.phone("ann@example.com").votes("Pizza", group=chat_id)
    sandbox.phone("ann@example.com").votes("Sushi", poll=poll["poll_id"], group=chat_id)
    results = api.get(f"/chats/{chat_id}/polls/{poll['poll_id']}").json()

    assert poll["poll"] == {"title": "Lunch?", "options": ["Pizza", "Sushi"]}
    assert results["options"] == [{"text": "Pizza", "votes": 1}, {"text": "Sushi", "votes": 1}]
    assert results["total_votes"] == 2


def test_a_chat_may_start_with_a_poll(api: httpx.Client) -> None:
    """A poll needs no earlier message, only distinct options; an unknown poll is a 404."""
    path = "/chats/%2B15551234567/polls"
    poll_id = api.post(path, json={"options": ["yes", "no"]}).json()["poll_id"]

    assert api.get(f"{path}/{poll_id}").json()["total_votes"] == 0
    assert api.get(f"{path}/poll_unknown").status_code == 404
    for chat in ("Bob%40example.com", "%2B15551234567,%2B15557654321"):
        poll_id = api.post(f"/chats/{chat}/polls", json={"options": ["yes", "no"]}).json()["poll_id"]
        assert api.get(f"/chats/{chat}/polls/{poll_id}").json()["total_votes"] == 0
    assert api.post(path, json={"options": ["yes", "yes"]}).status_code == 400


def test_shared_locations(api: httpx.Client, sandbox: Sandbox) -> None:
    """A shared location can be listed, read and refreshed, and any other is a 404."""
    sandbox.phone("+15551234567").shares_location(48.2, 16.4)
    before = api.get("/location/contacts/%2B15551234567").json()
    sandbox.advance(seconds=30)
    (after,) = api.post("/location/contacts/refresh").json()["friends"]

    assert (before["coordinates"], before["status"]) == ([48.2, 16.4], "live")
    assert after["last_updated"] == before["last_updated"] + 30_000
    assert api.get("/location/contacts").json()["friends"] == [after]
    assert api.get("/location/contacts/ann%40example.com").status_code == 404


def test_the_contact_card_of_own_numbers(api: httpx.Client, sandbox: Sandbox) -> None:
    """Omitted fields do not change, and the number of another account is forbidden."""
    path = f"/me/numbers/{sandbox.number.replace('+', '%2B')}/contact-card"
    api.put(path, json={"first_name": "Ann"})

    assert api.put(path, json={"last_name": "Example"}).json()["first_name"] == "Ann"
    assert api.put("/me/numbers/%2B15559999999/contact-card", json={}).status_code == 403
