"""The password of a database is in no traceback, as Sentry reports it: with every mapping and tuple in a variable."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from types import SimpleNamespace
from typing import Any

import procrastinate
import pytest
from canaries import SECRETS, Search
from sentry_sdk.serializer import serialize
from sentry_sdk.utils import event_from_exception

from blooio_client import Blooio
from blooio_client.outbox import Outbox
from blooio_client.webhooks import SQLStore
from blooio_outbox import procrastinate as engine

PASSWORD = SECRETS["database password"]
OPENED: dict[str, Callable[[str], object]] = {"outbox": lambda url: Outbox(url).migrate(), "store": SQLStore}


@pytest.mark.parametrize("opened", OPENED.values(), ids=OPENED)
@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:{}@127.0.0.1:9/x",
        "postgresql://ann@127.0.0.1:9/x?password={}",
        "postgresql://ann:{}@a..b:9/x",
        "postgresql://ann:a@{}@127.0.0.1:9/x",
        "postgresql://ann:{}@127.0.0.1:9/x?unknown=1",
        "postgresql+pg8000://ann:{}@127.0.0.1:9/x",  # which is not installed
        "mysql://ann:{}@127.0.0.1:9/x",
    ],
)
def test_a_database_that_cannot_be_reached(search: Search, url: str, opened: Callable[[str], object]) -> None:
    """Neither an error nor a frame of any package, the driver's included, shows the password."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - several kinds
        opened(url.format(PASSWORD))
    search_frames(search, caught.value)


def test_a_worker_that_fails(search: Search, monkeypatch: pytest.MonkeyPatch) -> None:
    """If procrastinate fails, no frame of its worker shows the password."""
    monkeypatch.setattr(procrastinate.App, "__init__", fail)
    outbox = Outbox(f"postgresql://ann:{PASSWORD}@127.0.0.1:9/x")
    context: Any = SimpleNamespace(database=vars(outbox)["_database"])
    with pytest.raises(LookupError) as caught:
        engine.work(context, lambda: Blooio("key"), concurrency=1, stop=Event())
    search_frames(search, caught.value)


def fail(*_: object, **__: object) -> None:
    """Raise an error that nothing expects."""
    raise LookupError


def search_frames(search: Search, error: BaseException) -> None:
    """Search an error, and the local variables of all frames but those of this file."""
    reported: Any = serialize(dict(event_from_exception(error)[0]))
    for each in reported["exception"]["values"]:
        search.text("errors", each["value"])
        trace: Any = each.get("stacktrace")
        frames: Any = trace["frames"] if trace else ()
        for frame in frames:
            if frame["abs_path"] != __file__:
                search.text("frames", repr(frame["vars"]))
    assert search.counts["frames"] > 0
