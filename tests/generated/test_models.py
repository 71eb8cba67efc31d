from __future__ import annotations

import copy
import importlib
import inspect
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import attrs
import pytest

import blooio_client
from blooio_client import models
from blooio_client.types import UNSET, JsonObject, OpenEnum, Unset

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.generated.conftest import Bodies

MODELS: dict[str, Any] = {
    name: getattr(models, name) for name in models.__all__ if hasattr(getattr(models, name), "from_dict")
}
ENUMS: dict[str, type[OpenEnum]] = {
    name: getattr(models, name) for name in models.__all__ if hasattr(getattr(models, name), "is_known")
}


def test_every_schema(document: Any) -> None:
    """Each schema of the document has a class of the same name in its own module, and there are no other classes."""
    assert set(models.__all__) == document["components"]["schemas"].keys()
    assert {*MODELS, *ENUMS, "JsonObject"} == set(models.__all__)
    assert models.JsonObject is JsonObject
    homes = [each.__module__ for each in [*MODELS.values(), *ENUMS.values()]]
    assert len(homes) == len(set(homes))


def test_names() -> None:
    """No model has a name invented by a generator."""
    invented = re.compile(r"Response\d|Type\d|Item|Body$")

    assert [name for name in models.__all__ if invented.search(name)] == ["ErrorBody"]


def test_fields(document: Any) -> None:
    """Each documented field is a field of its class, with its description."""
    for name, model in MODELS.items():
        schema = document["components"]["schemas"][name]
        source = " ".join(inspect.getsource(model).split())

        assert {each.wire for each in model._fields.values()} == schema.get("properties", {}).keys()
        for field in schema.get("properties", {}).values():
            assert " ".join(field.get("description", "").replace('"', '\\"').split()) in source.replace('"', '\\"')


