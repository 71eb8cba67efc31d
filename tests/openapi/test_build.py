from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from openapi.build import build
from openapi.problems import BuildError, action

NO_OVERLAY: Any = {"overlay": "1.0.0", "actions": []}
COLOURS = {"type": "string", "enum": ["red", "green"]}


def document(**schemas: Any) -> Any:
    """Return a published document with these component schemas."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "Small", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    }


def record(**properties: Any) -> Any:
    """Return a schema of an object."""
    return {"type": "object", "properties": properties}


def updating(name: str, update: Any) -> Any:
    """Return an overlay that updates a component schema."""
    return {"overlay": "1.0.0", "actions": [{"target": f"$.components.schemas.{name}", "update": update}]}


def problems_of(published: Any, overlay: Any = NO_OVERLAY) -> list[str]:
    """Return the problems that stop the build."""
    with pytest.raises(BuildError) as caught:
        build(published, overlay)
    return caught.value.problems


def schemas_of(published: Any, overlay: Any = NO_OVERLAY) -> Any:
    """Return the component schemas of the built document."""
    return build(published, overlay)["components"]["schemas"]


def test_action_matches_nothing(published: Any, overlay: Any) -> None:
    """Without /chats in the document, each action that targets /chats is listed with a fix."""
    del published["paths"]["/chats"]

    problems = problems_of(published, overlay)

    numbers = [number for number, each in enumerate(overlay["actions"], 1) if "paths['/chats']" in each["target"]]
    unmatched = [problem for problem in problems if "matches nothing. Fix its target, or remove the action." in problem]
    assert numbers == [int(problem.split(",")[0].removeprefix("action ")) for problem in unmatched]
    assert len(numbers) > 1


def test_action_changes_nothing() -> None:
    """An action is listed once the document contains its correction."""
    correction = {"required": ["group_id"]}
    group = {**record(group_id={"type": "string"}), **correction}

    (problem,) = problems_of(document(Group=group), updating("Group", correction))

    assert "$.components.schemas.Group: changes nothing, since the document has it now. Remove the action." in problem


def test_inline_enum() -> None:
    """A new inline enum stops the build with its place in the published document."""
    problems = problems_of(document(SendMessageRequest=record(colour=COLOURS)))

    place = "/components/schemas/SendMessageRequest/properties/colour"
    cure = '{"target": "$.components.schemas.SendMessageRequest.properties.colour", "update": {"title": "%s"}}'
    told = f"{place}: an inline enum without a name. Give it a title in the overlay:\n- "
    assert [told + cure % "SendMessageRequestColour"] == problems


def test_all_inline_schemas(published: Any, overlay: Any) -> None:
    """Every schema without a name is listed, next to the actions that no longer apply."""
    published["paths"]["/chats2"] = published["paths"].pop("/chats")
    published["components"]["schemas"]["Message"]["properties"]["origin"] = record(city={"type": "string"})

    problems = problems_of(published, overlay)

    response = "/paths/~1chats2/get/responses/200/content/application~1json/schema"
    assert any(problem.startswith(f"{response}: an inline object without a name.") for problem in problems)
    assert any(problem.startswith("/components/schemas/Message/properties/origin: an inline") for problem in problems)
    assert any("$.paths['/chats']" in problem and "matches nothing" in problem for problem in problems)


@pytest.mark.parametrize("name", ["title", "default", "enum", "properties", "example", "nullable", "$ref", "in"])
def test_field_named_like_keyword(name: str) -> None:
    """A field whose name is a JSON Schema keyword is named, hoisted and kept like any other."""
    titled = {**COLOURS, "title": "Colour", "nullable": True}

    (problem,) = problems_of(document(Thing=record(**{name: COLOURS, "description": {"type": "string"}})))
    schemas = schemas_of(document(Thing=record(**{name: titled, "description": {"type": "string"}})))

    assert problem.startswith(f"/components/schemas/Thing/properties/{name}: an inline enum")
    nullable = {"anyOf": [{"$ref": "#/components/schemas/Colour"}, {"type": "null"}]}
    assert {name: nullable, "description": {"type": "string"}} == schemas["Thing"]["properties"]


def test_schema_in_component() -> None:
    """A titled schema is hoisted from every kind of component."""
    published = document()
    content = {"application/json": {"schema": {**record(a=COLOURS | {"title": "Colour"}), "title": "Response"}}}
    published["components"]["responses"] = {"Fine": {"description": "Fine", "content": content}}

    result = build(published, NO_OVERLAY)["components"]

    assert sorted(result["schemas"]) == ["Colour", "Response"]
    hoisted = result["responses"]["Fine"]["content"]["application/json"]["schema"]
    assert hoisted == {"$ref": "#/components/schemas/Response"}


def test_two_shapes() -> None:
    """One title for two shapes is a problem that lists both shapes, and an action for each that fixes it."""
    one = record(size={"type": "string"}) | {"title": "Picture"}
    two = record(size={"type": "integer"}) | {"title": "Picture"}
    published = document(A=record(picture=one), B=record(picture=two))

    (problem,) = problems_of(published)

    told, *cures = problem.split("\n")
    assert (
        told
        == "Picture names two shapes: size is {'type': 'string'} and {'type': 'integer'}. Rename those of one shape:"
    )
    assert [f"$.components.schemas.{name}.properties.picture" in cure for name, cure in zip("AB", cures, strict=True)]
    cured = build(published, {"actions": yaml.safe_load(cures[1])})
    assert {"A", "B", "BPicture", "Picture"} == cured["components"]["schemas"].keys()


def test_enum_and_object() -> None:
    """One title for an enum and an object is a problem."""
    one, two = COLOURS | {"title": "Both"}, record() | {"title": "Both"}

    problems = problems_of(document(A=record(one=one, two=two)))

    assert all(problem.startswith("Both names two shapes: ") for problem in problems)
    assert all('Rename those of one shape:\n- {"target": "$.components.schemas.A.' in problem for problem in problems)


def test_enum_and_text() -> None:
    """A component of type string does not become an enum because another schema has its title."""
    either = record(colour=COLOURS | {"title": "Colour"}, any={"$ref": "#/components/schemas/Colour"})

    schemas = schemas_of(document(Colour={"type": "string"}, A=either))

    assert schemas["A"]["properties"] == {"colour": {"$ref": "#/components/schemas/Colour"}, "any": {"type": "string"}}


def test_one_title_for_components() -> None:
    """Two component schemas with one title are a problem that lists both."""
    (problem,) = problems_of(document(A=record(a={}) | {"title": "C"}, B=record(b={}) | {"title": "C"}))

    assert problem.startswith("A and B: one title, C, for component schemas.")


def test_invalid_title() -> None:
    """A title that is not a valid class name is a problem."""
    (problem,) = problems_of(document(A=record(b=record() | {"title": "A bee"})))

    place, title = "/components/schemas/A/properties/b", {"title": "A bee"}
    cure = action(place, {"title": "ABee"}, title)
    told = (
        f"{place}: 'A bee' is not a valid class name, or one that the client has. Give it another title in the overlay:"
    )
    assert problem == f"{told}\n{cure}"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("phone_number", "PhoneNumber"),
        ("Phone.Number", "PhoneNumber"),
        ("File", "FileModel"),
        ("None", "NoneModel"),
        ("2fa", "Schema2Fa"),
        ("PHONE", "PHONEModel"),
    ],
)
def test_invalid_component_name(name: str, title: str) -> None:
    """A component that cannot be a class, or a module of its own, is a problem with a title that fixes it."""
    published = document(Phone=record(a={"type": "string"}), **{name: record(b={"type": "string"})})
    (problem,) = problems_of(published)

    cure = problem.partition("\n- ")[2]
    assert json.loads(cure)["update"] == {"title": title}
    assert title in schemas_of(published, {"actions": [json.loads(cure)]})


def test_reference_to_a_part() -> None:
    """A reference may name any part of the document, not only components."""
    published = document(
        A=record(b={"type": "string"}, c={"$ref": "#/components/schemas/A/properties/b"}),
        D=record(e={"$ref": "#/components/schemas/A/properties/c"}),
    )
    schemas = schemas_of(published)

    assert schemas["A"]["properties"]["c"] == schemas["D"]["properties"]["e"] == {"type": "string"}


def test_identity_that_is_not_a_field() -> None:
    """An id that the schema lacks is a problem."""
    assert problems_of(document(A=record(b={"type": "string"}) | {"x-identity": "id"})) == [
        "A: x-identity is id, which is not one of its fields. Correct it in the overlay."
    ]


@pytest.mark.parametrize(
    "reference", ["#/components/schemas/Gone", "other.json#/Thing", "#/info/title/x", "components/schemas/A"]
)
def test_dangling_reference(reference: str) -> None:
    """A dangling reference is a problem, listed with its place."""
    (problem,) = problems_of(document(A=record(b={"$ref": reference})))

    assert problem.startswith(f"/components/schemas/A/properties/b: {reference} is ")


def test_dangling_part() -> None:
    """A dangling reference in a composition is also a problem."""
    part = {"$ref": "#/components/schemas/Gone"}

    (problem,) = problems_of(document(A={"allOf": [part, record(b={"type": "string"})]}))

    assert problem.startswith("/components/schemas/A/allOf/0: #/components/schemas/Gone is dangling:")


def test_removed_component() -> None:
    """A component that was removed is listed wherever it is used."""
    reaction = {"$ref": "#/components/schemas/Reaction"}

    problems = problems_of(
        document(Message=record(reactions={"type": "array", "items": reaction}), Event=record(reaction=reaction))
    )

    places = [
        problem.partition(":")[0] for problem in problems if "#/components/schemas/Reaction is dangling" in problem
    ]
    assert places == [
        "/components/schemas/Message/properties/reactions/items",
        "/components/schemas/Event/properties/reaction",
    ]


def test_required_field_that_was_removed() -> None:
    """An overlay that requires a removed field is a problem, since no response would be valid."""
    needs_id = updating("Message", {"required": ["message_id"], "x-identity": "message_id"})

    assert problems_of(document(Message=record(text={"type": "string"})), needs_id) == [
        "Message: requires message_id, which is not one of its fields. Correct `required` in the overlay.",
        "Message: x-identity is message_id, which is not one of its fields. Correct it in the overlay.",
    ]


def test_enums_are_merged() -> None:
    """Enums with one title are one enum with all values."""
    one, two = (
        {"type": "string", "title": "Colour", "enum": values} for values in (["red", "green"], ["green", "blue"])
    )

    schemas = schemas_of(document(A=record(one=one), B=record(two=two)))

    assert schemas["Colour"] == {
        "type": "string",
        "enum": ["red", "green", "blue"],
        "description": "The `one` of A.",
    }
    assert schemas["B"]["properties"]["two"] == {"$ref": "#/components/schemas/Colour"}


def test_objects_are_merged() -> None:
    """Objects with one title become one type with all fields, which requires the fields that all of them require."""
    one = record(a={"type": "string"}, b={"type": "string"}) | {"title": "Pair", "required": ["a", "b"]}
    two = record(b={"type": "string", "nullable": True}, c={"type": "string"}) | {"title": "Pair", "required": ["b"]}

    pair = schemas_of(document(A=record(one=one, two=two)))["Pair"]

    assert list(pair["properties"]) == ["a", "b", "c"]
    assert pair["required"] == ["b"]
    assert pair["properties"]["b"] == {"type": ["string", "null"]}


@pytest.mark.parametrize("values", [["red", "green"], ["red", "green", None]])
def test_nullable_enum(values: list[str | None]) -> None:
    """A nullable enum allows its values and null, even if the document does not list null."""
    field = {"type": "string", "nullable": True, "enum": values, "title": "Colour"}

    schemas = schemas_of(document(A=record(colour=field)))

    assert schemas["Colour"]["enum"] == ["red", "green"]
    nullable = {"anyOf": [{"$ref": "#/components/schemas/Colour"}, {"type": "null"}]}
    assert nullable == schemas["A"]["properties"]["colour"]


def test_composed_of_composed() -> None:
    """A component composed of composed ones is one object with all their fields, in any order."""
    first = {"allOf": [{"$ref": "#/components/schemas/B"}, record(a={"type": "string"})]}
    second = {"allOf": [{"$ref": "#/components/schemas/C"}, record(b={"type": "string"})]}

    schemas = schemas_of(document(A=first, B=second, C=record(c={"type": "string"}) | {"required": ["c"]}))

    assert sorted(schemas["A"]["properties"]) == ["a", "b", "c"]
    assert schemas["A"]["required"] == ["c"]
    assert sorted(schemas["B"]["properties"]) == ["b", "c"]


def test_composed_of_a_value() -> None:
    """A component composed of something other than objects is a problem."""
    (problem,) = problems_of(
        document(A={"allOf": [{"$ref": "#/components/schemas/B"}, record()]}, B={"type": "string"})
    )

    assert problem.startswith("A: composed (allOf) of {'type': 'string'}, which is not an object.")


def test_inline_composition() -> None:
    """An inline composition needs a name as a whole, and its parts need none."""
    whole = {"allOf": [{"$ref": "#/components/schemas/B"}, record(c={"type": "string"})]}

    (problem,) = problems_of(document(A=record(both=whole), B=record(b={"type": "string"})))

    assert problem.startswith("/components/schemas/A/properties/both: an inline object without a name.")


def test_composition_within_composition() -> None:
    """The parts of a nested composition need no names."""
    inner = {"allOf": [record(c={"type": "string"})], "title": "Inner"}

    schemas = schemas_of(document(A={"allOf": [record(inner=inner), record(b={"type": "string"})]}))

    assert list(schemas["A"]["properties"]) == ["inner", "b"]
    assert list(schemas["Inner"]["properties"]) == ["c"]


def test_escaped_reference() -> None:
    """A reference may contain a path with escaped slashes."""
    published = document(A=record(b={"$ref": "#/paths/~1a~1{b}/get/responses/200/content/application~1json/schema"}))
    response = {"description": "Fine", "content": {"application/json": {"schema": record(c={}) | {"title": "C"}}}}
    published["paths"]["/a/{b}"] = {"get": {"operationId": "getA", "responses": {"200": response}}}

    assert "A" in schemas_of(published)


def test_security_scheme() -> None:
    """An API key in a header is described like a parameter, but is not one."""
    published = document()
    scheme = {"type": "apiKey", "in": "header", "name": "X-Key", "description": "The key"}
    published["components"]["securitySchemes"] = {"Key": scheme}

    assert build(published, NO_OVERLAY)["components"]["securitySchemes"] == {"Key": scheme}


def test_path_parameters() -> None:
    """Parameters of a whole path, and keys such as `summary` next to the methods, are supported."""
    published = document()
    parameter = {"name": "id", "in": "path", "required": True, "description": "Which", "schema": {"type": "string"}}
    response = {"description": "Fine", "content": {"application/json": {"schema": record(c={}) | {"title": "C"}}}}
    operation = {"operationId": "getThing", "responses": {"200": response}}
    published["paths"]["/things/{id}"] = {"summary": "Things", "parameters": [parameter], "get": operation}

    path = build(published, NO_OVERLAY)["paths"]["/things/{id}"]

    assert path["parameters"][0]["schema"]["description"] == "Which"
