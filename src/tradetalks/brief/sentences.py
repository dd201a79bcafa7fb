"""The brief in plain sentences, made from the numbers and as unsure as they are."""

from __future__ import annotations

import re

from tradetalks.brief.briefing import Briefing
from tradetalks.brief.figures import ABOUT_ZERO, MINUS, amount, dollars, level, percent
from tradetalks.brief.tables import average, duties
from tradetalks.brief.words import long_date, nation, series, spelled
from tradetalks.talks.deals.efficiency import dominates
from tradetalks.value.answer import Block, Interval, TermValue, ValueAnswer

#: Shown wherever a bilateral balance is.
BALANCES = (
    "A bilateral balance is not a country’s total balance. With deficits fixed, no tariff, standard, quota or "
    "purchase moves the total: what one pair gains, other pairs lose. Only a currency term shifts it."
)


def gain(block: Block, party: str) -> Interval:
    """Return what a move is worth to ``party``: real income net of borrowing, USD billion a year."""
    return block.parties[party].welfare_net_usd_bn


def outcome(party: str, worth: Interval) -> str:
    """Return a clause such as ``Japan loses USD 9.1 bn a year (4.9 to 14)``."""
    shown, unit = amount(worth)
    if worth.value is None:
        return f"what {nation(party)} gains or loses is not known"
    if shown.value in (ABOUT_ZERO, "0"):
        what = f"{nation(party)} neither gains nor loses to speak of"
    else:
        what = f"{nation(party)} {'gains' if worth.value > 0 else 'loses'} USD {_bare(shown.value)} {unit} a year"
    if shown.span is None:
        return what
    low, high = shown.span.split(" to ")
    # Where the sentence has not named the unit yet, the interval does.
    named = "" if "USD" in what else f" {unit}"
    if not shown.settled:
        return f"{what} (from a loss of {_bare(low)} to a gain of {_bare(high)}{named}: the sign is open)"
    ends = (low, high) if worth.value > 0 else (high, low)
    return f"{what} ({_bare(ends[0])} to {_bare(ends[1])}{named})"


def _bare(number: str) -> str:
    return number.lstrip("+−")


def short(answer: ValueAnswer, sides: tuple[str, str]) -> str:
    """Return both sides' gains above no deal, as ``Japan +18 (+11 to +27), the United States ...``."""
    parts = []
    for side in sides:
        shown = dollars(gain(answer.against_no_deal, side))
        parts.append(f"{nation(side)} {shown.value}{f' ({shown.span})' if shown.span else ''}")
    return ", ".join(parts)


def opening(briefing: Briefing) -> tuple[str, ...]:
    """Return the five sentences at the head of the brief."""
    if briefing.shared:
        seat, other = briefing.sides
        return (
            _standing(briefing),
            _no_deal(briefing),
            _best_term(briefing, seat),
            _best_term(briefing, other),
            "The figures are those of an open model and of public sources; whoever doubts one can follow it to its "
            "source.",
        )
    return (
        _standing(briefing),
        _no_deal(briefing),
        _best_term(briefing, briefing.seat),
        _best_package(briefing),
        main_doubt(briefing),
    )


def _standing(briefing: Briefing) -> str:
    seat, other = briefing.sides
    days = briefing.days_left
    clock = f"{days} day{'' if days == 1 else 's'} before {long_date(briefing.deadline)}"
    faced, levied = _charge(briefing, other, seat), _charge(briefing, seat, other)
    return f"On {long_date(briefing.as_of)}, {clock}, {faced}; {levied}."


def _charge(briefing: Briefing, importer: str, exporter: str) -> str:
    """Return what ``importer`` charges on average: today, and before and later where that differs."""
    rates = duties(briefing, importer, exporter)
    beyond = uncollected(briefing, importer, exporter)
    base, today, likeliest = (
        None if (mean := average(rates, column)) is None else f"{level(mean + beyond)}%"
        for column in ("base_pct", "status_quo_pct", "no_deal_pct")
    )
    later = _later(briefing, importer, likeliest, beyond)
    if today is None:
        return f"the average duty of {nation(importer)} on goods from {nation(exporter)} is not known"
    before = "" if base in (None, today) else f", against {base} before this year’s measures"
    then = "" if later in (None, today) else f"{' and' if before else ','} {later} if nothing is agreed"
    return f"{nation(importer)} charges {today} on average on goods from {nation(exporter)}{before}{then}"


