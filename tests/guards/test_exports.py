"""The names that `from blooio_client import *` imports, and their names in tracebacks."""

from __future__ import annotations

import inspect
from importlib import import_module

import pytest

import blooio_client
from blooio_client import errors, models, outbox, webhooks


def test_the_exported_names_are_sorted_and_exist() -> None:
    """Exported names are unique and sorted, and each can be imported."""
    names: list[str] = import_module("blooio_client").__all__

    assert names == sorted(set(names))
    assert {*names, "__version__"} == set(dir(blooio_client))
    assert [name for name in names if not hasattr(blooio_client, name)] == []


@pytest.mark.parametrize("module", [blooio_client, errors, models, outbox, webhooks])
def test_tracebacks_show_public_names(module: object) -> None:
    """No class names a private package, so tracebacks, reprs and pickles show public names."""
    classes = [value for _, value in inspect.getmembers(module, inspect.isclass)]

    assert classes or module is outbox
    assert [each for each in classes if each.__module__.startswith("blooio_overrides")] == []
    assert [each for each in classes if each.__module__.startswith("blooio_outbox")] == []
