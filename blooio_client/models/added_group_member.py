# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from attrs import define

from ..types import (
    Codec,
    Model,
    Nested,
)

if TYPE_CHECKING:
    from ..models.group_member import GroupMember


@define(kw_only=True, eq=False, repr=False)
class AddedGroupMember(Model):
    """AddedGroupMember, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"member": Nested("GroupMember")}

    message: str | None = None
    member: GroupMember | None = None
    contact_created: bool | None = None
    """Whether a new contact was created for this member"""

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = data
        model._held = {}
        get = data.get
        model.message = get("message")
        model.contact_created = get("contact_created")
        return model
