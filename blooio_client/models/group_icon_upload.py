# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import File, Model


@define(kw_only=True, eq=False, repr=False)
class GroupIconUpload(Model):
    """Body of setGroupIcon: Set group icon."""

    icon: File
    """The icon image file to set as the group photo"""
