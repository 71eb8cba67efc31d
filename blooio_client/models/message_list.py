# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

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

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = {}
        get = data.get
        model.chat_id = get("chat_id")
        return model
