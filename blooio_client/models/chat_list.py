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
    from ..models.chat import Chat
    from ..models.pagination import Pagination


@define(kw_only=True, eq=False, repr=False)
class ChatList(Model):
    """ChatList, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"chats": ListOf(Nested("Chat")), "pagination": Nested("Pagination")}
    _required: ClassVar[Required] = {"chats": list}

    chats: list[Chat]
    pagination: Pagination | None = None
