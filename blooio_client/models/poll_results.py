# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.poll_option import PollOption
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class PollResults(Model):
    """Response of getPollResults: Get poll results."""

    options: list[PollOption]
    """The options, in order"""
    poll_id: str | None = None
    """The poll's id"""
    chat_id: str | None = None
    """The chat: a phone number, an email address or a group id"""
    title: str | None = None
    """The question of the poll"""
    total_votes: int | None = None
    """The total number of votes"""
