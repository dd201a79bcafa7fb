"""The backtest as a page of Markdown, misses included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tradetalks.talks.proof.amounts import FREEDOM, KINDS, SCATTER, WORTH
from tradetalks.talks.proof.forecast import FEATURES
from tradetalks.talks.proof.inclusion import USUAL
from tradetalks.talks.proof.rates import ALPHAS, JUDGEMENT, PLACES, SCALES, WIDTHS
from tradetalks.talks.proof.scores import NEVER_CERTAIN, binomial_interval
from tradetalks.talks.proof.shapes import OURS, RATE, WITHOUT, BacktestAnswer, DealTest, NumberTest, ScoreTable, Trial

#: A miss: an issue that came though it was given less than this, or stayed away though it was given more than the rest.
UNLIKELY = 0.25


def page(answer: BacktestAnswer) -> str:
    """Return the page."""
    return "\n".join(_lines(answer))


def _lines(answer: BacktestAnswer) -> Iterator[str]:
    yield from (
        "# Validation: backtest",
        "",
        f"Made by `tradetalks backtest {answer.meta.case} -o FILE`; do not edit.",
        "",
        "How well would the forecast of `tradetalks` have foretold the deals that the United States struck? Each "
        "deal is forecast from the record as it stood the evening before it became public, and then opened. "
        "Scores are losses: lower is better.",
        "",
        "## What this can and cannot say",
        "",
        _modesty(answer),
        "",
    )
    yield from _case(answer)
    for test in (answer.rolling, answer.leave_one_out):
        yield from _test(test)
    yield from _misses(answer.rolling)
    yield _method()


#: What the scores can say.
MODESTY = """\
- {deals} deals were scored, all of one government within about a year. They are not independent draws: later ones
  copy earlier ones. Standard errors below take deals as independent and are too small.
- {rates} agreed country rates cannot prove much. Our 80% interval held {held} of them; by the binomial law alone
  that fits a true share from {low:.0%} to {high:.0%}. Rates come in few values, and an outcome on the edge of an
  interval counts as inside, which flatters the share; intervals that hold everything are also too wide.
- The list of issues, the record and these models were made after the deals, by people who knew them. The list is
  frozen on each day by what was public, and nothing later enters a rolling forecast. The hindsight in the choice of
  features, priors and borders between issues cannot be taken out. Only deals kept apart from us, or yet to come,
  can test that (`--deals`).
- Talks other than the Japanese are recorded by measures and outcomes, so what was said in them can teach little.
  What a deal holds is what our record of it holds; a term that we missed counts as not agreed.
