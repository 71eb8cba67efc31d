"""User code with the other resources, sync and async; type-checked in strict mode, never run."""

from __future__ import annotations

import datetime
from collections.abc import AsyncGenerator, Generator, Sequence
from pathlib import Path
from typing import IO, assert_type

from blooio_client import AsyncBlooio, AsyncPager, Blooio, ChatId, Location, Page, Pager, Reachability, models
from blooio_overrides._rules.webhook_logs import ForwardedDelivery, LoggedDelivery

NOW = datetime.datetime.now(datetime.UTC)


def contacts(client: Blooio) -> None:
    """Contacts and their tags."""
    pager = client.contacts.list(q="ann", sort="name_asc", limit=5, page_size=200, timeout=5, headers={})
    assert_type(pager, Pager[models.Contact])
    assert_type(client.contacts.list(sort=models.DirectorySort.RECENT).first(), models.Contact | None)
    for page in pager.pages():
        assert_type(page, Page[models.Contact])
    made = client.contacts.create("ann@example.com", name="Ann")
    assert_type(made, models.Contact)
    assert_type(made.identifier, str)
    assert_type(made.created_at, datetime.datetime | None)
    assert_type(client.contacts.get(made), models.Contact)
    assert_type(client.contacts.update(ChatId.phone("+15551234567"), name=None), models.Contact)
    deleted = client.contacts.delete("+15551234567")
    assert_type(deleted, models.Deletion)
    assert_type(deleted.deleted_at, datetime.datetime | None)
    reach = client.contacts.capabilities(made)
    assert_type(reach, Reachability)
    assert_type(reach.imessage, bool)
    assert_type(reach.last_checked, datetime.datetime | None)
    tags = client.contacts.tags.list(made)
    assert_type(tags, Sequence[models.ContactTag])
    assert_type(client.contacts.tags.add(made, "vip"), models.AddedContactTags)
    added = client.contacts.tags.add(made, ["vip", tags[0]])
    assert_type(added.tags_added, list[str] | None)
    assert_type(client.contacts.tags.remove(made, tags), Sequence[models.Deletion])


def groups(client: Blooio, picture: IO[bytes]) -> None:
    """Groups, their members and icons."""
    assert_type(client.groups.list(q="team", sort="oldest", limit=1, page_size=1), Pager[models.Group])
    made = client.groups.create("Team", members=["+15551234567", ChatId.email("ann@example.com")], chat_guid="guid")
    assert_type(made, models.CreatedGroup)
    assert_type(made.group_id, str)
    assert_type(made.added_members, list[str] | None)
    group = client.groups.get(made)
    assert_type(group, models.Group)
    changed = client.groups.update(group, name="Team")
    assert_type(changed, models.UpdatedGroup)
    assert_type(changed.device_sync.synced if changed.device_sync else None, bool | None)
    assert_type(client.groups.delete(changed), models.Deletion)
    assert_type(client.groups.members.list("grp_1", limit=1, page_size=1), Pager[models.GroupMember])
    for member in client.groups.members.list(group):
        assert_type(client.groups.members.add(group, member), models.AddedGroupMember)
        assert_type(client.groups.members.remove(group, member), models.RemovedGroupMember)
    assert_type(client.groups.icon.set(group, "team.png"), models.GroupIcon)
    client.groups.icon.set(group, Path("team.png"))
    client.groups.icon.set(group, b"...")
    client.groups.icon.set(group, picture)
    assert_type(client.groups.icon.remove(group), models.GroupIcon)


def account(client: Blooio) -> None:
    """Numbers, contact cards, webhook logs, locations, lookups and FaceTime."""
    numbers = client.numbers.list()
    assert_type(numbers, Sequence[models.PhoneNumber])
    assert_type(client.numbers.contact_card.get(numbers[0]), models.ContactCard)
    card = client.numbers.contact_card.update(
        "+15550100001",
        first_name="Ann",
        last_name="Lee",
        avatar=Path("ann.png"),
        sharing=models.ContactCardSharing(enabled=True),
    )
    assert_type(card, models.UpdatedContactCard)
    client.numbers.contact_card.update(numbers[0], sharing={"enabled": True})
    assert_type(client.numbers.forward_calls(numbers[0], "+15559876543"), models.CallForwardingTicket)

    logs = client.webhooks.logs.list("wh_1", sort="asc", status=500, min_status=500, max_status=599, limit=1)
    assert_type(logs, Pager[models.WebhookLog])
    for log in logs:
        assert_type(log.event_body.text if log.event_body else None, str | None)
        assert_type(client.webhooks.logs.replay("wh_1", log), models.WebhookReplay)
    followed = client.webhooks.logs.follow("wh_1", cursor=None, poll=1.0)
    assert_type(followed, Generator[LoggedDelivery])
    forwarded = client.webhooks.logs.forward("wh_1", "http://127.0.0.1:8000/blooio", secret="whsec_1")
    assert_type(forwarded, Generator[ForwardedDelivery])
    assert_type(client.webhooks.update("wh_1", type=models.WebhookType.ALL, valid_until=NOW), models.Webhook)
    assert_type(client.webhooks.rotate_secret("wh_1"), models.WebhookSecret)

    locations = client.locations.list()
    assert_type(locations, Sequence[Location])
    assert_type(locations[0].latitude, float | None)
    assert_type(client.locations.get("ann@example.com"), Location)
    assert_type(client.locations.refresh(), Sequence[Location])

    found = client.phone_numbers.lookup("(212) 555-0123")
    assert_type(found, models.PhoneNumberLookup)
    assert_type(found.location.city if found.location else None, str | None)
    assert_type(client.phone_numbers.lookup_many([numbers[0], "+15551234567"]), Sequence[models.PhoneNumberLookup])
    call = client.facetime.call(locations[0])
    assert_type(call, models.FaceTimeCall)
    assert_type(call.link, str)


