"""The errors a user can act on.

Every message is a sentence: what is wrong, where, what would be right, the nearest valid name.
The command line turns them into exit codes (2 for bad input, 3 for not converged); anything
else that escapes is a bug and exits with 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class TradetalksError(Exception):
    """Base of all errors that carry a message for the user."""

    exit_code: int = 1


class BadInput(TradetalksError, ValueError):
    """Something the user gave is wrong; the message names the field and the remedy."""

    exit_code = 2


class NotConverged(TradetalksError, RuntimeError):
    """A solver did not converge; there is no result."""

    exit_code = 3


def nearest(word: str, valid: Iterable[str], n: int = 3) -> list[str]:
    """Return up to ``n`` valid names that look like ``word``, best first (case-insensitive)."""
    by_folded = {name.casefold(): name for name in valid}
    hits = get_close_matches(str(word).casefold(), by_folded, n=n, cutoff=0.5)
    return [by_folded[hit] for hit in hits]


def did_you_mean(word: str, valid: Iterable[str]) -> str:
    """Return ``"; did you mean A or B?"`` for the nearest valid names, or ``""`` when none is near."""
    names = nearest(word, valid)
    return f"; did you mean {' or '.join(names)}?" if names else ""
