"""Which lines a measure covers: a scope list names prefixes, a line belongs where one of them begins it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tradetalks.law.measure import DATA

Floats = NDArray[np.float64]


@cache
def scope_list(name: str) -> dict[str, float]:
    """Return ``{prefix: share}`` of the list ``name``; the share is 1 unless the list gives one."""
    text = (DATA / "lists" / f"{name}.csv").read_text(encoding="utf-8")
    return {row["line"]: float(row.get("share") or 1.0) for row in csv.DictReader(text.splitlines())}


class Lines:
    """A set of customs lines, in ascending order, that remembers which lists cover them."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.codes: NDArray[np.str_] = np.array(codes, dtype="U10")
        if np.any(self.codes[:-1] >= self.codes[1:]):
            raise ValueError("lines must be in ascending order, each once")
        self._known: dict[str, Floats] = {}

    def __len__(self) -> int:
        return len(self.codes)

    def listed(self, name: str) -> Floats:
        """Return the share that the list ``name`` gives each line: that of its longest prefix there, else 0.

        ``all`` is chapters 1 to 97: additional duties do not reach goods entered under chapter 98 (US note
        2(v)(i) of chapter 99 and the like), and chapter 99 describes no goods.
        """
        return self.remember(name, lambda: self._find(name))

    def remember(self, name: str, compute: Callable[[], Floats]) -> Floats:
        """Return what ``compute`` gives for each line; it is called once for a ``name``."""
        if name not in self._known:
            self._known[name] = compute()
        return self._known[name]

    def covered(self, names: Sequence[str], but: Sequence[str] = ()) -> Floats:
        """Return the share of each line covered by any of the lists ``names`` and by none of ``but``."""
        share = np.max([self.listed(name) for name in names], axis=0)
        for name in but:
            share = share * (self.listed(name) == 0)
        return np.asarray(share)

    def take(self, index: NDArray[np.intp]) -> Lines:
        """Return the lines at the ascending positions ``index``; what is known of them comes along."""
        part = Lines(self.codes[index].tolist())
        part._known = {name: share[index] for name, share in self._known.items()}
        return part

    def _find(self, name: str) -> Floats:
        if name == "all":
            return np.asarray(self.codes < "98", dtype=float)
        prefixes = scope_list(name)
        ordered = sorted(prefixes, key=len)  # longer ones overwrite
        first = np.searchsorted(self.codes, np.array(ordered, dtype="U11"))
        last = np.searchsorted(
            self.codes, np.array([prefix + ":" for prefix in ordered], dtype="U11")
        )  # ":" > "9"
        share = np.zeros(len(self.codes))
        for position in np.flatnonzero(last > first):
            share[first[position] : last[position]] = prefixes[ordered[position]]
        return share
