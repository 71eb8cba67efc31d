"""Contacts and groups."""

from __future__ import annotations

from operator import itemgetter
from typing import Annotated, Final

import typer

from ..output import columns
from ..session import Session, command, given
from .messages import LIMIT
from .uploads import FILE, uploading

contacts = typer.Typer(help="Contacts and their tags.", no_args_is_help=True)
groups = typer.Typer(help="Groups, their members and icons.", no_args_is_help=True)

CONTACT = Annotated[str, typer.Argument(help="A phone number (+1555…) or an email address.")]
GROUP = Annotated[str, typer.Argument(help="The id of a group, grp_….")]
SEARCH = Annotated[str | None, typer.Option(metavar="TEXT", help="Only those that match.")]
CONTACT_FIELDS: Final = "the fields of getContact: identifier, name, type, tags, created_at, …"
GROUP_FIELDS: Final = "the fields of getGroup: group_id, name, member_count, …"


@command(
    contacts, "list", examples=["blooio contacts list", "blooio contacts list --search ann"], prints=CONTACT_FIELDS
)
def list_contacts(session: Session, search: SEARCH = None, limit: LIMIT = 100) -> None:
    """List contacts."""
    found = session.client.contacts.list(q=search, limit=limit)
    session.out.table(
        session.out.read(found, "contacts"),
        columns("contact=identifier name tags last_message=last_message_time"),
    )


@command(contacts, "show", examples=["blooio contacts show ann@example.com"], prints=CONTACT_FIELDS)
def show_contact(session: Session, contact: CONTACT) -> None:
    """Show a contact."""
    session.out.details(
        session.client.contacts.get(contact),
        columns("contact=identifier name type tags created=created_at"),
    )


@command(
    contacts,
    "create",
    examples=['blooio contacts create +15550001111 --name "Ben"'],
    prints=CONTACT_FIELDS,
    kind="write",
)
def create_contact(
    session: Session, contact: CONTACT, name: Annotated[str | None, typer.Option(help="The name.")] = None
) -> None:
    """Create a contact."""
    created = session.client.contacts.create(contact, **given(name=name))
    session.out.done(created, f"Created {created.identifier}.", created.identifier)


@command(
    contacts,
    "rename",
    examples=['blooio contacts rename ann@example.com "Ann Lee"'],
    prints=CONTACT_FIELDS,
    kind="write",
)
def rename_contact(
    session: Session, contact: CONTACT, name: Annotated[str, typer.Argument(help="The name; empty removes it.")]
) -> None:
    """Rename a contact."""
    session.out.done(session.client.contacts.update(contact, name=name or None), f"Renamed {contact}.")


@command(
    contacts,
    "delete",
    examples=["blooio contacts delete ann@example.com"],
    prints="the fields of deleteContact",
    kind="write",
)
def delete_contact(session: Session, contact: CONTACT) -> None:
    """Delete a contact; its messages stay."""
    session.out.done(session.client.contacts.delete(contact), f"Deleted {contact}.")


@command(
    contacts,
    "capabilities",
    examples=["blooio contacts capabilities +15551234567"],
    prints="imessage, sms, facetime, contact, type, last_checked",
)
def capabilities(session: Session, contact: CONTACT) -> None:
    """Show whether iMessage, SMS and FaceTime reach a contact."""
    session.out.details(
        session.client.contacts.capabilities(contact),
        columns("imessage sms facetime checked=last_checked"),
    )


@command(
    contacts,
    "tag",
    examples=["blooio contacts tag ann@example.com vip", "blooio contacts tag ann@example.com vip --remove"],
    prints="the fields of addContactTags or removeContactTag",
    kind="write",
)
def tag(
    session: Session,
    contact: CONTACT,
    tags: Annotated[list[str], typer.Argument(help="The tags.")],
    remove: Annotated[bool, typer.Option("--remove", help="Remove the tags.")] = False,
) -> None:
    """Add tags to a contact, or remove them."""
    if not remove:
        session.out.done(session.client.contacts.tags.add(contact, tags), f"Tagged {contact}.")
        return
    for each in tags:
        session.out.done(session.client.contacts.tags.remove(contact, each), f"Removed {each} from {contact}.")


@command(contacts, "tags", examples=["blooio contacts tags ann@example.com"], prints="tag")
def list_tags(session: Session, contact: CONTACT) -> None:
    """List the tags of a contact."""
    found = [{"tag": str(getattr(each, "tag", each))} for each in session.client.contacts.tags.list(contact)]
    session.out.table(found, {"tag": itemgetter("tag")})


