"""The 24 solar terms 节气, computed from the longitude of the sun.

A term begins on the day, in China's time, on which the sun reaches its longitude (GB/T 33661-2017).
The formulas are the low-accuracy theory of Jean Meeus, Astronomical Algorithms (2nd ed.), chapter
25, with an error of 0.01°, or a quarter of an hour.
"""

from __future__ import annotations

import datetime
import math
from functools import lru_cache

from django import template
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

register = template.Library()
J2000 = datetime.datetime(2000, 1, 1, 12, tzinfo=datetime.UTC)
CHINA = datetime.timezone(datetime.timedelta(hours=8))
# Terrestrial time is ahead of universal time by about this much from 2020 to 2035.
DELTA_T = datetime.timedelta(seconds=72)
DAYS_IN_CENTURY = 36525

# The first term begins at longitude 0°, and each next one 15° later.
TERMS: tuple[tuple[str | Promise, str], ...] = (
    (pgettext_lazy("solar term", "Spring Equinox"), "春分"),
    (pgettext_lazy("solar term", "Clear and Bright"), "清明"),
    (pgettext_lazy("solar term", "Grain Rain"), "谷雨"),
    (pgettext_lazy("solar term", "Start of Summer"), "立夏"),
    (pgettext_lazy("solar term", "Grain Buds"), "小满"),
    (pgettext_lazy("solar term", "Grain in Ear"), "芒种"),
    (pgettext_lazy("solar term", "Summer Solstice"), "夏至"),
    (pgettext_lazy("solar term", "Minor Heat"), "小暑"),
    (pgettext_lazy("solar term", "Major Heat"), "大暑"),
    (pgettext_lazy("solar term", "Start of Autumn"), "立秋"),
    (pgettext_lazy("solar term", "End of Heat"), "处暑"),
    (pgettext_lazy("solar term", "White Dew"), "白露"),
    (pgettext_lazy("solar term", "Autumn Equinox"), "秋分"),
    (pgettext_lazy("solar term", "Cold Dew"), "寒露"),
    (pgettext_lazy("solar term", "First Frost"), "霜降"),
    (pgettext_lazy("solar term", "Start of Winter"), "立冬"),
    (pgettext_lazy("solar term", "Minor Snow"), "小雪"),
    (pgettext_lazy("solar term", "Major Snow"), "大雪"),
    (pgettext_lazy("solar term", "Winter Solstice"), "冬至"),
    (pgettext_lazy("solar term", "Minor Cold"), "小寒"),
    (pgettext_lazy("solar term", "Major Cold"), "大寒"),
    (pgettext_lazy("solar term", "Start of Spring"), "立春"),
    (pgettext_lazy("solar term", "Rain Water"), "雨水"),
    (pgettext_lazy("solar term", "Awakening of Insects"), "惊蛰"),
)


@register.simple_tag
def solar_term(day: datetime.date) -> dict[str, str | Promise]:
    """Return the term in force at the end of ``day``: its name, and its name in Chinese."""
    name, han = TERMS[_term_at_end_of(datetime.date(day.year, day.month, day.day))]
    return {"name": name, "han": han}


@lru_cache(maxsize=8)
def _term_at_end_of(day: datetime.date) -> int:
    midnight = datetime.datetime.combine(day, datetime.time(), CHINA) + datetime.timedelta(days=1)
    return int(sun_longitude(midnight) // 15) % len(TERMS)


def sun_longitude(moment: datetime.datetime) -> float:
    """Return the sun's apparent longitude in degrees from 0 to 360 (Meeus 25.2 to 25.9)."""
    since = moment + DELTA_T - J2000
    t = since / datetime.timedelta(days=1) / DAYS_IN_CENTURY
    mean_longitude = 280.46646 + 36000.76983 * t + 0.0003032 * t**2
    anomaly = math.radians(357.52911 + 35999.05029 * t - 0.0001537 * t**2)
    centre = (
        (1.914602 - 0.004817 * t) * math.sin(anomaly)
        + (0.019993 - 0.000101 * t) * math.sin(2 * anomaly)
        + 0.000289 * math.sin(3 * anomaly)
    )
    node = math.radians(125.04 - 1934.136 * t)
    return (mean_longitude + centre - 0.00569 - 0.00478 * math.sin(node)) % 360
