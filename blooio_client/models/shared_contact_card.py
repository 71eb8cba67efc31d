# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class SharedContactCard(Model):
    """Response of shareContactCard: Share contact card."""

    success: bool | None = None
    """Whether it succeeded"""
    chat_id: str | None = None
    """Normalized chat identifier"""
    message: str | None = None
    """A message from Blooio about it"""
