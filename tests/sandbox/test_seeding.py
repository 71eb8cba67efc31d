"""Seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from blooio_sandbox.control.seeding import SeedError

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from blooio_sandbox import Sandbox

SEED = """
contacts:
  - identifier: "+15551234567"
    name: Ann
    tags: [vip]
  - identifier: bob@example.com
groups:
  - name: Team
    members: ["+15551234567", bob@example.com]
phones:
  - identifier: "+15557654321"
    protocol: sms
    online: false
locations:
  - {identifier: "+15551234567", latitude: 48.2, longitude: 16.4}
webhooks:
  - url: https://hooks.example.com/blooio
    type: message
messages:
  - from: "+15551234567"
    text: Are you there?
    attachments: [https://example.com/a.jpg]
  - to: "+15551234567"
    text: Yes!
  - from: bob@example.com
    group: Team
    text: Hello all
  - group: Team
    text: Hello Bob
"""


def test_a_seed(api: httpx.Client, sandbox: Sandbox, tmp_path: Path) -> None:
    """A seed creates contacts, groups, phones, locations, webhooks and messages."""
    path = tmp_path / "state.yaml"
    path.write_text(SEED)
    sandbox.seed(path)
    chats = api.get("/chats", params={"sort": "oldest"}).json()["chats"]

    assert api.get("/contacts/%2B15551234567").json()["tags"] == ["vip"]
    assert [(chat["message_count"], chat["last_message"]["text"]) for chat in chats] == [(2, "Yes!"), (2, "Hello Bob")]
    assert chats[1]["group_name"] == "Team"
    assert api.get("/contacts/%2B15557654321/capabilities").json()["capabilities"]["imessage"] is False
    assert api.get("/location/contacts/%2B15551234567").json()["coordinates"] == [48.2, 16.4]
    assert [webhook["webhook_type"] for webhook in api.get("/webhooks").json()["webhooks"]] == ["message"]
    assert sandbox.phone("+15551234567").messages[0].attachments == ("https://example.com/a.jpg",)


def test_an_empty_seed(sandbox: Sandbox, tmp_path: Path) -> None:
    """An empty seed is valid."""
    path = tmp_path / "state.yaml"
    path.write_text("")
    sandbox.seed(str(path))

    assert sandbox.messages == []


@pytest.mark.parametrize(
    ("seed", "problem"),
    [
        ({"contact": None}, "contact"),
        ({"contacts": [{"identifier": 15551234567}]}, r"/contacts/0/identifier.*quote phone numbers"),
        ({"contacts": [{"identifier": "5551234567"}]}, r"E\.164"),
        ({"groups": [{"name": "Team"}, {"chat_guid": "x"}]}, "/groups/1/name"),
        ({"phones": [{"identifier": "+15551234567", "protocol": "fax"}]}, "/phones/0/protocol"),
        ({"messages": [{"group": "Team", "text": "Hi"}]}, "no group named 'Team'"),
        ({"messages": [{"to": "+15551234567"}]}, "/text"),
        ({"messages": [{"text": "Hi"}]}, "is not an E.164"),
        ({"messages": [{"from": "+15551234567"}]}, "text"),
    ],
)
def test_an_invalid_seed_says_where(sandbox: Sandbox, seed: dict[str, Any], problem: str) -> None:
    """An invalid seed raises an error that points to the problem."""
    with pytest.raises(SeedError, match=problem):
        sandbox.seed(seed)


@pytest.mark.parametrize("content", [b"a: [", b"\xff", b"- 1", None])
def test_an_unreadable_file_is_named(sandbox: Sandbox, tmp_path: Path, content: bytes | None) -> None:
    """A file that is broken, binary, of another shape or missing raises an error that names it."""
    path = tmp_path / "state.yaml"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(SeedError, match=r"state\.yaml"):
        sandbox.seed(path)
