"""Probabilities as a minister reads them: in words, with what the record leaves open.

The words are those of the US Intelligence Community Directive 203 (2015), with two steps more around one half.
"""

from __future__ import annotations

from tradetalks.value.answer import Interval

#: Up to what probability a word holds.
WORDS = (
    (0.05, "almost certain not"),
    (0.20, "very unlikely"),
    (0.35, "unlikely"),
    (0.45, "a little less likely than not"),
    (0.55, None),
    (0.65, "a little likelier than not"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.00, "almost certain"),
)

#: Width of an interval (10th to 90th percentile) from which the record tells little, and from which it tells nothing.
LITTLE, NOTHING = 0.5, 0.8


def likely(probability: float, who: str, does: str) -> str:
    """Return a clause such as ``Japan is very likely to accept``.

    Args:
        probability: 0 to 1.
        who: does it, as in a sentence.
        does: the verb without ``to``, with what belongs to it.
    """
    word = next(word for most, word in WORDS if probability <= most or most == 1.0)
    return f"{who} is {word} to {does}" if word else f"the odds that {who} will {does} are about even"


def left_open(probability: Interval) -> str:
    """Return what to add to a probability with a wide interval; nothing to a narrow one or one without."""
    middle, low, high = probability.value, probability.p10, probability.p90
    if middle is None or low is None or high is None or high - low < LITTLE:
        return ""
    wide = high - low >= NOTHING
    if 0.35 < middle <= 0.65:
        return f"; the record {'does not narrow it' if wide else 'narrows it little'}"
    return f", though the record leaves {'wide' if wide else 'some'} room for a {'no' if middle > 0.5 else 'yes'}"
