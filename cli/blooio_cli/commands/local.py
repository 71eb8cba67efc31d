"""A local Blooio."""

from __future__ import annotations

import typer

app = typer.Typer()


# Everything after `sandbox`, including --help, is passed on.
@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True}, add_help_option=False)
def sandbox(ctx: typer.Context) -> None:
    """Run a local Blooio until Ctrl-C.

    It is the same as `blooio-sandbox`, with the same options.
    """
    from blooio_sandbox.command import main

    raise typer.Exit(main(ctx.args))
