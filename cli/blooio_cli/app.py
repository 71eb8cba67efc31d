"""All commands, in the order of the help."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from .commands import accounts, calling, doctor, listening, local, messages, numbers, outbox, people, polls, webhooks
from .exits import MEANINGS

_EXITS: Final = "\n".join(f"  {code:>3}  {meaning}" for code, meaning in MEANINGS.items())
_START: Final = '  blooio login\n  blooio doctor\n  blooio send +15551234567 "Hello"'

# Plain help: rich takes as long to import as everything else together.
app = typer.Typer(
    name="blooio",
    help="Send and read iMessages from a terminal, and learn the Blooio API along the way.",
    epilog=f"\b\nExit codes:\n{_EXITS}\n\n\b\nStart with:\n{_START}",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer passes it by position
    if wanted:
        from blooio_client import __version__

        typer.echo(f"blooio {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[  # noqa: FBT002 - typer makes an option of it
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


for plain in (messages, numbers, calling, listening, local, accounts, doctor):
    app.registered_commands += plain.app.registered_commands
app.add_typer(people.contacts, name="contacts")
app.add_typer(people.groups, name="groups")
app.add_typer(polls.app, name="polls")
app.add_typer(webhooks.app, name="webhooks")
app.add_typer(numbers.card_app, name="card")
app.add_typer(outbox.app, name="outbox")
