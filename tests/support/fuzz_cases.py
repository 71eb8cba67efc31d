"""Fuzzing cases: responses to operations, generated, stored as seeds, or encoded as bytes for a fuzzer."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, Final, Self

import attrs
from contract_cases import CASES
from contract_document import OPERATIONS
from contract_instances import KINDS, instance
from contract_results import ERROR, NEEDED
from fuzz_json import mutated, strange, written

from blooio_overrides.json_values import read_json

SEEDS: Final = Path(__file__).resolve().parents[1] / "fuzz" / "seeds"
NAMES: Final = tuple(CASES)
_STATUSES: Final = (200, 201, 202, 204, 206, 299, 300, 302, 304, 400, 401, 402, 403, 404, 405, 408, 409, 410, 413, 422)
_MORE_STATUSES: Final = (425, 429, 429, 451, 499, 500, 501, 502, 503, 504, 520, 599)
HEADERS: Final = (
    *(
        ("retry-after", value)
        for value in ("0", "1", "-5", "1e999", "nan", "inf", "9" * 5000, "0x10", "1_0", "\xd9\xa3", " 7 ")
    ),
    *(
        ("retry-after", value)
        for value in ("Wed, 21 Oct 2015 07:28:00 GMT", "Sat, 99 Foo 99999 99:99:99 +9999", ",", "1, 2")
    ),
    *(
        ("retry-after", value)
        for value in ("Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0000 00:00:00 GMT", "soon", "\xff")
    ),
    *(
        ("content-type", value)
        for value in ("text/html", "application/json; charset=utf-16", "", "\xff/\xfe", "x" * 2000)
    ),
    *(
        ("content-encoding", value)
        for value in ("gzip", "deflate", "br", "identity", "GZIP ", "gzip, gzip", "unheard_of")
    ),
    *(("x-request-id", value) for value in ("req_1", "", "é", "\xff" * 100)),
    *(
        ("set-cookie", "a=b; path=/"),
        ("location", "http://192.0.2.1/"),
        ("link", "<x>; rel=next"),
        ("", "nameless"),
        ("date", "x"),
    ),
)
_ERRORS: Final[tuple[Any, ...]] = (
    {"error": {"code": 5, "message": {"message": ["x"]}, "details": [1]}},
    {"error": {"code": "quota", "message": "No.", "details": {"limit": 1}}},
    {"error": [], "message": None, "code": True, "status": "429"},
    {"error": "Bad", "message": {"en": "Bad"}, "code": 1e30},
    {"errors": [{"code": "x"}], "detail": [{"loc": ["body"], "msg": "x"}]},
    {"code": "\ud800", "message": "\x00", "error": "\udfff"},
    ["error"],
    "error",
)


@attrs.frozen
class Case:
    """An operation and its response."""

    operation: str
    status: int
    headers: tuple[tuple[str, str], ...]
    """The values are latin-1."""
    body: bytes

    def as_json(self, guards: str) -> str:
        """Return the text of a seed.

        Args:
            guards: The regression that it guards against.
        """
        fields = {**attrs.asdict(self), "body": self.body.decode("latin-1")}
        return json.dumps({"guards": guards, **fields}, indent=1) + "\n"

    @classmethod
    def of_json(cls, text: str) -> Self:
        """Return the case of a seed."""
        seed = json.loads(text)
        headers = tuple((name, value) for name, value in seed["headers"])
        return cls(seed["operation"], seed["status"], headers, seed["body"].encode("latin-1"))

    def as_bytes(self) -> bytes:
        """Return the case in a form that a fuzzer can mutate byte by byte."""
        head = [f"{self.operation} {self.status}", *(f"{name}:{value}" for name, value in self.headers)]
        return "\n".join(head).encode("latin-1") + b"\n\n" + self.body

    @classmethod
    def of_bytes(cls, data: bytes) -> Self:
        """Return the case that any bytes represent."""
        head, _, body = data.partition(b"\n\n")
        first, *lines = head.decode("latin-1").split("\n")
        name, _, status = first.partition(" ")
        operation = name if name in CASES else NAMES[zlib.crc32(name.encode()) % len(NAMES)]
        headers = tuple((name, value) for name, _, value in (line.partition(":") for line in lines))
        return cls(operation, _status(status), headers, body)


def _status(text: str) -> int:
    digits = text[:3]
    return int(digits) if digits.isascii() and digits.isdigit() and int(digits) >= 200 else 200


def seeds() -> list[Path]:
    """Return the files of all seeds."""
    return sorted(SEEDS.glob("*.json"))


def keep(case: Case, error: BaseException, folder: Path = SEEDS) -> Path:
    """Write a seed for a failed case, one per operation and kind of exception, and return its path."""
    path = folder / f"found-{case.operation}-{type(error).__name__}.json"
    path.write_text(case.as_json(f"{type(error).__name__} was raised by the client"), "ascii")
    return path


def random_case(random: Random) -> Case:
    """Return a response: mostly a documented one with something wrong in it."""
    operation = random.choice(NAMES)
    status = _random_status(operation, random)
    value = mutated(_valid(operation, status, random), random)
    headers = [random.choice(HEADERS) for _ in range(random.choice((0, 0, 0, 1, 1, 3)))]
    body, encoding = _coded(written(value), random)
    return Case(operation, status, (*headers, *encoding), body)


def _random_status(operation: str, random: Random) -> int:
    chance = random.random()
    if chance < 0.5:
        return random.choice([status for status in OPERATIONS[operation].responses if status < 300])
    if chance < 0.9:
        return random.choice((*_STATUSES, *_MORE_STATUSES))
    return random.randrange(200, 600)


def _valid(operation: str, status: int, random: Random) -> Any:
    """Return a body that is valid for the status."""
    kind = KINDS[random.choice(list(KINDS))]
    if status >= 300:
        return random.choice((instance(ERROR, kind), *_ERRORS))
    responses = OPERATIONS[operation].responses
    schema = responses.get(status) or next(each for known, each in responses.items() if known < 300)
    return {**NEEDED.get(operation, {}), **instance(schema, kind)}


_BROKEN_BYTES: Final = (b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\\", b'"', b"{", b"]")
_ENCODINGS: Final = ("utf-16", "utf-32", "utf-16-be", "utf-32-le", "utf-8-sig")
Coder = Callable[[bytes, Random], bytes]
_WAYS: Final[tuple[tuple[Coder, str], ...]] = (
    (lambda plain, random: plain[: random.randrange(len(plain) + 1)], ""),
    (lambda plain, random: _inserted(plain, bytes([random.randrange(256)]), random), ""),
    (lambda plain, random: _inserted(plain, random.choice(_BROKEN_BYTES), random), ""),
    (lambda plain, random: plain + random.choice((b"\x00", b"}", b" x", b"\n\n", plain)), ""),
    (lambda plain, random: plain.decode(errors="replace").encode(random.choice(_ENCODINGS)), ""),
    (lambda _, __: b"", ""),
    (lambda _, __: b"<html><body>Bad gateway</body></html>", ""),
    (lambda _, random: bytes(random.randrange(256) for _ in range(random.choice((1, 10, 30)))), ""),
    (lambda plain, _: zlib.compress(plain), "deflate"),
    (lambda plain, _: zlib.compress(plain, wbits=-15), "deflate"),
    (lambda plain, _: zlib.compress(plain, wbits=31), "gzip"),
    (lambda plain, random: zlib.compress(plain, wbits=31)[: -1 - random.randrange(9)], "gzip"),
    (lambda plain, _: zlib.compress(b" " * 30_000 + plain, wbits=31), "gzip"),
    (lambda plain, _: zlib.compress(zlib.compress(plain, wbits=31), wbits=31), "gzip"),
)


def _inserted(plain: bytes, more: bytes, random: Random) -> bytes:
    at = random.randrange(len(plain) + 1)
    return plain[:at] + more + plain[at + random.randrange(2) :]


def _coded(text: str, random: Random) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """Return a text as bytes, and the header for its compression."""
    plain = text.encode(errors="surrogatepass")
    if random.random() < 0.75:
        return plain, ()
    way, encoding = random.choice(_WAYS)
    return way(plain, random), (("content-encoding", encoding),) if encoding else ()


def with_another_body(case: Case, random: Random) -> Case:
    """Return a case with a mutated body; a body that is not JSON is replaced."""
    try:
        value = read_json(case.body)
    except ValueError:
        value = strange(random)
    return attrs.evolve(case, body=written(mutated(value, random)).encode(errors="surrogatepass"))


def with_another_head(case: Case, random: Random) -> Case:
    """Return a case with another operation, status or headers."""
    other = random_case(random)
    name = random.choice(("operation", "status", "headers"))
    return attrs.evolve(case, **{name: getattr(other, name)})
