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
    from ..models.webhook import Webhook


@define(kw_only=True, eq=False, repr=False)
class WebhookList(Model):
    """WebhookList, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"webhooks": ListOf(Nested("Webhook"))}
    _required: ClassVar[Required] = {"webhooks": list}

    webhooks: list[Webhook]

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = {}
        return model
