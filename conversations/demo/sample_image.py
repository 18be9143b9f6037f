"""The demo's image: hills and a sun, which vary with the prompt."""

from __future__ import annotations

import io
import math
import random
import zlib

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1024, 768
_RIDGES = 5
_SKIES = [
    ((224, 231, 226), (246, 243, 236), (26, 88, 84)),
    ((238, 221, 203), (250, 242, 228), (97, 60, 74)),
    ((206, 219, 235), (243, 240, 238), (38, 58, 102)),
    ((226, 214, 228), (249, 238, 230), (70, 50, 96)),
]
_SUN = (200, 82, 60)

Colour = tuple[int, int, int]


def draw(prompt: str) -> bytes:
    """Return a PNG, the same for the same prompt. Takes about 100 ms, so call it in a thread."""
    chance = random.Random(zlib.crc32(prompt.encode("utf-8", "replace")))  # noqa: S311 (a drawing)
    high, low, ink = chance.choice(_SKIES)
    picture = Image.new("RGB", (WIDTH, HEIGHT))
    pen = ImageDraw.Draw(picture)
    for y in range(HEIGHT):
        pen.line([(0, y), (WIDTH, y)], fill=_between(high, low, y / HEIGHT))
    _sun(picture, chance)
    for ridge in range(_RIDGES):
        depth = (ridge + 1) / _RIDGES
        points = _ridge(chance, HEIGHT * (0.42 + 0.12 * ridge), 90 - 12 * ridge)
        pen.polygon([(0, HEIGHT), *points, (WIDTH, HEIGHT)], fill=_between(low, ink, depth**1.3))
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()


def _sun(picture: Image.Image, chance: random.Random) -> None:
    x, y = chance.uniform(0.2, 0.8) * WIDTH, chance.uniform(0.16, 0.32) * HEIGHT
    radius = chance.uniform(34, 60)
    # The disc is scaled down from four times its size, so that its edge is smooth.
    size = (math.ceil(radius * 2), math.ceil(radius * 2))
    disc = Image.new("L", (size[0] * 4, size[1] * 4))
    ImageDraw.Draw(disc).ellipse([0, 0, disc.width - 1, disc.height - 1], fill=255)
    mask = disc.resize(size, Image.Resampling.LANCZOS).filter(ImageFilter.SMOOTH)
    picture.paste(_SUN, (round(x - radius), round(y - radius)), mask)


def _ridge(chance: random.Random, base: float, swing: float) -> list[tuple[float, float]]:
    """Return the points of a ridge, the sum of a few waves."""
    waves = [
        (swing / (2**octave), chance.uniform(0.6, 1.4) * 2**octave, chance.uniform(0, math.tau))
        for octave in range(4)
    ]
    return [
        (
            x,
            base
            + sum(
                size * math.sin(pace * x / WIDTH * math.tau + shift) for size, pace, shift in waves
            ),
        )
        for x in range(0, WIDTH + 1, 4)
    ]


def _between(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (
        round(first + (second - first) * share) for first, second in zip(one, other, strict=True)
    )
    return red, green, blue
