# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import UNSET, Model, Unset


@define(kw_only=True, eq=False, repr=False)
class UpdateGroupRequest(Model):
    """Body of updateGroup: Update a group."""

    name: str | Unset = UNSET
    """New group name"""
