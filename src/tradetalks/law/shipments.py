"""Duties on many shipments at once: the figures of every answer, single or in a list.

A *question* is a line of an origin on a day; its *rows* are the statistical lines it may mean (the
suffixes of eight digits, the successors of a line that has gone). Rows of all questions are settled
together, then what the facts left open makes of them, and each question takes its figures from its rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache
from itertools import chain, product
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tradetalks.law.conditions import Supposition, holding, supposed, suppositions
from tradetalks.law.duty_text import Rate, parse_rate, programmes
from tradetalks.law.editions import Added, added
from tradetalks.law.evaluate import MOST, Bearing, Evaluation, Part, Reach, Ruling, settle
from tradetalks.law.facts import METALS, facts_of
from tradetalks.law.measure import DATA, SCHEDULE_SINCE, Condition, Law, Measure, Rule, origin_key, us_law
from tradetalks.law.position import bearings_of, ordinals, rulings_of
from tradetalks.law.schedule import COLUMN_2, PROGRAMME, Book, book, edition_of, table
from tradetalks.law.scope import Floats, Lines

Positions = NDArray[np.intp]
Flags = NDArray[np.bool_]
Status = Literal["applies", "conditional", "exempt", "unknown", "prohibited"]

#: Above this many rows the lines of the whole schedule are asked once, instead of those of the rows.
_FEW = 200


@dataclass(slots=True)
class Question:
    """A line of an origin on a day, read and known to exist."""

    line: str
    """Digits as asked: 8 or 10."""
    found: tuple[int, ...]
    """Positions of its rows in the book of the day."""
    iso3: str
    on: date
    known: date | None
    value: float | None = None
    quantity: float | None = None
    us_content: float | None = None
    """Share of the value that is of the United States; None where nobody says."""


@dataclass(slots=True)
class Rows:
    """The statistical lines that the questions mean, N of them, and what they pay before any measure."""

    question: Positions
    first: Positions
    """Of each question its first row."""
    lines: Lines
    base: Floats
    """Ordinary rate, percent; NaN where unknown."""
    average: Flags
    """The ordinary rate is an average of 2024 and a shipment pays more or less."""
    preferred: Floats
    """Rate under the origin's trade agreement, percent; NaN where there is none."""
    offered: Flags
    """Whether there is such a rate and something to gain by it."""
    north: Flags
    """Goods of Canada and Mexico, which may claim USMCA."""
    bearing: list[Bearing]
    ruling: list[Ruling]
    supposed: list[Supposition] = field(default_factory=list)
    """Conditions that would change what governs some of the rows."""
    price: Floats | None = None
    """Value over quantity, USD a unit; NaN (or None for all) where not given."""
    us_content: Floats | None = None
    """Share of value that is of the United States; NaN (or None for all) where not given."""


@dataclass(slots=True)
class Settled:
    """The figures, one a question (Q)."""

    rows: Rows
    evaluation: Evaluation
    total: Floats
    """Of each row, percent; NaN where unknown."""
    rate: Floats
    """NaN where unknown, or where it depends on which row is meant."""
    low: Floats
    high: Floats
    differ: Flags
    """Whether the rate depends on which row is meant."""
    is_open: Flags
    """Whether facts of the goods left open change the total."""
    floor_only: Flags
    """Whether the rate is unknown, but not the lowest that it can be: that of a preference, if claimed."""
    decides: NDArray[np.int64]
    """Which facts do: a sum of the keys of :data:`FACTS` and of the bits of ``conditions``."""
    conditions: tuple[Condition, ...]
    """Those that bear on some of the rows; the first has the bit ``FIRST_CONDITION``, the next twice that."""
    status: list[Status]

    def deciders(self) -> list[tuple[str, ...]]:
        """Return in words what decides within the range of each question; nothing where it is one figure."""
        every = FACTS | {FIRST_CONDITION << n: one.terms.why for n, one in enumerate(self.conditions)}
        which = np.where(self.is_open | self.floor_only, self.decides + self.differ * SUFFIX, 0)
        bits, place = np.unique(which, return_inverse=True)
        words = [tuple(text for bit, text in every.items() if one & bit) for one in bits.tolist()]
        return [words[n] for n in place.ravel().tolist()]