"""


def _modesty(answer: BacktestAnswer) -> str:
    rows = [one for one in answer.rolling.coverage if (one.quantity, one.interval_pct) == (RATE, 80)]
    held, of = (rows[0].inside, rows[0].of) if rows else (0, 0)
    low, high = binomial_interval(held, of)
    said = MODESTY.format(deals=len(answer.rolling.deals), rates=of, held=held, low=low, high=high)
    said += "".join(
        f"- Without the inferred wants the mean Brier score of the rolling forecasts of issues is {row.mean:.3f}: "
        f"{row.less_ours:+.3f} against ours, with a standard error of {row.standard_error:.3f}. Below two such errors "
        "these scores say nothing for the wants, nor against them.\n"
        for table in answer.rolling.scores
        for row in table.methods
        if (table.quantity, table.score, row.method) == ("issues", "Brier", WITHOUT)
        and row.less_ours is not None
        and row.standard_error is not None
    )
    return said + "\n".join(f"- {note}" for note in answer.notes)


def _case(answer: BacktestAnswer) -> Iterator[str]:
    test = answer.case
    came = [row for row in test.issues if row.happened]
    yield from (
        f"## {test.title}, forecast on {test.as_of}",
        "",
        f"Public on {test.struck}. Learned from {test.learned_from} earlier deals; threat then "
        f"{_figure(test.threat)}%.",
        "",
        "| issue | probability | 10% to 90% | with a silent record | raised / refused | in the deal |",
        "| --- | ---: | --- | ---: | ---: | --- |",
    )
    for row in sorted(test.issues, key=lambda row: -row.probability):
        yield (
            f"| {row.title} (`{row.issue}`) | {row.probability:.0%} | {row.p10:.0%} to {row.p90:.0%} | "
            f"{row.usual:.0%} | {row.raised} / {row.refused} | {'**yes**' if row.happened else 'no'} |"
        )
    expected = sum(row.probability for row in test.issues)
    yield from (
        "",
        f"Expected {expected:.1f} of {len(test.issues)} listed issues, {len(came)} came.",
        "",
        *_number_rows([test]),
        "",
        f"Something unlisted: {test.unlisted:.0%}; it came: {', '.join(test.unlisted_came) or 'nothing'}. The list "
        f"is one of issues. {_detail(answer.new_in_detail)}",
        "",
        "| mean loss over the issues | " + " | ".join(answer.case_scores["Brier"]) + " |",
        "| --- |" + " ---: |" * len(answer.case_scores["Brier"]),
    )
    for score, by_method in answer.case_scores.items():
        yield f"| {score} | " + " | ".join(f"{value:.3f}" for value in by_method.values()) + " |"
    yield ""


def _detail(topics: Sequence[str]) -> str:
    if not topics:
        return "Nothing in the deal was new in its topic either."
    return f"Topics of the deal that nothing known on that day had touched: {', '.join(f'`{one}`' for one in topics)}."


def _number_rows(tests: Sequence[DealTest]) -> Iterator[str]:
    yield "| deal | quantity | 10% | median | 90% | came | CRPS | others said |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |"
    for test in tests:
        for row in test.numbers:
            others = "; ".join(f"{method} {_figure(value)}" for method, value in row.others.items())
            yield (
                f"| {test.deal} | {row.quantity} | {_figure(row.p10)} | {_figure(row.p50)} | {_figure(row.p90)} | "
                f"{'none named' if row.outcome is None else _figure(row.outcome)} | "
                f"{'' if row.crps is None else f'{row.crps:.2f}'} | {others} |"
            )


def _test(test: Trial) -> Iterator[str]:
    label = "each deal forecast on its eve, from the deals known then" if test.is_forecast else "not a forecast"
    yield from (f"## {test.name.capitalize()}: {label}", "")
    if not test.is_forecast:
        yield from (
            "Every deal is left out in turn and foretold from all the others, later ones included. That tells how "
            "alike the deals are, not what could have been known.",
            "",
        )
    yield from ("### Scores", "")
    for table in test.scores:
        yield from _score_table(table)
    yield from _by_issue(test)
    yield from _calibration(test)
    yield from _placebo(test)
    if test.is_forecast:
        yield from _deals(test)


def _score_table(table: ScoreTable) -> Iterator[str]:
    yield from (
        f"**{table.quantity[:1].upper()}{table.quantity[1:]}, {table.score}** ({table.unit}; {table.forecasts} "
        f"forecasts, {table.deals} deals)",
        "",
        "| method | mean | less ours | standard error |",
        "| --- | ---: | ---: | ---: |",
    )
    for row in table.methods:
        name = f"**{OURS}**" if row.method == OURS else row.method
        less = "" if row.less_ours is None else f"{row.less_ours:+.3f}"
        error = "" if row.standard_error is None else f"{row.standard_error:.3f}"
        yield f"| {name} | {row.mean:.3f} | {less} | {error} |"
    yield ""


def _by_issue(test: Trial) -> Iterator[str]:
    yield from (
        "### By issue",
        "",
        "| issue | deals | came | mean probability | Brier | log score | Brier of the base rate |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    )
    for row in test.issues:
        yield (
            f"| `{row.issue}` | {row.deals} | {row.came} | {row.mean_probability:.2f} | {row.brier:.3f} | "
            f"{row.log_score:.3f} | {row.base_rate_brier:.3f} |"
        )
    yield ""


def _calibration(test: Trial) -> Iterator[str]:
    yield from (
        "### Calibration",
        "",
        "Wilson's 90% interval for the true share, as if the forecasts were independent; issues of one deal are "
        "not, so the truth is wider.",
        "",
        "| probability given | forecasts | mean given | came | share | 90% interval |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    )
    for row in test.calibration:
        given = "" if row.mean_probability is None else f"{row.mean_probability:.2f}"
        share = "" if row.share is None else f"{row.share:.2f}"
        yield (
            f"| {row.low:.0%} to {row.high:.0%} | {row.forecasts} | {given} | {row.came} | {share} | {row.p05:.2f} "
            f"to {row.p95:.2f} |"
        )
    yield from (
        "",
        "| quantity | interval | held | of | 90% interval for the true share |",
        "| --- | ---: | ---: | ---: | --- |",
    )
    for one in test.coverage:
        span = f"{one.p05:.2f} to {one.p95:.2f}"
        yield f"| {one.quantity} | {one.interval_pct:.0f}% | {one.inside} | {one.of} | {span} |"
    yield ""


def _placebo(test: Trial) -> Iterator[str]:
    yield from (
        "### Placebo",
        "",
        "The same model on shuffled labels: which issues each earlier deal held, what the record of the talks is "
        "about, and who got which rate. It must lose.",
        "",
        "| quantity | score | ours | shuffled, mean | best shuffle | shuffles that beat us |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    )
    for row in test.placebo:
        yield (
            f"| {row.quantity} | {row.score} | {row.ours:.3f} | {row.placebo:.3f} | {row.best:.3f} | "
            f"{row.better_than_ours} of {row.shuffles} |"
        )
    yield ""


def _deals(test: Trial) -> Iterator[str]:
    yield from ("### Rates and pledges, deal by deal", "", "Truces after an embargo are shown and not scored.", "")
    yield from _number_rows(
        [
            one.model_copy(update={"numbers": tuple(n for n in one.numbers if n.outcome is not None)})
            for one in test.deals
        ]
    )
    yield from (
        "",
        "### Something unlisted",
        "",
        "| deal | eve | probability | what came unlisted |",
        "| --- | --- | ---: | --- |",
    )
    for one in test.deals:
        yield f"| {one.deal} | {one.as_of} | {one.unlisted:.0%} | {', '.join(one.unlisted_came) or 'nothing'} |"
    yield ""


def _misses(test: Trial) -> Iterator[str]:
    yield from (
        "## Misses of the rolling forecasts",
        "",
        f"Issues that came though they were given less than {UNLIKELY:.0%}, issues that stayed away though they "
        f"were given more than {1 - UNLIKELY:.0%}, and figures outside the 90% interval.",
        "",
    )
    found = 0
    for one in test.deals:
        said = [
            f"`{row.issue}` came at {row.probability:.0%}"
            for row in one.issues
            if _came_unlikely(row.probability, row.happened)
        ]
        said += [
            f"`{row.issue}` stayed away at {row.probability:.0%}"
            for row in one.issues
            if _came_unlikely(1 - row.probability, not row.happened)
        ]
        said += [
            _outside(row) for row in one.numbers if row.outcome is not None and not row.p05 <= row.outcome <= row.p95
        ]
        found += len(said)
        if said:
            yield f"- **{one.deal}**: {'; '.join(said)}."
    yield from (("",) if found else ("None.", ""))


def _came_unlikely(probability: float, happened: bool) -> bool:
    return happened and probability < UNLIKELY


def _outside(row: NumberTest) -> str:
    return f"{row.quantity} {_figure(row.outcome)}, outside {_figure(row.p05)} to {_figure(row.p95)}"


#: How a forecast is made; figures are filled in from the models.
METHOD = """\
## How a forecast is made, and what is judgement in it

