"""Models as fields of pydantic models, without a dependency on pydantic."""

from __future__ import annotations

import json

import pytest
from pydantic import BaseModel, ValidationError

from blooio_client import Message

RECEIVED = {"message_id": "msg_1", "direction": "sideways", "time_sent": 1764236400000, "new": [1]}


class Ticket(BaseModel):
    """A user's model."""

    last: Message


def test_a_dict_and_a_model_are_read() -> None:
    """A dict or a model is kept as received, including unknown values and fields."""
    message = Message.from_dict(RECEIVED)

    assert Ticket(last=message).last is message
    assert Ticket.model_validate({"last": RECEIVED}).last == message


def test_times_are_written_as_iso8601() -> None:
    """JSON for other programs has ISO 8601 times, and can be read again."""
    written = Ticket(last=Message.from_dict(RECEIVED)).model_dump_json()

    assert json.loads(written) == {"last": {**RECEIVED, "time_sent": "2025-11-27T09:40:00+00:00"}}
    assert Ticket.model_validate_json(written).last.time_sent == Message.from_dict(RECEIVED).time_sent


@pytest.mark.parametrize("wrong", [None, "msg_1", [RECEIVED]])
def test_anything_else_is_an_error_of_pydantic(wrong: object) -> None:
    """The error names the expected class."""
    with pytest.raises(ValidationError, match="expected a Message or a dict"):
        Ticket.model_validate({"last": wrong})


def test_there_is_a_json_schema() -> None:
    """FastAPI can document routes that take or return a model."""
    schema = Ticket.model_json_schema()

    assert schema["properties"]["last"] == {"type": "object", "title": "Message"}
