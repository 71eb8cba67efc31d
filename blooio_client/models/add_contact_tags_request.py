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
class AddContactTagsRequest(Model):
    """AddContactTagsRequest, as the API has it."""

    _required: ClassVar[Required] = {"tags": list}
    _absent: ClassVar[Any] = UNSET

    tags: Sequence[str]
    """Tags to add"""