**Issues.** A logistic model with partial pooling over issues and deals (`talks/proof/inclusion.py`). Before any deal an
issue of which nothing is known has log odds {usual[0]} ± {usual[1]}: about one in four. Four things move it, each by
a coefficient with a prior (mean ± deviation) that deals then correct:

- raised, {raised}: log2(1 + times raised) less log2(1 + times refused), in the record of the talks
- wanted, {wanted}: the mean log weight in the wants of either side, the higher, less its mean over the issues
- at stake, {stake}: an additional US duty on it was announced or in force, so there is relief to give
- follow-up, {follow}: the pair struck a deal within three years before; what follows is narrower

With three deals before April 2025 the priors do most of the work on that day, and the record of the talks the rest.
*At stake* was added after a first run, because tariffs stood too low for talks about tariffs; it helped the Japanese
forecast and not the others. Nothing else was changed after a look at the scores of issues.

**Rates.** A rate is one that a like counterpart already got, or a new figure (`talks/proof/rates.py`). Likeness falls
with the gap in threat ({scales[0]:g} points), in log income per head ({scales[1]:g}) and in surplus over trade
({scales[2]:g}), these widths times {widths}. The weight of a new figure is {alphas} earlier deals. Both are averaged
by how well each setting would have foretold the earlier deals. Before any deal a new figure is {places}, which is
worth {judgement:g} deals. The argument as of April 2025: the 10% was called a floor and everybody paid it; the
country rates were suspended, so most of the threat looked negotiable; no partner had got less than the floor; Phase
One left most duties in place; rates are announced in whole numbers, and multiples of five stand out. Threats of 100%
or more are embargoes: the truces after them are left out of learning and of scores, and so is what those never
threatened with more than the floor could say about giving back a threat. Both exclusions were made after a first run.
The duty on cars has the same model between the ordinary 2.5% and 27.5%.