#: What the facts of :class:`Facts` are called, by their bits; those of conditions follow.
SUFFIX = 1
FACTS = {
    SUFFIX: "the statistical suffix",
    2: "whether a preference is claimed",
    4: "whether they are articles of civil aircraft",
    8: "the metal they contain",
    16: "whether they are the goods of the line that a duty is meant for",
    32: "whether they are the goods of the line that are exempt, and that is claimed",
    64: "how a contested text is read",
    128: "whether they were imported before the prohibition",
}
FIRST_CONDITION = 256


def settled(questions: Sequence[Question]) -> Settled:
    """Return the duty that each question asks for, as the figures alone."""
    rows = _rows(questions)
    evaluation = settle_rows(rows, Facts())
    total, banned = evaluation.total(), evaluation.prohibited()
    low, high, decides = _corners(rows, total, banned)
    high[np.isnan(total) & ~banned] = np.nan  # of an unknown rate at most the lowest end is certain
    first = rows.first
    decides = np.bitwise_or.reduceat(decides, first)
    low, high = np.minimum.reduceat(low, first), np.maximum.reduceat(high, first)
    barred, some = np.logical_and.reduceat(banned, first), np.logical_or.reduceat(banned, first)
    differ = np.maximum.reduceat(total, first) - np.minimum.reduceat(total, first) > 1e-9
    differ |= some & ~barred
    rate = np.where(differ, np.nan, total[first])
    is_open = np.isfinite(low) & ((high - low > 1e-9) | some)
    floor_only = np.isfinite(low) & np.isnan(high)
    conditional, excluded = _flags(rows, evaluation)
    conditional = is_open | conditional[first]
    unknown, exempt = np.isnan(rate) & ~is_open, (rate == 0) & excluded[first]
    names: tuple[Status, ...] = ("applies", "exempt", "conditional", "unknown", "prohibited")
    code = np.where(barred, 4, np.where(unknown, 3, np.where(conditional, 2, np.where(exempt, 1, 0))))
    status = [names[n] for n in code.tolist()]
    conditions = tuple(_conditions(rows))
    return Settled(rows, evaluation, total, rate, low, high, differ, is_open, floor_only, decides, conditions, status)


# ---------------------------------------------------------------- rows


