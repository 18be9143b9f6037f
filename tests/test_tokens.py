"""Contrast of the colours in static/css/tokens.css, in both themes."""

from __future__ import annotations

import math
import re

import pytest

from tests.styles import ROOT, rules

TOKENS = list(rules(ROOT / "static/css/tokens.css"))
MORE_CONTRAST, PRINT = "@media (prefers-contrast: more)", "@media print"
TEXT, MARK = 4.5, 3.0
Rgb = tuple[float, float, float]

# A colour, the colour behind it, and the ratio that WCAG 2.2 AA requires between the two.
PAIRS: list[tuple[str, str, float]] = [
    *[("ink", ground, TEXT) for ground in ("ground", "ground-sunk", "surface", "fill")],
    *[("ink", ground, TEXT) for ground in ("fill-strong", "mark")],
    *[("ink-2", ground, TEXT) for ground in ("ground", "ground-sunk", "surface", "fill")],
    *[("ink-2", ground, TEXT) for ground in ("fill-strong", "cinnabar-fill", "gamboge-fill")],
    *[("ink-3", ground, TEXT) for ground in ("ground", "ground-sunk", "surface", "fill")],
    ("ink-3", "fill-strong", TEXT),
    ("on-glaze", "glaze", TEXT),
    ("on-glaze", "glaze-hover", TEXT),
    ("glaze", "ground", MARK),
    ("glaze", "surface", MARK),
    ("glaze-ink", "ground", TEXT),
    ("glaze-ink", "surface", TEXT),
    ("glaze-ink", "glaze-fill", TEXT),
    ("azurite", "ground", TEXT),
    ("azurite", "surface", TEXT),
    ("azurite", "fill", TEXT),
    ("azurite", "azurite-fill", TEXT),
    ("cinnabar-ink", "ground", TEXT),
    ("cinnabar-ink", "surface", TEXT),
    ("cinnabar-ink", "cinnabar-fill", TEXT),
    ("on-cinnabar", "cinnabar", TEXT),
    ("cinnabar", "ground", MARK),
    ("gamboge-ink", "gamboge-fill", TEXT),
    ("gamboge", "surface", MARK),
    ("malachite-ink", "malachite-fill", TEXT),
    ("malachite", "surface", MARK),
    ("line-strong", "surface", MARK),
    ("line-strong", "ground", MARK),
    *[("focus", ground, MARK) for ground in ("ground", "surface", "ground-sunk", "fill-strong")],
    *[
        (f"code-{part}", "code-ground", TEXT)
        for part in ("ink", "comment", "keyword", "name", "string", "number")
    ],
    ("seal-stroke", "seal", MARK),
    ("ink", "selection", TEXT),
    ("on-toast", "toast", TEXT),
]
# Ratios that were measured in a browser, in the light and in the dark theme.
MEASURED = [
    ("ink", "ground", 15.22, 14.50),
    ("ink-3", "fill-strong", 4.60, 4.82),
    ("on-glaze", "glaze", 6.50, 8.42),
    ("gamboge", "surface", 3.72, 8.55),
    ("code-keyword", "code-ground", 6.98, 9.34),
    ("seal-stroke", "seal", 5.15, 4.74),
]


def oklch_to_linear(lightness: float, chroma: float, hue: float) -> Rgb:
    """Convert OKLCH to linear sRGB (Björn Ottosson, 2020), clipped to what a screen shows."""
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    l_ = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    m_ = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s_ = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    rgb = (
        4.0767416621 * l_ - 3.3077115913 * m_ + 0.2309699292 * s_,
        -1.2684380046 * l_ + 2.6097574011 * m_ - 0.3413193965 * s_,
        -0.0041960863 * l_ - 0.7034186147 * m_ + 1.7076147010 * s_,
    )
    red, green, blue = (min(1.0, max(0.0, channel)) for channel in rgb)
    return red, green, blue


def luminance(colour: Rgb) -> float:
    red, green, blue = colour
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def colours(*conditions: str, is_dark: bool) -> dict[str, Rgb]:
    """Return each custom property that is one colour, under these ``@media`` conditions."""
    found = {}
    for path, declarations in TOKENS:
        if path != ("@layer tokens", *conditions, ":root"):
            continue
        for name, value in declarations.items():
            if not re.match(r"light-dark\(|oklch\(", value):
                continue
            shades = re.findall(r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)[^)]*\)", value)
            lightness, chroma, hue = map(float, shades[-1 if is_dark else 0])
            found[name.removeprefix("--")] = oklch_to_linear(lightness / 100, chroma, hue)
    return found


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_every_pair_of_the_table_is_readable(is_dark: bool) -> None:
    palette = colours(is_dark=is_dark)
    ratios = [(one, on, least, contrast(palette[one], palette[on])) for one, on, least in PAIRS]
    assert [pair for pair in ratios if pair[3] < pair[2]] == []


@pytest.mark.parametrize(("one", "on", "light", "dark"), MEASURED)
def test_the_arithmetic_agrees_with_the_browser(
    one: str, on: str, light: float, dark: float
) -> None:
    for is_dark, ratio in ((False, light), (True, dark)):
        palette = colours(is_dark=is_dark)
        assert contrast(palette[one], palette[on]) == pytest.approx(ratio, abs=0.08)


@pytest.mark.parametrize("is_dark", [False, True], ids=["light", "dark"])
def test_a_preference_for_more_contrast_is_met(is_dark: bool) -> None:
    before = colours(is_dark=is_dark)
    after = before | colours(MORE_CONTRAST, is_dark=is_dark)
    for name, least in (("line", MARK), ("ink-2", 7.0), ("ink-3", 7.0)):
        for ground in ("ground", "surface", "fill"):
            ratio = contrast(after[name], after[ground])
            assert ratio >= least
            assert ratio > contrast(before[name], before[ground])


def test_print_is_readable() -> None:
    palette = colours(is_dark=False) | colours(PRINT, is_dark=False)
    for one, ground in (("ink", "ground"), ("ink-2", "fill"), ("code-comment", "code-ground")):
        assert contrast(palette[one], palette[ground]) >= TEXT
