"""User code with the main public names; type-checked in strict mode, never run."""

from __future__ import annotations

import datetime
from typing import Any, assert_type

import httpx

import blooio_client.webhooks
from blooio_client import (
    APIError,
    AsyncBlooio,
    AsyncConversation,
    AsyncPager,
    Blooio,
    BlooioError,
    Call,
    Chat,
    ChatDetail,
    ChatId,
    Conversation,
    CreatedWebhook,
    Direction,
    Me,
    Message,
    MessageDetail,
    MessageStatus,
    Page,
    Pager,
    QuotaExceededError,
    RawResponse,
    ReactionChange,
    ReadReceipt,
    Secret,
    SentMessage,
    SharedContactCard,
    Tapback,
    TypingIndicator,
    __version__,
    calls,
    errors,
    idempotency_key_for,
    models,
    types,
    webhooks,
)


def blocking() -> None:
    """The sync client."""
    client = Blooio(
        "key",
        base_url="https://example.com/v2/api",
        timeout=30,
        max_retries=2,
        from_number="+15550100001",
        http_client=httpx.Client(),
        allow_http=False,
    )
    with client, Blooio() as other, Blooio(timeout=httpx.Timeout(5)), Blooio(timeout=None):
        assert_type(other, Blooio)
        assert_type(client.with_options(timeout=5, max_retries=0, headers={"X-Team": "blue"}), Blooio)
        assert_type(client.me(), Me)
        key = client.me(timeout=5, headers={}).api_key
        assert_type(key, Secret | None)
        assert_type(key.reveal() if key else "", str)

        chat = client.chat("+15551234567")
        assert_type(chat, Conversation)
        client.chat(["+15551234567", "ann@example.com"])
        client.chat(ChatId.several([ChatId.phone("+15551234567"), ChatId.email("ann@example.com")]))
        client.chat(ChatId.group("grp_1"))
        assert_type(chat.get(), ChatDetail)
        sent = chat.send(
            ["one", "two"],
            attachments=["https://example.com/a.png", models.OutgoingAttachment(url="https://example.com/b.png")],
            link_preview={"title": "An example"},
            from_number="+15550100001",
            share_contact=True,
            use_typing_indicator=True,
            idempotency_key=idempotency_key_for("campaign-7", "+15551234567"),
            extra={"effect": "confetti"},
        )
        assert_type(sent, SentMessage)
        assert_type(sent.message_ids, list[str])
        assert_type(sent.message_id, str)
        assert_type(sent.duplicate, bool | None)
        assert_type(sent.idempotency_key, str)
        chat.send(parts=[{"text": "Look: "}, models.MessagePart(url="https://example.com/a.png")])
        chat.send("https://example.com", link_preview=models.LinkPreview(title="An example"))

        assert_type(chat.react("love"), ReactionChange)
        assert_type(chat.react(Tapback.LOVE, message=-2, direction="inbound"), ReactionChange)
        assert_type(chat.unreact("😂", message=sent, direction=Direction.INBOUND), ReactionChange)

        pager = chat.messages.list(
            direction="inbound",
            since=datetime.datetime.now(datetime.UTC),
            until=1735689600000,
            sort="asc",
            limit=10,
            page_size=200,
        )
        assert_type(pager, Pager[Message])
        for message in pager:
            assert_type(message, Message)
            assert_type(message.message_id, str)
            assert_type(message.time_sent, datetime.datetime | None)
            for reaction in message.reactions or []:
                assert_type(reaction.reaction, str)
            if message.status == "read":
                chat.react("like", message=message)
        for page in pager.pages():
            assert_type(page, Page[Message])
            assert_type(page[0], Message)
        assert_type(pager.first(), Message | None)
        assert_type(chat.messages.get(sent), MessageDetail)
        assert_type(chat.messages.status(sent.message_id), MessageStatus)

        with chat.typing():
            assert_type(chat.start_typing(), TypingIndicator)
        assert_type(chat.stop_typing(), TypingIndicator)
        assert_type(chat.mark_read(), ReadReceipt)
        assert_type(chat.share_contact_card(), SharedContactCard)
        assert_type(client.chats.list(q="ann", sort="recent", limit=5), Pager[Chat])
        for each in client.chats.list():
            assert_type(client.chat(each), Conversation)

        created = client.webhooks.create("https://example.com/hook", type="poll", valid_until=None)
        assert_type(created, CreatedWebhook)
        assert_type(created.created, bool)
        assert_type(created.signing_secret, Secret | None)
        client.webhooks.update(created, valid_until=None, deprecate=True)
        assert_type(list(client.webhooks.list()), list[models.Webhook])
        assert_type(client.webhooks.get("wh_1"), models.Webhook)
        assert_type(client.webhooks.delete(created), models.Deletion)
        assert_type(client.webhooks.rotate_secret("wh_1").signing_secret, Secret)

        call = calls.get_chat("+15551234567")
        assert_type(call, Call[ChatDetail])
        assert_type(client.call(call.adding(params={"new": 1})), ChatDetail)
        assert_type(client.call(Call.build("GET", "/chats/{chatId}/new", chatId="+15551234567")), Any)
        raw = client.call_raw(call)
        assert_type(raw, RawResponse)
        assert_type(raw.status, int)
        body = models.SendMessageRequest(text="Hello", share_contact=types.UNSET)
        assert_type(client.call(calls.send_message("+15551234567", body=body)), models.AcceptedMessage)


