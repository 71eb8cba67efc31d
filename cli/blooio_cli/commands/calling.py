"""`blooio call`: every operation of the document."""

from __future__ import annotations

from contextlib import ExitStack
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from ..output import json_of
from ..session import Session, command

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..operations import Operation

app = typer.Typer()


def _operations(incomplete: str) -> list[tuple[str, str]]:
    from ..operations import every

    return [(name, each.summary) for name, each in every().items() if name.startswith(incomplete)]


def _names(ctx: typer.Context, incomplete: str) -> list[str]:
    from ..operations import every

    operation = every().get(ctx.params.get("operation") or "")
    return [f"{name}=" for name in operation.names if name.startswith(incomplete)] if operation else []


@command(
    app,
    examples=[
        "blooio call",
        "blooio call send_message --explain",
        "blooio call list_chats limit=5",
        'blooio call send_message chat_id=+15551234567 text="Hello" share_contact=true',
        "blooio call update_contact contact_id=ann@example.com name:='\"Ann\"'",
        "blooio call set_chat_background chat_id=+15551234567 background=@photo.jpg",
    ],
    prints="the response, or operation and summary of each operation",
    kind="reach",
)
def call(
    session: Session,
    operation: Annotated[
        str | None, typer.Argument(help="Such as send_message or sendMessage.", autocompletion=_operations)
    ] = None,
    arguments: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME=VALUE…", help="Parameters and body fields.", autocompletion=_names),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Print its documentation.")] = False,
) -> None:
    """Call any operation of the API by its name.

    name=value passes a value of the field's type; name:=JSON passes any JSON; name=@path uploads a file; a repeated
    name makes a list; body:=JSON passes the whole body. Without an operation, it lists them all.
    """
    from ..operations import every, named

    if operation is None:
        listed = [{"operation": name, "summary": each.summary} for name, each in every().items()]
        session.out.table(listed, {"operation": itemgetter("operation"), "summary": itemgetter("summary")})
    elif explain:
        session.out.block(_explained(named(operation)))
    else:
        _call(session, operation, arguments or [])


def _explained(operation: Operation) -> str:
    fields = "\n".join(f"    {name}: {kind}" for name, kind in operation.fields.items())
    return operation.document + (f"\n\nBody fields:\n{fields}" if fields else "")


def _call(session: Session, name: str, words: list[str]) -> None:
    from ..operations import call_of, named, values_of

    operation = named(name)
    session.key_option = "idempotency_key="
    with ExitStack() as stack:
        values = values_of(operation, words, stack)
        _ask(session, operation, values)
        attempt = None
        if "idempotency_key" in operation.parameters:
            own_key = str(values["idempotency_key"]) if "idempotency_key" in values else None
            attempt = stack.enter_context(session.sending(own_key, operation.name, sorted(values.items())))
        request, python = call_of(operation, values, attempt.key if attempt else None)
        result = session.call(request, python)
        session.sent = "The call was made."
        if attempt is not None:
            attempt.is_settled = True
        session.out.done(result, written(result))


def _ask(session: Session, operation: Operation, values: Mapping[str, Any]) -> None:
    from ..operations import TO_A_CHAT

    if operation.name == "call_face_time":
        session.ask(f"Ring {values.get('handle', 'them')} now?")
    elif operation.name in TO_A_CHAT:
        session.ask_if_several(str(values.get("chat_id", "")), operation.summary)
    elif "group" in operation.name and not operation.is_read:
        session.ask(f"{operation.summary} {values.get('group_id', '')}?")


def written(result: object) -> str:
    """Format a result for people: one line per field or item."""
    found: Any = json_of(result)
    match found:
        case dict():
            return "\n".join(f"{name}: {value}" for name, value in cast("dict[str, Any]", found).items())
        case list():
            return "\n".join(str(json_of(each)) for each in cast("Iterable[Any]", found))
        case _:
            return "" if found is None else str(found)
