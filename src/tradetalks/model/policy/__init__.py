"""Tariffs as choices: the best for one side, wars among several, and bargains.

``players`` says who chooses, ``instruments`` what, ``objective`` for what; ``game`` turns chosen tariffs into
payoffs and the next tariffs, ``climb`` finds the point of rest and ``certificate`` says what is known about
it. ``optimum``, ``war`` and ``bargain`` are the three questions; :class:`~tradetalks.model.Economy` has them as
methods.
"""

from tradetalks.model.policy.objective import Weights

__all__ = ["Weights"]
