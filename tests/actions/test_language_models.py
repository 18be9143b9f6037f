from __future__ import annotations

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from conversations.actions import language_models
from conversations.models import LanguageModel, User

pytestmark = pytest.mark.django_db


def model(name: str) -> LanguageModel:
    return LanguageModel.objects.get(name=name)


def test_migrating_creates_the_documented_models() -> None:
    rows = LanguageModel.objects.all()
    assert rows.count() == 66
    assert all(row.is_documented and row.is_enabled for row in rows)
    assert [row.name for row in rows if row.is_default] == ["gpt-5.4"]
    assert model("gpt-realtime").capability == LanguageModel.Capability.REALTIME


@pytest.mark.django_db(transaction=True)
def test_a_flush_leaves_the_documented_models() -> None:
    call_command("flush", interactive=False, verbosity=0)
    assert LanguageModel.objects.count() == 66


def test_a_full_list_costs_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        language_models.create_documented()


def test_what_an_administrator_changed_stays() -> None:
    row = model("gpt-5.4-mini")
    language_models.change(
        row, display_name="Small", is_released=True, is_plain=True, is_enabled=False
    )
    language_models.set_team_default(model("gpt-4o"))
    LanguageModel.objects.filter(name__in=["gpt-5.4", "gpt-5"]).delete()
    language_models.create_documented()
    row.refresh_from_db()
    assert (row.display_name, row.is_enabled) == ("Small", False)
    assert (row.is_released, row.is_plain) == (True, True)
    assert LanguageModel.objects.count() == 66
    assert LanguageModel.objects.get(is_default=True).name == "gpt-4o"


def test_a_name_that_was_added_by_hand_is_not_replaced() -> None:
    LanguageModel.objects.filter(name="gpt-5").delete()
    language_models.add(name="gpt-5", display_name="Ours", capability="chat")
    language_models.create_documented()
    assert model("gpt-5").display_name == "Ours"
    assert not model("gpt-5").is_documented


def test_an_added_model_comes_last_and_can_be_removed() -> None:
    added = language_models.add(name="local/llama", display_name="", capability="open")
    assert list(LanguageModel.objects.all())[-1] == added
    language_models.remove(added)
    assert not LanguageModel.objects.filter(name="local/llama").exists()


def test_a_documented_model_is_not_removed() -> None:
    with pytest.raises(ValueError, match="disabled"):
        language_models.remove(model("gpt-4"))
    assert LanguageModel.objects.filter(name="gpt-4").exists()


def test_the_teams_default_stays_usable(rita: User) -> None:
    default = LanguageModel.objects.get(is_default=True)
    with pytest.raises(language_models.TeamDefaultError):
        language_models.change(default, is_enabled=False)
    with pytest.raises(language_models.TeamDefaultError):
        language_models.change_several([default], actor=rita, is_enabled=False)
    default.refresh_from_db()
    assert default.is_enabled
    assert not LanguageModel.objects.filter(is_enabled=False).exists()
    added = language_models.add(name="ours", display_name="", capability="chat")
    language_models.set_team_default(added)
    added.refresh_from_db()
    with pytest.raises(language_models.TeamDefaultError):
        language_models.remove(added)
    language_models.change(default, is_enabled=False)
    assert not model(default.name).is_enabled


def test_favourites_and_the_own_default_are_the_persons() -> None:
    user = User.objects.create_user("alice@example.org", name="Alice")
    other = User.objects.create_user("bob@example.org", name="Bob")
    language_models.set_favourite(user, model("gpt-5"), is_favourite=True)
    language_models.set_favourite(user, model("gpt-5"), is_favourite=True)
    language_models.set_own_default(user, model("gpt-5"))
    user.refresh_from_db()
    assert [row.name for row in user.favourite_models.all()] == ["gpt-5"]
    assert user.default_model == model("gpt-5")
    assert not other.favourite_models.exists()
    language_models.set_favourite(user, model("gpt-5"), is_favourite=False)
    assert not user.favourite_models.exists()
