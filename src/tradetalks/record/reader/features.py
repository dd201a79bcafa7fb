"""What the model looks at: the words of a clause, with actors, figures and goods as classes, and what the rules say."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

from tradetalks.record.reader.about import Topic, topics
from tradetalks.record.reader.actor import Actor
from tradetalks.record.reader.acts import Cue, cues
from tradetalks.record.reader.speakers import Voice
from tradetalks.record.reader.tokens import Token, tokens
from tradetalks.record.reader.words import read

#: Duties whose payer decides the issue.
_DUTIES = ("tariffs", "cars", "metals", "market-access")
#: Words that tell of what lies back, of habit, and of what others expect.
_TOLD_AS = {
    "past perfect": re.compile(
        r"\bhad\s(?:\w+ly\s|also\s|already\s|long\s|not\s|never\s)?(?:been\s)?\w+(?:ed|en|t|ade|eld|old|id)\b"
    ),
    "since": re.compile(r"\b(?:already|since|long|previously|earlier|at the time|years? ago|last year|once)\b", re.I),
    "under": re.compile(r"\b(?:under|according to) (?:the|a|an|its|their)\b", re.I),
    "that": re.compile(r"\b(?:which|who|whose|whom)\b", re.I),
    "perhaps": re.compile(r"\b(?:may|might|could|likely|expect\w*|possibl\w+|whether|if|probably|hop\w+)\b", re.I),
    "asks": re.compile(r"\?"),
    "will": re.compile(r"\b(?:will|shall|is to|are to|must)\b|['’]ll\b", re.I),
}  # fmt: skip
_HELPERS = frozenset("have be will would could can may might must should do to not also again now then never".split())  # noqa: SIM905


@cache
def _goods() -> re.Pattern[str]:
    """One pattern of all words that speak of an issue, the longest first."""
    words = {str(word).replace("’", "'") for row in read("goods").values() for word in row}
    pattern = "|".join(
        re.escape(word) + ("s?" if word[-1].isalpha() else "") for word in sorted(words, key=len, reverse=True)
    )
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w])", re.I)


@cache
def _issues_of(word: str) -> tuple[str, ...]:
    """Return the issues that list ``word``, in small letters, or its singular."""
    return tuple(
        issue
        for issue, row in read("goods").items()
        if any(str(one).lower() in (word, word.removesuffix("s")) for one in row)
    )


@dataclass(frozen=True)
class Scene:
    """A clause between two offsets, with the mentions of actors in it and who is said to speak it."""

    text: str
    start: int
    end: int
    mentions: tuple[Actor, ...]
    voices: tuple[Voice, ...]
    part: bool
    """Whether it is one of several clauses of its sentence."""
    before: str = ""
    """The sentences before it."""

    @cached_property
    def tokens(self) -> list[Token]:
        """Its words."""
        return tokens(self.text, self.start, self.end, self.mentions)

    @cached_property
    def topics(self) -> list[Topic]:
        """The issues that the rules find in it, the governing one first."""
        return topics(self.text, self.start, self.end)

    @cached_property
    def named(self) -> list[str]:
        """The issues of which words in the clause speak, once for each word."""
        found = _goods().findall(self.text, self.start, self.end)
        return [issue for word in found for issue in _issues_of(word.lower().replace("’", "'"))]

    @cached_property
    def cues(self) -> list[Cue]:
        """The words that tell a move by the rules."""
        return cues(self.text, self.start, self.end)

    @cached_property
    def plain(self) -> list[Token]:
        """The tokens with each run of words that name an issue as one."""
        found: list[Token] = []
        for one in self.tokens:
            if any(topic.start <= one.start < topic.end for topic in self.topics):
                if found and found[-1].stem == "TOPIC":
                    continue
                one = Token(one.start, one.end, "TOPIC", "TOPIC")
            found.append(one)
        return found


def words(scene: Scene) -> list[Token]:
    """Return the plain words of the clause, of which a table of word vectors can know something."""
    return [one for one in scene.plain if not one.stem.isupper() and one.word.isalpha()]


def act_features(scene: Scene, mover: str, mention: Actor | None = None) -> list[str]:
    """Return the features by which the act of a clause is told.

    Args:
        scene: the clause.
        mover: US where the move is that of the United States, else X.
        mention: the words that name whose move it is.
    """
    stems = ["^", *(one.stem for one in scene.plain), "$"]
    found = [f"{one}" for one in stems[1:-1]]
    found += [f"{one} {other}" for one, other in pairwise(stems)]
    found += [f"{one} _ {other}" for one, other in zip(stems, stems[2:], strict=False)]
    told = [f"cue={cue.act}{'~' if cue.weak else ''}" for cue in scene.cues]
    found += [*told, f"cues={min(3, len(told))}"]
    found += [f"topic={one.issue}" for one in scene.topics]
    issues = len({one for one in scene.named if one != "procedure"} | {one.issue for one in scene.topics})
    found += [f"issues={min(3, issues)}", *(f"issues={min(1, issues)} {one}" for one in told)]
    found.append("voice=" + ",".join(sorted({one.actor.kind for one in scene.voices})))
    kinds = [one.kind + ("US" if one.party == "USA" else "X" if one.party else "") for one in scene.mentions]
    found += [f"has={one}" for one in kinds]
    if not any(one.party for one in scene.mentions):
        found.append("nobody")
    found += [f"mover={mover}", *(f"mover={mover} {one}" for one in told)]
    found += [f"mover={mover} {one}" for one in stems[1:-1]]
    tense = [name for name, pattern in _TOLD_AS.items() if pattern.search(scene.text, scene.start, scene.end)]
    found += [*tense, *(f"{one} {other}" for one in tense for other in told[:1])]
    found += ["opens the text"] if not scene.before.strip() else []
    found += ["part"] if scene.part else []
    found.append(f"long={min(4, len(scene.plain) // 8)}")
    if mention is not None and mention.end == mention.start:
        found += ["mover not named", *(f"mover not named {one}" for one in told)]
    if mention is not None and mention.end > mention.start:
        after = [one.stem for one in scene.plain if one.start >= mention.end]
        verbs = [one for one in after if one not in _HELPERS][:3]
        found += [f"does={one}" for one in verbs] + [f"does={one} {other}" for one, other in pairwise(verbs)]
        found += [f"helps={one}" for one in after[:2] if one in _HELPERS]
        found += [f"first does={one}" for one in verbs[:1]]
        near = [cue.act for cue in scene.cues if 0 <= cue.start - mention.end <= 25 and not cue.weak]
        found += [f"does cue={one}" for one in near[:1]]
        if any(voice.actor.start == mention.start for voice in scene.voices):
            found.append("mover speaks")
    return list(dict.fromkeys(found))


def issue_features(scene: Scene, mover: str) -> list[str]:
    """Return the features by which the issue of a clause is told."""
    stems = ["^", *(one.stem for one in scene.tokens), "$"]
    found = [f"{one}" for one in stems[1:-1]]
    found += [f"{one} {other}" for one, other in pairwise(stems)]
    for n, one in enumerate(scene.topics):
        found += [f"topic={one.issue}", f"topic{min(n, 1)}={one.issue}"]
        if one.issue in _DUTIES:
            found.append(f"mover={mover} topic={one.issue}{'+' if one.others else ''}")
    named = Counter(scene.named)
    found += [f"named={issue}" for issue in named] + [f"named twice={issue}" for issue in named if named[issue] > 1]
    if len(named) == 1:
        found.append(f"only={next(iter(named))}")
    pairs = sorted(one for one in named if one != "procedure")
    found += [f"named={one}+{other}" for n, one in enumerate(pairs) for other in pairs[n + 1 :]]
    found.append(f"topics={min(2, len(scene.topics))}")
    if not named or set(named) <= {"procedure", "tariffs"}:
        earlier = [issue for word in _goods().findall(scene.before) for issue in _issues_of(word.lower())]
        found += [f"before={issue}" for issue in dict.fromkeys(earlier)]
    found.append(f"mover={mover}")
    return list(dict.fromkeys(found))


def mover_features(scene: Scene, one: Actor, how: str, pick: Actor | None) -> list[str]:
    """Return the features by which a candidate, known as ``how``, is told to be who makes the move."""
    named = [other for other in scene.mentions if other.party]
    others = {other.party for other in named} - {one.party}
    picked = ["pick"] if pick is not None and pick.party == one.party else ["pick other"] if pick else ["no pick"]
    if how in ("before", "implied", "home", "text"):
        about = [f"{how} {token.stem}" for token in scene.plain] if how != "before" else []
        pronouns = [f"{how} {other.who}" for other in scene.mentions if other.kind == "pronoun"]
        return [how, f"{how} named={min(2, len(named))}", f"{how} US={'USA' in {x.party for x in named}}",
                *(f"{how} {x}" for x in picked), *pronouns, *dict.fromkeys(about)]  # fmt: skip
    before = [token.stem for token in scene.plain if token.end <= one.start]
    after = [token.stem for token in scene.plain if token.start >= one.end]
    whose = "US" if one.party == "USA" else "X" if one.party else ""
    kind = one.kind + whose
    last, following = (before or ["^"])[-1], [*after, "$", "$"]
    verb = next((token for token in following if token not in _HELPERS), "$")
    same = sum(other.party == one.party for other in scene.mentions)
    found = [
        f"kind={one.kind}", f"kind={kind}", f"last={last}", f"next={following[0]}", f"verb={verb}",
        f"kind={one.kind} last={last}", f"kind={one.kind} next={following[0]}", f"place={min(3, len(before) // 3)}",
        f"us={whose}", f"same={min(3, same)}", f"voices={len(scene.voices)}",
    ]  # fmt: skip
    speaks = [voice for voice in scene.voices if voice.actor.start == one.start]
    if speaks:
        found += ["speaks", f"speaks={speaks[0].trailing}", f"speaks {whose}"]
        found.append(f"speaks others={min(2, len(others))}")
        first = not any(other.start < one.start for other in named)
        found.append(f"speaks={speaks[0].trailing} first={first}")
        found += [f"says cue={cue.act}" for cue in scene.cues[:1] if speaks[0].trailing and first]
    elif any(voice.actor.party == one.party for voice in scene.voices):
        found.append("speaker's")
    elif scene.voices:
        found.append("not the speaker's")
    if scene.text[one.end : one.end + 2] in ("'s", "’s") or scene.text[one.end - 2 : one.end] in ("'s", "’s"):
        found.append("owner")
    rank = sum(other.start < one.start for other in named)
    found.append(f"rank={min(3, rank)}")
    cue = next((cue for cue in scene.cues if not cue.weak), None) or next(iter(scene.cues), None)
    if cue is not None:
        side = "before" if one.end <= cue.start else "after" if one.start >= cue.end else "in"
        between = sum(1 for other in scene.mentions if other.party and min(one.end, cue.end) <= other.start < cue.start)
        found += [
            f"cue={cue.act} {side}",
            f"{side} {min(2, between)}",
            f"cue={cue.act} us={whose}",
            f"cue={cue.act} {side} {whose}",
        ]
    found += [*picked, f"{picked[0]} {kind}", f"others={min(2, len(others))}"]
    if pick is not None and pick.party == one.party and pick.start == one.start:
        found.append("picked")
    return list(dict.fromkeys(found))
