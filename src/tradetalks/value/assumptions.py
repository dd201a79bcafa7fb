"""The reduced-form figures: values with intervals and citations, and draws from them.

What the model cannot know stands in ``data/assumptions.yaml``; a case may replace an entry. A value of
``None`` means that no source was found, and what needs it is shown unpriced.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Literal, Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.ground.fields import Number, Strict, validated
from tradetalks.ground.files import parse_yaml

Floats = NDArray[np.float64]

#: Standard normal deviate of the 90th percentile.
Z90 = 1.2815515655446004


class Assumption(Strict):
    """One reduced-form figure; ``docs/terms.md`` explains the fields."""

    id: str
    term: str
    sentence: str
    unit: str
    value: Number | None
    low: Number | None = None
    high: Number | None = None
    distribution: Literal["point", "triangular", "uniform", "lognormal", "zero-or-beta"] | None = None
    level: Literal["min/max", "p10/p90"] | None = None
    parameters: dict[str, float] | None = None
    citation: str | None = None
    url: str | None = None
    verified: bool | None = None
    reason: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _can_be_drawn(self) -> Self:
        if self.value is None:
            return self
        if self.low is not None and self.high is not None:
            if not self.low <= self.value <= self.high:
                raise ValueError(f"value {self.value:g} is not between low {self.low:g} and high {self.high:g}")
            if self.distribution == "lognormal" and self.low <= 0:
                raise ValueError(f"low is {self.low:g}; a lognormal needs it above zero")
        if self.distribution == "zero-or-beta":
            missing = [name for name in ("zero", "a", "b") if name not in (self.parameters or {})]
            if missing:
                raise ValueError(f"parameters: {', '.join(missing)} missing; a zero-or-beta needs zero, a and b")
        figures = [figure for figure in (self.value, self.low, self.high) if figure is not None]
        if self.unit.split()[0] in ("share", "probability") and not all(0 <= figure <= 1 for figure in figures):
            raise ValueError(f"a {self.unit.split()[0]} lies between 0 and 1")
        return self

    def sample(self, seed: int, draws: int) -> Floats:
        """Return ``draws`` draws [draws] (NaN where the value is unknown).

        The stream depends on the seed and the id alone, so that adding an assumption does not move
        the draws of the others.
        """
        if self.value is None:
            return np.full(draws, np.nan)
        stream = np.random.default_rng([seed, crc32(self.id.encode())])
        if self.distribution == "zero-or-beta":
            given = self.parameters or {}
            arrives = stream.random(draws) >= given["zero"]
            return np.where(arrives, stream.beta(given["a"], given["b"], draws), 0.0)
        if self.low is None or self.high is None:
            return np.full(draws, self.value)
        if self.distribution == "triangular":
            return stream.triangular(self.low, self.value, self.high, draws)
        if self.distribution == "uniform":
            return stream.uniform(self.low, self.high, draws)
        if self.distribution == "lognormal":
            spread = np.log(self.high / self.low) / (2 * Z90)
            return np.asarray(self.value * np.exp(spread * stream.standard_normal(draws)))
        return np.full(draws, self.value)


def assumptions(changes: Mapping[str, Any] | None = None, where: str = "assumptions") -> dict[str, Assumption]:
    """Return every assumption by id, with a case's ``changes`` applied.

    Args:
        changes: id -> a number (a point, the interval dropped), or fields that replace the entry's.
        where: name of the place for errors.

    Raises:
        BadInput: an unknown id, or a field that does not validate.
    """
    text = (files("tradetalks.value") / "data" / "assumptions.yaml").read_text(encoding="utf-8")
    entries = {entry["id"]: entry for entry in parse_yaml(text, "assumptions.yaml")}
    for name, change in (changes or {}).items():
        if name not in entries:
            raise BadInput(f"{where}: there is no assumption {name!r}{did_you_mean(name, entries)}")
        point = {"low": None, "high": None, "distribution": "point", "parameters": None, "reason": None}
        if isinstance(change, dict):
            # A new value under an old interval or old parameters would be drawn around the old figure.
            drop = point if "value" in change else {}
            entries[name] = {**entries[name], **drop, **change}
        else:
            entries[name] = {**entries[name], **point, "value": change, "citation": f"set in {where}"}
    return {name: validated(Assumption, entry, f"{where}: {name}") for name, entry in entries.items()}
