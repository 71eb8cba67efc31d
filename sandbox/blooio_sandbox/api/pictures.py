"""Uploaded pictures: chat backgrounds and group icons."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from blooio_sandbox.responses import ApiError, ApiRequest, Handler, Json, Response, UploadedFile, invalid
from blooio_sandbox.state.chats import require_group, to_chat_id
from blooio_sandbox.state.database import Row, State, new_id

LARGEST_PICTURE: int = 10 * 1024 * 1024


def get_chat_background(request: ApiRequest, state: State) -> Response:
    """Handle getChatBackground."""
    return Response(_background_view(state, to_chat_id(state, request.ids["chatId"])))


def set_chat_background(request: ApiRequest, state: State) -> Response:
    """Handle setChatBackground: uploading the same picture changes nothing."""
    chat_id = to_chat_id(state, request.ids["chatId"])
    digest = hashlib.sha256(_check_picture("background", request.files["background"])).hexdigest()
    is_new = state.value("SELECT digest FROM backgrounds WHERE chat_id = ?", chat_id) != digest
    if is_new:
        _replace_background(state, chat_id, digest)
    return Response(_background_view(state, chat_id) | {"changed": is_new})


def remove_chat_background(request: ApiRequest, state: State) -> Response:
    """Handle removeChatBackground."""
    chat_id = to_chat_id(state, request.ids["chatId"])
    _replace_background(state, chat_id, None)
    return Response(_background_view(state, chat_id))


def set_group_icon(request: ApiRequest, state: State) -> Response:
    """Handle setGroupIcon."""
    group = _linked_group(request, state)
    content = _check_picture("icon", request.files["icon"])
    icon_url = f"https://bucket.blooio.com/icons/{hashlib.sha256(content).hexdigest()[:16]}"
    state.change("UPDATE groups SET icon_url = ? WHERE group_id = ?", icon_url, group["group_id"])
    return Response(_icon_view(group) | {"icon_url": icon_url, "message": "Group icon updated"})


def remove_group_icon(request: ApiRequest, state: State) -> Response:
    """Handle removeGroupIcon."""
    group = _linked_group(request, state)
    state.change("UPDATE groups SET icon_url = NULL WHERE group_id = ?", group["group_id"])
    return Response(_icon_view(group) | {"message": "Group icon removed"})


def is_picture(content: bytes) -> bool:
    """Return whether the content is a JPEG, PNG, GIF, WebP or HEIC file."""
    return (
        content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a"))
        or (content[:4] == b"RIFF" and content[8:12] == b"WEBP")
        or (content[4:8] == b"ftyp" and content[8:12] in {b"heic", b"heix", b"heif", b"mif1", b"msf1"})
    )


def _check_picture(field: str, file: UploadedFile) -> bytes:
    if len(file.content) > LARGEST_PICTURE:
        raise invalid(f"/{field}", f"the picture must have at most {LARGEST_PICTURE} bytes")
    if not is_picture(file.content):
        raise invalid(f"/{field}", "the picture must be a JPEG, PNG, GIF, WebP or HEIC file")
    return file.content


def _replace_background(state: State, chat_id: str, digest: str | None) -> None:
    version = state.value("SELECT version FROM backgrounds WHERE chat_id = ?", chat_id) or 0
    background_id = None if digest is None else new_id("bg")
    statement = "INSERT OR REPLACE INTO backgrounds VALUES (?, ?, ?, ?)"
    state.change(statement, chat_id, background_id, version + 1, digest)


def _background_view(state: State, chat_id: str) -> Json:
    background = state.row("SELECT * FROM backgrounds WHERE chat_id = ? AND digest IS NOT NULL", chat_id)
    return {
        "chat_id": chat_id,
        "has_background": background is not None,
        "background_id": background["background_id"] if background else None,
        "background_version": background["version"] if background else None,
    }


def _linked_group(request: ApiRequest, state: State) -> Row:
    group = require_group(state, request.ids["groupId"])
    if group["chat_guid"] is None:
        raise ApiError(400, "This group is not linked to an iMessage chat (no chat_guid)", "group_not_linked")
    return group


def _icon_view(group: Row) -> Json:
    identity = {"group_id": group["group_id"], "chat_guid": group["chat_guid"]}
    return {"success": True, **identity, "device_sync": {"chat_guid": group["chat_guid"], "synced": True}}


HANDLERS: Mapping[str, Handler] = {
    "getChatBackground": get_chat_background,
    "setChatBackground": set_chat_background,
    "removeChatBackground": remove_chat_background,
    "setGroupIcon": set_group_icon,
    "removeGroupIcon": remove_group_icon,
}
