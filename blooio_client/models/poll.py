# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class Poll(Model):
    """The `poll` of SentPoll."""

    title: str | None = None
    """The question of the poll"""
    options: list[str] | None = None
    """The options, in order"""