def uncollected(briefing: Briefing, importer: str, exporter: str) -> float:
    """Return the points by which the average of the law exceeds the duties that the model carries, on the as-of day.

    The model starts from what was collected in 2024, which preferences and quotas leave below the law; a change of the
    law moves both alike. The first page speaks of the law, as the chart and the map behind it do.
    """
    today = average(duties(briefing, importer, exporter), "status_quo_pct")
    if briefing.path is None or importer != "USA" or today is None:
        return 0.0
    return max((step for step in briefing.path.steps if step.on <= briefing.as_of), key=lambda s: s.on).rate_pct - today


def _later(briefing: Briefing, importer: str, likeliest: str | None, beyond: float) -> str | None:
    """Return the average duty of ``importer`` if nothing is agreed; of several outcomes each with its odds.

    ``beyond``: what :func:`uncollected` adds.
    """
    if len(briefing.outcomes) < 2:
        return likeliest
    known = [(one, duty + beyond) for one in briefing.outcomes if (duty := one.duty_pct[importer]) is not None]
    if len({level(duty) for _, duty in known}) < 2:
        return f"{level(known[0][1])}%" if known else None
    return " or ".join(f"{level(duty)}% ({one.name}, {100 * one.probability:.0f}%)" for one, duty in known)


def odds(briefing: Briefing) -> str:
    """Return the outcomes of no deal with their odds, as ``snap-back 50%, letter 50%``."""
    return ", ".join(f"{one.name} {100 * one.probability:.0f}%" for one in briefing.outcomes)


def _no_deal(briefing: Briefing) -> str:
    first = briefing.packages[0]
    alone = "; ".join(outcome(side, gain(first.no_deal_others_held, side)) for side in briefing.sides)
    every = "; ".join(outcome(side, gain(first.no_deal, side)) for side in briefing.sides)
    moved = any(rate.no_deal_pct != rate.scheduled_pct for rate in first.rates)
    lead = (
        f"Without a deal, by the duties between the two alone, {alone}"
        if moved
        else "No duty between the two changes at the deadline"
    )
    law = f"With the law of {long_date(briefing.deadline)} on every origin"
    if len(briefing.outcomes) > 1:
        law = f"With every origin’s duties as they then are, on the average of the outcomes ({odds(briefing)})"
    return f"{lead}. {law}, {every}; all against today."


def _worth(term: TermValue, party: str) -> float:
    value = gain(term.against_no_deal, party).value
    return float("-inf") if value is None else value


def by_worth(briefing: Briefing, party: str | None = None) -> tuple[TermValue, ...]:
    """Return the terms by what they are worth to ``party`` (the seat) against no deal, unpriced ones last."""
    return tuple(sorted(briefing.terms, key=lambda term: -_worth(term, party or briefing.seat)))


def _best_term(briefing: Briefing, side: str) -> str:
    other = next(party for party in briefing.parties if party != side)
    best = next(iter(by_worth(briefing, side)), None)
    if best is None:
        return "No term is on the table."
    if _worth(best, side) <= 0:
        return f"No term on the table is worth anything to {nation(side)} by itself."
    block = best.against_no_deal
    return (
        f"The term worth most to {nation(side)} is “{best.title}”: against no deal "
        f"{outcome(side, gain(block, side))} and {outcome(other, gain(block, other))}."
    )


def beaten_by(packages: tuple[ValueAnswer, ...], sides: tuple[str, str]) -> dict[int, int]:
    """Return, by position, the package that is better for one side and no worse for the other.

    By point values against no deal; a package without a number for both sides is left out.
    """
    values = {}
    for place, answer in enumerate(packages):
        pair = [v for side in sides if (v := gain(answer.against_no_deal, side).value) is not None]
        if len(pair) == len(sides):
            values[place] = pair
    beaten = {}
    for place, own in values.items():
        rivals = [rival for rival, pair in values.items() if dominates(pair, own)]
        if rivals:
            beaten[place] = max(rivals, key=lambda rival: sum(values[rival]))
    return beaten


