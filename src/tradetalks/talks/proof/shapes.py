"""The shape of a backtest: what ``tradetalks backtest --json`` prints and the page shows.

Rates are percent, pledges USD billion, probabilities from 0 to 1. Scores are losses: lower is better.
"""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from tradetalks.ground.answer import Meta

#: How our own forecast is called among the methods.
OURS = "tradetalks"
#: And our own forecast from a record whose wants nobody inferred.
WITHOUT = "without the wants"
#: The rates that are forecast.
RATE, CARS = "country rate", "duty on cars"


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class IssueTest(_Answer):
    """One issue of the frozen list, forecast and come or not."""

    issue: str
    title: str
    probability: float
    p10: float
    p90: float
    """10th and 90th percentile of what the model thinks the probability could be."""
    usual: float
    """The probability were the record silent on these talks."""
    raised: int
    """Entries on it in these talks by then, refusals apart."""
    refused: int
    happened: bool
    others: dict[str, float]
    """The probability by the baselines."""


class NumberTest(_Answer):
    """One rate or pledge: the forecast as quantiles, and what came."""

    quantity: str
    unit: str
    p05: float
    p10: float
    p25: float
    p50: float
    p75: float
    p90: float
    p95: float
    outcome: float | None
    """``None`` where the deal names none."""
    crps: float | None
    """Of rates in points, of pledges in log points (0.69 is a factor of two); ``None`` without an outcome."""
    others: dict[str, float]
    """The value by the baselines."""


class DealTest(_Answer):
    """One deal: what was forecast on the eve, and what it held."""

    deal: str
    title: str
    counterpart: str
    as_of: date
    """Nothing public after this day went into it (a leave-one-out also learns from later deals)."""
    struck: date
    """The first day on which the deal was public."""
    learned_from: int
    """Deals that it learned from."""
    threat: float | None
    """The last country rate threatened, percent."""
    like_rates: int
    """Country rates that it learned from of counterparts threatened with more than the floor."""
    truce: bool
    """The threat was an embargo (100% or more); its rate is shown and left out of the scores."""
    issues: tuple[IssueTest, ...]
    numbers: tuple[NumberTest, ...]
    unlisted: float
    """Probability that the deal holds an issue that was not on the list of the day."""
    unlisted_came: tuple[str, ...]
    """Those issues."""


class MethodScore(_Answer):
    """One method's mean loss, beside ours on the same forecasts."""

    method: str
    mean: float
    less_ours: float | None
    """Mean loss less ours: above zero ours is better; ``None`` for ours."""
    standard_error: float | None
    """Of that difference, deals as the independent draws; ``None`` with fewer than two deals."""


class ScoreTable(_Answer):
    """Mean losses on one quantity."""

    quantity: str
    score: str
    unit: str
    forecasts: int
    deals: int
    methods: tuple[MethodScore, ...]


class CalibrationBin(_Answer):
    """Forecasts of about one probability, and how often it came."""

    low: float
    high: float
    forecasts: int
    mean_probability: float | None
    came: int
    share: float | None
    p05: float
    p95: float
    """Wilson's 90% interval for the true share, forecasts taken as independent, which they are not."""


class Coverage(_Answer):
    """How often an interval held what came."""

    quantity: str
    interval_pct: float
    inside: int
    of: int
    p05: float
    p95: float
    """Wilson's 90% interval for the true share."""


class IssueScore(_Answer):
    """One issue over all deals: how often it came and how well that was foretold."""

    issue: str
    deals: int
    came: int
    mean_probability: float
    brier: float
    log_score: float
    base_rate_brier: float


class Placebo(_Answer):
    """The same forecasts with shuffled labels."""

    quantity: str
    score: str
    ours: float
    placebo: float
    """Mean over the shuffles."""
    best: float
    """The best shuffle."""
    shuffles: int
    better_than_ours: int
    """Shuffles that scored better than we did."""


class Trial(_Answer):
    """One way to test: which deals a forecast may learn from."""

    name: str
    is_forecast: bool
    """Whether each forecast used only what its day knew."""
    deals: tuple[DealTest, ...]
    scores: tuple[ScoreTable, ...]
    issues: tuple[IssueScore, ...]
    calibration: tuple[CalibrationBin, ...]
    coverage: tuple[Coverage, ...]
    placebo: tuple[Placebo, ...]


class BacktestAnswer(_Answer):
    """What ``tradetalks backtest --json`` prints."""

    case: DealTest
    """The case's own talks, forecast on its day."""
    new_in_detail: tuple[str, ...]
    """Topics of that deal that no entry or deal known on the day had touched, though their issue was listed."""
    case_scores: dict[str, dict[str, float]]
    """Mean Brier and log score of the case's issues by method."""
    rolling: Trial
    """Each deal forecast on its eve from the deals known then."""
    leave_one_out: Trial
    """Each deal forecast from all others, later ones included: not a forecast."""
    added: tuple[str, ...]
    """Ids of deals read from the folder given."""
    notes: tuple[str, ...]
    meta: Meta
