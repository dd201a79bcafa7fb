"""Terms and packages: what may be written, what it means, and what is refused with the field's name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradetalks.ground.errors import BadInput
from tradetalks.ground.files import parse_yaml
from tradetalks.value.assumptions import assumptions
from tradetalks.value.effect import CostCut, DeficitShift, Diversion, Effect, Purchase, RateEdit
from tradetalks.value.package import Package, Term, body, inline, package_of, read_package, terms
from tradetalks.value.terms import KINDS
from value_world import shipped

CENTRAL = {name: figure.value for name, figure in assumptions().items()}

INLINE = (
    "tariff:USA<JPN:C29=15",
    "tariff:USA<JPN:C29+=2.5",
    "tariff:USA<JPN:all-=10",
    "tariff:USA<JPN:8703,870421=0",
    "tariff:USA<JPN:ieepa-reciprocal=10",
    "tariff:JPN<USA:A01=0",
    "standards:JPN<USA:C29",
    "standards:JPN<USA:C28=2",
    "purchases:JPN<USA:B06=3/1",
    "purchases:JPN<USA:C302T309=20/10",
    "quota:JPN<USA:A01=0.05",
    "investment:USA<JPN:C29=216.7/5",
    "currency:JPN<USA:gdp=1",
    "currency:JPN<all:gdp=-0.5",
    "securities:USA<JPN:sell=100",
    "securities:USA<JPN:buy=5",
)


@pytest.mark.parametrize("text", INLINE)
def test_a_term_in_a_line_comes_back_as_it_was_written(text: str) -> None:
    term = inline(text)
    assert term.body.inline() == text
    assert inline(term.body.inline()) == term
    assert (term.id, term.title) == (text, text)


def test_every_kind_stands_among_the_examples() -> None:
    assert {text.split(":")[0] for text in INLINE} == set(KINDS)


@pytest.mark.parametrize("term", shipped().terms, ids=lambda term: term.id)
def test_the_terms_of_the_case_can_be_written_in_a_line(term: Term) -> None:
    assert inline(term.body.inline()).body == term.body


def test_countries_sectors_and_lines_by_any_name() -> None:
    assert inline("tariff:United States<Japan:C29=15").body == inline("tariff:US<JP:c29=15%").body
    assert inline("tariff:USA<JPN:8703.23,8704=15").body == inline("tariff:USA<JPN:8704,870323,8704=15").body


def test_effects() -> None:
    def effect(text: str) -> Effect:
        return inline(text).body.effect(CENTRAL)

    edit = RateEdit("USA", "JPN", "lines", ("8703",), "total", 15.0)
    assert effect("tariff:USA<JPN:8703=15") == Effect(rates=(edit,))
    assert effect("tariff:USA<JPN:all-=3").rates == (RateEdit("USA", "JPN", "sector", ("all",), "cut", 3.0),)
    assert effect("tariff:USA<JPN:s232-steel=0").rates == (
        RateEdit("USA", "JPN", "measure", ("s232-steel",), "rate", 0.0),
    )
    assert effect("quota:JPN<USA:A01=0.05") == Effect(diversions=(Diversion("USA", "JPN", "A01", 0.05),))
    assert effect("currency:JPN<all:gdp=1") == Effect(deficits=(DeficitShift("JPN", None, 1.0),))
    assert effect("standards:JPN<USA:C28=2") == Effect(costs=(CostCut("USA", "JPN", "C28", 0.98),))


# Purchases.


def test_years_divide_a_purchase_and_delivery_scales_it() -> None:
    delivery = CENTRAL["purchases.delivery"]
    assert delivery is not None
    assert 0 < delivery < 1
    (whole,) = inline("purchases:JPN<USA:B06=20/10").body.effect(CENTRAL).purchases
    assert whole == Purchase("USA", "JPN", "B06", pytest.approx(2.0 * delivery))  # type: ignore[arg-type]
    (pledged,) = inline("purchases:JPN<USA:B06=20/10").body.effect({"purchases.delivery": 1.0}).purchases
    assert pledged.usd_bn == pytest.approx(2.0)
    assert inline("purchases:JPN<USA:B06=2").body.effect(CENTRAL).purchases[0].usd_bn == pytest.approx(whole.usd_bn)


def test_a_purchase_of_unknown_delivery_is_no_shock_rather_than_zero_delivered() -> None:
    assert inline("purchases:JPN<USA:B06=3").body.effect({"purchases.delivery": None}) == Effect()


# Standards.


def test_the_hat_of_standards() -> None:
    """(1 + cost (1 - share)) / (1 + cost), so that share 1 removes the cost and share 0 nothing."""

    def hat(cost: float, share: float) -> float:
        assumed = {"standards.cars_ave": cost, "standards.cars_actionable_share": share}
        (cut,) = inline("standards:JPN<USA:C29").body.effect(assumed).costs
        assert (cut.exporter, cut.importer, cut.sector) == ("USA", "JPN", "C29")
        return cut.hat

    assert hat(10.0, 0.5) == pytest.approx(1.05 / 1.10)
    assert hat(25.0, 1.0) == pytest.approx(1 / 1.25)
    assert hat(25.0, 0.0) == 1.0


def test_standards_without_a_published_figure_are_unpriced() -> None:
    bare = inline("standards:JPN<USA:A01").body
    assert bare.unpriced is not None
    assert "A01" in bare.unpriced
    assert "cut_pct" in bare.unpriced
    assert bare.effect(CENTRAL) == Effect()
    given_one = inline("standards:JPN<USA:A01=3").body
    assert given_one.unpriced is None
    assert given_one.assumptions == ()
    assert inline("standards:JPN<USA:C29").body.unpriced is None


# Investment.


def test_investment_is_unpriced_while_its_figures_are_null() -> None:
    term = inline("investment:USA<JPN:C29=100/5").body
    effect = term.effect(CENTRAL)
    assert effect.costs == ()
    assert {(one.party, one.usd_bn, one.once) for one in effect.money} == {("JPN", None, False), ("USA", None, False)}
    unknown = [name for name in term.assumptions if CENTRAL[name] is None]
    assert set(unknown) == {"investment.additionality", "investment.required_return", "investment.host_productivity"}
    assert all(assumptions()[name].reason for name in unknown)


def test_the_cost_of_an_investment() -> None:
    known = {
        **CENTRAL,
        "investment.realisation": 0.7,
        "investment.additionality": 0.5,
        "investment.required_return": 8.0,
        "investment.own_return": 6.0,
        "investment.own_share": 0.5,
    }
    placed = 100 * 0.7 * 0.5
    by_party = {one.party: one.usd_bn for one in inline("investment:USA<JPN:C29=100/5").body.effect(known).money}
    assert by_party["JPN"] == pytest.approx(-placed * (0.08 - 0.5 * 0.06))
    assert by_party["USA"] == pytest.approx(placed * 0.5 * 0.06)
    kept = body(
        {"investment": {"from": "JPN", "to": "USA", "sector": "C29", "amount_usd_bn": 100, "own_share": 1}}, "x"
    )
    by_party = {one.party: one.usd_bn for one in kept.effect(known).money}
    assert by_party["JPN"] == pytest.approx(-placed * (0.08 - 0.06))
    assert by_party["USA"] == 0
    enough = {**known, "investment.required_return": 6.0}
    assert {one.usd_bn for one in kept.effect(enough).money} == {0.0}


def test_the_productivity_of_an_investment_reaches_every_buyer_of_the_host() -> None:
    known = {**CENTRAL, "investment.additionality": 1.0, "investment.required_return": 5.6}
    known |= {"investment.realisation": 1.0, "investment.host_productivity": 0.01}
    (cut,) = inline("investment:USA<JPN:C29=100/5").body.effect(known).costs
    assert cut == CostCut("USA", "*", "C29", pytest.approx(1 / 1.01))  # type: ignore[arg-type]


# Securities.


def test_securities_show_the_loss_once_and_the_interest_apart() -> None:
    figures = {
        "securities.yield_long_run": 16.0,
        "securities.duration": 4.0,
        "securities.japan_holdings": 1100.0,
        "securities.debt_held_by_public": 29000.0,
        "securities.foreign_share": 0.3,
        "securities.refinanced_share": 0.33,
    }
    sold = {one.party: one for one in inline("securities:USA<JPN:sell=100").body.effect(figures).money}
    rise = 16.0 / 1e4
    assert sold["JPN"].once
    assert sold["JPN"].usd_bn == pytest.approx(-4.0 * rise * 1000.0)
    assert not sold["USA"].once
    assert sold["USA"].usd_bn == pytest.approx(-29000 * 0.3 * 0.33 * rise)
    bought = {one.party: one for one in inline("securities:USA<JPN:buy=100").body.effect(figures).money}
    assert (bought["JPN"].usd_bn or 0) > 0
    assert bought["USA"].usd_bn == pytest.approx(-(sold["USA"].usd_bn or 0))


def test_the_unit_of_the_documents_holds() -> None:
    """docs/terms.md: 100 billion sold costs Japan about 6.5 to 8 billion once, the United States about 4.5 to 5."""
    money = {one.party: one.usd_bn or 0 for one in inline("securities:USA<JPN:sell=100").body.effect(CENTRAL).money}
    assert -8.5 < money["JPN"] < -6
    assert -5.5 < money["USA"] < -4


def test_securities_of_others_are_unpriced() -> None:
    term = inline("securities:USA<CHN:sell=100").body
    assert term.unpriced is not None
    assert "CHN" in term.unpriced
    assert all(one.usd_bn is None for one in term.effect(CENTRAL).money)


# Packages.


@given(st.permutations(INLINE[:2] + INLINE[7:14]))
def test_the_order_of_terms_does_not_matter_to_the_effect(order: list[str]) -> None:
    def effect(texts: list[str]) -> Effect:
        return Package("p", "p", tuple(inline(text) for text in texts)).effect(CENTRAL)

    assert effect(order) == effect(sorted(order))


def test_a_package_needs_different_ids() -> None:
    term = inline(INLINE[0])
    with pytest.raises(BadInput, match="named twice"):
        package_of([term, term])
    assert package_of([]).title == "no terms"
    assert package_of([]).effect(CENTRAL) == Effect()


def test_a_package_file(tmp_path: Path) -> None:
    path = tmp_path / "offer.yaml"
    path.write_text(
        "- tariff: {importer: USA, exporter: JPN, lines: ['8703'], total: 15}\n"
        "- id: gas\n  title: More gas\n  purchases: {buyer: Japan, seller: US, sector: B06, amount_usd_bn: 3}\n"
        "- quota:JPN<USA:A01=0.05\n",
        encoding="utf-8",
    )
    found = read_package(path)
    assert found.id == "offer"
    assert [term.id for term in found.terms] == ["tariff:USA<JPN:8703=15", "gas", "quota:JPN<USA:A01=0.05"]
    assert found.terms[1].title == "More gas"
    assert read_package(path).effect(CENTRAL) == package_of(reversed(found.terms)).effect(CENTRAL)


def test_an_empty_list_is_a_package_and_an_empty_file_is_not(tmp_path: Path) -> None:
    assert terms([], "x") == ()
    with pytest.raises(BadInput, match=r"write \[\]"):
        terms(None, "x")


#: A term in YAML -> words of the refusal.
REFUSED = {
    "{tariff: {importer: USA, exporter: JPN, sector: C29, total: 1}, quota: {}}": "exactly one body",
    "{id: a, title: b}": "exactly one body; none given",
    "{tarif: {importer: USA}}": "did you mean tariff",
    "[1, 2]": "a term is written",
    "3": "a term is written",
    "{id: 7, standards: {importer: JPN, exporter: USA, sector: C29}}": "id: a text is needed",
    "{tariff: {importer: USA, exporter: USA, sector: C29, total: 1}}": "importer and exporter are both USA",
    "{tariff: {importer: USA, exporter: JPN, lines: 8703, total: 1}}": "lines: a list of HTS codes",
    "{tariff: {importer: USA, exporter: JPN, lines: [], total: 1}}": "lines",
    "{tariff: {importer: USA, exporter: JPN, lines: ['87x'], total: 1}}": "87x",
    "{tariff: {importer: USA, exporter: JPN, lines: ['1'], total: 1}}": "HTS",
    "{tariff: {importer: USA, exporter: JPN, sector: C29, rate: 1}}": "total, add, cut with sector; rate given",
    "{tariff: {importer: USA, exporter: JPN, measure: s232-steel, total: 1}}": "rate with measure; total given",
    "{tariff: {importer: USA, exporter: JPN, sector: C29, total: true}}": "total: True is not a number",
    "{tariff: {importer: USA, exporter: JPN, sector: C29, total: .inf}}": "total",
    "{tariff: {importer: ASEAN, exporter: JPN, sector: C29, total: 1}}": "importer",
    "{standards: {importer: JPN, exporter: USA, sector: C29, cut_pct: 100}}": "cut_pct",
    "{standards: {importer: JPN, exporter: USA, sector: C29, cut_pct: 0}}": "cut_pct",
    "{purchases: {buyer: JPN, seller: USA, sector: B06, amount_usd_bn: -3}}": "amount_usd_bn: -3",
    "{purchases: {buyer: JPN, seller: USA, sector: B06, amount_usd_bn: 0}}": "amount_usd_bn",
    "{purchases: {buyer: JPN, seller: USA, sector: B06, amount_usd_bn: 3, years: 0}}": "years",
    "{purchases: {buyer: JPN, seller: USA, sector: all, amount_usd_bn: 3}}": "sector",
    "{purchases: {buyer: JPN, sector: B06, amount_usd_bn: 3}}": "seller: this field is missing",
    "{quota: {importer: JPN, exporter: USA, sector: A01, amount_usd_bn: .nan}}": "amount_usd_bn",
    "{investment: {from: JPN, to: USA, sector: C29, amount_usd_bn: 5, own_share: 1.5}}": "own_share",
    "{currency: {party: JPN, deficit_shift_pct_gdp: 3.1}}": "beyond the 3 percent of GDP",
    "{currency: {party: JPN, deficit_shift_pct_gdp: -20}}": "long-run model",
    "{currency: {party: JPN, counterpart: JPN, deficit_shift_pct_gdp: 1}}": "both JPN",
    "{securities: {holder: JPN, issuer: USA, action: burn, amount_usd_bn: 1}}": "action",
}


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    with pytest.raises(BadInput) as error:
        terms([parse_yaml(text, "x")], "offer.yaml")
    assert REFUSED[text] in str(error.value)
    assert "offer.yaml[0]" in str(error.value)


#: A term in a line -> words of the refusal.
REFUSED_INLINE = {
    "tariff": "it looks like",
    "tariff:USA<JPN": "it looks like",
    "tariff:USA<JPN:C29": "amount is missing",
    "tariff:USA<JPN:C29=": "it looks like",
    "tariff:USA<JPN:C29=fifteen": "fifteen",
    "tariff:USA<JPN:C29=nan": "total",
    "quota:JPN<USA:A01+=1": "is for tariffs",
    "purchases:JPN<USA:B06=three": "three",
    "purchases:JPN<USA:B06=3/0": "years",
    "securities:USA<JPN:burn=1": "action",
    "standards:JPN<USA:C29=150": "cut_pct",
    "tariff:USA<JPN:ieepa-reciprocal-=5": "rate with measure",
    "tariff:USA<JPN:ieepa-reciprocal+=5": "rate with measure",
}


@pytest.mark.parametrize("text", REFUSED_INLINE)
def test_refused_in_a_line(text: str) -> None:
    with pytest.raises(BadInput) as error:
        inline(text)
    assert REFUSED_INLINE[text] in str(error.value)


@given(st.text(st.sampled_from("tarif:USA<JPN=+-/,.0123C29quotal "), max_size=40))
def test_whatever_is_written_is_a_term_or_refused(text: str) -> None:
    try:
        term = inline(text)
    except BadInput:
        return
    assert inline(term.body.inline()).body == term.body


@pytest.mark.parametrize(
    "text",
    [
        "purchases:JPN<JPN:B06=1",
        "quota:JPN<JPN:A01=1",
        "standards:JPN<JPN:C29",
        "investment:JPN<JPN:C29=1",
        "securities:JPN<JPN:sell=1",
    ],
)
def test_a_country_agrees_nothing_with_itself(text: str) -> None:
    with pytest.raises(BadInput, match="both JPN"):
        inline(text)


def test_nobody_sells_more_bonds_than_it_holds() -> None:
    with pytest.raises(BadInput, match="holds"):
        inline("securities:USA<JPN:sell=2000").body.effect(CENTRAL)


def test_a_case_may_set_the_limit_of_currency_terms() -> None:
    (shift,) = inline("currency:JPN<USA:gdp=2").body.effect({**CENTRAL, "currency.refusal_limit": 1.0}).deficits
    assert shift.limit_pct == 1.0
    (shift,) = inline("currency:JPN<USA:gdp=2").body.effect({**CENTRAL, "currency.refusal_limit": 9.0}).deficits
    assert shift.limit_pct == 3.0
