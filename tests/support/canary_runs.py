"""Every operation called with canaries in its arguments, and with canaries in every kind of response."""

from __future__ import annotations

import io
import json
import ssl
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, Final

import anyio
import attrs
import httpx
from canaries import PRIVATE, SECRETS, Search
from contract_cases import CASES, PNG, Ask, Names
from contract_document import OPERATIONS
from contract_instances import KINDS, instance
from contract_results import NEEDED
from wire import Exchange, Handler, Wire, hang_up, json_response

from blooio_client import AsyncBlooio, Blooio
from blooio_overrides.json_values import is_list, is_object

PHONE, MAIL, TEXT = PRIVATE["phone number"], PRIVATE["e-mail address"], PRIVATE["message text"]
CANARY_NAMES: Final = Names(
    contact=PHONE,
    number=PHONE,
    group=f"grp_{PRIVATE['group name']}",
    webhook=PRIVATE["response"],
    chat=f"{PHONE},{MAIL}",
    message=PRIVATE["response"],
    event=PRIVATE["response"],
    poll=PRIVATE["response"],
    tag=PRIVATE["contact name"],
)
OF_A_CALL: Final = MappingProxyType({"x-token": PRIVATE["header of a call"]})
OF_A_VIEW: Final = MappingProxyType({"x-token": SECRETS["header of a view"]})
TLS: Final = ssl.create_default_context()
"""Shared by all HTTP clients of the user, since reading the CA certificates takes longer than a test."""
WAIT: Final = 0.1
"""The timeout in seconds of a call that gets no response."""


def canary_file() -> io.BytesIO:
    """Return a picture whose name and content are canaries."""
    file = io.BytesIO(PNG + PRIVATE["file content"].encode())
    file.name = PRIVATE["file name"]
    return file


_MORE: Final[dict[str, Ask]] = {
    "sendMessage": lambda client, names: client.chat(names.chat).send(
        TEXT, attachments=f"https://files.example/{PHONE}", from_number=PHONE, headers=OF_A_CALL
    ),
    "sendMessage in parts": lambda client, names: client.chat(names.chat).send(
        parts=[{"text": TEXT, "mention": PHONE}], extra={"private": TEXT}
    ),
    "sendPoll": lambda client, names: client.chat(names.chat).polls.send([TEXT, MAIL], title=TEXT),
    "addReaction": lambda client, names: client.chat(names.chat).react("love", message=names.message),
    "createGroup": lambda client, _: client.groups.create(PRIVATE["group name"], members=[PHONE, MAIL]),
    "updateGroup": lambda client, names: client.groups.update(names.group, name=PRIVATE["group name"]),
    "createContact": lambda client, _: client.contacts.create(MAIL, name=PRIVATE["contact name"]),
    "updateContact": lambda client, _: client.contacts.update(PHONE, name=PRIVATE["contact name"]),
    "listContacts": lambda client, _: client.contacts.list(q=PRIVATE["contact name"]),
    "listChats": lambda client, _: client.chats.list(q=TEXT),
    "lookupPhoneNumber": lambda client, _: client.phone_numbers.lookup(PHONE),
    "lookupPhoneNumberPost": lambda client, _: client.phone_numbers.lookup(f"{PHONE} ext. 8"),
    "batchLookupPhoneNumbers": lambda client, _: client.phone_numbers.lookup_many([PHONE]),
    "setGroupIcon": lambda client, names: client.groups.icon.set(names.group, canary_file()),
    "setChatBackground": lambda client, names: client.chat(names.chat).background.set(canary_file()),
    "updateMyContactCard": lambda client, names: client.numbers.contact_card.update(
        names.number, first_name=PRIVATE["contact name"], avatar=canary_file()
    ),
}
ASKS: Final[Mapping[str, Ask]] = MappingProxyType(
    {**{operation: calls["minimal"] for operation, calls in CASES.items()}, **_MORE}
)
"""A call of each operation, with canaries in every argument that may be private."""