def best_for(briefing: Briefing, party: str) -> ValueAnswer | None:
    """Return the package worth most to ``party`` against no deal, if any has a number."""
    known = [answer for answer in briefing.packages if gain(answer.against_no_deal, party).value is not None]
    return max(known, key=lambda answer: gain(answer.against_no_deal, party).value or 0.0, default=None)


def _best_package(briefing: Briefing) -> str:
    seat, other = briefing.sides
    ours, theirs = best_for(briefing, seat), best_for(briefing, other)
    if ours is None or theirs is None:
        return "No package can be compared: at least one side's value is not known."
    if ours is theirs:
        alone = len(briefing.packages) == 1
        return (
            f"{'The package is' if alone else 'One package is best for both sides:'} “{ours.package}”; "
            f"USD bn a year against no deal: {short(ours, briefing.sides)}."
        )
    return (
        f"No package is best for both sides. In USD bn a year against no deal, {nation(seat)} fares best with "
        f"“{ours.package}”: {short(ours, briefing.sides)}; {nation(other)} with “{theirs.package}”: "
        f"{short(theirs, briefing.sides)}."
    )


def verdicts(briefing: Briefing) -> tuple[str, ...]:
    """Return what the comparison of packages says, a sentence each."""
    beaten = beaten_by(briefing.packages, briefing.sides)
    said = []
    standing = [f"“{a.package}”" for place, a in enumerate(briefing.packages) if place not in beaten]
    if len(briefing.packages) > 1:
        verb = "is" if len(standing) == 1 else "are"
        said.append(f"By point values {series(standing)} {verb} not beaten by another package of this brief.")
    both = [
        f"“{a.package}”"
        for a in briefing.packages
        if all(dollars(gain(a.against_no_deal, side)).value.startswith("+") for side in briefing.sides)
    ]
    if both:
        said.append(f"Both sides gain against no deal under {series(both)}.")
    for place, rival in beaten.items():
        said.append(
            f"“{briefing.packages[place].package}” is beaten: “{briefing.packages[rival].package}” is at least as good "
            "for both sides."
        )
    for side in briefing.sides:
        worse = [
            f"“{answer.package}”{'' if dollars(worth).settled else ' (the interval spans zero)'}"
            for answer in briefing.packages
            for worth in [gain(answer.against_no_deal, side)]
            if worth.value is not None and dollars(worth).value.startswith(MINUS)
        ]
        if worse:
            said.append(f"{nation(side, True)} would be worse off than without a deal under {series(worse)}.")
    return tuple(said)


def main_doubt(briefing: Briefing) -> str:
    """Return how wide the gain of the best package is, and why."""
    seat = briefing.seat
    answer = best_for(briefing, seat) or briefing.packages[0]
    causes = sorted(answer.drivers.get(seat, ()), key=lambda driver: -driver.share)
    tail = ""
    if causes:
        top = causes[0]
        cause, plain = re.subn(
            "^trade elasticity of (.*)",
            r"how readily buyers of \1 change their supplier (the trade elasticity)",
            spelled(top.assumption),
        )
        cause = cause if plain else f"“{cause}”"
        tail = f"; {cause} accounts for {100 * top.share:.0f}% of what varies in “{answer.package}”"
    worth = answer.against_no_deal.parties[seat].welfare_net_pct
    shown = percent(worth)
    if shown.span is None:
        return f"The main doubt: no interval is known for {nation(seat)}’s gain{tail}."
    low, high = shown.span.split(" to ")
    said = (
        f"the gain of {nation(seat)} from its best package lies between {low}% and {high}% of real income "
        "in eight draws of ten"
    )
    if not shown.settled:
        said += ", so even its sign is open"
    return f"The main doubt: {said}{tail}."
