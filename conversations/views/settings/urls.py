"""Routes of the settings pages, below ``settings/``."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

from conversations.views.settings import (
    appearance,
    connection_changes,
    connections,
    defaults,
    design,
    http_tools,
    language_models,
    model_changes,
    people,
    people_bulk,
    people_list,
    presets,
    prices,
    profile,
    sharing,
    snippets,
    tool_trials,
    usage,
    your_data,
)

_CONNECTIONS = [
    path("", connections.settings_connections, name="settings_connections"),
    path("default/", connection_changes.own_default_connection, name="own_default_connection"),
    path("new/", connections.connection_create, name="connection_create"),
    path("team/new/", connections.team_connection_create, name="team_connection_create"),
    path("<uuid:connection_id>/", connections.settings_connection, name="settings_connection"),
    path(
        "<uuid:connection_id>/address/",
        connection_changes.connection_address,
        name="connection_address",
    ),
    path(
        "<uuid:connection_id>/deletion/",
        connections.connection_deletion,
        name="connection_deletion",
    ),
    path(
        "<uuid:connection_id>/position/",
        connection_changes.connection_position,
        name="connection_position",
    ),
    path("<uuid:connection_id>/test/", connection_changes.connection_test, name="connection_test"),
]
_MODELS = [
    path("", language_models.settings_models, name="settings_models"),
    path("added/", language_models.model_add, name="model_add"),
    path("changes/", model_changes.model_changes, name="model_changes"),
    path("default/", language_models.own_default, name="own_default_model"),
    path("team-default/", language_models.team_default, name="team_default_model"),
    path("<uuid:model_id>/", language_models.settings_model, name="settings_model"),
    path(
        "<uuid:model_id>/availability/",
        language_models.model_availability,
        name="model_availability",
    ),
    path("<uuid:model_id>/deletion/", language_models.model_deletion, name="model_deletion"),
    path("<uuid:model_id>/prices/", prices.price_add, name="price_add"),
    path(
        "<uuid:model_id>/prices/<uuid:price_id>/deletion/",
        prices.price_deletion,
        name="price_deletion",
    ),
]
_TOOLS = [
    path("", http_tools.settings_tools, name="settings_tools"),
    path("check/", tool_trials.tool_check, name="tool_check"),
    path("new/", http_tools.tool_create, name="tool_create"),
    path("team/new/", http_tools.team_tool_create, name="team_tool_create"),
    path("<uuid:tool_id>/", http_tools.settings_tool, name="settings_tool"),
    path("<uuid:tool_id>/availability/", http_tools.tool_availability, name="tool_availability"),
    path("<uuid:tool_id>/deletion/", http_tools.tool_deletion, name="tool_deletion"),
]
_PEOPLE = [
    path("", people_list.settings_people, name="settings_people"),
    path("changes/", people_bulk.changes, name="people_changes"),
    path("<uuid:user_id>/disabling/", people.disabling, name="person_disabling"),
    path("<uuid:user_id>/enabling/", people.enabling, name="person_enabling"),
    path("<uuid:user_id>/link/", people.link, name="person_link"),
    path("<uuid:user_id>/role/", people.role, name="person_role"),
]
_PRESETS = [
    path("", presets.settings_presets, name="settings_presets"),
    path("new/", presets.preset_create, name="preset_create"),
    path("team/new/", presets.team_preset_create, name="team_preset_create"),
    path("<uuid:row_id>/", presets.settings_preset, name="settings_preset"),
    path("<uuid:row_id>/deletion/", presets.preset_deletion, name="preset_deletion"),
]
_SNIPPETS = [
    path("", snippets.settings_snippets, name="settings_snippets"),
    path("new/", snippets.snippet_create, name="snippet_create"),
    path("team/new/", snippets.team_snippet_create, name="team_snippet_create"),
    path("<uuid:row_id>/", snippets.settings_snippet, name="settings_snippet"),
    path("<uuid:row_id>/deletion/", snippets.snippet_deletion, name="snippet_deletion"),
]
urlpatterns = [
    path("", profile.settings_index, name="settings"),
    path("appearance/", appearance.settings_appearance, name="settings_appearance"),
    path("appearance/theme/", appearance.theme, name="theme"),
    path("data/", your_data.settings_data, name="settings_data"),
    path("data/archiving/", your_data.archiving, name="data_archiving"),
    path("data/deletion/", your_data.deletion, name="data_deletion"),
    path("defaults/", defaults.settings_defaults, name="settings_defaults"),
    path("defaults/team/", defaults.team_defaults, name="team_defaults"),
    path("profile/", profile.settings_profile, name="settings_profile"),
    path("security/", profile.settings_security, name="settings_security"),
    path("security/sessions/", profile.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("sharing/", sharing.settings_sharing, name="settings_sharing"),
    path("sharing/policy/", sharing.policy, name="sharing_policy"),
    path("sharing/<uuid:link_id>/revocation/", sharing.revocation, name="share_revocation"),
    path("time-zone/", profile.time_zone, name="time_zone"),
    path("usage/", usage.settings_usage, name="settings_usage"),
    path("usage/<slug:name>.csv", usage.usage_file, name="usage_file"),
    path("connections/", include(_CONNECTIONS)),
    path("models/", include(_MODELS)),
    path("people/", include(_PEOPLE)),
    path("presets/", include(_PRESETS)),
    path("snippets/", include(_SNIPPETS)),
    path("tools/", include(_TOOLS)),
]

if settings.DEBUG:
    # A page for developers, which no other page links to.
    urlpatterns.append(path("design/", design.settings_design, name="settings_design"))
