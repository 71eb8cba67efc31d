"""Paging: what to request next, which items are new, and when a list ends."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blooio_client import AsyncBlooio, calls
from blooio_client.models import Message, MessageList
from blooio_client.types import Call
from blooio_overrides.errors import InvalidArgumentError, UnexpectedResponseError
from blooio_overrides.pagination import MAX_STALE_PAGES, REMEMBERED, Listing, Page, Reader, listing


def messages(limit: int | None = None, page_size: int | None = None) -> Listing[Message]:
    """The list of a chat's messages."""

    def call(limit: int, offset: int) -> Call[Any]:
        return calls.list_chat_messages("+15551234567", limit=limit, offset=offset)

    return listing(call, "messages", lambda message: message.message_id, limit=limit, page_size=page_size)


def response(ids: list[Any], **pagination: Any) -> MessageList:
    """A page of messages as the service returns it."""
    items = [{"message_id": each} if isinstance(each, str) else each for each in ids]
    return MessageList.from_dict({"messages": items, **({"pagination": pagination} if pagination else {})})


def asked(reader: Reader[Message]) -> tuple[int, int]:
    """The limit and the offset of the next call."""
    params = reader.next_call().params
    return params["limit"], params["offset"]


def ids_of(page: Page[Message]) -> list[str]:
    """The ids on a page."""
    return [message.message_id for message in page]


@pytest.mark.parametrize(
    ("limit", "page_size", "expected"),
    [(None, None, 100), (None, 7, 7), (5, None, 5), (500, None, 100), (5, 200, 5), (500, 200, 200), (1, 1, 1)],
)
def test_the_first_request(limit: int | None, page_size: int | None, expected: int) -> None:
    """The first page has the requested size, and never more items than the limit."""
    assert asked(Reader(messages(limit, page_size))) == (expected, 0)


@pytest.mark.parametrize(
    ("limit", "page_size", "match"),
    [
        (0, None, "limit"),
        (-1, None, "limit"),
        (None, 0, "page_size"),
        (None, 201, "from 1 to 200"),
        ("5", None, "limit"),
        (True, None, "limit"),
        (None, 1.5, "page_size"),
    ],
)
def test_a_limit_out_of_range_is_rejected(limit: Any, page_size: Any, match: str) -> None:
    """An invalid count is rejected before anything is sent."""
    with pytest.raises(InvalidArgumentError, match=match):
        messages(limit, page_size)


@pytest.mark.parametrize(
    ("ids", "pagination", "is_done"),
    [
        (["a", "b"], {}, False),
        (["a", "b"], {"total": 5}, False),
        (["a", "b"], {"total": 2}, True),
        (["a", "b"], {"total": 1}, True),
        (["a", "b"], {"total": 5, "has_more": True}, False),
        (["a", "b"], {"total": 5, "has_more": False}, False),
        (["a", "b"], {"total": 2, "has_more": True}, False),
        (["a", "b"], {"has_more": False}, True),
        (["a"], {"has_more": True}, False),
        ([], {"has_more": True}, True),
        (["a", "b"], {"total": None, "has_more": None}, False),
        (["a", "b"], {"total": "5"}, False),
        (["a", "b"], {"total": True}, False),
        (["a", "b"], {"total": -1}, False),
        (["a", "b"], {"has_more": 0}, False),
        (["a"], {}, True),
        (["a"], {"total": 5}, False),
        (["a"], {"limit": 1, "total": 5}, False),
        (["a"], {"limit": 2, "total": 5}, False),
        (["a"], {"limit": 0, "total": 5}, False),
        (["a"], {"limit": 1}, False),
        (["a"], {"limit": 2}, True),
        (["a"], {"limit": 0}, True),
        (["a", None], {}, False),
        ([], {}, True),
        ([], {"total": 5, "has_more": True, "limit": 1}, True),
    ],
)
def test_when_a_list_ends(ids: list[Any], pagination: dict[str, Any], is_done: bool) -> None:
    """A list continues while has_more is true or total is not reached; without both, a short page ends it."""
    reader = Reader(messages(page_size=2))
    page = reader.take(response(ids, **pagination))

    assert is_done is reader.is_done is (not page.has_more)


@pytest.mark.parametrize("pagination", [None, 5, [], "x", {"total": {}}])
def test_an_invalid_pagination_is_ignored(pagination: object) -> None:
    """Without paging information, the length of the page decides."""
    reader = Reader(messages(page_size=1))
    page = reader.take(MessageList.from_dict({"messages": [{"message_id": "a"}], "pagination": pagination}))

    assert (page.total, reader.is_done) == (None, False)


def test_pages_follow_each_other() -> None:
    """Each page starts where the previous one ended."""
    reader = Reader(messages(page_size=2))
    first = reader.take(response(["a", "b"], total=3))
    then = asked(reader)
    second = reader.take(response(["c"], total=3))

    assert then == (2, 2)
    assert (ids_of(first), first.total, first.offset, first.has_more) == (["a", "b"], 3, 0, True)
    assert (ids_of(second), second.total, second.offset, second.has_more) == (["c"], 3, 2, False)