def _rows(questions: Sequence[Question]) -> Rows:
    counts = np.array([len(question.found) for question in questions])
    question = np.repeat(np.arange(len(questions)), counts)
    first = np.cumsum(counts) - counts
    place = np.fromiter(chain.from_iterable(one.found for one in questions), np.intp, int(counts.sum()))
    keys, key = _distinct([origin_key(one.iso3) for one in questions])
    lands, land = _distinct([one.iso3 for one in questions])
    on, known = ordinals([one.on for one in questions]), ordinals([one.known for one in questions])

    editions, edition = _editions(questions)
    codes = np.empty(len(place), dtype="U10")
    base, preferred = np.full(len(place), np.nan), np.full(len(place), np.nan)
    average, offered = np.zeros(len(place), dtype=bool), np.zeros(len(place), dtype=bool)
    second = np.isin(np.array(lands), list(COLUMN_2))[land][question]
    value, quantity = (
        np.array([getattr(one, name) or np.nan for one in questions])[question] for name in ("value", "quantity")
    )
    for n, when in enumerate(editions):
        mine = np.flatnonzero(edition[question] == n)
        texts, at = _texts(when, added()), place[mine]
        codes[mine] = texts.codes[at]
        for (pct, amount), use in ((texts.general, ~second[mine]), (texts.other, second[mine])):
            exact = pct[at] + 100 * np.where(amount[at] == 0, 0.0, amount[at] * quantity[mine] / value[mine])
            base[mine[use]] = np.round(exact[use], 6)
        for n_land, name in enumerate(lands):
            if name in PROGRAMME:
                ours = mine[land[question[mine]] == n_land]
                preferred[ours] = texts.offers(PROGRAMME[name])[place[ours]]
        pct, amount = texts.general
        offered[mine] = (preferred[mine] < pct[at]) | ((amount[at] != 0) & ~np.isnan(preferred[mine]))
    gap = np.isnan(base) & ~second
    if gap.any():
        asked = np.array([one.line for one in questions])[question[gap]]
        base[gap] = np.round(equivalents(asked), 6)
        average = gap & ~np.isnan(base)
    early = on[question] < SCHEDULE_SINCE.toordinal()
    base[early], preferred[early], average = np.nan, np.nan, average & ~early
    offered &= ~early

    if len(place) > _FEW:
        whole = every_line()
        lines = whole.take(np.searchsorted(whole.codes, codes))
    else:
        unique, index = np.unique(codes, return_inverse=True)
        lines = Lines(unique).take(index.ravel())
    law = us_law()
    where = keys, key[question], on[question], known[question]
    bearing = bearings_of(law, *where)
    terms = bearings_of(Law(tuple(one.terms for one in law.conditions), ()), *where)
    return Rows(
        question=question,
        first=first,
        lines=lines,
        base=base,
        average=average,
        preferred=preferred,
        offered=offered,
        north=np.isin(np.array(lands), ["CAN", "MEX"])[land][question],
        bearing=bearing,
        ruling=rulings_of(law, on[question], known[question]),
        supposed=suppositions(law, terms, bearing, lines),
        price=value / quantity,
        us_content=np.array([np.nan if one.us_content is None else one.us_content for one in questions])[question]
        if any(one.us_content is not None for one in questions)
        else None,
    )


def _distinct(names: Sequence[str]) -> tuple[list[str], Positions]:
    """Return the distinct names and of each its position among them."""
    place = {name: n for n, name in enumerate(dict.fromkeys(names))}
    return list(place), np.array([place[name] for name in names], dtype=np.intp)


def _editions(questions: Sequence[Question]) -> tuple[list[date], Positions]:
    edition = {day: edition_of(max(day, SCHEDULE_SINCE)) for day in {one.on for one in questions}}
    place = {day: n for n, day in enumerate(sorted(set(edition.values())))}
    return list(place), np.array([place[edition[one.on]] for one in questions], dtype=np.intp)


def every_line() -> Lines:
    """Return every line that the schedule ever held."""
    return _every_line(added())


@lru_cache(maxsize=2)
def _every_line(more: tuple[Added, ...]) -> Lines:
    return Lines(table().select(pl.col("line").unique()).collect()["line"].sort().to_numpy().astype("U10"))


class _Texts:
    """The rates of an edition as numbers: percent and USD a unit, NaN where not to be reduced."""

    def __init__(self, book: Book) -> None:
        self._columns = {name: _distinct(book.frame[name].to_list()) for name in ("general", "special", "other")}
        self.codes = np.array(book.codes, dtype="U10")
        self.general = self._numbers("general", parse_rate)
        self.other = self._numbers("other", parse_rate)
        self._offers: dict[str, Floats] = {}

    def offers(self, symbol: str) -> Floats:
        """Return the rate under the agreement ``symbol`` in percent; NaN where there is none or it is specific."""
        if symbol not in self._offers:
            pct, amount = self._numbers("special", lambda text: preferred_rate(text, symbol))
            pct[amount != 0] = np.nan
            self._offers[symbol] = pct
        return self._offers[symbol]

    def _numbers(self, column: str, read: Callable[[str], Rate | None]) -> tuple[Floats, Floats]:
        texts, place = self._columns[column]
        rates = [read(text) or Rate(math.nan, math.nan) for text in texts]
        pct, amount = (
            np.array([getattr(rate, name) for rate in rates], dtype=np.float64) for name in ("pct", "amount")
        )
        return pct[place], amount[place]


