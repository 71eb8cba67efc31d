"""Canaries, a distinct string for each kind of private data, and the search for them in all output."""

from __future__ import annotations

import base64
import logging
import pickle
import re
import traceback
from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Final
from urllib.parse import quote

import attrs
from rich.pretty import pretty_repr
from sentry_sdk.serializer import serialize
from sentry_sdk.utils import event_from_exception

SECRETS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "API key": "bl_live_kanariKEY1",
        "signing secret": "whsec_kanariSIGN2",
        "rotated signing secret": "whsec_kanariTURN3",
        "header of a view": "kanari-VIEW-4",
        "proxy password": "kanariPASS5",
        "database password": "kanariBASE15",
    }
)
PRIVATE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "message text": "kanari text 6",
        "phone number": "+15550192837",
        "e-mail address": "kanari7@example.com",
        "group name": "kanari group 8",
        "contact name": "kanari name 9",
        "file content": "kanari content 10",
        "file name": "kanari-file-11.png",
        "response": "kanari response 12",
        "webhook body": "kanari delivery 13",
        "header of a call": "kanari-CALL-14",
    }
)
ALL: Final[Mapping[str, str]] = MappingProxyType({**SECRETS, **PRIVATE})

REPOSITORY: Final = Path(__file__).resolve().parents[2]
SENDING: Final = frozenset({"httpx", "httpcore", "h11", "httpx2", "httpcore2"})
OURS: Final = ("blooio_client", "overrides")
PROTOCOLS: Final = range(pickle.HIGHEST_PROTOCOL + 1)


def forms_of(canary: str) -> set[str]:
    """Return the forms of a canary: plain, percent-encoded, as in JSON and Python, and in base64 at any offset."""
    encoded = {_core_of_base64(canary, offset) for offset in range(3)}
    return {canary, quote(canary, safe=""), canary.lstrip("+"), *encoded}


def _core_of_base64(canary: str, offset: int) -> str:
    """Return the base64 of a text at an offset, without the characters that depend on its neighbors."""
    padded = base64.b64encode(b"\0" * offset + canary.encode()).decode()
    return padded[4 if offset else 0 : len(padded) // 4 * 4 - 4]


def _pattern(canaries: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(form) for canary in canaries for form in sorted(forms_of(canary))))


_PATTERNS: Final = {id(group): _pattern(group.values()) for group in (SECRETS, ALL)}


