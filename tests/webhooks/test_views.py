"""Edge cases of the Flask and Django views that real servers rarely cause."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from blooio_overrides import webhooks

BODY = b'{"event": "typing.started"}'


class Response(SimpleNamespace):
    """A Django response."""


def exempt(view: object) -> object:
    """A stub for csrf_exempt."""
    return view


@pytest.fixture
def django_view(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The Django view, with stubs of the Django modules that it imports."""
    http, decorators, db = (ModuleType(f"django.{name}") for name in ("http", "views.decorators.csrf", "db"))
    vars(http)["HttpResponse"], vars(http)["RawPostDataException"] = Response, RuntimeError
    vars(decorators)["csrf_exempt"], vars(db)["close_old_connections"] = exempt, None
    monkeypatch.setitem(sys.modules, "django.http", http)
    monkeypatch.setitem(sys.modules, "django.views.decorators.csrf", decorators)
    monkeypatch.setitem(sys.modules, "django.db", db)
    receiver = webhooks.Receiver(secret="whsec_1")
    yield webhooks.django(receiver)
    receiver.stop()


class Broken:
    """A request with a truncated body, for which Django raises an OSError."""

    method, headers = "POST", {"X-Blooio-Signature": "t=1,v1=1"}

    def __init__(self, length: str | None) -> None:
        self.META = {} if length is None else {"CONTENT_LENGTH": length}

    @property
    def body(self) -> bytes:
        """Raise."""
        raise OSError("canary")


@pytest.mark.parametrize("length", [None, "", "100", "no number", "-1", "\u0663"])
def test_a_body_that_breaks_off_is_malformed(django_view: Any, length: str | None) -> None:
    """A truncated body is rejected, whatever its Content-Length."""
    assert django_view(Broken(length)).status == 400


def test_a_body_that_announces_too_much_is_not_read(django_view: Any) -> None:
    """A length over the limit is rejected before anything is read."""
    assert django_view(Broken("262145")).status == 413


@pytest.mark.parametrize("name", ["flask", "django"])
def test_a_framework_is_needed_for_its_own_view_only(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Without the framework, its view raises ImportError, and everything else works."""
    for module in (name, f"{name}.http"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError):
        getattr(webhooks, name)(webhooks.Receiver(secret="whsec_1"))
