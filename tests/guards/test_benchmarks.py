"""The benchmarks enforce their budgets, and their server responds correctly."""

from __future__ import annotations

import json
from contextlib import nullcontext
from functools import partial
from typing import Any

import pytest

from benchmarks import __main__ as program
from benchmarks import harness, table
from benchmarks.harness import HTTPX, OURS, Comparison, Row, at_most, in_turns, median_ratio
from benchmarks.pagers import slope_of
from benchmarks.responses import NOT_FOUND, SENT
from benchmarks.server import response_to, size_of_request

SEND = b"POST /chats/x/messages HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"


def body_of(request: str) -> Any:
    """Return the server's response to a request, as JSON."""
    head, _, body = response_to(f"{request} HTTP/1.1\r\n\r\n".encode()).partition(b"\r\n\r\n")

    assert f"content-length: {len(body)}".encode() in head
    return json.loads(body)


@pytest.mark.parametrize(
    ("ratio", "bound", "is_floor", "is_met"),
    [
        (1.0, 1.0, False, True),
        (1.01, 1.0, False, False),
        (1.0, 1.0, True, True),
        (0.99, 1.0, True, False),
        (None, 1.0, False, False),
        (7.0, None, False, True),
    ],
)
def test_a_budget(ratio: float | None, bound: float | None, *, is_floor: bool, is_met: bool) -> None:
    """A ratio may equal its bound but not exceed it; a missing ratio fails, and a missing bound passes."""
    assert Comparison(HTTPX, ratio, bound, is_floor).is_met is is_met


def test_the_ratio_is_the_median_of_the_rounds() -> None:
    """Rounds are compared pairwise, so a slow round is slow for both."""
    taken = {OURS: [1.0, 30.0, 3.0], HTTPX: [2.0, 60.0, 1.0]}

    assert median_ratio(taken, OURS, HTTPX) == 0.5
    assert at_most(taken, 0.4) == Comparison(HTTPX, 0.5, 0.4)
    assert at_most(taken, 0.4, "blooio").ratio is None


def test_turns() -> None:
    """Each round runs in the reverse order of the previous one."""
    order: list[str] = []

    def measure(name: str) -> float:
        order.append(name)
        return float(len(order))

    assert in_turns({name: partial(measure, name) for name in ("a", "b")}, 3) == {
        "a": [1.0, 4.0, 5.0],
        "b": [2.0, 3.0, 6.0],
    }
    assert order == ["a", "b", "b", "a", "a", "b"]


def test_a_slope() -> None:
    """Linear time has slope 1, and quadratic time has slope 2."""
    assert slope_of([10, 100, 1000], [1.0, 10.0, 100.0]) == pytest.approx(1)
    assert slope_of([10, 100, 1000], [1.0, 100.0, 10_000.0]) == pytest.approx(2)


def test_the_table() -> None:
    """Each budget has a line that says whether it is met."""
    compared = (Comparison(HTTPX, 0.5, 0.85), Comparison("blooio", 0.9, 0.6), Comparison("httpx2", None, 1.0))
    lines = table.lines([Row("one send", "µs", {HTTPX: 1234.5, OURS: 61.25}, compared)])
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]

    assert cells[0] == ["work", "unit", "limit", "httpx", "httpx2", "blooio", "ours", "ratio", "budget", ""]
    assert cells[2] == ["one send", "µs", "", "1,234", "", "", "61.2", "0.50 x httpx", "≤ 0.85", "met"]
    assert cells[3][-3:] == ["0.90 x blooio", "≤ 0.60", "OVER"]
    assert cells[4][-3:] == ["x httpx2", "≤ 1.00", "not measured"]
    assert len({len(line) for line in lines}) == 1


@pytest.mark.parametrize(("ratio", "status"), [(0.8, 0), (0.9, 1), (None, 1)])
def test_the_exit_status_says_whether_all_budgets_are_met(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ratio: float | None, status: int
) -> None:
    """One missed or unmeasured budget fails the run, but the table is still printed."""

    def rows(url: str) -> list[Row]:
        assert url == "http://127.0.0.1:9"
        return [Row("one send", "µs", {OURS: 1.0}, (Comparison(HTTPX, ratio, 0.85),))]

    monkeypatch.setattr(program, "server", lambda: nullcontext("http://127.0.0.1:9"))
    monkeypatch.setattr(program, "FAMILIES", {"sends": rows})

    assert program.main(["sends"]) == status
    assert "| one send |" in capsys.readouterr().out


def test_a_missing_contender_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """A contender whose package is missing is not measured, and the table says so."""
    monkeypatch.setattr(harness, "NEEDS", {"httpx2": "no_such_package"})
    monkeypatch.setattr(table, "NEEDS", {"httpx2": "no_such_package"})

    assert harness.available(["httpx", "httpx2", "ours"]) == ["httpx", "ours"]
    assert "* not measured, since it is not installed: httpx2" in table.machine()


@pytest.mark.parametrize("length", range(len(SEND)))
def test_a_request_that_is_not_complete(length: int) -> None:
    """The server waits until a request is complete."""
    assert size_of_request(SEND[:length]) == 0


def test_requests_in_one_piece() -> None:
    """If two requests arrive together, the server handles the first one first."""
    assert size_of_request(SEND) == size_of_request(SEND + SEND) == len(SEND)


def test_pages_take_turns() -> None:
    """Consecutive pages differ in length, as in a real list, so that no buffer happens to fit."""
    lengths = [len(response_to(b"GET /chats/x/messages?limit=50 HTTP/1.1\r\n\r\n")) for _ in range(16)]

    assert len(set(lengths[:8])) == 8
    assert lengths[:8] == lengths[8:]


def test_the_server_responds() -> None:
    """The server responds to sends and to pages of the requested size, and to nothing else."""
    assert body_of("POST /chats/x/messages") == SENT
    assert len(body_of("GET /chats/x/messages?limit=50&offset=0")["messages"]) == 50
    assert body_of("GET /contacts?limit=2&offset=7")["contacts"][0]["identifier"] == "+15550000007"
    assert body_of("GET /chats/x/messages/msg_missing") == NOT_FOUND
    assert body_of("DELETE /contacts") == NOT_FOUND


def test_a_family_that_does_not_exist(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown family is reported, with the existing ones, before anything is measured."""
    with pytest.raises(SystemExit, match=r"^unknown: typo\. The families are sends, .*pages"):
        program.main(["pages", "typo"])

    assert capsys.readouterr() == ("", "")