@attrs.define
class Search:
    """The places searched, how often, and the findings."""

    counts: Counter[str] = attrs.field(factory=Counter[str])
    found: list[str] = attrs.field(factory=list[str])

    def text(self, place: str, text: str | bytes, canaries: Mapping[str, str] = ALL) -> None:
        """Search a text."""
        self.counts[place] += 1
        shown = text.decode("latin-1") if isinstance(text, bytes) else text
        for match in _PATTERNS[id(canaries)].finditer(shown):
            around = shown[max(0, match.start() - 120) : match.end() + 40]
            self.found.append(f"{place}: {match[0]!r} in {around!r}")

    def shown(self, place: str, thing: object, canaries: Mapping[str, str] = ALL) -> None:
        """Search an object's str, repr, what rich prints of it, and the repr of its attributes."""
        self.text(f"str and repr of {place}", f"{thing!s} {thing!r} {thing}", canaries)
        self.text(f"rich's repr of {place}", shown(thing), SECRETS)
        self.text(f"attributes of {place}", repr(getattr(thing, "__dict__", None)), SECRETS)

    def pickles(self, place: str, thing: object) -> None:
        """Search the pickles of an object in every protocol, if it can be pickled."""
        for protocol in PROTOCOLS:
            try:
                pickled = pickle.dumps(thing, protocol)
            except (TypeError, AttributeError, pickle.PicklingError) as refusal:
                self.text(f"refused pickles of {place}", str(refusal))
            else:
                self.text(f"pickles of {place}", pickled, SECRETS)

    def exception(self, error: BaseException) -> None:
        """Search an exception, its causes, and the frames of each with their local variables."""
        for each in chain_of(error):
            place = "errors" if type(each).__module__.startswith("blooio") else "exceptions behind errors"
            notes = getattr(each, "__notes__", [])
            self.text(f"str and repr of {place}", f"{each!s} {each!r} {notes}")
            self.text(f"attributes of {place}", repr(vars(each)), SECRETS)
            self.frames(each.__traceback__)
        self.report_of_sentry(error)
        self.text("formatted tracebacks", "".join(traceback.format_exception(error)))
        self.pickles("errors", error)

    def frames(self, trace: TracebackType | None) -> None:
        """Search the local variables of each frame, as reports with local variables show them."""
        for frame, _ in traceback.walk_tb(trace):
            whose = owner_of(frame.f_code.co_filename)
            if whose:
                self.text(f"local variables in {whose}", " ".join(map(shown, frame.f_locals.values())), SECRETS)

    def report_of_sentry(self, error: BaseException) -> None:
        """Search what Sentry reports by default: every mapping in a local variable of ours, recursively.

        Frames of httpx and other libraries that send requests count as findings: a report must have none.
        """
        event, _ = event_from_exception(error)
        reported: Any = serialize(dict(event))
        for value in reported["exception"]["values"]:
            trace: Any = value.get("stacktrace")
            frames: Any = trace["frames"] if trace else ()
            for frame in frames:
                package = str(frame.get("module")).partition(".")[0]
                if package in SENDING:
                    self.found.append(f"a frame of {package} in a traceback")
                elif package.startswith("blooio_"):
                    self.text("frames of ours as Sentry reports them", repr(frame["vars"]), SECRETS)

    @contextmanager
    def listening(self) -> Generator[None]:
        """Search every log record at any level, and every warning, while a block runs."""
        root, handler = logging.getLogger(), SearchHandler(self)
        level = root.level
        root.addHandler(handler)
        root.setLevel(1)
        logging.captureWarnings(capture=True)
        try:
            yield
        finally:
            logging.captureWarnings(capture=False)
            root.setLevel(level)
            root.removeHandler(handler)

    def report(self) -> str:
        """Return the list of places, with the number of searches of each."""
        places = (f"  {place}: {count:,}" for place, count in sorted(self.counts.items()))
        return "\n".join([*places, f"canaries found: {len(self.found)}"])


def shown(thing: object) -> str:
    """Return the repr of an object that may be only partly initialized, and what rich and structlog print instead.

    They show the fields of attrs classes, whatever the repr is.
    """
    try:
        return f"{thing!r} {pretty_repr(thing, max_length=10, max_string=10_000)}"
    except Exception as error:  # noqa: BLE001 - as error reporters do
        return f"<{type(thing).__name__}: {type(error).__name__}>"


def chain_of(error: BaseException) -> list[BaseException]:
    """Return an exception and its causes and contexts, suppressed or not, each once."""
    known: dict[int, BaseException] = {}
    left: list[BaseException | None] = [error]
    while left:
        each = left.pop()
        if each is not None and id(each) not in known:
            known[id(each)] = each
            left += [each.__cause__, each.__context__, *getattr(each, "exceptions", ())]
    return list(known.values())


def owner_of(filename: str) -> str | None:
    """Return the package that a file belongs to; None for the tests, which contain the canaries."""
    path = Path(filename)
    if filename.startswith("<attrs generated") and "blooio_" in filename:
        return "our frames"
    if not path.is_relative_to(REPOSITORY) or "site-packages" in path.parts:
        return "frames of other packages"
    is_ours = any(path.is_relative_to(REPOSITORY / folder) for folder in OURS)
    return "our frames" if is_ours else None


class SearchHandler(logging.Handler):
    """A log handler that searches every record."""

    def __init__(self, search: Search) -> None:
        super().__init__(level=1)
        self._search = search

    def emit(self, record: logging.LogRecord) -> None:
        """Search the text, arguments, exception and all other attributes of a record."""
        whole: dict[str, Any] = dict(vars(record))
        trace = whole["exc_info"]
        said = "" if not trace else "".join(traceback.format_exception(*trace))
        kind = f"log records of {record.name.partition('.')[0]}"
        self._search.text(kind, f"{record.getMessage()} {said} {whole!r}")
