"""Write the tables of docs/promises.md: the faults in the tests, and the result for each kind of operation.

`make fault-table` runs it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "docs" / "promises.md"
sys.path.append(str(ROOT / "tests" / "support"))

if TYPE_CHECKING:
    from fault_expectations import Row


def table(*rows: Iterable[str]) -> str:
    """Return rows as a Markdown table; the first one is the header."""
    head, *others = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, "|" + "---|" * (head.count(" | ") + 1), *others])


def errors_of(row: Row) -> str:
    """Return the errors that a row leads to, with their `sent`; several if kinds of operations differ."""
    named = (f"`{end.error.__name__}`, `{end.sent}`" if end.error else "none: the result" for end in row.ends.values())
    return "; or ".join(dict.fromkeys(named))


def names_of(row: Row) -> str:
    """Return the faults of a row or, if there are many statuses, their number."""
    names = [fault.name.removeprefix("status ") for fault in row.faults]
    return "; ".join(names) if len(names) < 20 else f"{len(names)} statuses, from {names[0]} to {names[-1]}"  # noqa: PLR2004 - a line's worth


def what_goes_wrong() -> str:
    """Return the table of all faults."""
    from fault_expectations import ROWS

    return table(("fault", "variants"), *((row.what, names_of(row)) for row in ROWS))


def what_comes_of_it() -> str:
    """Return the table of results, by fault and kind of operation."""
    from fault_expectations import ROWS, STATUSES
    from fault_repeats import Kind

    head = ("persistent fault", "error and its `sent`", *(kind.name.lower() for kind in Kind))
    every = (*ROWS, *STATUSES)
    return table(head, *((row.what, errors_of(row), *(str(row.ends[kind].attempts) for kind in Kind)) for row in every))


def what_a_repeat_does() -> str:
    """Return the table of all operations, by the effect of a second request."""
    from fault_repeats import REPEATS, Kind

    rows = [
        (kind.name.lower(), f"`{operation}`", why)
        for kind in Kind
        for operation, (of, why) in REPEATS.items()
        if of is kind
    ]
    return table(("kind", "operation", "why"), *rows)


TABLES: Final = {"faults": what_goes_wrong, "ends": what_comes_of_it, "operations": what_a_repeat_does}


def written(page: str) -> str:
    """Return a page with each table between its marks."""
    for name, make in TABLES.items():
        before, begin, rest = page.partition(f"<!-- table {name} -->\n")
        _, end, after = rest.partition(f"<!-- end {name} -->")
        page = f"{before}{begin}\n{make()}\n\n{end}{after}"
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
    print(f"wrote {PAGE.name}")
