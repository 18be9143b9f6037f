"""Every refusal that actions raise has a status, a code and a sentence."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest
from django.utils.functional import Promise

from conversations import actions
from conversations.actions.attachments import CannotSeeError
from conversations.actions.connections import KeyRequiredError, ManagedConnectionError
from conversations.actions.http_tools import SecretRequiredError
from conversations.actions.limits import LimitReachedError
from conversations.actions.people import (
    LastAdministratorError,
    LinkUsedError,
    NotAdministratorError,
)
from conversations.actions.verification import AddressError
from conversations.file_reading.refusals import Reason, UnreadableError
from conversations.models import LanguageModel, User
from conversations.refusals import Refusal
from conversations.views.display.refusal_sentences import SENTENCES, sentence_of

# Exceptions without a sentence, each with the reason.
OTHERS = {
    AddressError: "forms/connections.py shows its sentence beside the field",
    KeyRequiredError: "forms/connections.py has checked it",
    LinkUsedError: "it has a page, templates/account/link.html",
    ManagedConnectionError: "views/settings/connections.py finds no such row",
    NotAdministratorError: "Django answers with the page for 403",
}
# The arguments that an instance needs.
ARGUMENTS: dict[type[Refusal], tuple[object, ...]] = {
    CannotSeeError: (LanguageModel(name="gpt-5.4"),),
    LastAdministratorError: (User(email="rita@example.com", name="Rita"),),
    LimitReachedError: ("running", 3),
    SecretRequiredError: ("Authorization",),
    UnreadableError: (Reason.LOCKED,),
}


def exceptions_of_actions() -> Iterator[type[BaseException]]:
    for found in pkgutil.iter_modules(actions.__path__):
        module = importlib.import_module(f"{actions.__name__}.{found.name}")
        for _name, each in inspect.getmembers(module, inspect.isclass):
            if issubclass(each, BaseException) and each.__module__ == module.__name__:
                yield each


def refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for each in kind.__subclasses__():
        if each.__module__.startswith("conversations."):
            yield each
        yield from refusals(each)


def name_of(kind: type[Refusal]) -> str:
    return kind.__name__


def test_exceptions_of_actions_are_refusals() -> None:
    assert {each for each in exceptions_of_actions() if not issubclass(each, Refusal)} == set(
        OTHERS
    )


def test_each_refusal_has_a_sentence() -> None:
    assert set(refusals()) == set(SENTENCES)


@pytest.mark.parametrize("kind", SENTENCES, ids=name_of)
def test_a_refusal_is_told_in_a_sentence(kind: type[Refusal]) -> None:
    refusal = kind(*ARGUMENTS.get(kind, ()))
    sentence = sentence_of(refusal)
    assert sentence.endswith(".")
    assert "%(" not in sentence
    assert 400 <= refusal.status < 600
    assert refusal.code.replace("_", "").isalpha()


def test_codes_tell_refusals_apart() -> None:
    codes = [kind(*ARGUMENTS.get(kind, ())).code for kind in SENTENCES]
    assert len(codes) == len(set(codes))


def test_an_unknown_refusal_is_no_other() -> None:
    class NewError(Refusal):
        code = "new"

    with pytest.raises(KeyError):
        sentence_of(NewError())


def test_sentences_follow_the_reader() -> None:
    """A sentence that is read at import would be in one language for all."""
    assert all(isinstance(each, Promise) or callable(each) for each in SENTENCES.values())
