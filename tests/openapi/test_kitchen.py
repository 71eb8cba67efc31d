"""Every shape that the templates support, with our own document, its golden package, and calls over a socket."""

from __future__ import annotations

import importlib
import json
import pickle
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import kitchen_package
import pytest
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from blooio_client import Blooio, InvalidArgumentError, UnexpectedResponseError
from blooio_client.types import File

THING: Any = {"id": "a1", "class": "cup", "stars": 3, "created_at": 1_763_800_000_000, "parts": [{"partId": "a2"}]}


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The golden package."""
    yield kitchen_package.imported(tmp_path_factory.mktemp("golden"))
    for name in [name for name in sys.modules if name.partition(".")[0] == "kitchen"]:
        del sys.modules[name]


class Server:
    """Records requests and returns the configured response."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[Request] = []
        self.files = dict[str, bytes]()
        self.form = dict[str, str]()
        self.response = Response()

    def handle(self, request: Request) -> Response:
        """Record a request, and return the response."""
        for name, file in request.files.items():
            with file.stream as stream:
                self.files[name] = stream.read()
        self.form = request.form.to_dict()
        request.get_data()
        self.requests.append(request)
        return self.response

    def call(self, call: Any, body: Any = None, status: int = 200, kind: str = "application/json") -> Any:
        """Send a call and return its result."""
        self.response = Response(body, status, content_type=kind)
        with Blooio("key", base_url=self.url, max_retries=0, timeout=httpx.Timeout(60.0)) as client:
            return client.call(call)


@pytest.fixture
def server(httpserver: HTTPServer) -> Server:
    """A server whose response a test can set."""
    made = Server(httpserver.url_for("/v1"))
    httpserver.expect_request(re.compile(".*")).respond_with_handler(made.handle)
    return made


def test_golden(tmp_path: Path) -> None:
    """The generator writes the golden package; `python tests/support/kitchen_package.py` shows differences."""
    assert kitchen_package.generated(tmp_path) == kitchen_package.GOLDEN.read_text("utf-8")


def test_a_list_with_a_query(calls: Any, server: Server) -> None:
    """Lists repeat their key or are joined, objects have one parameter per field, and a list of models is read."""
    call = calls.list_things(q="a b", ids=["x", "y"], sizes="1,2", filter_kind="cup", filter_big=True, x_account="acc")

    (thing,) = server.call(call, f"[{json.dumps(THING)}]")

    (request,) = server.requests
    assert request.args.getlist("ids") == ["x", "y"]
    others = {name: value for name, value in request.args.items() if name != "ids"}
    assert others == {"q": "a b", "sizes": "1,2", "filter[kind]": "cup", "filter[big]": "true"}
    assert request.headers["x-account"] == "acc"
    assert "cookie" not in request.headers
    assert (thing.class_, thing.stars, thing.created_at.year, thing.parts[0].part_id) == ("cup", 3, 2025, "a2")
    assert pickle.loads(pickle.dumps(call)).path == "/things"  # noqa: S301 - our own


def test_cookies(calls: Any, server: Server) -> None:
    """Cookies share one header, in which a value cannot add another cookie."""
    server.call(calls.list_things(x_account="acc", session="a; b=c", page=2), "[]")

    assert server.requests[0].headers["cookie"] == "session=a%3B%20b%3Dc; page=2"
    assert repr(calls.list_things(x_account="acc", session="secret")) == "<Call listThings>"


def test_an_object_in_the_query(calls: Any, server: Server) -> None:
    """An object whose parameter and schema are references also has one parameter per field."""
    server.call(calls.list_things(x_account="acc", range_from=1, range_to=2), "[]")

    assert server.requests[0].args.to_dict() == {"range[from]": "1", "range[to]": "2"}


def test_one_of_two_bodies(calls: Any, server: Server) -> None:
    """A call with two kinds of body accepts either: JSON as `body`, or a form with files and text as `files`."""
    server.call(calls.set_label("a1", body={"text": "Fragile"}), json.dumps(THING))
    assert server.requests[0].json == {"text": "Fragile"}

    form = {"image": File(b"content", "a.png", "image/png"), "text": "Grüße", "copies": 2, "shiny": True}
    server.call(calls.set_label("a1", files=form), json.dumps(THING), 202)
    assert server.files == {"image": b"content"}
    assert server.form == {"text": "Grüße", "copies": "2", "shiny": "true"}


