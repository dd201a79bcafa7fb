"""The kinds of terms, a file each.

A term is a validated body (what a YAML file holds), its one-line form, and the effect it has under
a set of assumptions. To add a kind: write its file and name it here.
"""

from __future__ import annotations

from tradetalks.value.terms.currency import Currency
from tradetalks.value.terms.investment import Investment
from tradetalks.value.terms.purchases import Purchases
from tradetalks.value.terms.quota import Quota
from tradetalks.value.terms.securities import Securities
from tradetalks.value.terms.standards import Standards
from tradetalks.value.terms.tariff import Tariff
from tradetalks.value.terms.term import Body

#: Kind -> body.
KINDS: dict[str, type[Body]] = {
    body.kind: body for body in (Tariff, Standards, Purchases, Quota, Investment, Currency, Securities)
}

__all__ = [
    "KINDS",
    "Body",
    "Currency",
    "Investment",
    "Purchases",
    "Quota",
    "Securities",
    "Standards",
    "Tariff",
]
