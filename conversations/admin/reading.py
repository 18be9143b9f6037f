"""The read-only base of all pages in Django's admin.

Changes are made under Settings, whose actions apply the rules and write the audit log.
"""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

# Lookups that Django's filters for choices, relations, booleans and dates put into addresses.
FILTER_LOOKUPS = frozenset({"exact", "id__exact", "gte", "lt", "isnull"})


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts and lists at most LIMIT rows, because counting is slow; filters reach the rest."""

    LIMIT = 10_000

    @cached_property
    def count(self) -> int:
        rows = cast("QuerySet[Model]", self.object_list)
        return rows[: self.LIMIT].count()


class ReadingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A list of rows and a page for each, without a way to change one; ``fields`` are shown."""

    actions = None
    list_per_page = 50
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False
    # The name of the settings page that changes such rows, which is linked.
    settings_url_name: ClassVar[str] = ""

    def has_add_permission(self, request: HttpRequest) -> bool:
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        del request, obj
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Accept only the filters' lookups: Django's rule lets ``?password__startswith=`` guess."""
        del value, request
        name, _, how = lookup.partition("__")
        filters = (each[0] if isinstance(each, tuple) else each for each in self.list_filter)
        return name in filters and how in FILTER_LOOKUPS

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Raise Http404: Django's history lists changes made in the admin, and there are none."""
        del request, object_id, extra_context
        raise Http404

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, self._with_link(extra_context))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return super().change_view(request, object_id, form_url, self._with_link(extra_context))

    def _with_link(self, context: dict[str, Any] | None) -> dict[str, Any]:
        url = reverse(self.settings_url_name) if self.settings_url_name else ""
        return {**(context or {}), "settings_url": url}