**Pledges.** The log of the pledge over GDP or over US goods exports to the country is Student's t
(`talks/proof/amounts.py`); before any deal with a scatter of {scatter:g} log points ({freedom:g} degrees of freedom)
around a centre worth {worth:g} deals:

{kinds}

A total without years is spread over four. Aircraft by number are not forecast.

**Something unlisted.** Half of the probability that the wants give to an issue off the list, worth four deals, and
how often earlier deals held an issue that their eve did not list. The list was drawn up with hindsight, so such an
issue is rarer here than in life.

**Baselines.** One share for all issues; the base rate of each issue over earlier deals; the last deal ({sure:.0%} for
what it held, {unsure:.0%} else); three to one for what was raised; our own model with a silent record, and our own
without the wants, which shows what the wants add to a count of what was raised. For rates the threat, the last deal,
the median of earlier deals, and a ridge (penalty 1 on standardised features) on threat, surplus over trade and income
per head. With fewer than two earlier rates the ridge says the threat, as the others do with none; income enters it in
dollars, which did better than logs. For pledges the last ratio and the median ratio. The CRPS of a point is its
absolute error, so points pay for false certainty.

**The ridge.** The design asks to compare with a ridge that reaches about 1.1 points of mean absolute error
leave-one-out and 1.5 rolling, on 13 agreed rates that it does not name. On counterparts threatened with more than the
floor, a ridge fitted to these alone comes near leave-one-out, and rolling once three such rates are known (tables
above). Over all rates of our record it is worse: those never threatened with more than the 10% (Argentina, El
Salvador, Guatemala, the United Kingdom) got it, and they pull the line; and the first forecasts have nothing to fit.
"""


def _method() -> str:
    prior = {name: f"{mean:g} ± {sd:g}" for name, (mean, sd) in FEATURES.items()}
    return METHOD.format(
        usual=USUAL,
        raised=prior["raised"],
        wanted=prior["wanted"],
        stake=prior["at stake"],
        follow=prior["follow-up"],
        scales=SCALES,
        widths=_list(WIDTHS),
        alphas=_list(ALPHAS),
        places=", ".join(f"{share:.0%} {place}" for place, share in PLACES.items()),
        judgement=JUDGEMENT,
        scatter=SCATTER,
        freedom=FREEDOM,
        worth=WORTH,
        kinds="\n".join(f"- {kind.title}: {kind.centre:.0%} of {_PER[kind.per]}; {kind.basis}" for kind in KINDS),
        sure=1 - NEVER_CERTAIN,
        unsure=NEVER_CERTAIN,
    )


_PER = {"gdp": "GDP", "us_exports": "US goods exports to the country"}


def _list(values: Iterable[float]) -> str:
    words = [f"{value:g}" for value in values]
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _figure(value: float | None) -> str:
    """Return ``value`` with three digits; ``none`` for ``None``."""
    return "none" if value is None else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
