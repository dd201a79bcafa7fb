"""Law outside the tariff by which goods may not come in, or pay nothing: told beside the duty, not counted."""

from __future__ import annotations

from datetime import date

#: Origins whose goods may not be imported without a licence, and where that is said.
EMBARGO = {"CUB": "31 CFR part 515", "IRN": "31 CFR part 560", "PRK": "31 CFR part 510"}

#: The most that one person may import on one day free of duty, USD (19 U.S.C. 1321(a)(2)(C)).
DE_MINIMIS = 800.0
#: First day on which no goods come in so, and the order that says it.
_ENDS = {"CHN": (date(2025, 5, 2), "EO 14256, 90 FR 14899"), "HKG": (date(2025, 5, 2), "EO 14256, 90 FR 14899")}
_ENDS_FOR_ALL = (date(2025, 8, 29), "EO 14324, 90 FR 37775")


def caveats(iso3: str, on: date, value: float | None) -> tuple[str, ...]:
    """Return what to warn of beside the duty on goods of ``iso3`` entered on ``on``, of that value in USD."""
    found = []
    if iso3 in EMBARGO:
        found.append(
            f"goods of this origin may not be imported without a licence ({EMBARGO[iso3]}); this is their duty with one"
        )
    ends, order = _ENDS.get(iso3, _ENDS_FOR_ALL)
    if value is not None and value <= DE_MINIMIS and on < ends:
        found.append(
            "if this is all that one person imports on the day, it may enter free of duty "
            f"(19 U.S.C. 1321, until {ends}: {order}); not counted"
        )
    return tuple(found)
