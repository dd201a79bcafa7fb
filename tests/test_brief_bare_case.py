"""A case that names no package is briefed on its terms: its frontier is there, packages of its own are not."""

from __future__ import annotations

import re
from dataclasses import replace

from test_brief import Reader, words
from test_brief import briefing as briefing
from tradetalks.brief.briefing import Briefing
from tradetalks.brief.page import page


def test_a_case_without_packages_has_its_frontier_and_no_package_judged(briefing: Briefing) -> None:
    assert briefing.negotiation is not None
    talks = briefing.negotiation
    # Such a case is valued once, without terms; its talks judge no package.
    blank = briefing.packages[0].model_copy(update={"package": "no terms", "terms": ()})
    advice = talks.offer.model_copy(update={"refuse_packages": ()})
    bare = replace(
        briefing,
        packages=(blank,),
        negotiation=replace(talks, deals=talks.deals.model_copy(update={"case_packages": ()}), offer=advice),
    )
    reader = Reader(page(bare))
    assert reader.faults == []
    told = words(reader)
    assert "The frontier" in told
    assert "as both sides would judge them" in words(Reader(page(briefing)))
    assert "as both sides would judge them" not in told
    assert not re.search(r"\b(nan|None)\b", told)
