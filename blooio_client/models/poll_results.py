# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.poll_option import PollOption
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class PollResults(Model):
    """Response of getPollResults: Get poll results."""

    options: list[PollOption]
    poll_id: str | None = None
    chat_id: str | None = None
    title: str | None = None
    total_votes: int | None = None
