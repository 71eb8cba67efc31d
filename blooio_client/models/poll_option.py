# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class PollOption(Model):
    """The `options` of PollResults."""

    text: str
    """The text of the option"""
    votes: int
    """The number of votes for the option"""