async def awaiting() -> None:
    """The async client."""
    async with AsyncBlooio("key", http_client=httpx.AsyncClient()) as client:
        assert_type(client, AsyncBlooio)
        assert_type(await client.me(), Me)
        chat = client.chat("+15551234567")
        assert_type(chat, AsyncConversation)
        sent = await chat.send("Hello")
        assert_type(sent, SentMessage)
        async with chat.typing():
            assert_type(await chat.react("love", message=sent), ReactionChange)
        pager = chat.messages.list(limit=10)
        assert_type(pager, AsyncPager[Message])
        async for message in pager:
            assert_type(message, Message)
        async for page in pager.pages():
            assert_type(page, Page[Message])
        assert_type(await pager.first(), Message | None)
        assert_type(await client.webhooks.create("https://example.com/hook"), CreatedWebhook)
        assert_type(await client.call(calls.get_chat("+15551234567")), ChatDetail)
        assert_type(await client.call_raw(calls.get_me()), RawResponse)
        await client.aclose()


def errors_and_events(body: bytes, headers: dict[str, str]) -> str:
    """Errors and deliveries."""
    try:
        Blooio().chat("+15551234567").send("Hello")
    except QuotaExceededError as error:
        assert_type(error.code, str | None)
    except APIError as error:
        assert_type(error.status, int)
        assert_type(error.retry_after, float | None)
    except BlooioError as error:
        assert_type(error.sent, bool | None)
        assert_type(error.idempotency_key, str | None)
        assert_type(error.attempts, int)
    assert_type(errors.ServerError("").request_id, str | None)
    webhooks.verify(body, headers, secret=["new", Secret("old")], tolerance=None)
    assert_type(blooio_client.webhooks.sign(body, "whsec_1", timestamp=1), str)
    assert_type(webhooks.parse_many(body), list[webhooks.Event])
    event = webhooks.unwrap(body, headers, secret="whsec_1")
    assert_type(event.timestamp, datetime.datetime | None)
    match event:
        case webhooks.MessageReceived(text=text, chat_id=chat_id):
            assert_type(text, str | None)
            assert_type(chat_id, str | None)
        case webhooks.MessageFailed(error_code=code):
            assert_type(code, str | None)
        case webhooks.MessageReaction(action=action, reaction=reaction):
            assert_type(action, models.ReactionAction | None)
            assert_type(reaction, str | None)
        case webhooks.PollVoted(option=option):
            assert_type(option, str | None)
        case webhooks.UnknownEvent(type=kind):
            assert_type(kind, str)
        case _:
            assert_type(event.timestamp, datetime.datetime | None)
    return __version__


async def responses(client: Blooio, awaiting: AsyncBlooio, event: webhooks.PollVoted) -> None:
    """Replies to events, with both clients."""
    assert_type(event.reply(client, "Hello", attachments=["https://example.com/a.jpg"], key="second"), SentMessage)
    assert_type(await event.reply(awaiting, text="Hello", timeout=5.0), SentMessage)
    assert_type(client.chat(event).polls.results(event), models.PollResults)
