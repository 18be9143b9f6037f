"""What all our pages of Django's admin share: they are for reading.

Changes are made under Settings, where the rules and the audit log are (conversations/actions).
"""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

# What Django's own filters for choices, relations, booleans and dates put into the address.
FILTER_LOOKUPS = frozenset({"exact", "id__exact", "gte", "lt", "isnull"})


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than it leads: the rest is reached by a filter, not by page 4,000."""

    LIMIT = 10_000

    @cached_property
    def count(self) -> int:
        """How many rows there are, at most LIMIT."""
        rows = cast("QuerySet[Model]", self.object_list)
        return rows[: self.LIMIT].count()


class ReadingAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A list and a page for each row, and no way to change one. ``fields`` names what is shown."""

    actions = None
    list_per_page = 50
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False
    # The page of the settings where such rows are changed.
    settings_url_name: ClassVar[str] = ""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody, here."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody, here."""
        del request, obj
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody, here."""
        del request, obj
        return False

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only what the filters make: Django's rule lets ``?password__startswith=`` guess away."""
        del value, request
        name, _, how = lookup.partition("__")
        filters = (each[0] if isinstance(each, tuple) else each for each in self.list_filter)
        return name in filters and how in FILTER_LOOKUPS

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's own history is of changes made here, and there are none."""
        del request, object_id, extra_context
        raise Http404

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with the way to where its rows are changed."""
        return super().changelist_view(request, self._with_link(extra_context))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """One row, with the same way."""
        return super().change_view(request, object_id, form_url, self._with_link(extra_context))

    def _with_link(self, context: dict[str, Any] | None) -> dict[str, Any]:
        url = reverse(self.settings_url_name) if self.settings_url_name else ""
        return {**(context or {}), "settings_url": url}
