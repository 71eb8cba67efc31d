"""Image types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blooio_overrides._rules.files import SUFFIXES, image_type


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "image/heic"),
        (b"\x00\x00\x00\x18ftyphevx\x00\x00\x00\x00", "image/heic"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00", "image/heif"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "image/heic"),
        (b"\x00\x00\x00\x24ftypmif1\x00\x00\x00\x00mif1MiHEMiPrmiafheix", "image/heic"),
        (b"\x00\x00\x00\x18ftypmsf1\x00\x00\x00\x00msf1hevc", "image/heic"),
        (b"\x00\x00\x00\x14ftypmif1\x00\x00\x00\x00mif1heic", "image/heif"),
        (b"\x00\x00\x00\x18ftypavif\x00\x00\x00\x00", None),
        (b"\x00\x00\x00\x1cftypmif1\x00\x00\x00\x00mif1avifmiaf", None),
        (b"\x00\x00\x00\x1cftypavis\x00\x00\x00\x00avismsf1hevc", None),
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00", None),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", None),
        (b"\x89PNG", None),
        (b"<svg>", None),
        (b"", None),
    ],
)
def test_an_image_type_is_detected_from_its_first_bytes(head: bytes, kind: str | None) -> None:
    """Each type has its magic bytes; HEIC is recognized by compatible brands, unlike AVIF and videos."""
    assert image_type(head) == kind


@given(st.binary(max_size=80))
def test_any_first_bytes_are_a_type_or_none(head: bytes) -> None:
    """No content raises an error, and each type has a suffix."""
    assert image_type(head) in {None, *SUFFIXES}
