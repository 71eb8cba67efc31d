# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from attrs import define

from ..types import (
    UNSET,
    Model,
    Required,
    Unset,
)


@define(kw_only=True, eq=False, repr=False)
class SendPollRequest(Model):
    """SendPollRequest, as the API has it."""

    _required: ClassVar[Required] = {"options": list}
    _absent: ClassVar[Any] = UNSET

    options: Sequence[str]
    """Array of 2-10 option strings for the poll"""
    title: str | Unset = UNSET
    """Poll question or title (optional)"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = None
        get = data.get
        model.options = get("options", UNSET)
        model.title = get("title", UNSET)
        return model
