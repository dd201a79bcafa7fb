"""The world trade equilibrium: what a change does.

>>> from tradetalks.model import Economy            # doctest: +SKIP
>>> economy = Economy.from_world(load_world())      # doctest: +SKIP
>>> economy.counterfactual(tariffs=new).welfare     # doctest: +SKIP
"""

from tradetalks.model.batch import Question
from tradetalks.model.closures.exchange_rate import ExchangeRate
from tradetalks.model.economy import Economy
from tradetalks.model.outcome import Outcome
from tradetalks.model.sample import Sample

__all__ = ["Economy", "ExchangeRate", "Outcome", "Question", "Sample"]
