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
    """A set of customs lines, in ascending order, that remembers what was asked of them."""

    def __init__(self, codes: Sequence[str] | NDArray[np.str_]) -> None:
        self.codes: NDArray[np.str_] = np.asarray(codes, dtype="U10")
        if np.any(self.codes[:-1] >= self.codes[1:]):
            raise ValueError("lines must be in ascending order, each once")
        self._known: dict[object, Floats] = {}
        self._where: dict[object, NDArray[np.intp]] = {}
        self._part_of: tuple[Lines, NDArray[np.intp]] | None = None

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, index: NDArray[np.intp]) -> Lines:
        """Return the lines at the positions ``index``; what is asked of them is asked of these."""
        part = object.__new__(Lines)
        part.codes, part._known, part._where, part._part_of = self.codes[index], {}, {}, (self, index)
        return part

    def remember(self, name: object, compute: Callable[[Lines], Floats]) -> Floats:
        """Return what ``compute`` gives for each line; it is called once for a ``name``, on the whole set."""
        if name not in self._known:
            if self._part_of is None:
                self._known[name] = compute(self)
            else:
                whole, index = self._part_of
                self._known[name] = whole.remember(name, compute)[index]
            self._known[name].flags.writeable = False
        return self._known[name]

    def covered(self, names: tuple[str, ...], but: tuple[str, ...] = ()) -> Floats:
        """Return the share of each line covered by any of the lists ``names`` and by none of ``but``.

        A list gives a line the share of its longest prefix there, else 0. ``all`` is chapters 1 to 97:
        additional duties do not reach goods entered under chapter 98 (US note 2(v)(i) of chapter 99 and
        the like), and chapter 99 describes no goods.
        """

        def compute(lines: Lines) -> Floats:
            share = np.max([_listed(name, lines.codes) for name in names], axis=0)
            for name in but:
                share = share * (_listed(name, lines.codes) == 0)
            return np.asarray(share)

        return self.remember((names, but), compute)

    def named(self, names: tuple[str, ...], but: tuple[str, ...] = ()) -> Floats:
        """Return 1 for each line that a list names, whatever share of it is meant, else 0."""

        def compute(lines: Lines) -> Floats:
            found = np.max([_listed(name, lines.codes, whole=True) for name in names], axis=0)
            for name in but:
                found = found * (_listed(name, lines.codes) == 0)
            return np.asarray(found)

        return self.remember(("named", names, but), compute)

    def where(self, names: tuple[str, ...], but: tuple[str, ...] = (), *, named: bool = False) -> NDArray[np.intp]:
        """Return the positions of the lines of which :meth:`covered`, or :meth:`named`, is not zero."""
        if (names, but, named) not in self._where:
            share = self.named(names, but) if named else self.covered(names, but)
            self._where[names, but, named] = np.flatnonzero(share)
        return self._where[names, but, named]


def _listed(name: str, codes: NDArray[np.str_], *, whole: bool = False) -> Floats:
    if name == "all":
        return np.asarray(codes < "98", dtype=float)
    begin, end, value = _bounds(name)
    first, last = np.searchsorted(codes, begin), np.searchsorted(codes, end)
    share = np.zeros(len(codes))
    for position in np.flatnonzero(last > first):
        share[first[position] : last[position]] = 1.0 if whole else value[position]
    return share


@cache
def _bounds(name: str) -> tuple[NDArray[np.str_], NDArray[np.str_], Floats]:
    """Return the prefixes of the list, the texts just after all that they begin, and their shares."""
    ordered = sorted(scope_list(name).items(), key=lambda item: len(item[0]))  # longer ones overwrite
    begin = np.array([prefix for prefix, _ in ordered], dtype="U11")
    end = np.array([f"{prefix}:" for prefix, _ in ordered], dtype="U11")  # ":" > "9"
    return begin, end, np.array([share for _, share in ordered])
