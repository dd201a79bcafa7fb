"""The shape of an answer of ``tradetalks value``: what the JSON holds and the brief shows.

Percentages are per cent (0.5 = half a percent), dollars are billions a year in prices of
``meta.usd_year``. An interval runs from the 10th to the 90th percentile of the draws; a
number that we do not know is ``None``, never zero.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from tradetalks.ground.answer import Meta


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Interval(_Answer):
    """A point value (full solve) and the 10th and 90th percentile of the draws."""

    value: float | None
    p10: float | None = None
    p90: float | None = None


class SectorChange(_Answer):
    """What happens to one sector of a party: value added, in volume."""

    sector: str
    name: str
    change_usd_bn: float
    change_pct: float


class PartyValue(_Answer):
    """What a move is worth to one party, against a baseline."""

    welfare_pct: Interval
    """Exact real income I/P, percent."""
    welfare_usd_bn: Interval
    """Its equivalent variation."""
    welfare_net_pct: Interval
    """The same with the change of the deficit taken off: a larger deficit is debt, not income."""
    welfare_net_usd_bn: Interval
    real_wage_pct: Interval
    price_pct: Interval
    """Consumer prices with wages held (P/w)."""
    exports_usd_bn: Interval
    """Change of exports to all regions."""
    imports_usd_bn: Interval
    revenue_usd_bn: Interval
    """Change of tariff revenue; for US imports it follows the customs value of trade. ``None`` where the
    party's duties are not known."""
    revenue_in_welfare_usd_bn: Interval
    """The revenue that is part of welfare: on the input-output table's flows, which differ from customs."""
    bilateral_balance_usd_bn: Interval
    """Change of the trade balance with the other party; the total balance moves only with deficits."""
    fiscal_usd_bn: Interval
    """What the move costs (-) or brings to the budget besides duties: subsidies to purchases a year."""
    outside_usd_bn: Interval
    """Yearly flows outside trade, as of investment and securities; ``None`` where a part is unpriced."""
    once_usd_bn: Interval
    """One-off gains or losses, as on securities held; not a yearly flow, never added to one."""
    sectors_gain: tuple[SectorChange, ...]
    """The five sectors that gain most."""
    sectors_lose: tuple[SectorChange, ...]


class Block(_Answer):
    """One comparison: both parties against a baseline."""

    baseline: str
    """What it is measured against, in a sentence."""
    parties: dict[str, PartyValue]
    """By ISO3 code."""


class AssumptionUsed(_Answer):
    """A reduced-form figure that a term rests on."""

    id: str
    sentence: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    citation: str
    reason: str | None = None
    """Why there is no value, where there is none."""


class TermValue(_Answer):
    """One term on its own."""

    id: str
    title: str
    inline: str
    """The term in one line, as the command line takes it."""
    kind: str
    status: Literal["priced", "part", "unpriced"]
    """``part``: the model prices it, something outside does not; ``unpriced``: no number is given."""
    computed: str
    """What the model computes, in a sentence."""
    reduced_form: tuple[AssumptionUsed, ...]
    note: str | None = None
    against_status_quo: Block
    against_no_deal: Block


class AggregationError(_Answer):
    """How far the economy used for the draws is from the full one, on draws solved in both."""

    draws: int
    welfare_net_pct_rms: dict[str, float]
    """By party: root mean square gap of the package's welfare, percentage points."""
    welfare_net_pct_max: dict[str, float]
    welfare_net_pct_level: dict[str, float]
    """Point value of the summed economy less that of the full one; the intervals are moved by this."""


class Driver(_Answer):
    """An assumption, and the share of a party's welfare variance that it accounts for alone."""

    assumption: str
    share: float
    """First-order Sobol index, 0 to 1; what the shares leave is interaction and the smaller ones."""
    error: float
    """Standard error of the share, from the number of draws."""


class Sensitivity(_Answer):
    """The package's welfare net of debt under another assumption of the model, everything else the same."""

    changed: str
    """What is assumed instead, in a sentence."""
    against_status_quo_welfare_net_pct: dict[str, float]
    """By party."""
    against_no_deal_welfare_net_pct: dict[str, float]


class RateChange(_Answer):
    """A party's average duty on the other's goods in a sector, by baseline, percent."""

    importer: str
    exporter: str
    sector: str
    name: str
    base_pct: float | None
    status_quo_pct: float | None
    scheduled_pct: float | None
    no_deal_pct: float | None
    package_pct: float | None
    imports_usd_bn: float | None


class Reconciliation(_Answer):
    """Customs value of US imports against the input-output table's flow."""

    importer: str
    exporter: str
    sector: str
    customs_usd_bn: float | None
    table_usd_bn: float
    ratio: float | None


class ValueAnswer(_Answer):
    """The answer of ``tradetalks value``."""

    package: str
    """Title of the package."""
    against_status_quo: Block
    against_no_deal: Block
    no_deal: Block
    """No deal itself, against the status quo."""
    no_deal_others_held: Block
    """The same if only the two parties' duties on each other change."""
    scheduled: Block
    """Law already signed that applies before the deadline, against the status quo."""
    terms: tuple[TermValue, ...]
    interaction: dict[str, dict[str, Interval]]
    """By baseline (``against_status_quo``, ``against_no_deal``) and party: the package's welfare net of
    debt, USD billion, less the sum of its terms' own."""
    rates: tuple[RateChange, ...]
    reconciliation: tuple[Reconciliation, ...]
    revenue_notes: tuple[str, ...]
    """Where a cut raises revenue, or a rise loses it: one sentence each."""
    aggregation: AggregationError | None
    drivers: dict[str, tuple[Driver, ...]]
    """By party: what moves the package's welfare most (first-order Sobol indices, see ``variance``)."""
    sensitivity: tuple[Sensitivity, ...]
    """Other closures and other published elasticities, as full solves."""
    draws: int
    sentences: tuple[str, ...]
    """What a reader must know: closures, bilateral balances, proxies."""
    meta: Meta