def conversation(client: Blooio) -> None:
    """Polls, backgrounds, effects and replies, waiting and cancelling."""
    chat = client.chat("+15551234567")
    poll = chat.polls.send(["Pizza", "Sushi"], title="Lunch?")
    assert_type(poll, models.SentPoll)
    assert_type(poll.poll_id, str)
    results = chat.polls.results(poll)
    assert_type(results, models.PollResults)
    assert_type([(option.text, option.votes) for option in results.options], list[tuple[str, int]])
    assert_type(chat.background.get(), models.ChatBackground)
    assert_type(chat.background.set("beach.jpg"), models.ChatBackground)
    chat.background.set(b"...", timeout=60)
    assert_type(chat.background.remove(), models.ChatBackground)
    sent = chat.send("Hello", effect="confetti", reply_to="msg_1")
    chat.send("Hello", effect=models.MessageEffect.SLAM, reply_to=models.ReplyTarget(message_id="msg_1"))
    assert_type(chat.messages.wait(sent), models.MessageStatus)
    status = chat.messages.wait(sent, until=models.DeliveryStatus.SENT, timeout=None, poll=0.5, headers={})
    assert_type(status.status, models.DeliveryStatus | None)
    assert_type(chat.messages.cancel(sent), models.CancelledMessage)


async def awaiting_contacts(client: AsyncBlooio) -> None:
    """Contacts and their tags, with the async client."""
    pager = client.contacts.list(q="ann", sort="name_asc", limit=5, page_size=200, timeout=5, headers={})
    assert_type(pager, AsyncPager[models.Contact])
    assert_type(await client.contacts.list(sort=models.DirectorySort.RECENT).first(), models.Contact | None)
    async for page in pager.pages():
        assert_type(page, Page[models.Contact])
    made = await client.contacts.create("ann@example.com", name="Ann")
    assert_type(made, models.Contact)
    assert_type(made.identifier, str)
    assert_type(made.created_at, datetime.datetime | None)
    assert_type(await client.contacts.get(made), models.Contact)
    assert_type(await client.contacts.update(ChatId.phone("+15551234567"), name=None), models.Contact)
    deleted = await client.contacts.delete("+15551234567")
    assert_type(deleted, models.Deletion)
    assert_type(deleted.deleted_at, datetime.datetime | None)
    reach = await client.contacts.capabilities(made)
    assert_type(reach, Reachability)
    assert_type(reach.imessage, bool)
    assert_type(reach.last_checked, datetime.datetime | None)
    tags = await client.contacts.tags.list(made)
    assert_type(tags, Sequence[models.ContactTag])
    assert_type(await client.contacts.tags.add(made, "vip"), models.AddedContactTags)
    added = await client.contacts.tags.add(made, ["vip", tags[0]])
    assert_type(added.tags_added, list[str] | None)
    assert_type(await client.contacts.tags.remove(made, tags), Sequence[models.Deletion])


async def awaiting_groups(client: AsyncBlooio, picture: IO[bytes]) -> None:
    """Groups, their members and icons, with the async client."""
    assert_type(client.groups.list(q="team", sort="oldest", limit=1, page_size=1), AsyncPager[models.Group])
    made = await client.groups.create(
        "Team", members=["+15551234567", ChatId.email("ann@example.com")], chat_guid="guid"
    )
    assert_type(made, models.CreatedGroup)
    assert_type(made.group_id, str)
    assert_type(made.added_members, list[str] | None)
    group = await client.groups.get(made)
    assert_type(group, models.Group)
    changed = await client.groups.update(group, name="Team")
    assert_type(changed, models.UpdatedGroup)
    assert_type(changed.device_sync.synced if changed.device_sync else None, bool | None)
    assert_type(await client.groups.delete(changed), models.Deletion)
    assert_type(client.groups.members.list("grp_1", limit=1, page_size=1), AsyncPager[models.GroupMember])
    async for member in client.groups.members.list(group):
        assert_type(await client.groups.members.add(group, member), models.AddedGroupMember)
        assert_type(await client.groups.members.remove(group, member), models.RemovedGroupMember)
    assert_type(await client.groups.icon.set(group, "team.png"), models.GroupIcon)
    await client.groups.icon.set(group, Path("team.png"))
    await client.groups.icon.set(group, b"...")
    await client.groups.icon.set(group, picture)
    assert_type(await client.groups.icon.remove(group), models.GroupIcon)


