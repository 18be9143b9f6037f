"""Settings → Presets."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from conversations.forms.presets import PresetForm
from conversations.models import Preset
from conversations.queries.presets import usable_presets
from conversations.views.settings.owned_crud import OwnedRows, Words

PAGES = OwnedRows(
    kind=Preset,
    name="preset",
    form=PresetForm,
    usable=usable_presets,
    words=Words(
        new=_("New preset"), new_team=_("New team preset"), removed=_("“%(name)s” is removed.")
    ),
)
