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
    from ..models.group_member import GroupMember
    from ..models.pagination import Pagination


@define(kw_only=True, eq=False, repr=False)
class GroupMemberList(Model):
    """GroupMemberList, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"members": ListOf(Nested("GroupMember")), "pagination": Nested("Pagination")}
    _required: ClassVar[Required] = {"members": list}

    members: list[GroupMember]
    group_id: str | None = None
    """The group ID"""
    group_name: str | None = None
    """The group name"""
    icon_url: str | None = None
    """URL of the group icon/photo"""
    pagination: Pagination | None = None

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = {}
        get = data.get
        model.group_id = get("group_id")
        model.group_name = get("group_name")
        model.icon_url = get("icon_url")
        return model
