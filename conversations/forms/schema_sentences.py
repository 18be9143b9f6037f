"""What is said of a JSON Schema that cannot be used."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from conversations.tools.schema_rules import SchemaProblem

_SENTENCES = {
    "too_long": _("The schema is too long: 16 KB are the limit."),
    "not_json": _("This is not JSON. Look at line and column %(detail)s."),
    "not_object": _('A tool’s parameters are an object: begin with "type": "object".'),
    "name": _("“%(detail)s” is no name for a parameter: letters, figures, _ . and - only."),
    "too_many": _("A tool has at most %(detail)s parameters."),
    "keyword": _("“%(detail)s” is not read here. Leave it out."),
    "reference": _("A reference leads within the schema and begins with #: “%(detail)s” does not."),
    "not_schema": _("This is not a JSON Schema: %(detail)s"),
}


def schema_sentence(problem: SchemaProblem) -> str:
    """What is wrong, in the reader's words; what the check itself says is English."""
    return str(_SENTENCES[problem.code]) % {"detail": problem.detail}
