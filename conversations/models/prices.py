"""What models cost: versions that are added and, once they hold, never changed."""

from __future__ import annotations

from decimal import Decimal, localcontext

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conversations.models.identifiers import UuidModel
from conversations.models.language_models import LanguageModel

# Rates are for so many tokens, as a power of ten.
PER = 6
# Digits enough for any number of tokens at any rate: nothing is rounded before it is shown.
EXACT = 60


class Price(UuidModel):
    """What a million tokens of one model cost from a time on, until the next version."""

    model = models.ForeignKey(
        LanguageModel,
        verbose_name=_("model"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="prices",
    )
    model_name = models.CharField(_("model"), max_length=200)
    # ISO 4217. What costs in one currency is never added to what costs in another.
    currency = models.CharField(_("currency"), max_length=3)
    input_rate = models.DecimalField(_("input"), max_digits=14, decimal_places=6)
    # None: what was cached costs as all input does.
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
        """What so many tokens cost, exactly. ``cached`` of the ``prompt`` were cached."""
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
