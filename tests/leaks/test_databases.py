"""The password of a database is in no traceback, as Sentry reports it: with every mapping and tuple in a variable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from canaries import SECRETS, Search
from sentry_sdk.serializer import serialize
from sentry_sdk.utils import event_from_exception

from blooio_client.outbox import Outbox
from blooio_client.webhooks import SQLStore

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
        "mysql://ann:{}@127.0.0.1:9/x",
    ],
)
def test_a_database_that_cannot_be_reached(search: Search, url: str, opened: Callable[[str], object]) -> None:
    """Neither an error nor a frame of any package, the driver's included, shows the password."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - several kinds
        opened(url.format(PASSWORD))

    reported: Any = serialize(dict(event_from_exception(caught.value)[0]))
    for each in reported["exception"]["values"]:
        search.text("errors", each["value"])
        trace: Any = each.get("stacktrace")
        frames: Any = trace["frames"] if trace else ()
        for frame in frames:
            if frame["abs_path"] != __file__:
                search.text("frames", repr(frame["vars"]))
    assert search.counts["frames"] > 0