def planted(value: Any, name: str = "") -> Any:
    """Return a response in which every string is a canary, including secrets; a list ends with it."""
    if name == "has_more":
        return False
    if is_object(value):
        return {key: planted(item, key) for key, item in value.items()}
    if is_list(value):
        return [planted(item, name) for item in value]
    return {"api_key": SECRETS["API key"], "signing_secret": SECRETS["signing secret"]}.get(
        name, PRIVATE["response"] if isinstance(value, str) else value
    )


def _success(operation: str) -> bytes:
    status, schema = next(iter(OPERATIONS[operation.partition(" ")[0]].responses.items()))
    body = {**instance(schema, KINDS["full"]), **NEEDED.get(operation, {})}
    return json_response(json.dumps(planted(body)).encode(), b"%d OK" % status)


_SAID: Final = " ".join(PRIVATE.values())
_REPEATED: Final = f"{SECRETS['API key']} {_SAID}"
_ECHO: Final = {"error": _REPEATED, "message": _REPEATED, "code": PRIVATE["response"], "limit": [_REPEATED]}
_SHOWN: Final = {"api_key": SECRETS["API key"], "signing_secret": SECRETS["rotated signing secret"]}
_HEADERS: Final = "".join(f"x-said-{number}: {said}\r\n" for number, said in enumerate(_REPEATED.split())).encode()


def _with(status: bytes, body: bytes, headers: bytes = _HEADERS) -> Handler:
    head = b"HTTP/1.1 %s\r\nconnection: close\r\n%scontent-length: %d\r\n\r\n"
    return lambda exchange: exchange.write(head % (status, headers, len(body)) + body)


def _echo(exchange: Exchange) -> None:
    """Respond with the request itself, byte for byte, which is not a valid response."""
    exchange.write(exchange.request)


def _no_header(exchange: Exchange) -> None:
    lines = exchange.request.partition(b"\r\n")[2].partition(b"\r\n\r\n")[0].replace(b":", b" ")
    exchange.write(b"HTTP/1.1 200 OK\r\n" + lines + b"\r\n\r\n")


ENDINGS: Final[Mapping[str, Handler]] = MappingProxyType(
    {
        "refused with an echo": _with(b"400 Bad Request", json.dumps(_ECHO).encode()),
        "refused with a nested echo": _with(b"429 Slow Down", json.dumps({"error": _ECHO}).encode()),
        "failed with a page": _with(b"500 Internal Server Error", _REPEATED.encode()),
        "redirected": _with(b"302 Found", b"", f"location: https://elsewhere.example/{_REPEATED}\r\n".encode()),
        "unexpected": _with(b"200 OK", json.dumps({"unheard_of": _SAID}).encode()),
        "another type": _with(b"201 Created", json.dumps([_REPEATED, _SHOWN]).encode()),
        "unreadable": _with(b"200 OK", f"{_REPEATED} {_SHOWN}".encode()),
        "cut short": _with(b"200 OK", b"", b"content-length: 1000\r\nx-said: " + _REPEATED.encode() + b"\r\n"),
        "no status line": _echo,
        "no header": _no_header,
        "hung up": hang_up,
        "silent": Exchange.wait,
    }
)
"""The ways in which a call fails; with an unexpected response, only some calls do."""
_SHOWING: Final = MappingProxyType(
    {"getMe": "api_key", "createWebhook": "signing_secret", "rotateWebhookSecret": "signing_secret"}
)


def _ended(operation: str, ending: str) -> Handler:
    """Return the handler for an ending; unexpected responses also contain the documented secret."""
    if ending != "unexpected" or operation not in _SHOWING:
        return ENDINGS[ending]
    shown = {name: secret for name, secret in _SHOWN.items() if name == _SHOWING[operation]}
    return _with(b"200 OK", json.dumps({"unheard_of": _SAID, **shown}).encode())


