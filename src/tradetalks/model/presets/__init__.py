"""Published models as economies, one file a paper, and what a comparison with the paper found.

A preset takes the paper's data in the paper's notation and returns an
:class:`~tradetalks.model.Economy`. ``PAPERS`` names, for each paper, the function that reads its
reference folder and compares every published figure that the folder holds.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.model.presets.caliendo_parro_2015 import caliendo_parro_2015, validate_nafta
from tradetalks.model.presets.comparison import Comparison
from tradetalks.model.presets.liberation_day_2025 import liberation_day_2025
from tradetalks.model.presets.liberation_day_tables import validate_liberation_day
from tradetalks.model.presets.ossa_2014 import ossa_2014
from tradetalks.model.presets.ossa_2014_tables import validate_ossa

PAPERS: dict[str, Callable[[Path], Comparison]] = {
    "cp2015": validate_nafta,
    "liberation_day": validate_liberation_day,
    "ossa2014": validate_ossa,
}


def validate(paper: str, directory: Path) -> Comparison:
    """Return our results beside those of ``paper``, from the reference folder ``directory``.

    Raises:
        BadInput: no such paper, or the folder does not have the layout of that paper.
        NotConverged: a counterfactual of the paper was not found.
    """
    if paper not in PAPERS:
        raise BadInput(f"PAPER: {paper!r} is not known{did_you_mean(paper, PAPERS)}; there is {', '.join(PAPERS)}")
    return PAPERS[paper](directory)


__all__ = ["PAPERS", "Comparison", "caliendo_parro_2015", "liberation_day_2025", "ossa_2014", "validate"]
