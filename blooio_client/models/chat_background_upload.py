# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import File, Model


@define(kw_only=True, eq=False, repr=False)
class ChatBackgroundUpload(Model):
    """Body of setChatBackground: Set chat background."""

    background: File
    """The image file to set as the chat background"""