@attrs.define
class Runs:
    """Calls with canaries, whose results and errors are searched."""

    search: Search = attrs.field(factory=Search)
    outcomes: Counter[str] = attrs.field(factory=Counter[str])
    _handler: Handler = hang_up
    server: Wire = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.server = Wire(self._response)

    def _response(self, exchange: Exchange) -> None:
        self._handler(exchange)

    def success(self, mode: str, operation: str, *, own: bool) -> None:
        """Call an operation that succeeds."""
        self._handler = lambda exchange: exchange.write(_success(operation))
        self._judge(*CALLED[mode](self.server.url, ASKS[operation], 30.0, own=own))

    def failure(self, mode: str, operation: str, ending: str, *, own: bool) -> None:
        """Call an operation that fails."""
        self._handler = _ended(operation, ending)
        timeout = WAIT if ending == "silent" else 30.0
        self._judge(*CALLED[mode](self.server.url, ASKS[operation], timeout, own=own))

    def refusal(self, mode: str, ask: Callable[[Any], Any]) -> None:
        """Make a call with an invalid argument."""
        self._handler = hang_up
        self._judge(*CALLED[mode](self.server.url, _with_names(ask), 30.0, own=False))

    def _judge(self, came: Any, error: BaseException | None) -> None:
        self.outcomes[type(error).__name__ if error else "result"] += 1
        if error is not None:
            self.search.exception(error)
        else:
            self.search.shown("results", came, SECRETS)
            self.search.pickles("results", came)


def _with_names(ask: Callable[[Any], Any]) -> Ask:
    def with_names(client: Any, names: Names) -> Any:
        del names
        return ask(client)

    return with_names


def _blocking(url: str, ask: Ask, timeout: float, *, own: bool) -> tuple[Any, BaseException | None]:
    http_client = httpx.Client(verify=TLS) if own else None
    client = Blooio(SECRETS["API key"], base_url=url, http_client=http_client, max_retries=0)
    try:
        came = ask(client.with_options(headers=OF_A_VIEW, timeout=timeout), CANARY_NAMES)
        return list(came) if hasattr(came, "pages") else came, None
    except Exception as error:  # noqa: BLE001 - any error is searched
        return None, error
    finally:
        client.close()
        if http_client is not None:
            http_client.close()


async def _awaiting(url: str, ask: Ask, timeout: float, *, own: bool) -> tuple[Any, BaseException | None]:
    http_client = httpx.AsyncClient(verify=TLS) if own else None
    client = AsyncBlooio(SECRETS["API key"], base_url=url, http_client=http_client, max_retries=0)
    try:
        came = ask(client.with_options(headers=OF_A_VIEW, timeout=timeout), CANARY_NAMES)
        return [item async for item in came] if hasattr(came, "pages") else await came, None
    except Exception as error:  # noqa: BLE001 - any error is searched
        return None, error
    finally:
        await client.aclose()
        if http_client is not None:
            await http_client.aclose()


def _run(url: str, ask: Ask, timeout: float, *, own: bool) -> tuple[Any, BaseException | None]:
    return anyio.run(partial(_awaiting, url, ask, timeout, own=own))


CALLED: Final[Mapping[str, Callable[..., tuple[Any, BaseException | None]]]] = MappingProxyType(
    {"sync": _blocking, "async": _run}
)


def parts_of(client: Any) -> list[Any]:
    """Return what a client creates without sending: copies, conversations, resources, pagers, and their parts."""
    view = client.with_options(headers=OF_A_VIEW)
    chat = view.chat(CANARY_NAMES.chat)
    resources = [view.chats, view.contacts, view.contacts.tags, view.groups, view.groups.members, view.groups.icon]
    resources += [view.numbers, view.numbers.contact_card, view.locations, view.phone_numbers, view.facetime]
    resources += [view.webhooks, view.webhooks.logs, chat.messages, chat.polls, chat.background]
    pagers = [view.chats.list(q=TEXT), view.contacts.list(q=PHONE, headers=OF_A_CALL), chat.messages.list()]
    sender = view._sender
    inner = [sender, sender.settings, sender.settings.common_headers, sender.settings.headers, sender.connections]
    return [client, view, chat, *resources, *pagers, *inner]