@cache
def _texts(edition: date, more: tuple[Added, ...]) -> _Texts:
    return _Texts(book(edition))


def ordinary(day: date, *, second: bool) -> Floats:
    """Return the ordinary rate of the lines of the :func:`book` of ``day`` in percent; NaN where unknown.

    Column 2 if ``second``. A specific rate of column 1 is its equivalent of 2024.
    """
    texts = _texts(edition_of(day), added())
    pct, amount = texts.other if second else texts.general
    rate = np.where(amount == 0, pct, np.nan)
    if not second:
        rate = np.where(np.isnan(rate), equivalents(texts.codes), rate)
    return np.asarray(rate.round(6), dtype=np.float64)


@cache
def preferred_rate(special: str, symbol: str) -> Rate | None:
    """Return the rate of the programme ``symbol`` in the text of a special column; None where it offers none."""
    offered = programmes(special)
    text = next((offered[name] for name in (symbol, f"{symbol}+") if name in offered), None)
    return parse_rate(text) if text else None


@cache
def _paid() -> tuple[NDArray[np.str_], Floats, Floats]:
    """Return the lines of 2024, and running sums of value and duty of what paid the ordinary rate."""
    outside = [*PROGRAMME, *COLUMN_2, "CHN", "HKG"]
    paid = (
        pl.scan_parquet(str(DATA / "weights_2024.parquet"))
        .filter(~pl.col("origin").is_in(outside))
        .group_by("line")
        .agg(pl.col("imports_usd", "duty_usd").sum())
        .sort("line")
        .collect()
    )
    value, duty = (np.r_[0.0, np.cumsum(paid[name].to_numpy())] for name in ("imports_usd", "duty_usd"))
    return paid["line"].to_numpy().astype("U10"), value, duty


def equivalents(lines: NDArray[np.str_]) -> Floats:
    """Return duty over value (percent) of the imports of 2024 that paid the ordinary rate; NaN without any.

    Args:
        lines: lines of 8 or 10 digits; of 8 digits it is the average over their suffixes.
    """
    codes, value, duty = _paid()
    first, last = np.searchsorted(codes, lines), np.searchsorted(codes, np.char.add(lines, ":"))
    with np.errstate(invalid="ignore"):
        rate: Floats = 100 * (duty[last] - duty[first]) / (value[last] - value[first])
    return rate


# ---------------------------------------------------------------- what the facts leave open


@dataclass(frozen=True, slots=True)
class Facts:
    """What is taken to be so of the goods, where the question does not say."""

    usmca: bool = False
    """A preference (of Canada and Mexico USMCA) is claimed."""
    aircraft: bool = False
    """They are articles of civil aircraft."""
    content: str | None = None
    """The metal they are made of, "" for none; None takes the assumed shares."""
    listed: float = math.nan
    """Whether they are those on which a list puts a duty: 0, 1, or as most of the line's trade."""
    claimed: bool = False
    """Whether they are those that a list exempts, and that is claimed."""
    contested: bool = True
    """Whether contested readings are taken."""
    held: frozenset[str] = frozenset()
    """Ids of the conditions that are so."""
    barred: bool = True
    """Whether prohibitions hold; not for goods imported before them."""


def settle_rows(rows: Rows, facts: Facts) -> Evaluation:
    """Return what the law puts on the rows if ``facts`` are so."""
    return settle(_terms(rows, facts), rows.ruling, rows.lines, _base(rows, facts), _shares(rows, facts))


