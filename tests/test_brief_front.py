"""The first page: one sentence a thing, few figures, what is at stake between the two, no label that is cut."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from test_brief import Reader, around, talks, words
from test_brief import briefing as briefing
from tradetalks.brief import charts, sentences
from tradetalks.brief.apportion import fewest
from tradetalks.brief.briefing import Briefing
from tradetalks.brief.compose import document as compose
from tradetalks.brief.document import Document
from tradetalks.brief.frontier_chart import frontier_chart
from tradetalks.brief.likelihood import left_open, likely
from tradetalks.brief.opening import opening, told
from tradetalks.brief.page import render
from tradetalks.brief.recommendation import draft, in_full, recommendation
from tradetalks.brief.sections.doubt import doubt
from tradetalks.brief.sections.record import rows
from tradetalks.brief.words import plainly, spelled
from tradetalks.talks.deals.shapes import Deal
from tradetalks.value.answer import Interval
from tradetalks.value.case import load_case
from tradetalks.value.valuation import DRAWS, Valuation
from tradetalks.value.variance import first_order

#: A figure: an amount, a share, a rate. Numbers in titles of terms and days are not counted.
FIGURE = re.compile(r"(?<![\w.])[+−]?\d[\d.,]*\d|(?<![\w.])[+−]?\d")


@pytest.fixture(scope="module")
def composed(briefing: Briefing) -> Document:
    return compose(briefing)


@pytest.fixture(scope="module")
def whole(composed: Document) -> str:
    return words(Reader(render(composed)))


def figures_in(sentence: str, briefing: Briefing) -> list[str]:
    bare = re.sub(r"“[^”]*”|On .* days before [^,]*,|eight draws in ten", "", sentence)
    return FIGURE.findall(bare)


@pytest.mark.parametrize("seat", ["JPN", "USA"])
def test_the_opening_is_five_sentences_of_few_figures(briefing: Briefing, seat: str) -> None:
    said = opening(replace(briefing, seat=seat))
    assert len(said) == 5
    for one in said:
        assert one.endswith(".")
        assert not re.search(r"[.!?][”)]? [A-Z“]", one), one
        assert len(figures_in(one, briefing)) <= 3, one
        assert len(one.split()) <= 50, one


def test_the_first_page_is_read_in_a_minute_or_two(briefing: Briefing) -> None:
    spoken = " ".join((*opening(briefing), *recommendation(briefing)))
    assert len(spoken.split()) < 330
    for term in briefing.terms:
        assert not re.search(rf"(?<![\w-]){re.escape(term.id)}(?![\w-])", re.sub("“[^”]*”", "", spoken)), term.id


def test_what_is_not_priced_is_said_beside_its_title(briefing: Briefing) -> None:
    assert "a trillion dollars” (not priced in full)" in recommendation(briefing)[0]
    assert recommendation(briefing)[0].count("not priced in full") == 1


@pytest.mark.parametrize("seat", ["JPN", "USA"])
def test_the_risk_is_what_is_at_stake_between_the_two(briefing: Briefing, seat: str) -> None:
    own = replace(briefing, seat=seat)
    first = own.packages[0]
    alone = told(seat, sentences.gain(first.no_deal_others_held, seat))
    every = sentences.outcome(seat, Interval(value=sentences.gain(first.no_deal, seat).value))
    assert alone != every
    risk = recommendation(own)[1]
    assert alone in risk
    assert alone in opening(own)[1]
    assert every not in risk


def test_a_refusal_that_changes_no_duty_is_said(briefing: Briefing) -> None:
    first = briefing.packages[0]
    still = first.model_copy(
        update={"rates": tuple(r.model_copy(update={"no_deal_pct": r.scheduled_pct}) for r in first.rates)}
    )
    calm = replace(briefing, packages=(still, *briefing.packages[1:]))
    assert opening(calm)[1] == "Without a deal no duty between the two changes at the deadline."
    assert "the duties between the two stay as they are" in recommendation(calm)[1]


def test_an_open_sign_is_said_without_its_interval() -> None:
    assert told("JPN", around(0.4, 2.0)) == "Japan gains USD 0.4 bn a year (its sign is open)"
    assert told("JPN", around(-4.0, 1.0)) == "Japan loses USD 4.0 bn a year"
    assert told("JPN", Interval(value=None)) == "what Japan gains or loses is not known"


@pytest.mark.parametrize(
    ("probability", "clause"),
    [
        (0.0, "Japan is almost certain not to accept"),
        (0.3, "Japan is unlikely to accept"),
        (0.54, "the odds that Japan will accept are about even"),
        (0.59, "Japan is a little likelier than not to accept"),
        (0.81, "Japan is very likely to accept"),
        (1.0, "Japan is almost certain to accept"),
    ],
)
def test_odds_are_words(probability: float, clause: str) -> None:
    assert likely(probability, "Japan", "accept") == clause


def test_what_the_record_leaves_open() -> None:
    assert left_open(Interval(value=0.54, p10=0.0, p90=1.0)) == "; the record does not narrow it"
    assert left_open(Interval(value=0.81, p10=0.39, p90=1.0)) == ", though the record leaves some room for a no"
    assert left_open(Interval(value=0.2, p10=0.0, p90=0.9)) == ", though the record leaves wide room for a yes"
    assert left_open(Interval(value=0.8, p10=0.7, p90=0.9)) == ""
    assert left_open(Interval(value=0.8)) == ""


def test_the_recommendation_leaves_figures_to_the_pages_behind(briefing: Briefing, whole: str) -> None:
    advice = recommendation(briefing)[0]
    assert "%" not in re.sub("“[^”]*”", "", advice)
    assert "the odds that the United States will accept are about even; the record does not narrow it" in advice
    full = in_full(briefing)
    assert "46% (0 to 100)" in full
    assert full in whole
    assert briefing.negotiation is not None
    question = briefing.negotiation.offer.question
    assert question is not None
    assert question.text in full


def test_few_draws_are_said_on_the_first_page(briefing: Briefing, composed: Document) -> None:
    assert draft(briefing) is None
    few = replace(briefing, packages=tuple(one.model_copy(update={"draws": 20}) for one in briefing.packages))
    said = f"A quick draft with 20 draws: the recommendation may change with the full {DRAWS}."
    assert draft(few) == said
    assert said in words(Reader(render(replace(composed, front=replace(composed.front, draft=said), sections=()))))
    fewer = replace(few, packages=tuple(one.model_copy(update={"draws": 8}) for one in few.packages), negotiation=None)
    assert "8 draws: a recommendation needs 20 or more" in (draft(fewer) or "")


def test_too_few_draws_to_apportion_is_said_with_their_number(briefing: Briefing) -> None:
    bare = tuple(one.model_copy(update={"draws": 50, "drivers": {}}) for one in briefing.packages)
    section = doubt(replace(briefing, packages=bare, apportioned_from=(127, 145, 145, 157)))
    text = repr(section)
    assert "50 draws are too few to say which cause the doubt comes from: 145 are needed." in text
    assert "nothing to apportion" not in text
    section = doubt(replace(briefing, packages=bare, apportioned_from=(31, 31, 31, 31)))
    assert "No single cause stands out from chance among those drawn." in repr(section)


def test_the_draws_needed_are_those_of_the_shares() -> None:
    """One draw fewer than said gives no share, as many give one."""
    case = load_case("us-japan-2025")
    few = Valuation(case, draws=4)
    package = case.packages[0]
    needed = fewest(few, package)
    inputs = (needed - 1) // 6
    dice = np.random.default_rng(1)
    columns = {str(k): dice.normal(size=needed) for k in range(inputs)}
    assert first_order(columns, 9.0 * columns["0"])
    short = {name: column[:-1] for name, column in columns.items()}
    assert first_order(short, 9.0 * short["0"]) == []


def test_no_label_of_a_chart_is_cut(whole: str) -> None:
    long = "A title so long that no chart has room for it in one line " * 3
    picture = charts.ranges([(long, [around(1.0, 0.5)] * 2)], ("JPN", "USA"), "t")
    drawn = re.findall(r"<text[^>]*>([^<]*)</text>", picture.svg)
    assert " ".join(long.split()) in " ".join(drawn)
    assert "…" not in picture.svg
    assert "…" not in whole


def test_labels_stand_on_bands_that_no_mark_shares() -> None:
    named = charts.stacked(["one", "two " * 40, "three"], 29)
    for band, top, after in zip(named.bands, named.tops, [*named.bands[1:], {"y": named.height}], strict=True):
        assert band["y"] < band["y2"] == top
        assert top + 29 == after["y"]
        assert any(band["y"] < line["y"] < band["y2"] for line in named.lines)


def test_packages_have_no_colour_of_a_party(briefing: Briefing) -> None:
    assert briefing.negotiation is not None
    deals = briefing.negotiation.deals
    for picture in (charts.frontier(deals, "ABCD"), charts.packages(briefing.packages, "ABCD", briefing.sides)):
        assert charts.SEAT not in picture.svg
        assert charts.OTHER not in picture.svg
    drawn = re.findall(r"<text[^>]*>([^<]*)</text>", charts.frontier(deals, "ABCD").svg)
    assert {"beaten by no other package", "package of the case", "A", "B", "C", "D", "Nash"} <= set(drawn)
    assert not {one.id for one in deals.case_packages} & set(drawn)
    assert frontier_chart(deals, "ABCD").to_dict()


def test_packages_and_terms_are_told_by_title(briefing: Briefing, composed: Document) -> None:
    tables = {table.key: table for table in composed.tables()}
    shown = [tables[key] for key in ("frontier", "case-packages-judged", "offers", "packages", "kinds")]
    ids = {term.id for term in briefing.terms if "-" in term.id} | {"status-quo-kept", "japan-asks", "us-asks"}
    for table in shown:
        for row in table.rows:
            for cell in row:
                told_of = set(re.split(r"[ ,;*]+", f"{cell.text} {cell.small or ''}"))
                assert not ids & told_of, table.key
    assert tables["case-packages-judged"].rows[0][0].text == "A. Only the return of the 24% is averted"


def test_the_columns_of_days_are_explained(composed: Document) -> None:
    table = next(table for table in composed.tables() if table.key == "duties-USA")
    assert [column.label for column in table.columns[-2:]] == [
        "Scheduled, before the deadline",
        "No deal, from the deadline",
    ]
    beneath = "".join(run.text for run in table.source.runs)
    assert "as it applies on 8 July 2025" in beneath
    assert "from 9 July 2025 if nothing is agreed" in beneath


@pytest.mark.parametrize(
    ("text", "told_as"),
    [
        ("The EU accepts food made to US rules", "The EU accepts food made to US rules."),
        ("EU gains. USA loses.", "The EU gains. The United States loses."),
        ("if the USA and EU agree", "If the United States and the EU agree."),
        ("an EU offer in US-EU talks", "An EU offer in US-EU talks."),
    ],
)
def test_an_article_is_said_once(text: str, told_as: str) -> None:
    assert plainly(text, ("EU", "USA")) == told_as


def test_codes_are_spelled_with_one_article() -> None:
    assert spelled("C29 of the EU") == "motor vehicles of the EU"
    assert spelled("The USA and EU") == "The United States and the EU"
    assert spelled("the Union") == "the Union"


def test_rows_of_the_record_stand_by_their_date(briefing: Briefing) -> None:
    days = [row[0].text for row in rows(briefing.record)]
    assert days == sorted(days, reverse=True)
    assert len(set(days)) > 1
    assert all(row[0].day for row in rows(briefing.record))


def test_an_offer_that_the_other_side_is_thought_to_lose_by_is_an_opening(briefing: Briefing) -> None:
    assert "take the offer as an opening" in recommendation(briefing)[1], "it loses 12 in the fixture"
    made = talks()
    best: Deal = made.offer.best.deal
    better = {side: value.model_copy(update={"payoff_usd_bn": around(3.0, 1.0)}) for side, value in best.sides.items()}
    offer = made.offer.model_copy(
        update={"best": made.offer.best.model_copy(update={"deal": best.model_copy(update={"sides": better})})}
    )
    assert "opening" not in recommendation(replace(briefing, negotiation=replace(made, offer=offer)))[1]


def test_the_first_page_names_the_day_and_the_deadline(briefing: Briefing) -> None:
    late = replace(briefing, as_of=date(2025, 7, 8))
    assert sentences.when(late) == "On 8 July 2025, 1 day before 9 July 2025"
