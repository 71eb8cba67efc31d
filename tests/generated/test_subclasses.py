"""Subclasses of models: fields that a program adds or redefines."""

from __future__ import annotations

import pickle
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from blooio_client import models
from blooio_client.types import JsonObject, Model

if TYPE_CHECKING:
    from collections.abc import Callable


@attrs.define(kw_only=True)
class MessageWithCost(models.Message):
    """A message with a field that the document does not have."""

    cost: float | None = None


def test_subclass() -> None:
    """Fields that a subclass adds to a model are read, assigned and serialized like the others."""
    message = MessageWithCost.from_dict({"message_id": "m1", "cost": 0.5, "direction": "inbound", "unheard_of": 1})

    assert (message.message_id, message.cost, message.direction) == ("m1", 0.5, models.Direction.INBOUND)
    assert message.additional_properties == {"unheard_of": 1}
    message.cost = None
    assert message.to_dict() == {"message_id": "m1", "cost": None, "direction": "inbound", "unheard_of": 1}
    assert MessageWithCost(message_id="m1", cost=1.5).to_dict() == {"message_id": "m1", "cost": 1.5}


def test_copied_subclass(duplicate: Callable[[Any], Any]) -> None:
    """Copies and pickles of a model's subclass have the same class, including its own fields."""
    body = {"message_id": "m1", "cost": 0.5, "direction": "inbound", "reactions": [{"reaction": "love"}], "other": 1}
    message = MessageWithCost.from_dict(body)
    message.status = models.DeliveryStatus.READ

    other = duplicate(message)

    assert (type(other), other) == (MessageWithCost, message)
    assert other.to_dict() == body | {"status": "read"}


@attrs.define(kw_only=True)
class EarlierMessageWithCost(models.Message):
    """The subclass as an earlier version defined it, with another field."""

    __qualname__ = "MessageWithCost"

    price: float | None = None


def test_a_pickle_of_another_version_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pickled model can be read after its class has got a new field and lost another; assigned values are kept."""
    body = {"message_id": "m1", "cost": 0.5, "direction": "inbound", "price": 1.5}
    message = EarlierMessageWithCost.from_dict(body)
    message.direction, message.price = models.Direction.OUTBOUND, 2.5
    with monkeypatch.context() as earlier:
        earlier.setattr(sys.modules[__name__], "MessageWithCost", EarlierMessageWithCost)
        pickled = pickle.dumps(message)

    read = pickle.loads(pickled)  # noqa: S301 - our own

    assert type(read) is MessageWithCost
    assert (read.direction, read.cost) == (models.Direction.OUTBOUND, 0.5)
    assert read.additional_properties == {"price": 1.5}


def optional(kind: Any) -> Any:
    """Return an optional field with an explicit type, since models cannot resolve this file's annotations."""
    return attrs.field(default=None, type=kind)


@attrs.define(kw_only=True)
class Bill(Model):
    """A model whose times have the names of attributes that every model has."""

    json = optional(datetime)
    values = optional(datetime)
    fields = optional(datetime)


@attrs.define(kw_only=True)
class BillOfDates(Bill):
    """A subclass that changes the types of two times, and redefines another."""

    json = optional(list[datetime])
    values = optional(int)
    fields = optional(datetime)


@attrs.define(kw_only=True, slots=False)
class BillWithoutSlots(Bill):
    """The same without slots, and with an additional time."""

    json = optional(list[datetime])
    values = optional(int)
    fields = optional(datetime)
    paid = optional(datetime)


@pytest.mark.parametrize("kind", [Bill, BillOfDates, BillWithoutSlots])
def test_times_of_subclasses(duplicate: Callable[[Any], Any], kind: type[Bill]) -> None:
    """Times can have any name, and a subclass can redefine them, with slots or without."""
    first, second, third = (datetime.fromtimestamp(seconds, UTC) for seconds in (1, 2, 3))
    body: JsonObject = {"json": 1000, "values": 2000, "fields": 3000}
    expected: Any = (first, second)
    if kind is not Bill:
        body, expected = body | {"json": [1000]}, ([first], 2000)
    bill: Any = duplicate(kind.from_dict(body))

    assert (bill.json, bill.values, bill.fields) == (*expected, third)
    assert bill == kind.from_dict(body)
    bill.fields = None
    assert bill.to_dict() == body | {"fields": None}


def test_time_without_slots() -> None:
    """A time that a subclass without slots adds is read like the others."""
    bill = BillWithoutSlots.from_dict({"paid": 4000})

    assert bill.paid == datetime.fromtimestamp(4, UTC)
    assert bill.to_dict() == {"paid": 4000}
