"""Uploaded pictures: chat backgrounds and group icons."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from blooio_sandbox.responses import ApiError, ApiRequest, Handler, Json, Response, UploadedFile, invalid
from blooio_sandbox.state.chats import device_sync, require_group, to_chat_id
from blooio_sandbox.state.database import Row, State
from blooio_sandbox.state.files import save_file

MAX_PICTURE: int = 10 * 1024 * 1024


def get_chat_background(request: ApiRequest, state: State) -> Response:
    """Handle getChatBackground."""
    return Response(_background_view(state, to_chat_id(state, request.ids["chatId"])))


def set_chat_background(request: ApiRequest, state: State) -> Response:
    """Handle setChatBackground: uploading the same picture changes nothing."""
    chat_id = to_chat_id(state, request.ids["chatId"])
    content, media_type = _check_picture("background", request.files["background"])
    digest = hashlib.sha256(content).hexdigest()
    is_new = state.value("SELECT digest FROM backgrounds WHERE chat_id = ?", chat_id) != digest
    if is_new:
        background_id = save_file(state, "background", media_type, content)
        _replace_background(state, chat_id, digest, background_id)
    return Response(_background_view(state, chat_id) | {"changed": is_new})


def remove_chat_background(request: ApiRequest, state: State) -> Response:
    """Handle removeChatBackground."""
    chat_id = to_chat_id(state, request.ids["chatId"])
    _replace_background(state, chat_id, None, None)
    return Response(_background_view(state, chat_id))


def set_group_icon(request: ApiRequest, state: State) -> Response:
    """Handle setGroupIcon."""
    group = _linked_group(request, state)
    content, media_type = _check_picture("icon", request.files["icon"])
    icon_id = save_file(state, "icon", media_type, content)
    icon_url = f"https://bucket.blooio.com/icons/{icon_id}"
    state.change("UPDATE groups SET icon_url = ? WHERE group_id = ?", icon_url, group["group_id"])
    return Response(_icon_view(group) | {"icon_url": icon_url, "message": "Group icon updated"})


def remove_group_icon(request: ApiRequest, state: State) -> Response:
    """Handle removeGroupIcon."""
    group = _linked_group(request, state)
    state.change("UPDATE groups SET icon_url = NULL WHERE group_id = ?", group["group_id"])
    return Response(_icon_view(group) | {"message": "Group icon removed"})


def picture_type(content: bytes) -> str | None:
    """Return the media type of a JPEG, PNG, GIF, WebP or HEIC file, or None."""
    for start, media_type in _STARTS.items():
        if content.startswith(start):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    is_heic = content[4:8] == b"ftyp" and content[8:12] in {b"heic", b"heix", b"heif", b"mif1", b"msf1"}
    return "image/heic" if is_heic else None


_STARTS = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


def _check_picture(field: str, file: UploadedFile) -> tuple[bytes, str]:
    if len(file.content) > MAX_PICTURE:
        raise invalid(f"/{field}", f"the picture must have at most {MAX_PICTURE} bytes")
    media_type = picture_type(file.content)
    if media_type is None:
        raise invalid(f"/{field}", "the picture must be a JPEG, PNG, GIF, WebP or HEIC file")
    return file.content, media_type


def _replace_background(state: State, chat_id: str, digest: str | None, background_id: str | None) -> None:
    version = state.value("SELECT version FROM backgrounds WHERE chat_id = ?", chat_id) or 0
    statement = "INSERT OR REPLACE INTO backgrounds VALUES (?, ?, ?, ?)"
    state.change(statement, chat_id, background_id, version + 1, digest)


def background_fields(state: State, chat_id: str) -> Json:
    """Return the id and the URL of the background of a chat; both are None without one."""
    background_id = state.value("SELECT background_id FROM backgrounds WHERE chat_id = ?", chat_id)
    url = f"https://bucket.blooio.com/backgrounds/{background_id}" if background_id else None
    return {"background_id": background_id, "background_url": url}


def _background_view(state: State, chat_id: str) -> Json:
    fields = background_fields(state, chat_id)
    version = state.value("SELECT version FROM backgrounds WHERE chat_id = ?", chat_id)
    has_background = fields["background_id"] is not None
    identity = {"chat_id": chat_id, "has_background": has_background}
    return {**identity, **fields, "background_version": version if has_background else None}


def _linked_group(request: ApiRequest, state: State) -> Row:
    group = require_group(state, request.ids["groupId"])
    if group["chat_guid"] is None:
        raise ApiError(400, "This group is not linked to an iMessage chat (no chat_guid)", "group_not_linked")
    return group


def _icon_view(group: Row) -> Json:
    identity = {"group_id": group["group_id"], "chat_guid": group["chat_guid"]}
    return {"success": True, **identity, "device_sync": device_sync(group)}


HANDLERS: Mapping[str, Handler] = {
    "getChatBackground": get_chat_background,
    "setChatBackground": set_chat_background,
    "removeChatBackground": remove_chat_background,
    "setGroupIcon": set_group_icon,
    "removeGroupIcon": remove_group_icon,
}
