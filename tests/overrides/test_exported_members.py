"""The names that `import blooio_client` provides, and the modules that it loads."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

import blooio_client
import blooio_overrides
from blooio_overrides import errors

MODULES = {"calls", "errors", "models", "outbox", "types", "webhooks"}


def names_of(module: str) -> list[str]:
    """Return the names that a module exports."""
    listed: list[str] = vars(importlib.import_module(module)).get("__all__") or importlib.import_module(module).__all__
    return listed


def loaded_after(program: str) -> set[str]:
    """Return the modules that a fresh process has loaded after running a program."""
    shown = f"{program}\nimport sys\nprint(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=True).stdout.split())


def test_exported_members() -> None:
    """The public names are those of the hand-written layer, the models and the modules, sorted and unique."""
    public = names_of("blooio_client")

    assert {*blooio_overrides.__all__, *names_of("blooio_client.models"), *MODULES} == set(public)
    assert public == sorted(set(public))
    assert sorted([*public, "__version__"]) == dir(blooio_client)


def test_every_name_can_be_imported() -> None:
    """Every listed name exists and is the same object everywhere."""
    for name in dir(blooio_client):
        value = getattr(blooio_client, name)

        assert value is getattr(blooio_client, name), name
        if name in blooio_overrides.__all__:
            assert value is getattr(blooio_overrides, name), name
        if name in errors.__all__:
            assert value is getattr(blooio_client.errors, name), name


def test_every_name_of_the_layer_is_resolved_lazily() -> None:
    """Each name is resolved on first access, and then cached."""
    for name in dir(blooio_overrides):
        blooio_overrides.__dict__.pop(name, None)
        value = getattr(blooio_overrides, name)

        assert vars(blooio_overrides)[name] is value, name


def test_the_layer_lists_its_names() -> None:
    """`__all__` is sorted, complete, and equal to `dir`."""
    assert sorted(blooio_overrides.__all__) == list(blooio_overrides.__all__)
    assert sorted([*blooio_overrides.__all__, "__version__"]) == dir(blooio_overrides)
    assert set(errors.__all__) <= set(blooio_overrides.__all__)


@pytest.mark.parametrize("module", ["blooio_client", "blooio_overrides", "blooio_client.models"])
@pytest.mark.parametrize("name", ["nothing", "_private", "__wrapped__", "Chats", "httpx"])
def test_an_unknown_name_is_an_attribute_error(module: str, name: str) -> None:
    """An unknown name raises AttributeError, as in any module."""
    assert not hasattr(importlib.import_module(module), name)


def test_creating_a_client_loads_no_models() -> None:
    """Creating a client loads no model."""
    loaded = loaded_after("from blooio_client import Blooio\nBlooio('key')")

    assert not {name for name in loaded if name.startswith("blooio_client.models.")}


def test_a_star_import_works() -> None:
    """`from blooio_client import *` imports exactly the public names."""
    names = "from blooio_client import *\nprint([name for name in dir() if not name.startswith('__')])"
    done = subprocess.run([sys.executable, "-c", names], capture_output=True, text=True, check=True)

    assert str(sorted(names_of("blooio_client"))) == done.stdout.strip()
