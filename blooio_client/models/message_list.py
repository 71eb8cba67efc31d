# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from attrs import define

from ..types import (
    Codec,
    ListOf,
    Model,
    Nested,
    Required,
)

if TYPE_CHECKING:
    from ..models.message import Message
    from ..models.pagination import Pagination


@define(kw_only=True, eq=False, repr=False)
class MessageList(Model):
    """MessageList, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"messages": ListOf(Nested("Message")), "pagination": Nested("Pagination")}
    _required: ClassVar[Required] = {"messages": list}

    messages: list[Message]
    chat_id: str | None = None
    pagination: Pagination | None = None