def test_null_for_a_required_field(calls: Any, server: Server) -> None:
    """None for a required field is sent as null, like any other None."""
    model: Any = importlib.import_module("kitchen.models").NewLabel
    server.call(calls.set_label("a1", body=model(text="Fragile", shade=None)), json.dumps(THING))

    assert server.requests[0].json == {"text": "Fragile", "shade": None}
    assert model.from_dict({"text": "Fragile"}).to_dict() == {"text": "Fragile"}


@pytest.mark.parametrize("bodies", [{}, {"body": {"text": "a"}, "files": {"image": File(b"a", "a.png")}}])
def test_not_one_of_two_bodies(calls: Any, bodies: Any) -> None:
    """Passing neither body, or both, raises an error before anything is sent."""
    with pytest.raises(InvalidArgumentError, match="pass exactly one of body= and files="):
        calls.set_label("a1", **bodies)


@pytest.mark.parametrize(
    ("value", "reason"),
    [("\ud800", "text contains a lone surrogate"), (["a"], "text must be a str, a number or a bool, not list")],
)
def test_a_field_that_is_not_a_string(calls: Any, value: Any, reason: str) -> None:
    """A value that cannot be text in a form raises an error before anything is sent."""
    with pytest.raises(InvalidArgumentError, match=reason):
        calls.set_label("a1", files={"image": File(b"a", "a.png"), "text": value})


def test_one_of_several_shapes(calls: Any, server: Server) -> None:
    """Alternatives are read as one model with the fields of each, and an unknown value is kept."""
    came = [{"kind": "cat", "lives": 9}, {"kind": "dog", "barks": True}, {"kind": "fish", "fins": 2}]
    cat, dog, fish = server.call(calls.list_pets(), json.dumps(came))

    assert (cat.kind, cat.lives) == ("cat", 9)
    assert (dog.kind, dog.barks) == ("dog", True)
    assert (fish.kind, fish.kind.is_known, fish.additional_properties) == ("fish", False, {"fins": 2})
    assert [each.to_dict() for each in (cat, dog, fish)] == came

    added = server.call(calls.add_pet(body=type(cat)(kind="cat", lives=9)), json.dumps(came[0]), 201)
    assert server.requests[1].json == came[0]
    assert added == cat


def test_alternatives_in_a_field(calls: Any, server: Server) -> None:
    """A field can hold alternatives without a discriminator, with their times, or null."""
    things = [{**THING, "maker": maker} for maker in ({"company": "Kiln"}, {"born": 1_763_800_000_000}, None)]
    company, person, nobody = server.call(calls.list_things(x_account="acc"), json.dumps(things))

    assert company.maker.company == "Kiln"
    assert person.maker.born.year == 2025
    assert nobody.maker is None


def test_lists_and_maps_as_bodies(calls: Any, server: Server) -> None:
    """A body can be a list of models, of dicts or of values, or a map."""
    server.call(calls.create_things(body=[{"name": "a"}, {"name": "b"}]), "[]")
    server.call(calls.delete_things(body=("a1", "a2")), status=204)
    server.call(calls.delete_things(), status=204)
    server.call(calls.set_labels(body={"a": "b"}), "{}")

    assert [request.json for request in server.requests if request.data] == [
        [{"name": "a"}, {"name": "b"}],
        ["a1", "a2"],
        {"a": "b"},
    ]
    assert server.requests[2].get_data() == b""


def test_names_of_python(calls: Any, server: Server) -> None:
    """Fields named like what their class uses are read and written; an id may have another name in Python."""
    odd: Any = {
        "self": "a",
        "str": "b",
        "list": ["c", None],
        "field": "d",
        "datetime": "2025-11-22T10:00:00Z",
        "a-b": [1],
    }
    odd |= {
        "missing": None,
        "bare": [{}],
        "name": "e",
        "wide": {"partId": "p1", "width": 2.5},
        "same": {"partId": "p2"},
    }
    thing = server.call(calls.create_thing(body={"name": "a"}), json.dumps({**THING, "odd": odd}))

    assert (thing.odd.self_, thing.odd.str_, thing.odd.list_, thing.odd.field) == ("a", "b", ["c", None], "d")
    assert (thing.odd.datetime_.year, thing.odd.wide.width, thing.odd.same.part_id) == (2025, 2.5, "p2")
    assert len({thing.odd.same, thing.odd.same}) == 1
    assert repr(thing.odd.same) == "<Part ·····2>"
    assert thing.odd.to_dict() == odd


