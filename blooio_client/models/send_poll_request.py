# Generated from openapi/ by `make generate`. Do not edit.
from collections.abc import Sequence

from attrs import define

from ..types import UNSET, Model, Unset


@define(kw_only=True, eq=False, repr=False)
class SendPollRequest(Model):
    """Body of sendPoll: Send a poll."""

    options: Sequence[str]
    """Array of 2-10 option strings for the poll"""
    title: str | Unset = UNSET
    """Poll question or title (optional)"""
