"""Of a duty that a sentence names: whether it is in force, suspended, to come or only meant; and who charges it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Literal

from tradetalks.record.reader.days import When
from tradetalks.record.reader.governments import adjective
from tradetalks.record.reader.words import any_of, people, places

State = Literal["in force", "suspended", "to come", "intended"]

DUTY = r"(?:tariffs?|dut(?:y|ies)|lev(?:y|ies)|surcharges?|(?:country|tariff|baseline|reciprocal) rates?)"

#: Where one duty's clause ends and another's may begin.
ELSEWHERE = re.compile(
    r"\b(?:before|after|while|once|when|until|unless|if|and|but)\s(?:the|a|an|its|this|that)\b", re.I
)

_SUSPENDED = re.compile(r"\b(?:suspend\w*|suspension|pause[ds]?|pausing|put off|postponed?|on hold|frozen?)\b", re.I)
_IN_FORCE = re.compile(
    r"\b(?:remains?|stays?|still|in effect|in force|already|has imposed|have imposed|now)\b"
    r"(?!\s(?:been\s)?(?:suspended|paused|on hold|frozen|postponed))",
    re.I,
)
#: Right before the day from which a duty holds.
_FROM = re.compile(
    r"\b(?:from|as of|as from|with effect from|starting|beginning|effective)\s"
    r"(?:(?:on|the|midnight|early|\w+day,?)\s){0,3}$",
    re.I,
)
#: "From next week": a time to come without a date.
_FROM_THEN = re.compile(
    r"\b(?:from|as of|starting|beginning|effective)\s(?:the\s)?(?:next|coming|tomorrow|tonight|midnight|then|"
    r"that day)\b",
    re.I,
)
#: The present tense of what starts: with a day ahead, or with none, it has not yet.
_STARTS = re.compile(
    r"\b(?:takes? effect|(?:comes?|goes|go) into (?:force|effect)|enters? (?:into )?force|kicks? in|snaps? back|"
    r"comes? back|returns)\b",
    re.I,
)
#: The present tense of what changes: with a day ahead it has not yet.
_CHANGES = re.compile(
    r"\b(?:rises?|goes (?:up|down)|climbs?|jumps?|increases?|falls?|drops?|doubles?|becomes?|appl(?:y|ies)|starts?|"
    r"begins?|lands?|hits?|changes?|reverts?)\b",
    re.I,
)
#: What is only meant: asked for, planned, promised, threatened; "may" with a small letter is no month.
_MEANT = (
    r"(?:(?:will|would|could|may|might|should|shall|must(?!\s(?:pay|bear|face)))"
    r"(?:\s(?:be|not|also|soon|then|now|have|been))*\s\w+|to be \w+|"
    r"threat\w*|plan(?:s|ned|ning)?|inten(?:ds?|ded|ding)|aim(?:s|ed)?|"
    r"ask(?:s|ed|ing)?|urg(?:es?|ed|ing)|want(?:s|ed|ing)?|seek(?:s|ing)?|sought|demand(?:s|ed|ing)?|"
    r"propos(?:es?|ed|ing|al)|offer(?:s|ed|ing)?|request(?:s|ed|ing)?|hop(?:es?|ed|ing)|consider(?:s|ed|ing)?|"
    r"insist(?:s|ed|ing)?|call(?:s|ed|ing)? for|vow(?:s|ed|ing)?|pledg(?:es?|ed|ing)|promis(?:es?|ed|ing)|"
    r"warn(?:s|ed|ing)?|press(?:es|ed|ing) for|"
    r"(?<!managed )(?<!helped )to (?:bring|lower|cut|reduce|raise|set|modify|change|impose|put|levy|charge|increase|"
    r"drop|halve|double)|snap back|return|due to|set to|about to|agree[ds]?|ready to|"
    r"(?:is|are|was|were) to(?= [a-z]))"
)
#: What is done or holds, in words that lead to a rate.
_DONE = (
    r"(?:pays|paid|paying|fac(?:es|ed|ing)|imposed|imposes|charged|charges|kept|keeps|remains|stays|carries|bears|"
    r"raised|lowered|reduced|took|has|have|had|is|are|was|were|despite|under)"
)
_MARK = re.compile(rf"\b(?:(?P<meant>{_MEANT})|(?P<done>{_DONE}))\b")
#: "Lower the 25% tariff", "relief from the 25% duty": that rate is there.
_OF_ONE_THERE = re.compile(
    r"\b(?:lower|cut|reduc|drop|lift|remov|scrap|eliminat|end|abolish|waiv|bring|eas|halv|rescind|chang|modif|rais|increas|"
    r"doubl|keep|maintain|avoid|escap|exempt|relief|spar|exclu|suspend|paus|talks?|discuss)\w*"
    r"(?:\s(?:to|from|of|on|about|over|down))?\s(?:the|its|a|an|their|his|this|that|all|current|existing)?\s?(?:[\w-]+\s){0,2}$",
    re.I,
)
_DEFINITE = re.compile(r"\b(?:the|its|this|that|their|current|existing)\s(?:[\w.’'-]+\s)?$", re.I)
_LAID = re.compile(
    r"\b(?:impos|put|lev[yi]|slap|charg|introduc|set|appl[yi]|pay|fac|restor|reimpos|revert|return|accept|collect)\w*\b",
    re.I,
)
#: Behind a rate: what is to happen to one that is there.
_AT_ITS_END = re.compile(
    r"\s(?:(?:not|also|soon|only|no longer|still)\s){0,2}(?:be\s)?(?:lifted|removed|lowered|cut|reduced|scrapped|"
    r"dropped|discussed|eliminated|eased|halved|kept|maintained|ended|end|expire|fall|drop|lapse|stay|remain|continue)\b",
    re.I,
)
#: Behind a rate, or before a change of one: that it is still to come.
AHEAD = re.compile(
    r"\b(?:will|would|could|may|might|should|shall|must|due to|set to|about to|snap back|return|is to|are to|"
    r"has been (?:threatened|proposed|floated|planned))\b"
)
#: "The threatened 25% tariff".
_CALLED = re.compile(
    r"\b(?:threatened|planned|proposed|promised|intended|possible|potential|looming)\s(?:\w+\s)?$", re.I
)
_TO = re.compile(r"\bto\s(?:about |around |as much as |a )?$", re.I)
_ON = re.compile(r"\b(?:on|effect|force|in)\s(?:(?:the|midnight|\w+day,?)\s)?$", re.I)
#: Between a duty and a day: somebody does something else that day.
_ELSE_DONE = re.compile(r"\band\s\w+s\s(?:its|their|his|her|an?|the|to|with)\b|\b(?:which|who|that)\b")
#: Where one thought of a sentence ends and another may begin.
_BREAK = re.compile(
    r";|:\s|—|\s–\s|,\s(?:and|but|while|which|who|whose|as|after|so)\b|\b(?:because|since|whereas|while)\s"
)

#: Words by which a duty is known as one of the United States' on a country.
_OUR_KIND = re.compile(r"\b(?:reciprocal|baseline|country-specific|country rate|tariff rate|Section|universal)\b", re.I)
_AMERICAN = re.compile(
    r"\b(?:on|of|from|against)\s(?:all\s|most\s|some\s|the\s|many\s)?(?:[a-z-]+\s){0,2}?"
    r"(?:American|U\.S\.|US|United States|America)(?!\w)"
    r"(?!['’]s? (?:tariff|dut)|\s(?:imports? of|imports? from|importers|tariff|dut|lev|market|side|customs|"
    r"president|administration|government|negotiators?|officials?|law|trade|\d))"
)
_IMPOSES = (
    r"(?:impos(?:e|es|ed|ing)|charg(?:e|es|ed|ing)|lev(?:y|ies|ied|ying)|appl(?:y|ies|ied)|collect(?:s|ed)?|slap(?:s|ped)?|"
    r"puts?(?! up| off| forward| pressure)|sets?|maintain(?:s|ed)?|keeps?|kept|retain(?:s|ed)?|rais(?:e|es|ed|ing)|"
    r"lower(?:s|ed|ing)?|cuts?|reduc(?:e|es|ed)|"
    r"introduc(?:e|es|ed)|(?:respond|answer|retaliat|hit back|hits back)\w* with)"
)
_HELPING = (
    r"(?:(?:has|have|had|also|already|still|now|currently|would|will|could|may|must|to|is|was|agreed|offered|"
    r"threatened|wants?|promised)\s){0,3}"
)


#: Words between an owner and the rate or the duty.
_OF_DUTY = (
    r"(?:(?:own|current|existing|average|new|old|high|steep|stiff|latest|additional|extra|further|planned|threatened|"
    r"proposed|ordinary|standard|flat|blanket|punitive|retaliatory|import)\s){0,2}"
)


@cache
def _named() -> tuple[str, dict[str, str]]:
    """Return the pattern of what stands for a government, persons in office among it, and whose each word is."""
    alone = {name: party for name, (party, _) in people()[1].items()}
    # The look ahead spares most places the long list: few of its names begin with a small letter.
    return (
        rf"(?:(?=[A-ZÀ-žȚ]|bloc|member|the U|[ae]l-|de |v[ao]n )(?:{adjective()}|{any_of(alone)}))",
        alone | places().seats | places().adjectives,
    )


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    names = rf"(?P<of>{_named()[0]})"
    owner = rf"(?<![\w])(?:{names}['’]s?|(?P<adjective>{any_of(places().adjectives)}))\s"
    return (
        re.compile(rf"{owner}{_OF_DUTY}$"),
        re.compile(
            rf"{owner}{_OF_DUTY}(?:(?!exports?|goods|imports?|products|cars?|autos?|faces?|pays?)[a-z-]+\s)?"
            rf"{DUTY}\b[^.;,%]{{0,50}}$"
        ),
        re.compile(
            rf"(?<![\w]){names}(?:\s\([^)]*\))?\s{_HELPING}(?P<verb>{_IMPOSES}|has|have)\s"
            rf"(?:(?!\w+ing\b|to\b|from\b|over\b|for\b|on\b|at\b)[\w’'$%.-]+\s){{0,4}}?(?:{DUTY}\b[^,;:]{{0,50}})?$"
        ),
        re.compile(rf"\b(?:imposed|levied|charged|set|collected|applied|put on it|kept)\sby\s(?:the\s)?{names}(?!\w)"),
        re.compile(rf"(?<![\w]){names}(?!\w)"),
    )  # fmt: skip


def charged_by(words: str, start: int, end: int, bound: int, *, sector: bool) -> str | None:
    """Return the government that charges the rate at ``start`` to ``end`` by its words; None where they name none.

    Args:
        words: of the sentence.
        start: of the rate.
        end: of the rate.
        bound: where the words about this duty end.
        sector: whether it is on goods on which the United States charge a duty of their own.
    """
    before_figure, before_duty, subject, by, name = _patterns()
    lead = _lead(words, start)
    before, after = words[lead:start], words[end:bound]
    if found := by.search(after):
        return _party(found)
    if not _OUR_KIND.search(before[-40:] + after):
        ahead = re.match(rf"[\s-]?(?:[\w’'.-]+\s){{0,4}}?{DUTY}\b", after, re.I)
        owner = before_figure.search(before) if ahead else before_duty.search(before)
        if owner and not re.search(r"\b(?:on|against)\s(?:the\s)?$", before[: owner.start()]):
            return _party(owner)
    own = re.search(rf"\b(?:its|their)\s(?:[\w-]+\s){{0,2}}?(?:{DUTY}\b[^.;,%]{{0,50}})?$", before, re.I)
    if own and not re.search(r"\b(?:on|in|of|saw|sees?|got|gets?|had|has|won|secured)\s$", before[: own.start()]):
        # "After that Washington lowered its duty": whose it is was named last.
        owners = list(name.finditer(words, 0, lead + own.start()))
        return _party(owners[-1]) if owners else None
    if found := subject.search(before):
        if found["verb"] in ("has", "have") and (sector or not re.match(r".{0,40}?\bon\b(?!\s(?:its|their)\b)", after)):
            return None
        return _party(found)
    return None


def _party(found: re.Match[str]) -> str:
    given = found.groupdict()
    return _named()[1][given["of"] or given["adjective"]]


def origin(words: str) -> str | None:
    """Return the government whose goods ``words`` behind a duty name ("on goods from Japan")."""
    if _AMERICAN.search(words):
        return "USA"
    of = re.finditer(rf"\b(?:on|from|of|against)\s(?:[a-z-]+\s){{0,3}}?(?P<of>{_named()[0]})(?!\w)(?!['’]s)", words)
    return next((party for found in of if (party := _party(found)) != "USA"), None)


def state_of(
    words: str, start: int, end: int, begin: int, bound: int, since: int, days: Sequence[When], published: date
) -> tuple[State, When | None]:
    """Return the state of the rate at ``start`` to ``end``, and the day from which it holds if it is to come.

    Args:
        words: of the sentence.
        start: of the rate.
        end: of the rate.
        begin: where the words about this duty begin.
        bound: where they end.
        since: where the rate before it ends.
        days: named in the sentence.
        published: the day of publication.
    """
    after = words[end:bound]
    parted = ELSEWHERE.search(after)
    joint = ELSEWHERE.match(words, begin)
    clause = words[begin if joint else 0 : end + parted.start() if parted else len(words)]
    if _SUSPENDED.search(clause) and not _IN_FORCE.search(after):
        return "suspended", None
    lead = _lead(words, start)
    before = words[lead if _TO.search(words[:start]) else max(since, lead) : start]
    day = _starts_on(words, start, end, bound, max(since, lead), days, published)
    if _meant(before, after[: parted.start()] if parted else after) and not _IN_FORCE.search(after):
        return "intended", day
    if day:
        return "to come", day
    here = words[begin:bound]
    past = any(begin <= one.start < bound and one.last <= published for one in days)
    if (_STARTS.search(here) or _FROM_THEN.search(here)) and not past and not _IN_FORCE.search(after):
        return "to come", None
    return "in force", None


def _lead(words: str, start: int) -> int:
    """Return where the thought that leads to a rate begins."""
    breaks = [match.end() for match in _BREAK.finditer(words, 0, start)]
    breaks += [match.start() for match in ELSEWHERE.finditer(words, 0, start)]
    return max(breaks, default=0)


def _starts_on(
    words: str, start: int, end: int, bound: int, since: int, days: Sequence[When], published: date
) -> When | None:
    """Return the day after publication from which a duty holds, as its words say."""
    there = _OF_ONE_THERE.search(words[since:start]) and not _TO.search(words[:start])
    for day in days:
        if day.last <= published or not since <= day.start < bound:
            continue
        if _FROM.search(words[: day.start]):
            return day
        told = words[since : day.start] if day.start > end else words[day.end : bound]
        if there or not (_STARTS.search(told) or _CHANGES.search(told)) or _ELSE_DONE.search(told):
            continue
        if _ON.search(words[: day.start]):
            return day
    return None


def _meant(before: str, after: str) -> bool:
    """Return whether the words round a rate say that it is asked for, planned, promised or threatened."""
    if re.search(r"\bfrom\s$", before):
        return False  # the rate that is to change
    new = bool(_TO.search(before))
    marks = [] if not new and _OF_ONE_THERE.search(before) else list(_MARK.finditer(before))
    if _CALLED.search(before):
        return True
    if marks and marks[-1]["meant"]:
        return new or not _DEFINITE.search(before) or bool(_LAID.search(before, marks[-1].start()))
    ahead = AHEAD.search(after)
    return ahead is not None and not _AT_ITS_END.match(after, ahead.end())
