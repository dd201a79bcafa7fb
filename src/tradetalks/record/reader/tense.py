"""Whether a clause speaks of what is to come or of what has been: what decides which Friday is meant."""

from __future__ import annotations

import re

#: Nouns look like verbs: not after an article or a preposition.
_NO_NOUN = (
    r"(?<!\bthe )(?<!\ban )(?<!\ba )(?<!\bof )(?<!\bin )(?<!\bits )(?<!\btheir )(?<!\bhis )(?<!\bher )(?<!\bfor )"
)
#: Verbs that in the present tense tell of a day to come ("meets on Friday"); without their s after a plural.
_VERBS = (
    "meet|leave|arrive|open|resume|travel|come|begin|start|end|expire|lapse|follow|sail|speak|sit|dine|decide|sign|"
    "return|present|convene|close|reopen|launch|double|rise|fall|drop|stop|get|receive|take|enter|hold|join|chair|"
    "continue|testif|appl|hear|answer|appear|land|depart|head|conclude|address|become|submit|host|publish|fl|go|reach|"
    "run|release|stand|gather|face|lose|await|send|bring|pay|lift|reconvene|kick"
)
_S = "|".join(f"{verb}{'ies' if verb in ('testif', 'appl', 'fl') else '(?:e?s)'}" for verb in _VERBS.split("|"))
_PLAIN = "|".join(f"{verb}{'y' if verb in ('testif', 'appl', 'fl') else ''}" for verb in _VERBS.split("|"))
#: These are no nouns whatever stands before them.
_ONLY = "meet|begin|arrive|decide|resume|dine|speak|convene|submit|continue|expire|depart|go|come"
_SAYS = "say|comment|confirm|deny|utter|answer|discuss|speculate|elaborate|disclose|reveal|admit|concede"
#: Before a verb without s: a plural, which "his", "is" and "China's" are not.
_PLURAL = r"(?<=s )(?<!\b[ai]s )(?<!\b(?:hi|it|wa|ha)s )(?<!\bthis )(?<!['’]s )"
#: Past forms without an -ed.
_PAST = (
    "was|were|had|did|said|told|wrote|met|spoke|held|struck|went|came|fell|rose|began|sent|made|took|gave|won|lost|cut|"
    "put|got|kept|laid|left|brought|heard|became|ran|sat|saw|set out|stood|thought|bought|sold|swore|threw|drew|broke|"
    "flew|found|hit|led|let|paid|read|rang|built|grew|knew|shook|showed|withdrew|undertook|shut|slid|sank|overcame|"
    "sought|hung|felt|dealt|caught|spent|swung|beat|broken|taken|given|written|spoken|chosen|drawn|gone|"
    "has been|have been|says|tells|writes|statement|announcement"
)
#: What the clause of a weekday speaks of: what is to come (ahead), what has been (past, told), or what was meant to
#: come by who spoke before (meant: ahead if the day stands behind it). Longer forms come first.
_CUE = re.compile(
    rf"(?P<past>\b(?:would|could|might) (?:not |neither |only |never )?(?:{_SAYS})\b"
    r"|\bwould neither\b|\b(?:did(?: not|n['’]t)?|could not) \w+"
    r"|\b(?:has|have) (?!to\b|an?\b|the\b|his\b|her\b|its\b|their\b)\w+"
    r"|\b(?:would|could|should|might|may) have \w+"
    r"|\b(?:was|were) (?:being )?(?!to\b|due\b|set\b|expected\b)\w+ed\b"
    r"|\b(?:failed|refused|declined|managed|used|began|continued|came|went|returned|helped|had) to \w+)"
    r"|(?P<ahead>\b(?:will|would|shall|may|might|could|should|is to|are to|was to|were to|to|not|cannot|can)\s"
    r"(?:not\s|also\s|then\s|\w+ly\s)?(?:be|have been)\s(?:\w+ly\s)?\w+"
    r"|\b(?:will|would(?! not)|shall|may|might|cannot|must|if|unless|once the)\b|['’]ll\b"
    r"|\b(?:is|are|was|were) to\b|\b(?<!fell )(?<!falls )(?<!fall )due\b"
    r"|\b(?:set (?:to|for)|scheduled|plans? to|planned|planning|expected|pencilled in|ahead of|deadline|later this week"
    r"|takes? effect|starting|beginning|(?:next|coming) (?:week|month)|ready to|willing to|hopes? to|wants? to|wish"
    r"|(?:intends?|prepares?|aims?) to|prolonged|extended|run into)\b"
    r"|\b(?:is|are|am|(?:he|she|it|that|we|they|there)['’](?:s|re)) (?:also |now |still |not )?"
    r"(?:\w+ing|on|off|back|up|out|in \w+|next)\b"
    r"|\b(?:has|have) (?:an?|the|his|her|its|their)\b"
    rf"|{_NO_NOUN}\b(?:{_S})\b|{_PLURAL}(?:{_PLAIN})\b(?! (?:of|by)\b)|\b(?:{_ONLY})\b"
    r"|(?-i:\b[A-Z][\w’']+ (?:reports|votes|visits))\b)"
    r"|(?P<meant>\b(?:promised|agreed|vowed|invited|summoned|undertook|pledged|threatened|planned|offered) to\b"
    r"|\bwould not\b)"
    rf"|(?P<told>\b(?:{_PAST}|(?!need|speed|feed|indeed|red\b|bed\b|shed\b)[a-z]+ed)\b)",
    re.I,
)
#: Before a day that opens a clause: what follows tells its tense ("..., and on Wednesday the ministry made").
_OPENS = re.compile(r",\s(?:and |but |while |then )?(?:late |early )?(?:on )?$", re.I)
#: Not the point of "U.S." or "Mr.".
NOT_SHORT = r"(?<!\b[A-Z])(?<!\bM[rs])(?<!\bDr)(?<!Mrs)"
CLAUSE = re.compile(rf"{NOT_SHORT}[.](?=\s)|[;:!?\"”“\n]|\b(?:that|which|who|because|whose)\b")


def tense(text: str, start: int, end: int | None = None) -> int:
    """Return 1 where the clause around two offsets speaks of what is to come, -1 for what has been, 0 if neither.

    The last cue before the first offset decides; without one, or where the offsets open a clause, the first behind the
    second one. "They vowed on Monday to" has been, "they vowed to do so on Monday" is to come.
    """
    before = CLAUSE.split(text[max(0, start - 200) : start])[-1]
    last = None
    for last in _CUE.finditer(before):  # noqa: B007 - the last one
        pass
    first = None if end is None else _CUE.search(CLAUSE.split(text[end : end + 160])[0])
    if first and (last is None or _OPENS.search(before)):
        return 1 if first["ahead"] else -1
    return 0 if last is None else 1 if last["ahead"] or last["meant"] else -1