async def awaiting_account(client: AsyncBlooio) -> None:
    """Numbers, contact cards, webhook logs, locations, lookups and FaceTime, with the async client."""
    numbers = await client.numbers.list()
    assert_type(numbers, Sequence[models.PhoneNumber])
    assert_type(await client.numbers.contact_card.get(numbers[0]), models.ContactCard)
    card = await client.numbers.contact_card.update(
        "+15550100001",
        first_name="Ann",
        last_name="Lee",
        avatar=Path("ann.png"),
        sharing=models.ContactCardSharing(enabled=True),
    )
    assert_type(card, models.UpdatedContactCard)
    await client.numbers.contact_card.update(numbers[0], sharing={"enabled": True})
    assert_type(await client.numbers.forward_calls(numbers[0], "+15559876543"), models.CallForwardingTicket)

    logs = client.webhooks.logs.list("wh_1", sort="asc", status=500, min_status=500, max_status=599, limit=1)
    assert_type(logs, AsyncPager[models.WebhookLog])
    async for log in logs:
        assert_type(log.event_body.text if log.event_body else None, str | None)
        assert_type(await client.webhooks.logs.replay("wh_1", log), models.WebhookReplay)
    followed = client.webhooks.logs.follow("wh_1", cursor=None, poll=1.0)
    assert_type(followed, AsyncGenerator[LoggedDelivery])
    forwarded = client.webhooks.logs.forward("wh_1", "http://127.0.0.1:8000/blooio", secret="whsec_1")
    assert_type(forwarded, AsyncGenerator[ForwardedDelivery])
    assert_type(await client.webhooks.update("wh_1", type=models.WebhookType.ALL, valid_until=NOW), models.Webhook)
    assert_type(await client.webhooks.rotate_secret("wh_1"), models.WebhookSecret)

    locations = await client.locations.list()
    assert_type(locations, Sequence[Location])
    assert_type(locations[0].latitude, float | None)
    assert_type(await client.locations.get("ann@example.com"), Location)
    assert_type(await client.locations.refresh(), Sequence[Location])

    found = await client.phone_numbers.lookup("(212) 555-0123")
    assert_type(found, models.PhoneNumberLookup)
    assert_type(found.location.city if found.location else None, str | None)
    assert_type(
        await client.phone_numbers.lookup_many([numbers[0], "+15551234567"]), Sequence[models.PhoneNumberLookup]
    )
    call = await client.facetime.call(locations[0])
    assert_type(call, models.FaceTimeCall)
    assert_type(call.link, str)


async def awaiting_conversation(client: AsyncBlooio) -> None:
    """Polls, backgrounds, effects and replies, waiting and cancelling, with the async client."""
    chat = client.chat("+15551234567")
    poll = await chat.polls.send(["Pizza", "Sushi"], title="Lunch?")
    assert_type(poll, models.SentPoll)
    assert_type(poll.poll_id, str)
    results = await chat.polls.results(poll)
    assert_type(results, models.PollResults)
    assert_type([(option.text, option.votes) for option in results.options], list[tuple[str, int]])
    assert_type(await chat.background.get(), models.ChatBackground)
    assert_type(await chat.background.set("beach.jpg"), models.ChatBackground)
    await chat.background.set(b"...", timeout=60)
    assert_type(await chat.background.remove(), models.ChatBackground)
    sent = await chat.send("Hello", effect="confetti", reply_to="msg_1")
    await chat.send("Hello", effect=models.MessageEffect.SLAM, reply_to=models.ReplyTarget(message_id="msg_1"))
    assert_type(await chat.messages.wait(sent), models.MessageStatus)
    status = await chat.messages.wait(sent, until=models.DeliveryStatus.SENT, timeout=None, poll=0.5, headers={})
    assert_type(status.status, models.DeliveryStatus | None)
    assert_type(await chat.messages.cancel(sent), models.CancelledMessage)


async def awaiting_main_names(client: AsyncBlooio) -> None:
    """The calls that `user_script.py` makes with the sync client only."""
    assert_type(client.with_options(timeout=5, max_retries=0, headers={"X-Team": "blue"}), AsyncBlooio)
    assert_type(client.chats.list(q="ann", sort="recent", limit=5), AsyncPager[models.Chat])
    chat = client.chat(["+15551234567", "ann@example.com"])
    assert_type(await chat.get(), models.ChatDetail)
    assert_type(await chat.unreact("😂", message=-2, direction="inbound"), models.ReactionChange)
    assert_type(await chat.start_typing(), models.TypingIndicator)
    assert_type(await chat.stop_typing(), models.TypingIndicator)
    assert_type(await chat.mark_read(), models.ReadReceipt)
    assert_type(await chat.share_contact_card(), models.SharedContactCard)
    assert_type(await chat.messages.get("msg_1"), models.MessageDetail)
    assert_type(await chat.messages.status("msg_1"), models.MessageStatus)
    webhooks = await client.webhooks.list()
    assert_type(webhooks, Sequence[models.Webhook])
    assert_type(await client.webhooks.get(webhooks[0]), models.Webhook)
    assert_type(await client.webhooks.delete(webhooks[0]), models.Deletion)
