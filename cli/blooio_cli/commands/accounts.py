"""Log in and out."""

from __future__ import annotations

import getpass
import sys
from typing import Annotated

import typer

from .. import profiles
from ..exits import USAGE, Failure
from ..session import Session, command

app = typer.Typer()


@command(
    app,
    examples=["blooio login", "blooio login --profile work", "printenv WORK_KEY | blooio login --profile work"],
    prints="profile, base_url, organization, stored_in",
)
def login(
    session: Session,
    base_url: Annotated[str | None, typer.Option(metavar="URL", help="The only URL that this key is sent to.")] = None,
) -> None:
    """Check an API key and store it.

    It is stored in the system's keyring if there is one, else in a private file. The key is typed without echo or read
    from stdin; it is never an argument.
    """
    from blooio_client import Blooio

    name = profiles.name_of(session.profile)
    url = base_url or profiles.environment_base_url()
    key = (getpass.getpass("API key (not shown): ") if sys.stdin.isatty() else sys.stdin.readline()).strip()
    if not key:
        raise Failure("no API key was given", USAGE)
    with Blooio(key, base_url=url) as client:
        me = client.me()
    where = profiles.store(name, key, url)
    organization = me.organization.name if me.organization else None
    stored = {"profile": name, "base_url": url, "organization": organization, "stored_in": where}
    session.out.done(stored, f"Logged in to {organization or url} as profile {name!r}; the key is in {where}.")


@command(app, examples=["blooio logout --profile work"], prints="profile")
def logout(session: Session) -> None:
    """Delete a stored API key."""
    name = profiles.name_of(session.profile)
    profiles.forget(name)
    session.out.done({"profile": name}, f"Deleted the key of profile {name!r}.")
