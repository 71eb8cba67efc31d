"""The search finds planted canaries, which the other tests rely on."""

from __future__ import annotations

import base64
import json
import logging
import pickle
import warnings
from urllib.parse import quote

import pytest
from canaries import ALL, PRIVATE, SECRETS, Search, forms_of, owner_of

import blooio_client.types
from blooio_client import BlooioError, Secret
from blooio_overrides._call import settings

KEY = SECRETS["API key"]


class Showing:
    """An object that shows its content."""

    def __init__(self) -> None:
        self.held = KEY

    def __repr__(self) -> str:
        return f"<{self.held}>"


@pytest.mark.parametrize("name", ALL)
def test_every_canary_is_found_in_every_form(name: str) -> None:
    """Each canary is found in plain text, URLs, JSON, bytes, and base64."""
    canary = ALL[name]
    around = [f"a{canary}b", quote(f"/{canary}", safe=""), json.dumps([canary]), repr(canary.encode())]
    around += [base64.b64encode(f"{'x' * width}:{canary}:y".encode()).decode() for width in range(4)]

    for text in around:
        search = Search()
        search.text("here", text)
        assert search.found, text


def test_values_without_canaries_are_ignored() -> None:
    """Similar texts that are not canaries are not reported."""
    search = Search()
    for text in ("", "canary", "bl_live_other", "+15551234567", "ann@example.com", "*" * 1000):
        search.text("here", text)

    assert (search.found, search.counts) == ([], {"here": 6})


def test_canaries_are_distinct() -> None:
    """No canary is part of another, and none is short enough to occur by chance."""
    forms = [(name, form) for name, canary in ALL.items() for form in forms_of(canary)]

    assert [(a, b) for a, one in forms for b, other in forms if a != b and one in other] == []
    assert min(len(form) for _, form in forms) >= 8


@pytest.mark.parametrize("level", [1, logging.DEBUG, logging.CRITICAL])
@pytest.mark.parametrize("name", ["", "blooio_client", "httpcore.http11"])
def test_log_records_of_any_level_are_searched(name: str, level: int) -> None:
    """A canary in a log record's text, arguments or extras is found, at any level of any logger."""
    search, logger, before = Search(), logging.getLogger(name), logging.getLogger().level
    with search.listening():
        logger.log(level, "plain")
        assert search.found == []
        logger.log(level, "%s", KEY)
        logger.log(level, "plain", extra={"private": KEY})
        logger.log(level, "%.0s", KEY)
    logger.log(level, KEY)

    assert len({found.partition(" in ")[0] for found in search.found}) == 1
    assert sum(search.counts.values()) == 4
    assert logging.getLogger().level == before


def test_a_logged_exception_is_searched() -> None:
    """A canary in a logged exception is found."""
    search = Search()
    with search.listening():
        logging.getLogger("elsewhere").error("failed", exc_info=raised(ValueError(KEY)))

    assert search.found


def test_a_warning_is_searched() -> None:
    """A canary in a warning is found."""
    search = Search()
    with search.listening(), warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(f"it is {KEY}", stacklevel=1)

    assert search.found


def test_a_shown_canary_is_found() -> None:
    """A canary is found in a repr, in what rich prints, in attributes, and in a pickle of any protocol."""
    search = Search()
    search.shown("things", Showing())
    assert len(search.found) == 3 + 2 + 1
    search.found.clear()

    search.pickles("things", Showing())
    assert len(search.found) == pickle.HIGHEST_PROTOCOL + 1


def test_an_unpicklable_object_is_counted() -> None:
    """Objects that cannot be pickled are counted."""
    search = Search()
    search.pickles("things", lambda: KEY)

    assert (search.found, set(search.counts)) == ([], {"refused pickles of things"})


def raised(error: BaseException) -> BaseException:
    """Return an exception that was raised."""
    with pytest.raises(type(error)) as caught:
        raise error
    return caught.value


def test_an_exception_is_searched_with_its_causes() -> None:
    """A canary is found in the text, a note, an attribute, the cause, a suppressed context and a group."""
    noted, telling, caused, suppressing = BlooioError("a"), BlooioError("b"), BlooioError("c"), BlooioError("d")
    noted.add_note(KEY)
    telling.__dict__["told"] = KEY
    caused.__cause__ = ValueError(KEY)
    suppressing.__context__, suppressing.__suppress_context__ = ExceptionGroup("e", [ValueError(KEY)]), True

    for error in (BlooioError(KEY), noted, telling, caused, suppressing):
        search = Search()
        search.exception(raised(error))
        assert search.found
        assert search.counts["pickles of errors"] == pickle.HIGHEST_PROTOCOL + 1


def test_local_variables_of_our_frames_are_searched() -> None:
    """A canary in a local variable of our code or of another package is found; the tests' own are skipped."""
    search = Search()
    try:
        settings.checked_base_url(f"ftp://{KEY}", allow_http=False)
    except BlooioError as error:
        search.frames(error.__traceback__)
    try:
        json.loads(KEY)
    except ValueError as error:
        search.frames(error.__traceback__)

    assert {found.partition(":")[0] for found in search.found} == {
        "local variables in our frames",
        "local variables in frames of other packages",
    }


def test_the_owner_of_a_file() -> None:
    """Our packages, the generated package, and other code are distinguished."""
    files = (settings.__file__, blooio_client.types.__file__, logging.__file__, pytest.__file__, __file__)

    assert [owner_of(str(file)) for file in files] == [
        *["our frames"] * 2,
        *["frames of other packages"] * 2,
        None,
    ]


def test_content_may_be_in_pickles_but_not_secrets() -> None:
    """A pickle may contain the text of a message, but no secret unless it is masked."""
    search = Search()
    search.pickles("texts", PRIVATE["message text"])
    search.pickles("secrets", Secret(KEY))
    search.shown("secrets", Secret(KEY))

    assert search.found == []
