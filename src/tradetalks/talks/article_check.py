"""The case facts named in a document against the law as it was public that day, each with its citation.

Tariffs and deadlines are checked with the measures of :mod:`tradetalks.law`, holdings of Treasuries with the figures of
:mod:`tradetalks.value`. What we hold no law or figure for is left open, never confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from tradetalks.ground.countries import COUNTRIES
from tradetalks.ground.fields import Strict
from tradetalks.law.clock import Event, clock
from tradetalks.law.measure import Act, Measure, origin_key, us_law
from tradetalks.record.reader.facts import Claim

Verdict = Literal["confirmed", "contradicted", "open"]

#: Groups of measures that a claim on the goods of an issue can mean.
GROUPS = {
    "cars": ("s232-autos",),
    "car parts": ("s232-auto-parts",),
    "metals": ("s232-steel", "s232-aluminium", "s232-copper"),
    "pharma-chips": ("s232-pharmaceuticals", "s232-semiconductors"),
}
#: A holding named as "about" may be this far from the figure; one without such a word, half as far.
ROUND = 0.1
#: The day on which the holdings of February 2025 were published (note of the assumption).
HOLDINGS_KNOWN = date(2025, 4, 16)


class Checked(Strict):
    """A claim and what the law or the figures say of it."""

    claim: Claim
    verdict: Verdict
    """``open``: neither confirmed nor contradicted by what we hold."""
    sentence: str
    """What the law or the figures say."""
    citation: str | None


def check(claims: Iterable[Claim], published: date) -> tuple[Checked, ...]:
    """Return each claim with its verdict, by the law and the figures public on ``published``."""
    return tuple(_check(claim, published) for claim in claims)


def _check(claim: Claim, published: date) -> Checked:
    if claim.kind == "holding":
        return _holding(claim, published)
    if claim.importer == "USA" and claim.country is None:
        return _open(claim, "not checked: it is not said whose goods pay")
    if claim.importer != "USA" or claim.country is None or claim.country == "USA":
        return _open(claim, "tariffs of other countries than the United States are not checked")
    if claim.kind == "deadline":
        return _deadline(claim, published)
    return _in_force(claim, published) if claim.state == "in force" else _scheduled(claim, published)


def _open(claim: Claim, sentence: str) -> Checked:
    return Checked(claim=claim, verdict="open", sentence=sentence, citation=None)


def _country(claim: Claim) -> str:
    code = claim.country or ""
    return COUNTRIES[code].name if code in COUNTRIES else f"the {code}"


def _meant(claim: Claim, measure: Measure) -> bool:
    """Return whether a claim on these goods can mean ``measure``: that of its goods, or one on all goods."""
    if measure.exempts:
        return False
    return measure.group in GROUPS[claim.goods] if claim.goods in GROUPS else measure.lists == ("all",)


def _in_force(claim: Claim, published: date) -> Checked:
    bearing = us_law().in_force(origin_key(claim.country or ""), published, published)
    meant = [(measure, act) for measure, act in bearing if _meant(claim, measure) and act.rate_pct == act.rate_pct]
    if not meant:
        return _open(claim, f"no such duty on goods of {_country(claim)} was in force on {published}")
    equal = [(measure, act) for measure, act in meant if act.rate_pct == claim.value]
    if equal:
        return _confirmed(claim, _says(*equal[0]), equal[0][1].citation)
    total = sum(act.rate_pct for measure, act in meant if act.treatment == "add")
    if claim.goods not in GROUPS and len(meant) > 1 and total == claim.value:
        parts = " + ".join(f"{act.rate_pct:g}%" for _, act in meant if act.treatment == "add")
        return _confirmed(claim, f"{parts} in force on {published}", "; ".join(act.citation for _, act in meant))
    coming = _scheduled(claim, published)
    if coming.verdict == "confirmed":
        return coming.model_copy(update={"verdict": "contradicted", "sentence": f"not yet in force: {coming.sentence}"})
    says = "; ".join(dict.fromkeys(_says(measure, act) for measure, act in meant))
    return Checked(claim=claim, verdict="contradicted", sentence=f"the law says {says}", citation=meant[0][1].citation)


def _scheduled(claim: Claim, published: date) -> Checked:
    """Check a duty that is suspended, to come or only meant against what the law of the day schedules."""
    measures = {measure.id: measure for measure in us_law().measures}
    events = [event for event in clock(claim.country or "", published) if _meant(claim, measures[event.measure])]
    equal = [event for event in events if event.after_pct == claim.value]
    if not equal:
        none = f"the law public on {published} schedules no duty of {claim.value:g}% on goods of {_country(claim)}"
        that_day = [event for event in events if claim.first and _within(claim, event)]
        if not that_day:
            bearing = us_law().in_force(origin_key(claim.country or ""), published, published)
            there = [pair for pair in bearing if _meant(claim, pair[0]) and pair[1].rate_pct == claim.value]
            if there and claim.first is None:
                return _open(claim, f"already in force: {_says(*there[0])}")
            return _open(claim, none)
        # What is asked for or threatened for a day contradicts no law; what is stated as its rate does.
        return Checked(
            claim=claim,
            verdict="contradicted" if claim.state == "to come" else "open",
            sentence=f"{none}; {_tells(that_day[0])}",
            citation=that_day[0].citation,
        )
    within = [event for event in equal if _within(claim, event)]
    if within:
        return _confirmed(claim, _tells(within[0]), within[0].citation)
    return Checked(claim=claim, verdict="contradicted", sentence=_tells(equal[0]), citation=equal[0].citation)


def _within(claim: Claim, event: Event) -> bool:
    return claim.first is None or claim.last is None or claim.first <= event.on <= claim.last


def _deadline(claim: Claim, published: date) -> Checked:
    events = [event for event in clock(claim.country or "", published) if event.authority.startswith("IEEPA")]
    within = [event for event in events if _within(claim, event)]
    if within:
        return _confirmed(claim, _tells(within[0]), within[0].citation)
    if events:
        return Checked(claim=claim, verdict="contradicted", sentence=_tells(events[0]), citation=events[0].citation)
    return _open(claim, f"the law public on {published} schedules no change of the country rate of {_country(claim)}")


def _holding(claim: Claim, published: date) -> Checked:
    from tradetalks.value.assumptions import assumptions

    if claim.country != "JPN" or claim.value is None or published < HOLDINGS_KNOWN:
        return _open(claim, f"no figure for the holdings of {_country(claim)} on that day is shipped")
    figure = assumptions()["securities.japan_holdings"]
    held = figure.value
    assert held is not None  # the shipped figure; a case may change it, this check does not read cases
    near = abs(held - claim.value) / held
    fits = {
        "more than": held > claim.value,
        "less than": held < claim.value,
        "about": near <= ROUND,
        "exactly": near <= ROUND / 2,
    }[claim.precision]
    sentence = f"{held:,.1f} billion dollars in February 2025, state and private"
    return Checked(
        claim=claim,
        verdict="confirmed" if fits else "contradicted",
        sentence=sentence,
        citation=figure.citation,
    )


def _confirmed(claim: Claim, sentence: str, citation: str) -> Checked:
    return Checked(claim=claim, verdict="confirmed", sentence=sentence, citation=citation)


def _says(measure: Measure, act: Act) -> str:
    how = {"add": "added", "ceiling": "in all", "replace": "in place of the ordinary rate"}.get(
        act.treatment, act.treatment
    )
    return f"{act.rate_pct:g}% {how} since {act.applies_from} ({measure.authority})"


def _tells(event: Event) -> str:
    before = "nothing" if event.before_pct is None else f"{event.before_pct:g}%"
    after = "nothing" if event.after_pct is None else f"{event.after_pct:g}%"
    return f"{before} until {event.on}, {after} from that day ({event.authority})"
