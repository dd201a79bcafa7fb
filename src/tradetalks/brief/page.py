"""The page: one self-contained HTML file, without script, that prints on A4."""

from __future__ import annotations

import re
import string
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from tradetalks.brief import charts, figures, sentences, tables
from tradetalks.brief.briefing import Briefing
from tradetalks.value.answer import PartyValue, ValueAnswer

if TYPE_CHECKING:
    from jinja2 import Environment

#: Rows of the table of outcomes: label, unit, field of PartyValue.
MEASURES: tuple[tuple[str, str, str], ...] = (
    ("Real income", "%", "welfare_pct"),
    ("Real income", "USD bn", "welfare_usd_bn"),
    ("Real income net of borrowing", "USD bn", "welfare_net_usd_bn"),
    ("Real wage", "%", "real_wage_pct"),
    ("Consumer prices, wages held", "%", "price_pct"),
    ("Exports to all", "USD bn", "exports_usd_bn"),
    ("Imports from all", "USD bn", "imports_usd_bn"),
    ("Tariff revenue", "USD bn", "revenue_usd_bn"),
    ("Balance with the other party", "USD bn", "bilateral_balance_usd_bn"),
)

#: Money that a term moves besides duties: label, field of PartyValue.
MONEY: tuple[tuple[str, str], ...] = (
    ("Subsidies to purchases, a year", "fiscal_usd_bn"),
    ("Outside trade, a year", "outside_usd_bn"),
    ("Outside trade, once", "once_usd_bn"),
)

_ISO_DAY = re.compile(r"\b20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])\b")

#: Sectors shown before the rest folds away.
LARGEST = 10


def page(briefing: Briefing) -> str:
    """Return the brief as HTML. The same briefing gives the same bytes.

    Nothing is loaded from elsewhere: styles and charts stand in the file; only citations link out.
    """
    seat, other = briefing.sides
    worth = sentences.by_worth(briefing)
    letters = tuple(string.ascii_uppercase[n % 26] * (1 + n // 26) for n in range(len(briefing.packages)))
    numbers = [
        number
        for term in worth
        for block in (term.against_no_deal, term.against_status_quo)
        for side in briefing.sides
        for interval in [sentences.gain(block, side)]
        for number in (interval.value, interval.p10, interval.p90)
        if number is not None
    ]
    reach = charts.reach(numbers)
    best = sentences.best_for(briefing, seat) or briefing.packages[0]
    base = briefing.packages[0]
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            b=briefing,
            base=base,
            best=best,
            letters=letters,
            opening=sentences.opening(briefing),
            verdicts=sentences.verdicts(briefing),
            balances=sentences.BALANCES,
            worth=worth,
            outside=[
                (term, [side for side in briefing.sides if _moves(term.against_no_deal.parties[side])])
                for term in worth
            ],
            rates=[
                (importer, exporter, tables.duties(briefing, importer, exporter))
                for importer, exporter in ((other, seat), (seat, other))
            ],
            largest=LARGEST,
            measures=[row for row in MEASURES if row[2] != "welfare_net_usd_bn" or _deficits_move(base)],
            kinds=tables.kinds(worth),
            reconciliation=sorted(base.reconciliation, key=lambda row: -row.table_usd_bn),
            money=MONEY,
            stops=tables.timeline(briefing),
            assumptions=tables.assumptions(briefing),
            record=tables.latest(briefing.record),
            notes=list(dict.fromkeys(note for answer in briefing.packages for note in answer.revenue_notes)),
            limits=list(
                dict.fromkeys(
                    line for answer in briefing.packages for line in (*answer.sentences, *answer.meta.warnings)
                )
            ),
            charts={
                "terms_no_deal": charts.terms(worth, "against_no_deal", briefing.sides, reach),
                "terms_today": charts.terms(worth, "against_status_quo", briefing.sides, reach),
                "sectors": [charts.sectors(base.no_deal.parties[side], side, side == seat) for side in briefing.sides],
                "packages": charts.packages(briefing.packages, letters, briefing.sides),
                "drivers": [charts.drivers(best.drivers.get(side, ()), side, side == seat) for side in briefing.sides],
            },
            style=Markup(_text("page.css")),
            running=Markup(_running(briefing)),
        )
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "average": tables.average,
        "columns": tables.columns,
        "has_unknown": tables.has_unknown,
        "sum_imports": tables.imports,
        "dollars": figures.dollars,
        "percent": figures.percent,
        "level": figures.level,
        "plain_percent": figures.plain_percent,
        "figure": _figure,
        "long_date": sentences.long_date,
        "name": sentences.name,
        "nation": sentences.nation,
        "spelled": sentences.spelled,
        "link": _link,
        "sentence": _sentence,
        "element": lambda picture, key: Markup(charts.element(picture, key)),
    }
    return environment


def _text(file: str) -> str:
    return (files("tradetalks.brief") / file).read_text(encoding="utf-8")


def _running(briefing: Briefing) -> str:
    """Return the line printed at the head of every sheet, as a CSS string."""
    line = f"{briefing.marking}  ·  {briefing.title}"
    return "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in line)


def _link(url: str | None) -> str | None:
    """Return ``url`` if a reader may be sent there, else None."""
    return url if url and url.startswith(("https://", "http://")) else None


def _moves(value: PartyValue) -> bool:
    """Return whether any of the amounts besides duties is other than nothing."""
    shown = (figures.dollars(getattr(value, field)).value for _, field in MONEY)
    return any(text not in ("0", figures.ABOUT_ZERO) for text in shown)


def _sentence(text: str) -> str:
    """Return ``text`` with a capital, a full stop and its days written out."""
    text = _ISO_DAY.sub(lambda found: sentences.long_date(date.fromisoformat(found[0])), text.strip())
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"


def _deficits_move(answer: ValueAnswer) -> bool:
    """Return whether net and plain real income differ anywhere in the table of outcomes."""
    values = [v for b in (answer.no_deal, answer.no_deal_others_held, answer.scheduled) for v in b.parties.values()]
    return any(figures.dollars(value.welfare_usd_bn) != figures.dollars(value.welfare_net_usd_bn) for value in values)


def _figure(value: float | None) -> str:
    """Return an assumed figure as its source gives it."""
    return figures.NOT_KNOWN if value is None else f"{value:,.6g}".replace("-", figures.MINUS)
