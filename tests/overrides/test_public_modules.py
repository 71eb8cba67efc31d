"""Public classes and functions name the module that users import them from."""

from __future__ import annotations

import pickle
import pydoc
import subprocess
import sys
import traceback
from operator import attrgetter
from typing import Any

import pytest

import blooio_client
import blooio_outbox
import blooio_overrides
from blooio_client import AsyncBlooio, Blooio, InvalidArgumentError
from blooio_overrides import errors
from blooio_overrides import webhooks as own_webhooks

PUBLIC = [(name, "blooio_client") for name in blooio_overrides.__all__]
WEBHOOKS = [(f"webhooks.{name}", "blooio_client.webhooks") for name in own_webhooks.__all__]
OUTBOX = [(f"outbox.{name}", "blooio_client.outbox") for name in blooio_outbox.__all__]


def public(path: str) -> Any:
    """Return a public class or function."""
    return attrgetter(path)(blooio_client)


def test_public_names_have_their_public_module() -> None:
    """A class or function names the module from which it can be imported, and is found there by pickle."""
    for path, module in PUBLIC + WEBHOOKS + OUTBOX:
        value = public(path)

        assert value.__module__ == module, path
        assert f"c{module}\n".encode() in pickle.dumps(value, protocol=0), path
        assert pickle.loads(pickle.dumps(value)) is value, path  # noqa: S301 - our own


@pytest.mark.parametrize("name", errors.__all__)
def test_tracebacks_show_the_public_name(name: str) -> None:
    """The last line of a traceback starts with the name that an except clause needs."""
    error = getattr(errors, name)("text")

    assert traceback.format_exception_only(error) == [f"blooio_client.{name}: text\n"]
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert (type(copy), str(copy)) == (type(error), "text")


@pytest.mark.parametrize("kind", [Blooio, AsyncBlooio])
def test_a_conversation_names_its_public_class(kind: type[Blooio | AsyncBlooio]) -> None:
    """Objects returned by a client name the same module, sync or async."""
    prefix = kind.__name__.removesuffix("Blooio")
    client = kind("key")
    pager = client.contacts.list()

    assert str(type(client)) == f"<class 'blooio_client.{prefix}Blooio'>"
    assert str(type(client.chat("+15551234567"))) == f"<class 'blooio_client.{prefix}Conversation'>"
    assert str(type(pager)) == f"<class 'blooio_client.{prefix}Pager'>"
    with pytest.raises(InvalidArgumentError) as caught:
        client.chat("nobody")
    assert traceback.format_exception_only(caught.value)[0].startswith("blooio_client.InvalidArgumentError: ")


def test_a_module_need_not_be_imported_by_name() -> None:
    """The names are correct in a process that imports only the client."""
    program = (
        "from blooio_client import Blooio; chat = Blooio('key').chat; print(type(chat('+15551234567'))); chat('x')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert done.stdout == "<class 'blooio_client.Conversation'>\n"
    assert done.stderr.splitlines()[-1].startswith("blooio_client.InvalidArgumentError: ")


@pytest.mark.parametrize("path", ["Conversation", "AsyncConversation", "SentMessage", "webhooks.Receiver"])
def test_help_names_the_public_module(path: str) -> None:
    """`help()` introduces a class as part of its public module."""
    value = public(path)
    text = pydoc.plain(pydoc.render_doc(value))

    assert f"in module {value.__module__}" in text.splitlines()[0]
    assert "blooio_overrides._" not in text.split("Methods defined here")[0]
