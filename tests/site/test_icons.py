"""What the site shows of itself elsewhere: icons, an app, previews of links, and what is missing."""

import json
import re
import struct
import zlib

import numpy as np
import pytest

import build
from sitebuilder import icons, page
from sitebuilder.reporting import BuildError

SVG = '<svg viewBox="0 0 24 24"><path fill="#ff0080" d="M6 6h12v12H6z"/></svg>'


def pixels_of(data):
    """Decode what icons.png writes; return (height, width, channels)."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, place = {}, 8
    while place < len(data):
        length, name = struct.unpack(">I4s", data[place : place + 8])
        body = data[place + 8 : place + 8 + length]
        assert struct.unpack(">I", data[place + 8 + length : place + 12 + length])[0] == zlib.crc32(name + body)
        chunks[name], place = body, place + 12 + length
    width, height, depth, colours = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    rows = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, -1)
    assert depth == 8
    assert not rows[:, 0].any()
    return rows[:, 1:].reshape(height, width, {2: 3, 6: 4}[colours])


def test_a_png_holds_what_was_given():
    image = np.random.default_rng(0).integers(0, 256, (5, 7, 4), np.uint8)
    np.testing.assert_array_equal(pixels_of(icons.png(image)), image)
    np.testing.assert_array_equal(pixels_of(icons.png(image[..., :3])), image[..., :3])


def test_the_drawing_is_scaled_centred_and_in_its_colour():
    source = icons.drawing(SVG)
    image = icons.icon(source, 48, 1.0, on_paper=False)
    np.testing.assert_array_equal(image[12:36, 12:36], np.broadcast_to([255, 0, 128, 255], (24, 24, 4)))
    assert image[..., 3].sum() == 24 * 24 * 255
    half = icons.icon(source, 48, 0.5, on_paper=True)
    assert half[24, 24].tolist() == [255, 0, 128, 255]
    assert half[17, 17].tolist() == [*icons.PAPER, 255]
    assert icons.coverage(source.corners, 50, 1.0).sum() == pytest.approx(25**2)


def test_another_kind_of_drawing_is_refused():
    with pytest.raises(BuildError, match=r"icon\.svg"):
        icons.drawing(SVG.replace("h12", "l12 3"))


def test_the_icon_is_the_logo_of_the_page():
    web = build.ROOT / "web"
    (logo,) = re.findall(r'class="logo"[^>]*><path d="([^"]+)"', (web / "index.html").read_text())
    assert f'd="{logo}"' in (web / "icon.svg").read_text()


def test_the_app_has_its_icons_and_stays_in_its_folder(site):
    manifest = json.loads((site / "digitnet.webmanifest").read_text())
    assert manifest["name"] == "digitnet"
    assert {manifest[key] for key in ("start_url", "scope", "id")} == {"./"}
    sizes = set()
    for entry in manifest["icons"]:
        data = (site / entry["src"]).read_bytes()
        if entry["type"] == "image/png":
            height, width, _ = pixels_of(data).shape
            assert entry["sizes"] == f"{width}x{height}"
            sizes.add(entry["sizes"])
    assert sizes == {"192x192", "512x512"}


def test_what_the_head_of_the_page_names_is_there(site):
    head = (site / "index.html").read_text().partition("</head>")[0]
    for name in re.findall(r'<link[^>]* href="([^"#]+)"', head) + re.findall(r'content="([\w-]+\.png)"', head):
        assert (site / name).is_file(), name
    height, width, _ = pixels_of((site / "card.png").read_bytes()).shape
    assert f'property="og:image:width" content="{width}"' in head
    assert f'property="og:image:height" content="{height}"' in head
    assert (site / "card.png").stat().st_size < 300_000


def test_previews_get_whole_addresses_where_the_site_knows_its_own():
    head = f'<meta property="og:image" content="card.png">{page.ADDRESS}'
    assert page.with_address(head, "") == '<meta property="og:image" content="card.png">'
    known = page.with_address(head, "https://example.org/digits/")
    assert 'content="https://example.org/digits/card.png"' in known
    assert '<link rel="canonical" href="https://example.org/digits/">' in known
    for wrong in ("example.org", "https://example.org/digits", 'https://example.org/"x/'):
        with pytest.raises(BuildError, match="address"):
            page.with_address(head, wrong)


def test_the_page_for_what_is_missing_asks_for_nothing_beside_it(site):
    """It is shown at addresses of any depth."""
    text = (site / "404.html").read_text()
    assert "Content-Security-Policy" in text
    assert re.findall(r'(?:src|href)="(?!data:)[^"]*"', text) == []
