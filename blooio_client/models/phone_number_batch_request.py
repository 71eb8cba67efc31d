# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from attrs import define

from ..types import (
    UNSET,
    Model,
    Required,
)


@define(kw_only=True, eq=False, repr=False)
class PhoneNumberBatchRequest(Model):
    """PhoneNumberBatchRequest, as the API has it."""

    _required: ClassVar[Required] = {"numbers": list}
    _absent: ClassVar[Any] = UNSET

    numbers: Sequence[str]
    """Array of phone numbers to look up"""
