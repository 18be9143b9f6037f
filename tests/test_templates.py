"""The sources of the templates: what their formatter leaves as it is."""

from __future__ import annotations

from django.conf import settings

LONGEST_LINE = 120


def test_no_line_is_too_long() -> None:
    folder = settings.BASE_DIR / "templates"
    paths = sorted(folder.rglob("*.html"))
    assert len(paths) > 100
    long = [
        f"{path.relative_to(folder)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > LONGEST_LINE
    ]
    assert long == []
