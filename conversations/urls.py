"""Every HTTP route."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path, re_path
from django.views.generic import RedirectView

from conversations.views import (
    accounts,
    appearance,
    connection_changes,
    connections,
    conversation_changes,
    conversations,
    design,
    exports,
    health,
    installation,
    language,
    language_models,
    messages,
    model_choice,
    people,
    people_list,
    profile,
    setup,
    setup_connection,
    transcripts,
)

urlpatterns = [
    path("", conversations.new_chat, name="new_chat"),
    path("c/", messages.conversation_create, name="conversation_create"),
    path("c/<uuid:conversation_id>/", conversations.conversation, name="conversation"),
    path("c/<uuid:conversation_id>/deletion/", conversation_changes.deletion, name="deletion"),
    path(
        "c/<uuid:conversation_id>/export/<slug:name>/",
        exports.export_file,
        name="conversation_export",
    ),
    path("c/<uuid:conversation_id>/messages/", messages.message_create, name="message_create"),
    path(
        "c/<uuid:conversation_id>/messages/<uuid:message_id>/",
        conversations.message,
        name="message",
    ),
    path(
        "c/<uuid:conversation_id>/messages/<uuid:message_id>/continuation/",
        messages.continuation,
        name="continuation",
    ),
    path(
        "c/<uuid:conversation_id>/messages/<uuid:message_id>/regeneration/",
        messages.regeneration,
        name="regeneration",
    ),
    path(
        "c/<uuid:conversation_id>/model/",
        model_choice.conversation_model,
        name="conversation_model",
    ),
    path("c/<uuid:conversation_id>/older/", conversations.older_messages, name="older_messages"),
    path("c/<uuid:conversation_id>/print/", exports.print_page, name="conversation_print"),
    path("c/<uuid:conversation_id>/reading/", conversation_changes.reading, name="reading"),
    path(
        "c/<uuid:conversation_id>/restoration/",
        conversation_changes.restoration,
        name="restoration",
    ),
    path("c/<uuid:conversation_id>/thread/", conversations.thread, name="thread"),
    path("c/<uuid:conversation_id>/title/", conversation_changes.title, name="title"),
    path(
        "generations/<uuid:generation_id>/cancellation/",
        messages.cancellation,
        name="cancellation",
    ),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("accounts/login/", accounts.login, name="account_login"),
    path("accounts/logout/", accounts.logout, name="account_logout"),
    path("accounts/password/change/", accounts.password_change, name="account_change_password"),
    re_path(
        r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        accounts.link,
        name="account_reset_password_from_key",
    ),
    # Ours instead of the admin's own: a person's sessions and passwords have one way each.
    path("admin/logout/", RedirectView.as_view(pattern_name="account_logout")),
    path("admin/password_change/", RedirectView.as_view(pattern_name="settings_security")),
    path(
        "admin/conversations/conversation/<uuid:conversation_id>/change/",
        transcripts.transcript,
        name="transcript",
    ),
    path("admin/", admin.site.urls),
    path("language/", language.language, name="language"),
    path("manifest.webmanifest", installation.manifest, name="manifest"),
    path("models/<uuid:model_id>/favourite/", model_choice.favourite, name="favourite"),
    path("offline/", installation.offline, name="offline"),
    path("service-worker.js", installation.service_worker, name="service_worker"),
    path("settings/", profile.settings_index, name="settings"),
    path("settings/appearance/", appearance.settings_appearance, name="settings_appearance"),
    path("settings/design/", design.settings_design, name="settings_design"),
    path("settings/people/", people_list.settings_people, name="settings_people"),
    path("settings/people/<uuid:person_id>/disabling/", people.disabling, name="person_disabling"),
    path("settings/people/<uuid:person_id>/enabling/", people.enabling, name="person_enabling"),
    path("settings/people/<uuid:person_id>/link/", people.link, name="person_link"),
    path("settings/people/<uuid:person_id>/role/", people.role, name="person_role"),
    path("settings/profile/", profile.settings_profile, name="settings_profile"),
    path("settings/security/", profile.settings_security, name="settings_security"),
    path("settings/security/sessions/", profile.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("settings/time-zone/", profile.time_zone, name="time_zone"),
    path("settings/connections/", connections.settings_connections, name="settings_connections"),
    path(
        "settings/connections/default/",
        connection_changes.own_default_connection,
        name="own_default_connection",
    ),
    path("settings/connections/new/", connections.connection_create, name="connection_create"),
    path(
        "settings/connections/team/new/",
        connections.team_connection_create,
        name="team_connection_create",
    ),
    path(
        "settings/connections/<uuid:connection_id>/",
        connections.settings_connection,
        name="settings_connection",
    ),
    path(
        "settings/connections/<uuid:connection_id>/address/",
        connection_changes.connection_address,
        name="connection_address",
    ),
    path(
        "settings/connections/<uuid:connection_id>/deletion/",
        connections.connection_deletion,
        name="connection_deletion",
    ),
    path(
        "settings/connections/<uuid:connection_id>/position/",
        connection_changes.connection_position,
        name="connection_position",
    ),
    path(
        "settings/connections/<uuid:connection_id>/test/",
        connection_changes.connection_test,
        name="connection_test",
    ),
    path("settings/models/", language_models.settings_models, name="settings_models"),
    path("settings/models/added/", language_models.model_add, name="model_add"),
    path("settings/models/default/", language_models.own_default, name="own_default_model"),
    path(
        "settings/models/series/", language_models.series_availability, name="series_availability"
    ),
    path("settings/models/team-default/", language_models.team_default, name="team_default_model"),
    path("settings/models/<uuid:model_id>/", language_models.settings_model, name="settings_model"),
    path(
        "settings/models/<uuid:model_id>/availability/",
        language_models.model_availability,
        name="model_availability",
    ),
    path(
        "settings/models/<uuid:model_id>/deletion/",
        language_models.model_deletion,
        name="model_deletion",
    ),
    path("setup/", setup.setup, name="setup"),
    path("setup/connection/", setup_connection.setup_connection, name="setup_connection"),
    path("sidebar/", conversations.sidebar_rows, name="sidebar"),
]