def _terms(rows: Rows, facts: Facts) -> list[Bearing]:
    """Return the measures that bear on the rows if contested readings and conditions are as ``facts`` say."""
    bearing = [one for one in rows.bearing if facts.contested or not one.measure.contested]
    held = [one for one in rows.supposed if one.condition.terms.id in facts.held]
    return supposed(bearing, held, len(rows.lines))


def _base(rows: Rows, facts: Facts) -> Floats:
    return np.fmin(rows.base, rows.preferred) if facts.usmca else rows.base


def _shares(rows: Rows, facts: Facts) -> dict[str, Floats]:
    """Return what the evaluator asks of the goods of each row."""
    shares = facts_of(rows.lines, usmca=False, aircraft=facts.aircraft)
    shares["usmca"] = rows.north.astype(np.float64) * facts.usmca
    stated = {"listed": facts.listed, "claimed": facts.claimed, "preference": facts.usmca, "barred": facts.barred}
    shares |= {name: np.full(len(rows.lines), float(value)) for name, value in stated.items()}
    if rows.price is not None:
        shares["price"] = rows.price
    if rows.us_content is not None:
        shares["us_content"] = rows.us_content
    if facts.content is not None:
        shares |= {metal: np.full(len(rows.lines), float(metal == facts.content)) for metal in METALS}
    return shares


def _totals(rows: Rows, terms: Sequence[Facts], goods: Sequence[Facts]) -> Floats:
    """Return the total of each row (N) for each of T readings of the terms and G sorts of goods: (T, G, N).

    Infinite where importing is prohibited. The sorts of goods are settled together, as copies of the rows.
    """
    size, copies = len(rows.lines), len(goods)
    lines = rows.lines.take(np.tile(np.arange(size), copies))
    ruling = [Ruling(one.rule, None if one.rows is None else np.tile(one.rows, copies)) for one in rows.ruling]
    base = np.concatenate([_base(rows, facts) for facts in goods])
    each = [_shares(rows, facts) for facts in goods]
    shares = {name: np.concatenate([one[name] for one in each]) for name in each[0]}
    begin = size * np.arange(copies)[:, None]
    found = []
    for facts in terms:
        bearing = [
            Bearing(one.measure, one.act, None if one.rows is None else (begin + one.rows).ravel())
            for one in _terms(rows, facts)
        ]
        case = settle(bearing, ruling, lines, base, shares)
        found.append(np.where(case.prohibited(), np.inf, case.total()).reshape(copies, size))
    return np.array(found)


def _split(rows: Rows, group: Positions) -> list[tuple[Positions, Rows]]:
    """Return the rows of each group but those of group 0, with the measures that reach any of them.

    ``group`` is the number of each row's group; the rows stand for questions no more.
    """
    order = np.argsort(group, kind="stable")
    numbers, starts, counts = np.unique(group[order], return_index=True, return_counts=True)
    which = np.searchsorted(numbers, group)
    place = np.empty(len(group), dtype=np.intp)
    place[order] = np.arange(len(group)) - np.repeat(starts, counts)
    bearing: list[list[Bearing]] = [[] for _ in numbers]
    supposed: list[list[Supposition]] = [[] for _ in numbers]
    for one in rows.bearing:
        for n, mine in _shared(one.at(rows.lines), which, place):
            bearing[n].append(Bearing(one.measure, one.act, None if one.rows is None else mine))
    for condition in rows.supposed:
        for n, mine in _shared(condition.rows, which, place):
            supposed[n].append(replace(condition, rows=mine))
    found = []
    for n, part in enumerate(np.split(order, starts[1:])):
        if numbers[n]:
            some = Rows(
                question=rows.question[part],
                first=np.arange(0),
                lines=rows.lines.take(part),
                base=rows.base[part],
                average=rows.average[part],
                preferred=rows.preferred[part],
                offered=rows.offered[part],
                north=rows.north[part],
                bearing=bearing[n],
                ruling=[Ruling(one.rule, None if one.rows is None else one.rows[part]) for one in rows.ruling],
                supposed=supposed[n],
                price=None if rows.price is None else rows.price[part],
                us_content=None if rows.us_content is None else rows.us_content[part],
            )
            found.append((part, some))
    return found