def test_lists_of_secrets(calls: Any, server: Server) -> None:
    """Secrets in a list are hidden like any other, even in pickles."""
    came = {**THING, "recovery_tokens": ["hunter2", None], "secret": "hunter3"}
    thing = server.call(calls.create_thing(body={"name": "a"}), json.dumps(came))

    assert thing.recovery_tokens[0].reveal() == "hunter2"
    assert thing.secret.reveal() == "hunter3"
    assert b"hunter" not in pickle.dumps(thing)
    assert "hunter" not in repr((thing, thing.recovery_tokens, thing._json))
    assert thing.to_dict() == came


def test_a_number_in_the_path(calls: Any, server: Server) -> None:
    """A parameter of the path can be a number, and JSON may name its charset."""
    assert server.call(calls.get_part("a1", 2), '{"partId": "p2"}').part_id == "p2"
    assert server.requests[0].path == "/v1/things/a1/parts/2"


@pytest.mark.parametrize("status", [200, 201])
def test_several_statuses(calls: Any, server: Server, status: int) -> None:
    """All success statuses have one result type; in the body, null is sent and unset fields are left out."""
    made = server.call(calls.create_thing(body={"name": "a", "sort": None}), json.dumps(THING), status)

    assert made.to_dict() == THING
    assert server.requests[0].json == {"name": "a", "sort": None}


def test_optional_body(calls: Any, server: Server) -> None:
    """An optional body is only sent if it is given."""
    server.call(calls.refresh_things(), "{}", 202)
    server.call(calls.refresh_things(body={"name": "a"}), "{}", 202)

    assert [request.get_data() for request in server.requests] == [b"", b'{"name":"a"}']
    assert "content-type" not in server.requests[0].headers


def test_no_content(calls: Any, server: Server) -> None:
    """A 204 returns None."""
    assert server.call(calls.delete_thing("a/1"), status=204) is None
    assert server.requests[0].path == "/v1/things/a/1"
    assert server.requests[0].method == "DELETE"


def test_bytes(calls: Any, server: Server) -> None:
    """A file is returned as bytes, even an empty one."""
    assert server.call(calls.download_picture("a1"), b"\x89PNG\xff", kind="image/png") == b"\x89PNG\xff"
    assert server.call(calls.download_picture("a1"), b"", kind="image/png") == b""
    assert server.requests[0].headers["accept"] == "*/*"


def test_text(calls: Any, server: Server) -> None:
    """Text is returned as a str, whatever its bytes."""
    assert server.call(calls.export_things(), "id,ü\n".encode(), kind="text/csv") == "id,ü\n"
    assert server.call(calls.export_things(), b"\xff", kind="text/csv") == "\ufffd"


def test_upload(calls: Any, server: Server) -> None:
    """A file is sent in a form."""
    server.call(calls.set_picture("a1", body={"picture": File(b"content", "a.png")}), json.dumps(THING))

    assert server.files == {"picture": b"content"}


def test_plain_json(calls: Any, server: Server) -> None:
    """Lists of values and maps are returned as received."""
    assert server.call(calls.list_names(), '["a", "b"]') == ["a", "b"]
    assert server.call(calls.get_labels(), '{"a": "b"}') == {"a": "b"}


def test_deprecated(calls: Any, server: Server) -> None:
    """Describing a request of a deprecated operation warns."""
    with pytest.warns(DeprecationWarning, match="Blooio has deprecated getThing"):
        call = calls.get_thing("a1")

    assert server.call(call, json.dumps({**THING, "rich": True})).rich is True


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("list_things", "{}", "not a JSON array"),
        ("list_names", "no JSON", "not JSON"),
        ("create_thing", "[]", "not a JSON object"),
    ],
)
def test_another_shape(calls: Any, server: Server, name: str, body: str, reason: str) -> None:
    """A response of another shape raises one of our errors."""
    needed: Any = {"list_things": {"x_account": "acc"}, "create_thing": {"body": {}}}
    with pytest.raises(UnexpectedResponseError, match=reason):
        server.call(getattr(calls, name)(**needed.get(name, {})), body)