def test_lazy() -> None:
    """Importing the package loads no models; accessing a model loads only that one and those it refers to."""
    program = (
        "import sys, blooio_client, blooio_client.models as models\n"
        "print(sorted(name for name in sys.modules if name.startswith('blooio_client.models.')))\n"
        "models.ContactTag\n"
        "print(sorted(name for name in sys.modules if name.startswith('blooio_client.models.')))\n"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == ["[]", "['blooio_client.models.contact_tag']"]


def test_an_interrupted_program_keeps_its_exit_code(tmp_path: Path) -> None:
    """If Ctrl-C interrupts the first read of a class, a program run with `python -m` can still set its exit code."""
    program = """
import sys
from blooio_client import models
from blooio_client.types import reader_of

def interrupt(frame, event, argument):
    if frame.f_code.co_name == "<module>":
        raise KeyboardInterrupt

models.ContactTag, reader_of(models.Deletion)  # imports everything
sys.settrace(interrupt)
try:
    models.ContactTag.from_dict({})
except KeyboardInterrupt:
    raise SystemExit(5)
"""
    (tmp_path / "interrupted.py").write_text(program)

    done = subprocess.run([sys.executable, "-m", "interrupted"], cwd=tmp_path, check=False)

    assert done.returncode == 5


def test_unknown_model() -> None:
    """An unknown name raises AttributeError; `dir` lists all models."""
    with pytest.raises(AttributeError, match="no attribute 'Massage'"):
        importlib.import_module("blooio_client.models").Massage  # noqa: B018 - the access raises
    assert dir(models) == sorted(models.__all__)
    assert set(models.__all__) - {"CreatedWebhook", "JsonObject"} <= set(dir(blooio_client))


def test_copies(bodies: Bodies, duplicate: Callable[[Any], Any]) -> None:
    """Each model equals its copy, deep copy and unpickled pickle."""
    for name, kind in MODELS.items():
        body = bodies.full(name) | {"unheard_of": [1]}
        model = kind.from_dict(body)
        other = duplicate(model)

        assert type(other) is type(model)
        assert other == model
        assert repr(other) == repr(model)
        assert other != kind.from_dict({"unheard_of": 2})
        assert other.additional_properties == {"unheard_of": [1]}
        assert model != body


def test_copied_request(duplicate: Callable[[Any], Any]) -> None:
    """A request model equals its copies; they serialize to the same JSON, and unset fields stay unset."""
    request = models.SendMessageRequest(text="Hello", parts=[models.MessagePart(text="a")])

    other = duplicate(request)

    assert other == request
    assert other.attachments is UNSET
    assert json.dumps(other.to_dict()) == json.dumps({"text": "Hello", "parts": [{"text": "a"}]})


def test_independent_copy(bodies: Bodies) -> None:
    """Changing a deep copy does not change the original."""
    chat = models.Chat.from_dict(bodies.full("Chat"))
    other = copy.deepcopy(chat)
    assert other.contact is not None

    other.contact.name = "Ann"

    assert other != chat
    assert chat.to_dict() == bodies.full("Chat")


def test_shallow_copy() -> None:
    """Assigning to a copy does not change the original, even for fields that were assigned before."""
    reaction = models.Reaction.from_dict({"reaction": "love", "time_sent": 1})
    reaction.time_sent = None
    other = copy.copy(reaction)

    other.reaction, other.time_sent = "like", datetime(2025, 11, 22, tzinfo=UTC)

    assert (reaction.reaction, reaction.time_sent) == ("love", None)
    assert other.to_dict() == {"reaction": "like", "time_sent": 1_763_769_600_000}


def test_the_source_is_unchanged(bodies: Bodies) -> None:
    """Reading or assigning fields does not change the JSON that the model was read from."""
    for name, model in MODELS.items():
        body = bodies.full(name)
        before = copy.deepcopy(body)
        read = model.from_dict(body)

        for field in model._fields:
            getattr(read, field)
            setattr(read, field, None)

        assert body == before


def test_attrs_fields() -> None:
    """The attrs fields of a model are the documented ones and the JSON that it was read from."""
    reaction = models.Reaction.from_dict({"reaction": "love", "is_added": True, "unheard_of": 1})

    names = ["_json", "reaction", "is_added", "time_sent", "sender"]
    assert [field.name for field in attrs.fields(models.Reaction)] == names
    documented = attrs.asdict(reaction, filter=lambda field, _: field.name != "_json")
    assert documented == {"reaction": "love", "is_added": True, "time_sent": None, "sender": None}


def test_evolved(bodies: Bodies) -> None:
    """Replacing a field, by attrs or `copy.replace`, keeps all others, including unknown fields and nulls."""
    for name, kind in MODELS.items():
        body = bodies.full(name) | {"unheard_of": [1]}
        for field, described in kind._fields.items():
            for came in (body, dict.fromkeys(body)):
                model = kind.from_dict(came)

                for replace in (attrs.evolve, models.Message.__replace__):
                    assert replace(model, **{field: "other"}).to_dict() == came | {described.wire: "other"}
                assert model.to_dict() == came


def test_unknown_fields_are_constructed() -> None:
    """A model can be constructed with fields that this version does not know."""
    request = models.UpdateContactRequest(name="Ann", additional_properties={"nick": "A"})

    assert request.to_dict() == {"nick": "A", "name": "Ann"}
    assert request.additional_properties == {"nick": "A"}


def test_hashed() -> None:
    """Models with an id are hashed by it; those without are not hashable."""
    one, other = (models.Message.from_dict({"message_id": "m1", "text": text}) for text in ("a", "b"))

    assert hash(one) == hash(other)
    assert {one, other, copy.deepcopy(one)} == {one, other}
    assert hash(one) != hash(models.MessageStatus(message_id="m1"))
    assert {name for name in ("Chat", "Contact", "Group", "Webhook", "PhoneNumber") if MODELS[name]._identity} == {
        *("Chat", "Contact", "Group", "Webhook", "PhoneNumber")
    }
    with pytest.raises(TypeError, match="unhashable type: 'Pagination'"):
        hash(models.Pagination())


def test_round_trip(bodies: Bodies) -> None:
    """A full body is returned unchanged and in order, even after each field was read."""
    for name, kind in MODELS.items():
        body = bodies.full(name)
        model = kind.from_dict(body)

        assert json.dumps(model.to_dict()) == json.dumps(body)
        assert len([getattr(model, field) for field in model._fields]) == len(model._fields)
        assert json.dumps(model.to_dict()) == json.dumps(body)


def test_assigned(bodies: Bodies) -> None:
    """Assigned fields are serialized; all others are returned as received."""
    for name, kind in MODELS.items():
        body = bodies.full(name) | {"unheard_of": True}
        for field, described in kind._fields.items():
            model = kind.from_dict(body)

            setattr(model, field, "assigned")

            assert model.to_dict() == body | {described.wire: "assigned"}


def test_mutated() -> None:
    """Nested models, lists of models and free-form objects can be changed in place."""
    body: Any = {"messages": [{"message_id": "m1"}, {"message_id": "m2", "kept": 1}], "chat": {"id": 5}}
    page = models.MessageList.from_dict(body)

    page.messages[1].text = "Hello"
    page.messages[0].reactions = [models.Reaction(reaction="love")]
    page.messages.append(models.Message(message_id="m3", direction=models.Direction.INBOUND))

    assert page.to_dict() == {
        "messages": [
            {"message_id": "m1", "reactions": [{"reaction": "love"}]},
            {"message_id": "m2", "kept": 1, "text": "Hello"},
            {"message_id": "m3", "direction": "inbound"},
        ],
        "chat": {"id": 5},
    }


def test_removed() -> None:
    """A list that was emptied is sent empty; a field that was set to None is sent as null."""
    page = models.MessageList.from_dict(
        {"messages": [{"message_id": "m1", "text": "Hello"}], "pagination": {"limit": 1}}
    )

    page.messages[0].text = None
    page.pagination = None

    assert page.to_dict() == {"messages": [{"message_id": "m1", "text": None}], "pagination": None}
    page.messages.clear()
    assert page.to_dict() == {"messages": [], "pagination": None}


def test_to_dict_returns_a_copy() -> None:
    """Changing the result of `to_dict` does not change the model."""
    model = models.Me.from_dict({"metadata": {"a": [1]}})

    model.to_dict()["metadata"]["a"].append(2)

    assert model.to_dict() == {"metadata": {"a": [1]}}


def test_unknown_fields() -> None:
    """An undocumented field is kept, listed separately and returned."""
    message = models.Message.from_dict({"message_id": "m1", "effect": "slam"})

    assert message.additional_properties == {"effect": "slam"}
    assert message.to_dict() == {"message_id": "m1", "effect": "slam"}
    assert not hasattr(message, "effect")


def test_misspelt() -> None:
    """Reading, assigning or passing a misspelt field raises an error."""
    message: Any = models.Message.from_dict({"message_id": "m1"})

    with pytest.raises(AttributeError, match="'Message' object has no attribute 'txt'"):
        message.txt  # noqa: B018 - the access raises
    with pytest.raises(AttributeError):
        message.txt = "Hello"
    with pytest.raises(TypeError):
        models.Message(message_id="m1", txt="Hello")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize("value", [None, [], "text", 5, True, [{"message_id": "m1"}]])
def test_not_an_object(value: Any) -> None:
    """A value that is not a JSON object is returned as received."""
    assert models.Message.from_dict(value) is value


def test_wrong_types() -> None:
    """A value of an undocumented type is kept as received, and null is allowed anywhere."""
    body: Any = {"messages": [None, "m", {"message_id": 5, "reactions": {"a": 1}, "direction": 7, "attachments": [3]}]}
    page: Any = models.MessageList.from_dict(body)

    assert page.messages[:2] == [None, "m"]
    assert page.messages[2].message_id == 5
    assert page.messages[2].reactions == {"a": 1}
    assert page.messages[2].direction == 7
    assert page.messages[2].attachments == [3]
    assert page.to_dict() == body


def test_unset_and_none() -> None:
    """In a request, None is sent as null, and unset fields are left out."""
    assert models.UpdateContactRequest(name=None).to_dict() == {"name": None}
    assert models.UpdateContactRequest().to_dict() == {}
    assert models.UpdateContactRequest().name is UNSET
    assert models.UpdateContactRequest(name=UNSET).to_dict() == {}
    assert models.UpdateContactRequest(name=None) != models.UpdateContactRequest()


def test_unset_again() -> None:
    """Setting a field of a request to UNSET leaves it out."""
    request = models.UpdateContactRequest.from_dict({"name": "Ann"})

    request.name = UNSET

    assert request.to_dict() == {}


def test_absent_and_null() -> None:
    """In a response, absent and null both read as None, and each is returned as received."""
    absent, null = (
        models.Message.from_dict({"message_id": "m1"}),
        models.Message.from_dict({"message_id": "m1", "text": None}),
    )

    assert (absent.text, null.text) == (None, None)
    assert absent == null
    assert (absent.to_dict(), null.to_dict()) == ({"message_id": "m1"}, {"message_id": "m1", "text": None})


def test_one_unset(duplicate: Callable[[Any], Any]) -> None:
    """UNSET is falsy, and a singleton even after copying and pickling."""
    assert duplicate(UNSET) is UNSET
    assert (bool(UNSET), repr(UNSET), type(UNSET)) == (False, "UNSET", Unset)


def test_required() -> None:
    """A class lists the fields that are required on the wire, with their JSON types."""
    assert MODELS["Message"]._required == {"message_id": None}
    assert MODELS["MessageList"]._required == {"messages": list}
    assert MODELS["AcceptedMessage"]._required == {}


@pytest.mark.parametrize(
    ("model", "shown"),
    [
        (models.Message(message_id="msg_1", direction=models.Direction.INBOUND, text="Hi"), "<Message msg_1 inbound>"),
        (models.Message(message_id="msg_1"), "<Message msg_1>"),
        (models.Chat(id="+15551234567"), "<Chat ·····4567>"),
        (models.Chat(id="ann@example.com"), "<Chat ·····.com>"),
        (models.Chat(id="22395"), "<Chat ·····5>"),
        (models.Chat(id="reminder_15551234567"), "<Chat ·····4567>"),
        (models.Chat(id="chat_5551234567-2026"), "<Chat ·····2026>"),
        (models.Chat(id="msg_0368483b-4611-ca51cd65551234"), "<Chat msg_0368483b-4611-ca51cd65551234>"),
        (models.Contact(identifier="\u202e\n", name="Ann"), "<Contact ·····>"),
        (models.Contact.from_dict({"identifier": ["+15551234567"]}), "<Contact list>"),
        (models.Pagination(limit=5, has_more=False), "<Pagination limit=5 has_more=False>"),
        (models.MessageList(messages=[models.Message(message_id="m1", text="Hi")]), "<MessageList messages=[1]>"),
        (models.UpdateContactRequest(name="Ann"), "<UpdateContactRequest>"),
    ],
    ids=str,
)
def test_repr(model: Any, shown: str) -> None:
    """A repr shows what identifies a model: no text, and only the last digits of a phone number."""
    assert repr(model) == shown


def test_attrs() -> None:
    """Models are attrs classes, so tools for attrs work with them."""
    message = models.Message.from_dict({"message_id": "m1", "text": "Hello"})

    assert {"message_id", "text"} <= {field.name for field in attrs.fields(models.Message)}
    assert attrs.evolve(message, text="Bye").text == "Bye"
    assert attrs.evolve(models.SendMessageRequest(text="a"), text="b").to_dict() == {"text": "b"}
