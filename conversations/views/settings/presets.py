"""Presets: their pages under Settings, and giving one to a conversation."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from conversations import access
from conversations.actions import presets as actions
from conversations.forms.presets import PresetForm
from conversations.models import Preset
from conversations.queries.presets import usable_presets
from conversations.views.settings.owned_crud import OwnedRows, Words
from conversations.views.web.permissions import login_required
from conversations.views.web.replies import done, person

PAGES = OwnedRows(
    kind=Preset,
    name="preset",
    form=PresetForm,
    usable=usable_presets,
    words=Words(
        new=_("New preset"), new_team=_("New team preset"), removed=_("“%(name)s” is removed.")
    ),
)


@login_required
@require_POST
def conversation_preset(request: HttpRequest, conversation_id: uuid.UUID) -> HttpResponse:
    """Give a conversation the preset ``preset``; an empty one takes it away."""
    user = person(request)
    conversation = access.conversation_for(user, conversation_id)
    actions.use(conversation, _named(request))
    return done(request, url=reverse("conversation", args=[conversation.pk]))


def _named(request: HttpRequest) -> Preset | None:
    """The preset of the form. Raises access.NotFound for one that the person may not use."""
    preset_id = request.POST.get("preset", "")
    if not preset_id:
        return None
    return access.usable_row(usable_presets(person(request)), preset_id)
