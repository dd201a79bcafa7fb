"""What a country faced in US duties on a day, and what those who made deals got."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.resources import files

from tradetalks.record.deals import Deal
from tradetalks.talks.proof.economies import economy
from tradetalks.talks.proof.rates import Position
from tradetalks.talks.proof.struck import ASKER, eve, partner

#: Executive Order 14257: a floor for everybody and rates of their own for some, announced on this day; Executive Order
#: 14326 set the rates anew.
ANNOUNCED, ANEW = date(2025, 4, 2), date(2025, 7, 31)
FLOOR = 10.0
#: A threat of so many percent stops trade: what ends it is a truce, and teaches nothing about country rates.
EMBARGO = 100.0
#: Proclamation 10908: 25% on cars over the ordinary 2.5%.
CARS_ANNOUNCED = date(2025, 3, 26)
CARS_FLOOR, CARS_THREAT = 2.5, 27.5


def position(deals: Sequence[Deal], counterpart: str, as_of: date) -> Position | None:
    """Return what ``counterpart`` faces in country rates by what ``as_of`` knew; ``None`` before there were any.

    The threat is the last one of its deals' files; where they name none by then, that of the law.
    """
    if as_of < ANNOUNCED:
        return None
    named = [
        threat
        for deal in deals
        if counterpart in deal.parties and ASKER in deal.parties
        for threat in deal.threats
        if threat.known_from <= as_of
    ]
    last = max(named, key=lambda threat: (threat.known_from, threat.date), default=None)
    rate = last.rate_pct if last else _lawful(counterpart, as_of)
    size = economy(counterpart)
    return Position(FLOOR, rate, size.income if size else None, size.surplus if size else None)


def _lawful(counterpart: str, as_of: date) -> float:
    """Return the country rate that the orders name, percent; the floor for those whom they do not."""
    announced, anew = _annexes().get(counterpart, (None, None))
    rate = anew if as_of >= ANEW and anew is not None else announced
    return FLOOR if rate is None else rate


@cache
def _annexes() -> Mapping[str, tuple[float | None, float | None]]:
    text = (files("tradetalks.law") / "data" / "country_rates.csv").read_text(encoding="utf-8")
    return {
        row["origin"]: (
            float(row["annex_i"]) if row["annex_i"] else None,
            float(row["annex_i_2025_08"]) if row["annex_i_2025_08"] else None,
        )
        for row in csv.DictReader(text.splitlines())
    }


def agreed_rates(deals: Sequence[Deal], earlier: Sequence[Deal]) -> list[tuple[Position, float]]:
    """Return what each earlier counterpart faced on the eve, and the country rate it got; truces are left out."""
    return [
        (there, deal.rate_pct)
        for deal in earlier
        if deal.rate_pct is not None
        and (there := position(deals, partner(deal), eve(deal))) is not None
        and there.threat < EMBARGO
    ]


def cars_position(counterpart: str, as_of: date) -> Position | None:
    """Return the whole duty on cars that ``counterpart`` faced on ``as_of``; ``None`` before there was a threat."""
    if as_of < CARS_ANNOUNCED:
        return None
    size = economy(counterpart)
    return Position(CARS_FLOOR, CARS_THREAT, size.income if size else None, size.surplus if size else None)


def agreed_car_rates(earlier: Sequence[Deal]) -> list[tuple[Position, float]]:
    """Return what each earlier counterpart faced on the eve, and the whole duty on cars that it got."""
    return [
        (there, deal.car_rate_pct)
        for deal in earlier
        if deal.car_rate_pct is not None and (there := cars_position(partner(deal), eve(deal))) is not None
    ]
