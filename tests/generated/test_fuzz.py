from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blooio_client import models
from blooio_client.types import Model

if TYPE_CHECKING:
    from tests.generated.conftest import Bodies

COUNT = 20_000
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def read_everything(value: Any) -> None:
    """Read each field of a model, and of everything in it."""
    if isinstance(value, list):
        for item in value:  # pyright: ignore[reportUnknownVariableType]
            read_everything(item)
    elif isinstance(value, Model):
        model: Any = value
        assert repr(model)
        assert model == model  # noqa: PLR0124 - tests equality
        assert isinstance(model.additional_properties, dict)
        for name in model._fields:
            read_everything(getattr(model, name))


def written(value: Any) -> Any:
    """Return the JSON of a model, or of a value that was kept in place of one."""
    return value.to_dict() if isinstance(value, Model) else value


def test_random_bodies(bodies: Bodies) -> None:
    """None of 20,000 random bodies makes a model raise, and `to_dict` returns each unchanged."""
    random = Random(20_000)  # noqa: S311 - a seed makes the run repeatable
    for number in range(COUNT):
        name = bodies.names[number % len(bodies.names)]
        body = bodies.random(name, random)
        text = json.dumps(body)
        try:
            value = getattr(models, name).from_dict(body)
            read_everything(value)
            assert json.dumps(written(value)) == text
        except Exception as error:
            error.add_note(f"body {number}, read as {name}: {text}")
            raise


@settings(max_examples=200, deadline=None, derandomize=True)
@given(body=JSON_VALUES)
def test_any_json(body: Any) -> None:
    """Any JSON can be read as any model without an exception, and `to_dict` returns it unchanged."""
    for name in ("Message", "Me", "ChatList", "CreatedWebhook", "WebhookEventPayload", "SendMessageRequest"):
        value = getattr(models, name).from_dict(body)
        read_everything(value)

        assert json.dumps(written(value)) == json.dumps(body)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(data=st.data())
def test_any_value_in_a_field(bodies: Bodies, data: st.DataObject) -> None:
    """Any JSON in any field of any model is returned unchanged, and shows up in no other field."""
    name = data.draw(st.sampled_from(bodies.names))
    body = bodies.full(name)
    if not body:
        return
    field = data.draw(st.sampled_from(sorted(body)))
    whole = getattr(models, name).from_dict(dict(body))
    body[field] = data.draw(JSON_VALUES)

    value = getattr(models, name).from_dict(body)
    read_everything(value)

    assert json.dumps(value.to_dict()) == json.dumps(body)
    assert {other for other in whole._fields if getattr(whole, other) != getattr(value, other)} <= {
        each for each, described in whole._fields.items() if described.wire == field
    }


@pytest.mark.parametrize("depth", [100, 800])
@pytest.mark.parametrize("field", ["organization", "devices", "metadata", "api_key", "unheard_of"])
def test_deep_nesting(depth: int, field: str) -> None:
    """A body nested as deeply as `json.loads` can read can be read, shown and returned unchanged."""
    body = json.loads('{"%s": %s}' % (field, "[" * depth + "]" * depth))  # noqa: UP031 - braces would be doubled

    value = models.Me.from_dict(body)
    read_everything(value)

    assert value.to_dict() == body
