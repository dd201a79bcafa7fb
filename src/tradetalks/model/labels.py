"""The names of regions and sectors, and arrays checked against them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tradetalks.ground.errors import BadInput

Floats = NDArray[np.float64]


def names(given: Sequence[str], field: str) -> tuple[str, ...]:
    """Return ``given`` as names.

    Raises:
        BadInput: there are none, or one stands twice.
    """
    labels = tuple(str(name) for name in given)
    if not labels:
        raise BadInput(f"{field}: there are none")
    if len(set(labels)) < len(labels):
        twice = next(name for name in labels if labels.count(name) > 1)
        raise BadInput(f"{field}: {twice!r} stands twice")
    return labels


class Labels(NamedTuple):
    """What the axes of an economy's arrays are called."""

    regions: tuple[str, ...]
    sectors: tuple[str, ...]

    def array(
        self,
        values: ArrayLike,
        name: str,
        shape: tuple[int, ...],
        at_least: float | None = None,
        above: float | None = None,
    ) -> Floats:
        """Return ``values`` as a float array of ``shape``.

        Raises:
            BadInput: not numbers, another shape, or a cell out of range, which is named.
        """
        try:
            array = np.asarray(values, dtype=float)
        except (TypeError, ValueError):
            raise BadInput(f"{name}: not an array of numbers") from None
        if array.shape != shape:
            raise BadInput(
                f"{name}: shape {array.shape}, needed {shape} "
                f"({len(self.regions)} regions, {len(self.sectors)} sectors)"
            )
        # Two reductions tell that all is well (NaN spreads through both); the rest finds the cell that is wrong.
        low, high = array.min(initial=np.inf), array.max(initial=-np.inf)
        floor = -np.inf if at_least is None else at_least
        if low >= floor and (above is None or low > above) and -np.inf < low and high < np.inf:
            return array
        for wrong, sentence in (
            (~np.isfinite(array), "is missing or not finite"),
            (np.zeros(()) if at_least is None else array < at_least, f"must be at least {at_least}"),
            (np.zeros(()) if above is None else array <= above, f"must be above {above}"),
        ):
            if wrong.any():
                cell = np.unravel_index(int(np.argmax(wrong)), shape)
                raise BadInput(f"{name}[{self.cell(cell, shape)}] = {array[cell]:.6g} {sentence}")
        return array

    def cell(self, cell: tuple[Any, ...], shape: tuple[int, ...]) -> str:
        """Return the labels of a cell of an array of ``shape``, for an error."""
        sized = {len(self.sectors): self.sectors, len(self.regions): self.regions}
        axes = [sized[size] for size in shape]
        # Where there are as many regions as sectors the size does not tell; the position does.
        if len(shape) > 1:
            axes[0] = self.regions
        if len(shape) == 3 and len(self.regions) == len(self.sectors):
            return str(tuple(int(index) for index in cell))
        return ", ".join(axis[int(index)] for axis, index in zip(axes, cell, strict=True))


def sectors_first(array: Floats, plus: float = 0.0) -> Floats:
    """Return [i, n, s] as [s, i, n], with ``plus`` added: one pass, since these arrays are the largest."""
    return np.add(array.transpose(2, 0, 1), plus, order="C")


def sectors_last(array: Any) -> Floats:
    """Return [s, i, n] as [i, n, s], in numpy: as the public interface has it."""
    return np.ascontiguousarray(np.asarray(array).transpose(1, 2, 0))
