# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import Any, ClassVar

from attrs import define

from ..types import (
    Codec,
    Model,
    Moment,
)


@define(kw_only=True, eq=False, repr=False)
class Usage(Model):
    """Usage statistics (only for api_key auth)"""

    _codecs: ClassVar[dict[str, Codec]] = {"last_message_sent": Moment("milliseconds")}

    inbound_messages: int | None = None
    outbound_messages: int | None = None
    last_message_sent: datetime.datetime | None = None

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.inbound_messages = get("inbound_messages")
        model.outbound_messages = get("outbound_messages")
        return model
