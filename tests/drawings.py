"""Drawings for tests: ink of strokes as the page's pad takes them, and letters and scribbles, which are no digits."""

import math
from itertools import pairwise

import numpy as np

PAD = 140  # pixels along a side, as many as the page's pad sends
SHARE = 0.7  # of the pad's side that the drawing's longest side takes
PEN = 0.09  # the pen's width as a share of the drawing's longest side

Stroke = list[tuple[float, float]]


def arc(x, y, width, height, start, end, n=16):
    """Points on an ellipse around (x, y), from one angle to another in degrees, clockwise from the right."""
    angles = np.radians(np.linspace(start, end, n))
    return [(x + width / 2 * math.cos(a), y + height / 2 * math.sin(a)) for a in angles]


# In a box from -0.5 to 0.5, y down.
LETTERS = {
    "A": [[(-0.35, 0.5), (0, -0.5), (0.35, 0.5)], [(-0.22, 0.12), (0.22, 0.12)]],
    "B": [
        [(-0.28, -0.5), (-0.28, 0.5)],
        [(-0.28, -0.5), *arc(0.02, -0.26, 0.46, 0.48, -90, 90), (-0.28, -0.02)],
        [(-0.28, -0.02), *arc(0.04, 0.24, 0.54, 0.52, -90, 90), (-0.28, 0.5)],
    ],
    "C": [arc(0.05, 0, 0.75, 1, -45, -315)],
    "E": [[(0.28, -0.5), (-0.28, -0.5), (-0.28, 0.5), (0.28, 0.5)], [(-0.28, 0), (0.2, 0)]],
    "F": [[(0.3, -0.5), (-0.28, -0.5), (-0.28, 0.5)], [(-0.28, -0.05), (0.2, -0.05)]],
    "H": [[(-0.3, -0.5), (-0.3, 0.5)], [(0.3, -0.5), (0.3, 0.5)], [(-0.3, 0), (0.3, 0)]],
    "K": [[(-0.28, -0.5), (-0.28, 0.5)], [(0.3, -0.5), (-0.26, 0.02), (0.32, 0.5)]],
    "M": [[(-0.42, 0.5), (-0.36, -0.5), (0, 0.2), (0.36, -0.5), (0.42, 0.5)]],
    "N": [[(-0.32, 0.5), (-0.32, -0.5), (0.32, 0.5), (0.32, -0.5)]],
    "P": [[(-0.26, 0.5), (-0.26, -0.5)], [(-0.26, -0.5), *arc(0.02, -0.22, 0.5, 0.56, -90, 90), (-0.26, 0.06)]],
    "R": [
        [(-0.28, 0.5), (-0.28, -0.5)],
        [(-0.28, -0.5), *arc(0.02, -0.24, 0.5, 0.52, -90, 90), (-0.28, 0.02), (0.3, 0.5)],
    ],
    "T": [[(-0.4, -0.5), (0.4, -0.5)], [(0, -0.5), (0, 0.5)]],
    "W": [[(-0.45, -0.5), (-0.24, 0.5), (0, -0.3), (0.24, 0.5), (0.45, -0.5)]],
    "X": [[(-0.35, -0.5), (0.35, 0.5)], [(0.35, -0.5), (-0.35, 0.5)]],
    "Y": [[(-0.35, -0.5), (0, 0)], [(0.35, -0.5), (0, 0), (0, 0.5)]],
}
HEART = [
    [(0, 0.5), (-0.3, 0.2), (-0.48, -0.1), *arc(-0.24, -0.22, 0.48, 0.5, 180, 360),
     *arc(0.24, -0.22, 0.48, 0.5, 180, 360), (0.48, -0.1), (0.3, 0.2), (0, 0.5)]
]  # fmt: skip
STAR = [[(0.5 * math.sin(math.radians(144 * i)), -0.5 * math.cos(math.radians(144 * i))) for i in range(6)]]


def scribble(rng):
    """One long stroke to and fro, at random."""
    x = np.cumsum(rng.normal(0, 0.3, 14))
    y = np.cumsum(rng.normal(0, 0.3, 14))
    return [smooth(list(zip(x.tolist(), y.tolist(), strict=True)))]


def random_strokes(rng):
    """Three to five straight strokes between random places."""
    return [[tuple(p) for p in rng.uniform(-0.5, 0.5, (2, 2)).tolist()] for _ in range(rng.integers(3, 6))]


def smooth(points, times=3):
    """Cut the corners of a line (Chaikin, 1974)."""
    line = np.array(points)
    for _ in range(times):
        a, b = line[:-1], line[1:]
        line = np.concatenate(
            [line[:1], np.stack([0.75 * a + 0.25 * b, 0.25 * a + 0.75 * b], 1).reshape(-1, 2), line[-1:]]
        )
    return [tuple(p) for p in line.tolist()]


def varied(strokes, rng):
    """The same as another hand might draw it: turned, slanted, stretched, every point a little elsewhere."""
    turn, slant, stretch = rng.normal(0, math.radians(5)), rng.normal(0, 0.12), math.exp(rng.normal(0, 0.12))
    change = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    change = change @ np.array([[stretch, -slant], [0, 1]])
    noise = 0.03 if sum(map(len, strokes)) < 12 else 0.012
    return [[tuple(p) for p in (np.array(s) @ change.T + rng.normal(0, noise, (len(s), 2))).tolist()] for s in strokes]


def ink(strokes, share=SHARE, width=PEN, at=(0.0, 0.0)):
    """Draw strokes as the page's pad would: uint8 (PAD, PAD).

    share: of the pad that the longest side takes. width: of the pen, as a share of that side. at: where the middle
    lies from the pad's own, as shares of the pad (x, y).
    """
    points = np.concatenate([np.array(stroke, float) for stroke in strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    unit = (high - low).max() or 1.0
    size = share * PAD
    x, y = PAD * (0.5 + np.array(at)) - size * (high - low) / unit / 2
    lines = [(np.array(stroke) - low) / unit for stroke in strokes]
    return np.max(
        [pen(line if len(line) > 1 else [*line, *line], size, width, (PAD, PAD), (y, x)) for line in lines], 0
    )


def pen(points, size=200, width=0.1, shape=None, at=(0, 0)):
    """Draw a line through the points (x, y in 0 to 1) of a digit `size` pixels large; uint8, smooth edges.

    at: the row and column where the digit begins.
    """
    shape = shape or (size, size)
    canvas = np.zeros(shape)
    radius = width * size / 2
    for ends in map(np.array, pairwise(np.asarray(points, float) * size + at[::-1])):
        (x0, y0), (dx, dy) = ends[0], ends[1] - ends[0]
        # Only where the pen can reach.
        left, top = np.clip(np.floor(ends.min(axis=0) - radius - 1), 0, None).astype(int)
        right, bottom = np.clip(np.ceil(ends.max(axis=0) + radius + 1), 0, None).astype(int)
        part = canvas[top:bottom, left:right]
        y, x = np.mgrid[: part.shape[0], : part.shape[1]] + 0.5
        px, py = x + left - x0, y + top - y0
        along = np.clip((px * dx + py * dy) / max(dx * dx + dy * dy, 1e-12), 0, 1)
        np.maximum(part, np.clip(radius + 0.5 - np.hypot(px - along * dx, py - along * dy), 0, 1), out=part)
    return np.rint(255 * canvas).astype(np.uint8)
