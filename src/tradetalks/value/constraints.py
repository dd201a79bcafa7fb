"""What a party's parliament or cabinet will not pass, as a case states it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.ground.fields import Strict, validated
from tradetalks.value.fields import NotNegative


class _Limits(Strict):
    veto: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    only_with: tuple[tuple[str, ...], ...] = ()
    budget_usd_bn: NotNegative | None = None


@dataclass(frozen=True)
class Limits:
    """What a party cannot ratify; empty where the case says nothing."""

    veto: tuple[str, ...] = ()
    """Issues that it cannot give away."""
    never: tuple[str, ...] = ()
    """Red lines: terms of the case that it cannot sign."""
    only_with: tuple[tuple[str, ...], ...] = ()
    """Red lines: no deal without at least one term of each list."""
    budget_usd_bn: float | None = None
    """The most that it can promise to buy a year, billion dollars."""


def limits(
    entries: Mapping[str, Any], parties: tuple[str, str], terms: Collection[str], where: str
) -> dict[str, Limits]:
    """Return the limits of both parties from the ``constraints`` of a case (party -> fields).

    The issues of a veto are checked where they are used: this floor does not know the record.

    Raises:
        BadInput: somebody who is no party, an unknown field, or a term that the case does not have.
    """
    found = dict.fromkeys(parties, Limits())
    for party, entry in entries.items():
        if party not in parties:
            near = did_you_mean(str(party), parties)
            raise BadInput(f"{where}: {party!r} is not one of the parties {' and '.join(parties)}{near}")
        given = validated(_Limits, entry, f"{where}: {party}")
        for field, names in (("never", given.never), *(("only_with", names) for names in given.only_with)):
            if not names and field == "only_with":
                raise BadInput(f"{where}: {party}: only_with: an empty list can never be met; name a term or drop it")
            wrong = next((name for name in names if name not in terms), None)
            if wrong is not None:
                raise BadInput(f"{where}: {party}: {field}: no term {wrong!r} in this case{did_you_mean(wrong, terms)}")
        found[party] = Limits(given.veto, given.never, given.only_with, given.budget_usd_bn)
    return found
