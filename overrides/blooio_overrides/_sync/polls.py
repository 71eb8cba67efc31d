# Derived from ../_async/polls.py by `make derive`. Do not edit.
"""The polls of a conversation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from blooio_client import calls
from blooio_client.types import UNSET, Unset

from .._call.exchange import Options
from .._rules.polls import poll_body
from ..arguments import id_of

if TYPE_CHECKING:
    from blooio_client.models import PollResults, SentPoll

    from .._call.settings import Timeout
    from ..webhooks.events import PollEvent
    from .sender import Sender


class Polls:
    """The polls of a conversation: `chat.polls`."""

    def __init__(self, sender: Sender, chat_id: str) -> None:
        self._sender = sender
        self._chat_id = chat_id

    def send(
        self,
        options: Iterable[str],
        /,
        *,
        title: str | None = None,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> SentPoll:
        """Send a poll.

        A poll has no idempotency key, so it is not retried if the outcome is unknown.

        Args:
            options: The 2-10 options to vote for.
            title: The question.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Returns:
            The poll, with the `poll_id` for its results.

        Raises:
            InvalidArgumentError: Nothing was sent: there are too few or too many options, or one is blank.
            DeviceUnreachableError: The device cannot be reached.
            NoActiveNumberError: No number is active.

        Source: sendPoll
        """
        call = calls.send_poll(self._chat_id, body=poll_body(options, title))
        return self._sender.call(call, Options(timeout, headers))

    def results(
        self,
        poll: str | SentPoll | PollResults | PollEvent,
        /,
        *,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> PollResults:
        """Return the number of votes for each option of a poll; voters are not listed.

        Args:
            poll: Its id, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the id is not valid.
            NotFoundError: The poll does not exist in this chat.

        Source: getPollResults
        """
        call = calls.get_poll_results(self._chat_id, id_of(poll, "poll", "poll_id"))
        return self._sender.call(call, Options(timeout, headers))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