def test_a_limit_bounds_the_items() -> None:
    """The last page requests only the items still wanted, and the list ends there."""
    reader = Reader(messages(limit=3, page_size=2))
    reader.take(response(["a", "b"], total=9))
    then = asked(reader)
    last = reader.take(response(["c"], total=9))

    assert (then, ids_of(last), reader.is_done) == ((1, 2), ["c"], True)


@pytest.mark.parametrize("total", [None, 9])
def test_a_page_that_is_longer_than_requested_is_truncated(total: int | None) -> None:
    """A page that is longer than requested is truncated, and the list ends."""
    reader = Reader(messages(limit=2))
    page = reader.take(response(["a", "b", "c", "d"], total=total))

    assert (ids_of(page), reader.given, reader.is_done) == (["a", "b"], 2, True)


def test_an_item_that_is_listed_twice_is_yielded_once() -> None:
    """Items repeated by a shifted offset are dropped and do not count towards the limit."""
    reader = Reader(messages(limit=4, page_size=2))
    pages = [reader.take(response(ids, total=9)) for ids in (["a", "b"], ["b", "c"], ["d"])]

    assert [ids_of(page) for page in pages] == [["a", "b"], ["c"], ["d"]]
    assert (reader.given, reader.offset, reader.is_done) == (4, 5, True)


def test_a_service_that_ignores_the_offset_is_detected() -> None:
    """A full page that repeats too often is an error; a few repeats are not, since a list may shift."""
    reader = Reader(messages(page_size=2))
    for _ in range(MAX_STALE_PAGES + 1):
        reader.take(response(["a", "b"]))

    with pytest.raises(UnexpectedResponseError, match="repeats itself"):
        reader.take(response(["a", "b"]))


@pytest.mark.parametrize("identity", [None, 5, {}])
def test_items_without_an_id_are_all_yielded(identity: object) -> None:
    """Items without an id are not dropped as duplicates."""
    page = Reader(messages()).take(response([{"message_id": identity}, {"message_id": identity}]))

    assert len(page) == 2


@pytest.mark.parametrize("identity", [None, 5, {}])
def test_a_page_without_ids_that_repeats_forever_is_an_error(identity: object) -> None:
    """A page that repeats too often is an error, even if its items have no ids."""
    reader, page = Reader(messages(page_size=2)), [{"message_id": identity, "text": "a"}, {"message_id": identity}]
    for _ in range(MAX_STALE_PAGES + 1):
        assert len(reader.take(response(page))) == 2

    with pytest.raises(UnexpectedResponseError, match="repeats itself"):
        reader.take(response(page))


def test_different_pages_without_ids_are_all_yielded() -> None:
    """Only an identical page counts as a repetition."""
    reader = Reader(messages(page_size=2))
    pages = [reader.take(response([{"text": "a"}, {"text": str(number)}])) for number in range(3 * MAX_STALE_PAGES)]

    assert sum(map(len, pages)) == 6 * MAX_STALE_PAGES


def test_items_that_are_not_objects_are_dropped() -> None:
    """Items that are not objects are skipped, but count towards the offset."""
    reader = Reader(messages(page_size=4))
    page = reader.take(response([None, "a", 5, []], total=9))

    assert (ids_of(page), reader.offset, reader.is_done) == (["a"], 4, False)


def test_the_memory_of_a_reader_is_bounded() -> None:
    """Only the last ten thousand items are remembered."""
    reader = Reader(messages(page_size=200))
    for start in range(0, REMEMBERED, 200):
        reader.take(response([str(number) for number in range(start, start + 200)]))
    known = reader.take(response(["0", *map(str, range(-199, 0))]))
    forgotten = reader.take(response(["0", *map(str, range(-198, 1))]))

    assert "0" not in ids_of(known)
    assert "0" in ids_of(forgotten)


@given(st.data())
def test_a_shifting_list_yields_each_item_once(data: st.DataObject) -> None:
    """If items are added in front, every existing item is yielded once."""
    page_size = data.draw(st.integers(1, 5))
    tells_total, tells_more = data.draw(st.booleans()), data.draw(st.booleans())
    present = [f"old{number}" for number in range(data.draw(st.integers(0, 20)))]
    stable, ever = set(present), set(present)
    reader, given_ids = Reader(messages(page_size=page_size)), list[str]()
    for step in range(100):
        size, offset = asked(reader)
        told: dict[str, Any] = {"total": len(present)} if tells_total else {}
        told |= {"has_more": offset + size < len(present)} if tells_more else {}
        given_ids += ids_of(reader.take(response(list(present[offset : offset + size]), **told)))
        if reader.is_done:
            break
        # Fewer than a page at a time, so that the list ends.
        fresh = [f"new{step}-{number}" for number in range(data.draw(st.integers(0, page_size - 1)))]
        present = [*fresh, *present]
        ever.update(fresh)

    assert reader.is_done
    assert len(given_ids) == len(set(given_ids))
    assert stable <= set(given_ids) <= ever


