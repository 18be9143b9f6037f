"""Prices of models: versions that are added, and never changed once they are in force."""

from __future__ import annotations

from decimal import Decimal, localcontext

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.identifiers import UuidModel
from conversations.models.language_models import LanguageModel

# Rates are for 10 ** PER tokens.
PER = 6
# Decimal digits that hold any number of tokens at any rate, so that sums are exact.
EXACT = 60


class Price(UuidModel):
    """The price of a million tokens of a model, in force until the next version."""

    model = models.ForeignKey(
        LanguageModel,
        verbose_name=_("model"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="prices",
    )
    model_name = models.CharField(_("model"), max_length=200)
    # A code of ISO 4217. Amounts in different currencies are never added.
    currency = models.CharField(_("currency"), max_length=3)
    input_rate = models.DecimalField(_("input"), max_digits=14, decimal_places=6)
    # None means that cached input costs as much as other input.
    cached_input_rate = models.DecimalField(
        _("cached input"), max_digits=14, decimal_places=6, null=True
    )
    output_rate = models.DecimalField(_("output"), max_digits=14, decimal_places=6)
    effective_from = models.DateTimeField(_("from"))
    created = models.DateTimeField(_("entered"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["-effective_from", "-id"]
        indexes = [models.Index(F("model"), F("effective_from"), name="price_model_from")]
        constraints = [
            models.CheckConstraint(
                condition=Q(input_rate__gte=0, output_rate__gte=0)
                & (Q(cached_input_rate=None) | Q(cached_input_rate__gte=0)),
                name="price_not_negative",
            )
        ]

    def __str__(self) -> str:
        return f"{self.model_name}: {self.input_rate} / {self.output_rate} {self.currency}"

    def cost(self, *, prompt: int, cached: int, completion: int) -> Decimal:
        """Return the exact cost of so many tokens; ``cached`` is a part of ``prompt``."""
        cached_rate = self.input_rate if self.cached_input_rate is None else self.cached_input_rate
        cached = min(cached, prompt)
        with localcontext() as context:
            context.prec = EXACT
            tokens = (
                self.input_rate * (prompt - cached)
                + cached_rate * cached
                + self.output_rate * completion
            )
            return tokens.scaleb(-PER)
