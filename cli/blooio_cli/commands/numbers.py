"""Phone numbers: your own, and lookups; locations and FaceTime."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from ..output import columns
from ..session import Session, command, given
from .messages import CHAT
from .people import CONTACT
from .uploads import FILE, uploading

app = typer.Typer()
card_app = typer.Typer(help="The name and photo of a number.", no_args_is_help=True)

_LOOKUP: Final = "the fields of lookupPhoneNumber: input, valid, international, national, type, country, …"


@command(
    app,
    examples=["blooio numbers"],
    prints="the fields of listNumbers: phone_number, is_active, last_active, plan_kind",
)
def numbers(session: Session) -> None:
    """List the numbers that you can send from."""
    session.out.table(
        session.client.numbers.list(),
        columns("number=phone_number active=is_active plan=plan_kind last_active"),
    )


@command(
    app,
    "forward-calls",
    examples=["blooio forward-calls +15550100001 +15559876543"],
    prints="the fields of requestCallForwarding: ticket_id, status, number, forward_to",
    kind="write",
)
def forward_calls(
    session: Session,
    number: Annotated[str, typer.Argument(help="One of your numbers.")],
    to: Annotated[str, typer.Argument(help="The US number to forward calls to.")],
) -> None:
    """Ask Blooio to forward calls to one of your numbers.

    This opens a support request, which takes about a business day.
    """
    ticket = session.client.numbers.forward_calls(number, to)
    session.out.done(ticket, f"Asked Blooio to forward calls to {to}: {ticket.ticket_id}.", str(ticket.ticket_id or ""))


@command(app, examples=["blooio me"], prints="the fields of getMe, with the API key masked")
def me(session: Session) -> None:
    """Show the account that the API key belongs to."""
    session.out.details(
        session.client.me(),
        {
            **columns("organization=organization.name"),
            "numbers": lambda account: [device.phone_number for device in account.devices or []],
            **columns("sent=usage.outbound_messages received=usage.inbound_messages"),
        },
    )


@command(app, examples=["blooio lookup '(212) 555-0123'", "blooio lookup +12125550123 +442079460958"], prints=_LOOKUP)
def lookup(
    session: Session,
    numbers: Annotated[list[str], typer.Argument(help="Phone numbers in any form.", metavar="NUMBER…")],
) -> None:
    """Look up phone numbers: validity, format, type and country."""
    service = session.client.phone_numbers
    found = service.lookup_many(numbers) if len(numbers) > 1 else [service.lookup(numbers[0])]
    session.out.table(
        found,
        columns("number=input valid international type country"),
    )


@command(
    app,
    examples=["blooio locations", "blooio locations --refresh"],
    prints="handle, latitude, longitude, status, last_updated",
)
def locations(
    session: Session,
    contact: Annotated[str | None, typer.Argument(help="A phone number or an email address.")] = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Refresh from the devices first.")] = False,
) -> None:
    """Show the locations that contacts share with you."""
    service = session.client.locations
    found = [service.get(contact)] if contact else service.refresh() if refresh else service.list()
    session.out.table(
        found,
        columns("contact=handle latitude longitude status updated=last_updated"),
    )


@command(
    app,
    examples=["blooio facetime +15551234567 --yes"],
    prints="the fields of callFaceTime: link, success, handle",
    kind="reach",
)
def facetime(session: Session, contact: CONTACT) -> None:
    """Start a FaceTime call, which rings immediately."""
    session.ask(f"Ring {contact} now?")
    started = session.client.facetime.call(contact)
    session.out.done(started, f"Calling {contact}: {started.link}", started.link)


@command(
    app,
    examples=[
        "blooio background +15551234567",
        "blooio background +15551234567 photo.jpg",
        "blooio background +15551234567 --remove",
    ],
    prints="the fields of getChatBackground, setChatBackground or removeChatBackground",
    kind="reach",
)
def background(
    session: Session,
    chat: CHAT,
    file: FILE = None,
    remove: Annotated[bool, typer.Option("--remove", help="Remove the background.")] = False,
) -> None:
    """Show, set or remove the background of a chat."""
    if remove and file is not None:
        raise typer.BadParameter("pass either a file or --remove")
    picture = session.client.chat(chat).background
    if remove:
        session.ask_if_several(chat, "Remove the background")
        session.out.done(picture.remove(), "Removed the background.")
    elif file is None:
        found = picture.get()
        session.out.done(found, ", ".join(f"{name}: {value}" for name, value in found.to_dict().items()))
    else:
        session.ask_if_several(chat, "Set the background")
        with uploading(session, file) as content:
            session.out.done(picture.set(content), "Set the background.")


@command(card_app, "show", examples=["blooio card show +15550100001"], prints="the fields of getMyContactCard")
def show_card(session: Session, number: Annotated[str, typer.Argument(help="One of your numbers.")]) -> None:
    """Show the contact card of one of your numbers."""
    session.out.details(
        session.client.numbers.contact_card.get(number),
        columns("first_name last_name name"),
    )


@command(
    card_app,
    "update",
    examples=['blooio card update +15550100001 --first-name "Front" --last-name "Desk"'],
    prints="the fields of updateMyContactCard",
    kind="write",
)
def update_card(
    session: Session,
    number: Annotated[str, typer.Argument(help="One of your numbers.")],
    first_name: Annotated[str | None, typer.Option(help="The first name.")] = None,
    last_name: Annotated[str | None, typer.Option(help="The last name.")] = None,
    avatar: Annotated[str | None, typer.Option(metavar="FILE", help="A JPEG or PNG image.")] = None,
) -> None:
    """Change the contact card of one of your numbers."""
    changes = given(first_name=first_name, last_name=last_name, avatar=avatar)
    session.out.done(session.client.numbers.contact_card.update(number, **changes), f"Updated the card of {number}.")


@command(
    card_app,
    "share",
    examples=["blooio card share +15551234567"],
    prints="the fields of shareContactCard",
    kind="write",
)
def share_card(session: Session, chat: CHAT) -> None:
    """Share your contact card with the next message to a chat."""
    session.out.done(session.client.chat(chat).share_contact_card(), "The card goes out with the next message.")
