"""The scripts of a page: an import map from the static manifest, and the entry module."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
SCRIPTS = Path(settings.BASE_DIR) / "static" / "js"


@register.simple_tag(takes_context=True)
def module_scripts(context: dict[str, Any]) -> SafeString:
    """Return the import map, preloads and entry module, with the page's CSP nonce.

    Sources import bare names ("lib/patches"), so that none has the hash of another file's name.
    Once static files are collected, the entry is one joined file and the map has one line.
    """
    nonce = context["request"].csp_nonce
    modules = _modules()
    preloads = format_html_join(
        "", '<link rel="modulepreload" href="{}">\n', ((url,) for url in modules.values())
    )
    return format_html(
        '<script type="importmap" nonce="{}">{}</script>\n{}'
        '<script type="module" nonce="{}">import "application";</script>',
        nonce,
        mark_safe(json.dumps({"imports": modules}).replace("<", "\\u003c")),  # noqa: S308 (no "<" is left)
        preloads,
        nonce,
    )


@register.simple_tag
def build() -> str:
    """Return the addresses of script and style sheet, by which a page detects another build."""
    return f"{static('js/application.js')} {static('css/app.css')}"


@cache
def _modules() -> dict[str, str]:
    """Return the addresses of the modules by their bare names."""
    is_joined = hasattr(staticfiles_storage, "hashed_files")
    names = ["js/application.js"] if is_joined else sorted(_sources())
    return {name.removeprefix("js/").removesuffix(".js"): static(name) for name in names}


def _sources() -> list[str]:
    """Return the modules in the source folder, for DEBUG and tests."""
    return [f"js/{path.relative_to(SCRIPTS).as_posix()}" for path in SCRIPTS.rglob("*.js")]
