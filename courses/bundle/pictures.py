"""What a picture of pixels must be: of a size that a reader's device can draw, and nothing besides.

Only headers are read. A few kilobytes may unpack to a picture of gigabytes; the header tells before anybody draws it.
"""

import re
import struct
from collections.abc import Callable, Mapping

from django.utils.translation import gettext_lazy as _

from .problems import Problems

SIDE, PIXELS = 10_000, 40_000_000
# What makes a picture a page or a program for whoever looks at its bytes in another way.
FOREIGN = re.compile(rb"<(?:script|html|iframe|!doctype|\?php)", re.IGNORECASE)
# Frames of JPEG that say how large the picture is: all "start of frame" but the three that say something else.
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
STANDS_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


class _Broken(Exception):
    """The bytes end or go wrong before they have said what they must."""


def check_picture(file: str, data: bytes, problems: Problems) -> None:
    """A whole PNG, JPEG or WebP of reasonable size with nothing foreign in it."""
    try:
        width, height = SIZES[file.rpartition(".")[2]](data)
    except (_Broken, struct.error, IndexError):
        problems.error(
            file, None, _("The picture is damaged or has something behind its end. Save it again.")
        )
        return
    if FOREIGN.search(data):
        problems.error(
            file, None, _("There is a page or a program inside the picture. Save it again as a picture.")
        )
    if not (0 < width <= SIDE and 0 < height <= SIDE and width * height <= PIXELS):
        message = _(
            "The picture has %(width)s × %(height)s pixels. At most %(side)s a side and %(millions)s million are taken."
        )
        values = {"width": width, "height": height, "side": SIDE, "millions": PIXELS // 1_000_000}
        problems.error(file, None, message, **values)


def _png(data: bytes) -> tuple[int, int]:
    """Chunk by chunk to the last one, behind which nothing may stand."""
    place, size = 8, None
    while True:
        length, name = struct.unpack_from(">I4s", data, place)
        if size is None:
            if name != b"IHDR":
                raise _Broken
            size = struct.unpack_from(">II", data, place + 8)
        place += 12 + length
        if name == b"IEND":
            break
    if place != len(data):
        raise _Broken
    return size


def _jpeg(data: bytes) -> tuple[int, int]:
    """Segment by segment to the frame. What cameras put behind the end is left to `FOREIGN`."""
    place = 2
    while True:
        if data[place] != 0xFF:
            raise _Broken
        kind = data[place + 1]
        if kind == 0xFF:
            place += 1
        elif kind in STANDS_ALONE:
            place += 2
        elif kind in FRAMES:
            height, width = struct.unpack_from(">HH", data, place + 5)
            return width, height
        else:
            place += 2 + struct.unpack_from(">H", data, place + 2)[0]


def _webp(data: bytes) -> tuple[int, int]:
    if struct.unpack_from("<I", data, 4)[0] + 8 != len(data):
        raise _Broken
    kind = data[12:16]
    if kind == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise _Broken


SIZES: Mapping[str, Callable[[bytes], tuple[int, int]]] = {"png": _png, "jpg": _jpeg, "webp": _webp}
