"""The brief in plain sentences, made from the numbers and as unsure as they are."""

from __future__ import annotations

import re

from tradetalks.brief.briefing import Briefing
from tradetalks.brief.figures import ABOUT_ZERO, MINUS, Effect, amount, dollars, level, percent
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


def outcome(party: str, worth: Interval, rounded: tuple[Effect, str] | None = None) -> str:
    """Return a clause such as ``Japan loses USD 9.1 bn a year (4.9 to 14)``.

    ``rounded``: ``worth`` as it is shown elsewhere and its unit, so that a clause without interval has those digits.
    """
    shown, unit = rounded or amount(worth)
    if worth.value is None:
        return f"what {nation(party)} gains or loses is not known"
    if shown.value in (ABOUT_ZERO, "0"):
        what = f"{nation(party)} neither gains nor loses to speak of"
    else:
        what = f"{nation(party)} {'gains' if worth.value > 0 else 'loses'} USD {_bare(shown.value)} {unit} a year"
    if shown.span is None or worth.p10 is None:
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


def when(briefing: Briefing) -> str:
    """Return ``On 20 April 2025, 80 days before 9 July 2025``."""
    days = briefing.days_left
    return f"On {long_date(briefing.as_of)}, {days} day{'' if days == 1 else 's'} before {long_date(briefing.deadline)}"


def standing(briefing: Briefing) -> str:
    """Return what each side charges the other: before this year's measures, today and if nothing is agreed."""
    seat, other = briefing.sides
    return f"{when(briefing)}, {charge(briefing, other, seat)}; {charge(briefing, seat, other)}."


def charged(briefing: Briefing, importer: str, exporter: str) -> str | None:
    """Return the average duty of ``importer`` today, as ``13.8%``; ``None`` where it is not known."""
    return _mean(briefing, importer, exporter, "status_quo_pct")


def charge(briefing: Briefing, importer: str, exporter: str, briefly: bool = False) -> str:
    """Return what ``importer`` charges on average: today, and before and later where that differs.

    ``briefly``: without what it was before, and without the names and odds of outcomes.
    """
    base, today, likeliest = (
        _mean(briefing, importer, exporter, column) for column in ("base_pct", "status_quo_pct", "no_deal_pct")
    )
    later = _later(briefing, importer, likeliest, uncollected(briefing, importer, exporter), briefly)
    if today is None:
        return f"the average duty of {nation(importer)} on goods from {nation(exporter)} is not known"
    before = "" if briefly or base in (None, today) else f", against {base} before this year’s measures"
    then = (
        ""
        if later in (None, today)
        else f"{' and' if before else ', and' if briefly else ','} {later} if nothing is agreed"
    )
    return f"{nation(importer)} charges {today} on average on goods from {nation(exporter)}{before}{then}"


def _mean(briefing: Briefing, importer: str, exporter: str, column: str) -> str | None:
    mean = average(duties(briefing, importer, exporter), column)
    return None if mean is None else f"{level(mean + uncollected(briefing, importer, exporter))}%"


def uncollected(briefing: Briefing, importer: str, exporter: str) -> float:
    """Return the points by which the average of the law exceeds the duties that the model carries, on the as-of day.

    The model starts from what was collected in 2024, which preferences and quotas leave below the law; a change of the
    law moves both alike. The first page speaks of the law, as the chart and the map behind it do.
    """
    today = average(duties(briefing, importer, exporter), "status_quo_pct")
    if briefing.path is None or importer != "USA" or today is None:
        return 0.0
    return max((step for step in briefing.path.steps if step.on <= briefing.as_of), key=lambda s: s.on).rate_pct - today


def _later(briefing: Briefing, importer: str, likeliest: str | None, beyond: float, briefly: bool) -> str | None:
    """Return the average duty of ``importer`` if nothing is agreed; of several outcomes each, with odds if not brief.

    ``beyond``: what :func:`uncollected` adds.
    """
    if len(briefing.outcomes) < 2:
        return likeliest
    known = [(one, duty + beyond) for one in briefing.outcomes if (duty := one.duty_pct[importer]) is not None]
    shown = dict.fromkeys(f"{level(duty)}%" for _, duty in known)
    if len(shown) < 2:
        return next(iter(shown), None)
    if briefly:
        return " or ".join(shown)
    return " or ".join(f"{level(duty)}% ({one.name}, {100 * one.probability:.0f}%)" for one, duty in known)


def odds(briefing: Briefing) -> str:
    """Return the outcomes of no deal with their odds, as ``snap-back 50%, letter 50%``."""
    return ", ".join(f"{one.name} {100 * one.probability:.0f}%" for one in briefing.outcomes)


def moved(briefing: Briefing) -> bool:
    """Return whether a duty between the two changes at the deadline without a deal."""
    return any(rate.no_deal_pct != rate.scheduled_pct for rate in briefing.packages[0].rates)


def no_deal(briefing: Briefing) -> str:
    """Return what no deal brings both sides: by the duties between the two alone, then with every origin's."""
    first = briefing.packages[0]
    alone = "; ".join(outcome(side, gain(first.no_deal_others_held, side)) for side in briefing.sides)
    every = "; ".join(outcome(side, gain(first.no_deal, side)) for side in briefing.sides)
    lead = (
        f"Without a deal, by the duties between the two alone, {alone}; that is what these talks can settle"
        if moved(briefing)
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


def best_term_of(briefing: Briefing, side: str) -> TermValue | None:
    """Return the term worth most to ``side`` against no deal; ``None`` where none is worth anything to it."""
    best = next(iter(by_worth(briefing, side)), None)
    return best if best is not None and _worth(best, side) > 0 else None


def best_term(briefing: Briefing, side: str) -> str:
    """Return which term is worth most to ``side``, and what it brings both."""
    other = next(party for party in briefing.parties if party != side)
    best = best_term_of(briefing, side)
    if best is None:
        nothing = f"No term on the table is worth anything to {nation(side)} by itself."
        return nothing if briefing.terms else "No term is on the table."
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


def best_package(briefing: Briefing) -> str:
    """Return the package that is best for each side, and what it brings both."""
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
    cause, tail = main_cause(answer, seat), ""
    if cause is not None:
        share = max(driver.share for driver in answer.drivers[seat])
        tail = f"; {cause} accounts for {100 * share:.0f}% of what varies in “{answer.package}”"
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


def main_cause(answer: ValueAnswer, party: str, plain: bool = False) -> str | None:
    """Return the largest cause of doubt about what ``party`` gains, in words; ``plain``: without the technical name."""
    top = max(answer.drivers.get(party, ()), key=lambda driver: driver.share, default=None)
    if top is None:
        return None
    technical = "" if plain else " (the trade elasticity)"
    said, elastic = re.subn(
        "^trade elasticity of (.*)",
        rf"how readily buyers of \1 change their supplier{technical}",
        spelled(top.assumption),
    )
    return said if elastic else f"“{said}”"