def test_a_page_that_is_short_does_not_end_a_list_with_a_total() -> None:
    """Items that the service hides shorten a page, but later items are still read."""
    every, hidden = [f"m{number}" for number in range(250)], {"m7", "m120", "m249"}
    reader, given_ids = Reader(messages()), list[str]()
    while not reader.is_done:
        size, offset = asked(reader)
        shown = [each for each in every[offset : offset + size] if each not in hidden]
        given_ids += ids_of(reader.take(response(list(shown), total=250)))

    assert given_ids == [each for each in every if each not in hidden]


def test_a_list_that_loses_half_of_its_items_is_read_to_its_end() -> None:
    """If items that were read are deleted, those that move up are still read."""
    present = [f"m{number}" for number in range(60)]
    reader = Reader(messages(page_size=30))
    given_ids = ids_of(reader.take(response(list(present[:30]), total=60)))
    del present[:30]
    while not reader.is_done:
        size, offset = asked(reader)
        given_ids += ids_of(reader.take(response(list(present[offset : offset + size]), total=len(present))))

    assert given_ids == [f"m{number}" for number in range(60)]


@given(st.data())
def test_a_shrinking_list_yields_each_remaining_item(data: st.DataObject) -> None:
    """Whatever is deleted between two pages, every remaining item is yielded once."""
    page_size = data.draw(st.integers(1, 5))
    present = [f"m{number}" for number in range(data.draw(st.integers(0, 40)))]
    tells_more = data.draw(st.booleans())
    reader, given_ids = Reader(messages(page_size=page_size)), list[str]()
    for _ in range(500):
        size, offset = asked(reader)
        told: dict[str, Any] = {"total": len(present)}
        told |= {"has_more": offset + size < len(present)} if tells_more else {}
        given_ids += ids_of(reader.take(response(list(present[offset : offset + size]), **told)))
        if reader.is_done:
            break
        for _ in range(data.draw(st.integers(0, min(12, len(present))))):
            del present[data.draw(st.integers(0, len(present) - 1))]

    assert reader.is_done
    assert len(given_ids) == len(set(given_ids))
    assert set(present) <= set(given_ids)


@pytest.mark.parametrize("rate", [1, 2, 5])
def test_steady_deletions_do_not_stall_a_pager(rate: int) -> None:
    """If items at the front are deleted before each page, the list is read in at most twice as many pages."""
    present = [f"m{number}" for number in range(1000)]
    reader, given_ids, pages = Reader(messages(page_size=20)), list[str](), 0
    while not reader.is_done:
        size, offset = asked(reader)
        given_ids += ids_of(reader.take(response(list(present[offset : offset + size]), total=len(present))))
        del present[:rate]
        pages += 1

    assert set(present) <= set(given_ids)
    assert pages <= 2 * 1000 / 20


def test_many_deletions_are_not_a_repeated_page() -> None:
    """Pages that are read again because of deletions do not count as repetitions."""
    present = [f"m{number}" for number in range(2 * MAX_STALE_PAGES + 10)]
    reader = Reader(messages(page_size=1))
    for _ in range(2 * MAX_STALE_PAGES + 1):
        _, offset = asked(reader)
        reader.take(response([present[offset]], total=len(present)))
    del present[-5:]
    while not reader.is_done:
        _, offset = asked(reader)
        reader.take(response(list(present[offset : offset + 1]), total=len(present)))

    assert reader.given == len(present)


@given(
    st.lists(st.lists(st.sampled_from("abcdef") | st.none(), max_size=4)),
    st.integers(1, 4),
    st.none() | st.integers(1, 9),
)
def test_no_item_is_yielded_twice(pages: list[list[Any]], page_size: int, limit: int | None) -> None:
    """Whatever the service returns, no item is yielded twice or beyond the limit."""
    reader, given_ids = Reader(messages(limit, page_size)), list[str]()
    for ids in pages:
        if reader.is_done:
            break
        assert asked(reader)[0] >= 1
        given_ids += ids_of(reader.take(response(ids)))

    assert len(given_ids) == len(set(given_ids)) == reader.given
    assert limit is None or len(given_ids) <= limit


def test_a_page_is_a_sequence_of_its_items() -> None:
    """A page is a sequence, and its repr shows no items."""
    page = Page(["canary-a", "canary-b", "canary-c"], 9, 3, has_more=True)

    assert (len(page), page[0], page[-1], page[1:]) == (3, "canary-a", "canary-c", ["canary-b", "canary-c"])
    assert list(page) == page.items
    assert "canary-b" in page
    assert repr(page) == "<Page of 3 from 3, total 9>"


def test_awaiting_a_pager_explains_async_for() -> None:
    """`await client.contacts.list()` raises an error that names the ways to read a list."""

    async def awaits() -> None:
        async with AsyncBlooio("a-key") as client:
            pager: Any = client.contacts.list()
            await pager

    with pytest.raises(TypeError, match=r"use `async for item in client\.contacts\.list\(\)`"):
        asyncio.run(awaits())


def test_reading_is_deterministic() -> None:
    """The same responses yield the same items in the same order."""
    order = [str(number) for number in range(50)]
    random.Random(7).shuffle(order)  # noqa: S311 - an order, not a secret

    assert [ids_of(Reader(messages()).take(response(order))) for _ in range(2)] == [order, order]