@command(groups, "list", examples=["blooio groups list"], prints=GROUP_FIELDS)
def list_groups(session: Session, search: SEARCH = None, limit: LIMIT = 100) -> None:
    """List groups."""
    found = session.client.groups.list(q=search, limit=limit)
    session.out.table(
        session.out.read(found, "groups"),
        columns("group=group_id name members=member_count last_message=last_message_time"),
    )


@command(groups, "show", examples=["blooio groups show GROUP_ID"], prints=GROUP_FIELDS)
def show_group(session: Session, group: GROUP) -> None:
    """Show a group."""
    session.out.details(
        session.client.groups.get(group),
        columns("group=group_id name members=member_count messages=message_count created=created_at"),
    )


@command(
    groups,
    "create",
    examples=['blooio groups create "Weekend" --member +15551234567 --member ann@example.com'],
    prints="the fields of createGroup: group_id, name, added_members, …",
    kind="reach",
)
def create_group(
    session: Session,
    name: Annotated[str, typer.Argument(help="The name.")],
    member: Annotated[list[str] | None, typer.Option(help="A phone number or an email address. Repeatable.")] = None,
) -> None:
    """Create a group; its chat starts with the first message."""
    if member and len(member) > 1:
        session.ask(f"Create a group of {len(member)} people?")
    created = session.client.groups.create(name, **given(members=member))
    session.out.done(created, f"Created {created.group_id}.", created.group_id)


@command(
    groups,
    "rename",
    examples=['blooio groups rename GROUP_ID "Sunday"'],
    prints="the fields of updateGroup",
    kind="reach",
)
def rename_group(session: Session, group: GROUP, name: Annotated[str, typer.Argument(help="The name.")]) -> None:
    """Rename a group; its members see it."""
    session.ask(f"Rename the group {group} for everyone in it?")
    session.out.done(session.client.groups.update(group, name=name), f"Renamed {group}.")


@command(groups, "delete", examples=["blooio groups delete GROUP_ID"], prints="the fields of deleteGroup", kind="reach")
def delete_group(session: Session, group: GROUP) -> None:
    """Delete a group; your number leaves its chat."""
    session.ask(f"Delete the group {group} and leave its chat?")
    session.out.done(session.client.groups.delete(group), f"Deleted {group}.")


@command(
    groups,
    "members",
    examples=["blooio groups members GROUP_ID"],
    prints="the fields of listGroupMembers: identifier, name, added_at, …",
)
def members(session: Session, group: GROUP, limit: LIMIT = 200) -> None:
    """List the members of a group."""
    found = session.client.groups.members.list(group, limit=limit)
    session.out.table(
        session.out.read(found, "members"),
        columns("member=identifier name added=added_at"),
    )


@command(
    groups,
    "add",
    examples=["blooio groups add GROUP_ID +15550001111"],
    prints="the fields of addGroupMember",
    kind="reach",
)
def add_member(session: Session, group: GROUP, contact: CONTACT) -> None:
    """Add a member to a group."""
    session.ask(f"Add {contact} to the group {group}?")
    session.out.done(session.client.groups.members.add(group, contact), f"Added {contact}.")


@command(
    groups,
    "remove",
    examples=["blooio groups remove GROUP_ID +15551234567"],
    prints="the fields of removeGroupMember",
    kind="reach",
)
def remove_member(session: Session, group: GROUP, contact: CONTACT) -> None:
    """Remove a member from a group."""
    session.ask(f"Remove {contact} from the group {group}?")
    session.out.done(session.client.groups.members.remove(group, contact), f"Removed {contact}.")


@command(
    groups,
    "icon",
    examples=["blooio groups icon GROUP_ID photo.jpg", "blooio groups icon GROUP_ID --remove"],
    prints="the fields of setGroupIcon or removeGroupIcon",
    kind="reach",
)
def icon(
    session: Session,
    group: GROUP,
    file: FILE = None,
    remove: Annotated[bool, typer.Option("--remove", help="Remove the icon.")] = False,
) -> None:
    """Set or remove the icon of a group."""
    if remove == (file is not None):
        raise typer.BadParameter("pass either a file or --remove")
    session.ask(f"Change the icon of the group {group} for everyone in it?")
    if file is None:
        session.out.done(session.client.groups.icon.remove(group), "Removed the icon.")
        return
    with uploading(session, file) as content:
        session.out.done(session.client.groups.icon.set(group, content), "Set the icon.")