def _shared(at: Positions, which: Positions, place: Positions) -> list[tuple[int, Positions]]:
    """Return, of the rows ``at``, those of each group: its number and their positions in it."""
    group = which[at]
    order = np.argsort(group, kind="stable")
    numbers, starts = np.unique(group[order], return_index=True)
    return list(zip(numbers.tolist(), np.split(place[at[order]], starts[1:]), strict=False))


def _conditions(rows: Rows) -> list[Condition]:
    """Return the conditions that bear on some of the rows, each once."""
    return list({one.condition.terms.id: one.condition for one in rows.supposed}.values())


def _corners(rows: Rows, total: Floats, banned: Flags) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return the lowest and highest total of each row over the :class:`Facts` that are open to it, and which decide.

    What may not be imported (``banned``) has no total; its range is that of goods imported before the ban. A fact
    decides where some total differs by it alone.
    """
    low, high = np.where(banned, np.nan, total), np.where(banned, np.nan, total)
    decides = np.zeros(len(total), dtype=np.int64)
    aircraft, content, listed, claimed, contested, barred, preferred = _scopes(rows)
    claims = rows.offered | rows.north | preferred
    groups = np.zeros(len(total), dtype=np.int64)
    for bit_of, asked in zip(
        (2, 4, 8, 16, 32, 64, 128), (claims, aircraft, content, listed, claimed, contested, barred), strict=True
    ):
        groups += bit_of * asked
    conditions = _conditions(rows)
    bit = {one.terms.id: FIRST_CONDITION << n for n, one in enumerate(conditions)}
    for one in rows.supposed:
        groups[one.rows] |= bit[one.condition.terms.id]
    for part, some in _split(rows, groups) if groups.any() else ():
        group = int(groups[part[0]])
        held = holding([one for one in conditions if group & bit[one.terms.id]])
        dutiable = {one.measure.content for one in some.bearing}
        readings = (True, False) if group & 64 else (True,)
        axes = (
            (False, True) if group & 2 else (False,),
            (False, True) if group & 4 else (False,),
            (None, "", *(metal for metal in METALS if metal in dutiable)) if group & 8 else (None,),
            (0.0, 1.0) if group & 16 else (math.nan,),
            (False, True) if group & 32 else (False,),
            (True, False) if group & 128 else (True,),
        )
        terms = [Facts(contested=reading, held=one) for reading, one in product(readings, held)]
        goods = [Facts(*option[:5], barred=option[5]) for option in product(*axes)]
        cases = _totals(some, terms, goods).reshape(len(readings), len(held), *map(len, axes), len(part))
        finite = np.where(np.isinf(cases), np.nan, cases).reshape(-1, len(part))
        low[part], high[part] = np.fmin(low[part], _fmin(finite)), np.fmax(high[part], -_fmin(-finite))
        for axis, fact in enumerate((64, 0, 2, 4, 8, 16, 32, 128)):
            if fact and cases.shape[axis] > 1:
                decides[part] |= fact * _varies(cases, axis)
        for name in (name for name in bit if group & bit[name]):
            pairs = [(n, held.index(one - {name})) for n, one in enumerate(held) if name in one]
            for pair in pairs:
                decides[part] |= bit[name] * _varies(cases[:, pair], 1)
    return low, high, decides


def _fmin(cases: Floats) -> Floats:
    """Return the least of each column; NaN where all are."""
    least: Floats = np.fmin.reduce(cases, axis=0)
    return least


def _varies(cases: Floats, axis: int) -> Flags:
    """Return, of each row (the last axis), whether some total differs along ``axis`` alone."""
    first = np.take(cases, [0], axis=axis)
    with np.errstate(invalid="ignore"):
        differs = (np.abs(cases - first) > 1e-9) | (np.isfinite(cases) != np.isfinite(first))
    found: Flags = differs.reshape(-1, cases.shape[-1]).any(axis=0)
    return found


def _scopes(rows: Rows) -> NDArray[np.bool_]:
    """Return which rows are in the scope of a measure that asks for a fact: (7, N).

    The facts: civil aircraft, metal content, what a list puts a duty on, what a list exempts, a contested reading,
    a prohibition, a preference claimed.
    """
    found: Flags = np.zeros((7, len(rows.question)), dtype=bool)
    for one in rows.bearing:
        measure, banned = one.measure, one.act.treatment == "prohibit"
        asks = measure.claim in ("aircraft", "list", "listed", "preference")
        if not (asks or measure.content or measure.contested or banned):
            continue
        at = one.at(rows.lines)
        partly = at[rows.lines.covered(measure.lists, measure.except_lists)[at] < 1]
        if measure.claim == "aircraft":
            found[0, at] = True
        if measure.content:
            found[1, at] = True
        if measure.claim in ("list", "listed"):
            found[3 if measure.exempts and measure.claim == "list" else 2, partly] = True
        if measure.contested:
            found[4, at] = True
        if banned:
            found[5, at] = True
        if measure.claim == "preference":
            found[6, at] = True
    return found


# ---------------------------------------------------------------- flags


def contested(who: Reach | Rule) -> bool:
    """Return whether who took a duty away reads the law in a way that others do not."""
    return not isinstance(who, Rule) and who.measure.contested


def disputed(part: Part) -> Flags:
    """Return, on the rows of the part, whether what takes it away whole is contested."""
    plain = np.zeros(len(part.at), dtype=bool)
    for share, who in part.relieved:
        if not contested(who):
            plain |= share > 0
    gone: Flags = (part.kept == 0) & ~plain
    return gone


def _flags(rows: Rows, evaluation: Evaluation) -> tuple[Flags, Flags]:
    """Return which rows have a part that is conditional, and which one that is taken away."""
    conditional = rows.average.copy()
    excluded = np.zeros(len(rows.question), dtype=bool)
    for part in evaluation.parts:
        points, gone = part.local(), part.kept == 0
        partly = part.open() | (part.reach < 1)
        if part.measure.content:
            partly |= part.content < 1
        open_ = np.where(gone, disputed(part), ~np.isnan(points) & partly)
        conditional[part.at[open_]] = True
        excluded[part.at[gone & ~open_]] = True
    for held in rows.supposed:
        if held.act.treatment == "prohibit":
            conditional[held.rows] = True
    owed = {
        group: np.max([p.points() != 0 for p in evaluation.parts if p.measure.group == group], axis=0)
        for group in {part.measure.group for part in evaluation.parts}
    }
    for one in rows.bearing:
        measure, at = one.measure, one.at(rows.lines)
        if not measure.exempts:
            if measure.claim == "list":
                partly = rows.lines.covered(measure.lists, measure.except_lists)[at] < 1
                conditional[at[partly]] = True
            if one.act.priced:
                conditional[at if rows.price is None else at[np.isnan(rows.price[at])]] = True
        elif measure.lists == ("all",) and not measure.claim:
            excluded[at] = True
        elif measure.claim and measure.claim != "us-content":
            if measure.claim in ("list", "listed"):
                at = at[rows.lines.covered(measure.lists, measure.except_lists)[at] < 1]
            for group in measure.exempts:
                if group in owed:
                    conditional[at[owed[group][at]]] = True
    return conditional, excluded


def unmeant(measure: Measure, lines: Lines) -> Flags:
    """Return which lines the measure's lists name although most of their trade is other goods."""
    named = lines.named(measure.lists, measure.except_lists) > 0
    other: Flags = lines.covered(measure.lists, measure.except_lists) < MOST
    return named & other
