"""The weights of the reader's linear model, and the probabilities that they give.

Three softmax regressions, trained by ``tools/train_reader.py``: who makes the move, what kind of move it is (or none),
on which issue. A clause is a set of features; each has a size (how rare it is in the training texts) and a weight for
each answer. The features of a clause are brought to length one, so that long clauses count no more than short ones.
Words that the training texts do not hold get theirs from word vectors (features that begin with ``~``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    import polars as pl

Task = Literal["mover", "act", "issue"]
#: Weights are stored as whole numbers of this.
STEP = 1 / 50
#: What the weights from word vectors begin with, and the row of biases, which names the answers in their order.
VECTOR, ANSWERS = "~", "="


@dataclass(frozen=True, slots=True)
class Regression:
    """Weights of one question: ``rows`` by feature, ``sizes[feature]``, ``weights[feature, answer]``."""

    answers: tuple[str, ...]
    rows: dict[str, int]
    sizes: Any
    weights: Any
    bias: Any

    def probabilities(self, features: Sequence[str], words: Sequence[str] = ()) -> Any:
        """Return the probability of each answer for a clause with these features and plain words."""
        known = [row for one in features if (row := self.rows.get(one)) is not None]
        near = [row for one in words if (row := self.rows.get(VECTOR + one)) is not None]
        logits = self.bias.copy()
        if known:
            logits += self.weights[known].sum(axis=0) / np.sqrt(np.square(self.sizes[known]).sum())
        if near:
            logits += self.weights[near].sum(axis=0) / np.sqrt(len(near))
        odds = np.exp(logits - logits.max())
        return odds / odds.sum()


@cache
def regression(task: Task) -> Regression:
    """Return the shipped regression of one question."""
    table = _table().filter(task=task)
    rows = {name: row for row, name in enumerate(table["feature"])}
    named = next(name for name in rows if name.startswith(ANSWERS))
    weights = table["weights"].explode().to_numpy().reshape(len(rows), -1) * STEP
    bias = weights[rows.pop(named)]
    return Regression(tuple(named.removeprefix(ANSWERS).split(",")), rows, table["size"].to_numpy(), weights, bias)


@cache
def _table() -> pl.DataFrame:
    import polars as pl

    return pl.read_parquet(str(files("tradetalks.record") / "data" / "reader.parquet"))
