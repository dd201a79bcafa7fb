"""The encoder of sentences: for each clause and each government that may act, the act (or none) and the issue.

Six layers of a transformer (Vaswani et al. 2017), from all-MiniLM-L6-v2 (Wang et al. 2020, Reimers and Gurevych 2019),
trained further on our texts by ``tools/train_encoder.py``. A clause is the mean of the vectors of its pieces, a
candidate the mean over the pieces that name it, or a vector of its own where nothing names it; two small networks
answer from both. Numpy alone; weights are whole numbers with a scale a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from tradetalks.record.reader.scenes import Told
from tradetalks.record.reader.window import Window, window
from tradetalks.record.reader.wordpiece import PAD

if TYPE_CHECKING:
    import polars as pl

HEADS = 12
#: Pieces in one pass: what bounds memory (a layer's widest array holds four times 384 numbers for each).
_PASS = 4_096


@dataclass(frozen=True, slots=True)
class Answer:
    """Probabilities for a clause: ``acts[party, answer]`` (the first is none) and ``issues[party, issue]``."""

    parties: list[str]
    acts: Any
    issues: Any


@dataclass(frozen=True, slots=True)
class Encoder:
    """Its arrays by name, what its pieces are, and its answers in their order."""

    arrays: dict[str, Any]
    vocabulary: dict[str, int]
    acts: tuple[str, ...]
    issues: tuple[str, ...]
    layers: int

    def answers(self, clauses: Sequence[Told]) -> list[Answer]:
        """Return the answers for each clause; those of like length go through together."""
        windows = [window(one, self.vocabulary) for one in clauses]
        found: list[Answer | None] = [None] * len(windows)
        for group in _groups(windows):
            for n, answer in zip(group, self._answers([windows[n] for n in group]), strict=True):
                found[n] = answer
        return [one for one in found if one is not None]

    def _answers(self, windows: list[Window]) -> Iterator[Answer]:
        arrays = self.arrays
        vectors = self._vectors(windows)
        for row, one in enumerate(windows):
            inside = np.array(one.inside, dtype=bool)
            about = vectors[row, : len(inside)][inside].mean(axis=0) if inside.any() else vectors[row, 0]
            named = [
                vectors[row, places].mean(axis=0) if places else arrays["unnamed"][unnamed(signs)]
                for places, signs in zip(one.places, one.signs, strict=True)
            ]
            seen = np.hstack([np.tile(about, (len(named), 1)), np.array(named), one.signs])
            acts, issues = (
                _softmax(self._line(_gelu(self._line(seen, f"{task} hidden")), task)) for task in ("act", "issue")
            )
            yield Answer(one.parties, acts, issues)

    def _vectors(self, windows: list[Window]) -> Any:
        """Return ``vectors[clause, piece, 384]``."""
        arrays, long = self.arrays, max(len(one.pieces) for one in windows)
        pieces, inside, marks = (
            np.array([row + [fill] * (long - len(row)) for row in rows])
            for rows, fill in (
                ([one.pieces for one in windows], self.vocabulary[PAD]),
                ([one.inside for one in windows], 0),
                ([one.marks for one in windows], 0),
            )
        )
        hidden = np.where(pieces == self.vocabulary[PAD], np.float32(-1e9), np.float32(0))[:, None, None, :]
        x = arrays["word"][pieces] + arrays["place"][:long] + arrays["inside"][inside] + arrays["mark"][marks]
        x = self._norm(x, "start")
        for n in range(self.layers):
            many, _, wide = x.shape
            query, key, value = (
                self._line(x, f"{n} {name}").reshape(many, long, HEADS, wide // HEADS).transpose(0, 2, 1, 3)
                for name in ("query", "key", "value")
            )
            weight = _softmax(query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(wide // HEADS)) + hidden)
            heard = (weight @ value).transpose(0, 2, 1, 3).reshape(many, long, wide)
            x = self._norm(x + self._line(heard, f"{n} heard"), f"{n} heard norm")
            x = self._norm(x + self._line(_gelu(self._line(x, f"{n} wide")), f"{n} narrow"), f"{n} narrow norm")
        return x

    def _line(self, x: Any, name: str) -> Any:
        return x @ self.arrays[name].T + self.arrays[f"{name} bias"][0]

    def _norm(self, x: Any, name: str) -> Any:
        x = x - x.mean(axis=-1, keepdims=True)
        x /= np.sqrt(np.square(x).mean(axis=-1, keepdims=True) + np.float32(1e-12))
        return x * self.arrays[name][0] + self.arrays[f"{name} bias"][0]


def _groups(windows: list[Window]) -> Iterator[list[int]]:
    """Yield the numbers of the windows, the shortest first, as many as go through in one pass."""
    group: list[int] = []
    for n in sorted(range(len(windows)), key=lambda n: len(windows[n].pieces)):
        if group and (len(group) + 1) * len(windows[n].pieces) > _PASS:
            yield group
            group = []
        group.append(n)
    if group:
        yield group


def unnamed(signs: Any) -> int:
    """Return which vector stands for a candidate not named near: whom the text left, its home, Washington, another."""
    _, _, _, home, implied, text, *_ = signs
    return 1 if home else 2 if implied else 3 if text else 0


def _gelu(x: Any) -> Any:
    inner = x * x
    inner *= np.float32(0.79788456 * 0.044715)
    inner += np.float32(0.79788456)
    inner *= x
    np.tanh(inner, out=inner)
    inner += np.float32(1)
    inner *= x
    inner *= np.float32(0.5)
    return inner


def _softmax(x: Any) -> Any:
    odds = np.exp(x - x.max(axis=-1, keepdims=True))
    return odds / odds.sum(axis=-1, keepdims=True)


@cache
def encoder() -> Encoder:
    """Return the shipped encoder."""
    words: dict[str, list[str]] = {}
    arrays: dict[str, Any] = {}
    for name, wide, scales, values, names in _table().select("name", "wide", "scales", "values", "names").iter_rows():
        if names is not None:
            words[name] = names.split("\n")
        else:
            rows = np.frombuffer(values, np.int8).reshape(-1, wide).astype(np.float32)
            arrays[name] = rows * np.frombuffer(scales, np.float32)[:, None]
    vocabulary = {piece: n for n, piece in enumerate(words["pieces"])}
    layers = sum(name.endswith(" query") for name in arrays)
    return Encoder(arrays, vocabulary, tuple(words["acts"]), tuple(words["issues"]), layers)


def _table() -> pl.DataFrame:
    import polars as pl

    return pl.read_parquet(str(files("tradetalks.record") / "data" / "encoder" / "*.parquet"))
