"""The site's icons and the picture that goes with a link to it, all made from web/icon.svg."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from digitnet.data.idx import load_idx
from sitebuilder import paths
from sitebuilder.reporting import BuildError

SIDE = 24  # of the drawing in web/icon.svg
FINE = 4  # samples a pixel, in each direction
# Name, pixels, the share of the side that the drawing takes, and whether it stands on paper: phones cut a maskable icon
# to a shape of theirs, and show nothing behind a touch icon.
ICONS = (
    ("icon-192.png", 192, 1.0, False),
    ("icon-512.png", 512, 1.0, False),
    ("icon-maskable-512.png", 512, 0.6, True),
    ("touch-icon.png", 180, 0.75, True),
)
CARD = (1200, 630)  # width and height that link previews show whole
CARD_ICON = 330
PAPER = np.array([246, 246, 243], np.uint8)  # --bg of web/styles/base.css


@dataclass(frozen=True)
class Drawing:
    """The polygon in web/icon.svg: its corners (n, 2) as x and y, and its colour as red, green and blue."""

    corners: NDArray[np.float64]
    colour: NDArray[np.uint8]


def drawing(svg: str) -> Drawing:
    """Read an SVG of one filled path of straight lines; BuildError for any other."""
    found = re.search(r'fill="#([0-9a-f]{6})" d="M([-\d.]+)[ ,]([-\d.]+)((?:[hvHV][-\d.]+)+)z"', svg)
    if found is None or f'viewBox="0 0 {SIDE} {SIDE}"' not in svg:
        raise BuildError(f"web/icon.svg must be one path of h, v, H and V in a viewBox of 0 0 {SIDE} {SIDE}.")
    corners = [np.array([float(found[2]), float(found[3])])]
    for command, number in re.findall(r"([hvHV])([-\d.]+)", found[4]):
        corner = corners[-1].copy()
        axis = "hv".index(command.lower())
        corner[axis] = float(number) + (corner[axis] if command.islower() else 0)
        corners.append(corner)
    return Drawing(np.array(corners), np.frombuffer(bytes.fromhex(found[1]), np.uint8))


def coverage(corners: NDArray[np.float64], side: int, share: float) -> NDArray[np.float64]:
    """Return how much of each pixel of a square lies within a polygon, (side, side), 0 to 1.

    The drawing is scaled to `share` of the side and centred. A point is inside where a ray to its right crosses an odd
    number of edges.
    """
    points = ((np.arange(side * FINE) + 0.5) / (side * FINE) - 0.5) / share * SIDE + SIDE / 2
    x, y = points[np.newaxis, :], points[:, np.newaxis]
    inside = np.zeros((side * FINE, side * FINE), bool)
    for (x1, y1), (x2, y2) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if y1 != y2:
            inside ^= ((y1 > y) != (y2 > y)) & (x < x1 + (y - y1) * (x2 - x1) / (y2 - y1))
    return inside.reshape(side, FINE, side, FINE).mean(axis=(1, 3))


def icon(of: Drawing, side: int, share: float, *, on_paper: bool) -> NDArray[np.uint8]:
    """Return an icon as red, green, blue and opacity, (side, side, 4)."""
    ink = coverage(of.corners, side, share)[..., np.newaxis]
    if on_paper:
        painted, opacity = PAPER + (of.colour - PAPER.astype(float)) * ink, np.full_like(ink, 255)
    else:
        painted, opacity = np.broadcast_to(of.colour, (side, side, 3)), 255 * ink
    return np.round(np.dstack([painted, opacity])).astype(np.uint8)


def card(of: Drawing, images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the picture for links, (630, 1200, 3): the icon amid handwritten digits, images (n, 28, 28) of ink."""
    width, height = CARD
    zoom = 2
    side = images.shape[1] * zoom
    columns, rows = -(-width // side), -(-height // side)
    wall = images[: rows * columns].reshape(rows, columns, *images.shape[1:]).transpose(0, 2, 1, 3)
    wall = wall.reshape(rows * images.shape[1], -1).repeat(zoom, axis=0).repeat(zoom, axis=1)
    top, left = (wall.shape[0] - height) // 2, (wall.shape[1] - width) // 2
    ink = wall[top : top + height, left : left + width, np.newaxis] / 255
    picture = PAPER + (np.array([92, 99, 109]) - PAPER.astype(float)) * 0.55 * ink
    y, x = (height - CARD_ICON) // 2, (width - CARD_ICON) // 2
    picture[y : y + CARD_ICON, x : x + CARD_ICON] = icon(of, CARD_ICON, 0.75, on_paper=True)[..., :3]
    return np.round(picture).astype(np.uint8)


def png(pixels: NDArray[np.uint8]) -> bytes:
    """Return the PNG of an image (height, width, 3 or 4), as https://www.w3.org/TR/png/ has it."""
    height, width, channels = pixels.shape

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, {3: 2, 4: 6}[channels], 0, 0, 0)
    rows = np.hstack([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)])  # each begins with its filter: none
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def write_icons(folder: Path, images: Path) -> None:
    """Write the icons and the picture for links; `images` is an IDX file of digits."""
    source = drawing((paths.ROOT / "web" / "icon.svg").read_text())
    for name, side, share, on_paper in ICONS:
        (folder / name).write_bytes(png(icon(source, side, share, on_paper=on_paper)))
    (folder / "card.png").write_bytes(png(card(source, load_idx(images.read_bytes()))))
