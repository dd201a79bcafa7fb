"""The two files of a new case as people read them: YAML with its reasons beside it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence

from tradetalks.record.append import HEAD
from tradetalks.record.entry import Entry
from tradetalks.record.ledger import ledger
from tradetalks.talks.draft.asked import COUNTRY_RATE, without_term
from tradetalks.talks.draft.draft import Draft
from tradetalks.talks.draft.proposal import Proposal, name_of

WIDTH = 116
#: Entries of the shipped record that are named, the last ones.
LAST = 40


def case_text(draft: Draft, name: str) -> str:
    """Return ``case.yaml`` of ``draft`` under ``name``."""
    one, other = draft.parties
    lines = [
        *_comment(
            f"{name_of(one, start=True)} and {name_of(other)} as data had them on {draft.as_of}, drawn up by "
            "`tradetalks new` for you to edit: strike what nobody asks, size what is marked illustrative, add what the "
            "data cannot know. docs/cases.md explains the fields, docs/terms.md the kinds of terms."
        ),
        "# Sources: law: a legal citation; record:ID an entry of the record (tradetalks record list);",
        "# world: the world table or the tariff tables (docs/world.md). `size: illustrative`: nobody named the figure.",
        *(line for limit in draft.limits for line in _comment(f"Limit: {limit}")),
        "schema: 1",
        f"name: {_quoted(name)}",
        f"title: {_quoted(f'{name_of(one, start=True)} and {name_of(other)}, {draft.as_of.day} {draft.as_of:%B %Y}')}",
        f"parties: [{one}, {other}]",
        f"seat: {draft.seat}  # whose brief it is",
        f"as_of: {draft.as_of}  # law and record are those known on this day",
        *_comment(draft.deadline_why),
        f"deadline: {draft.deadline}",
        f"seed: {draft.as_of:%Y%m%d}",
        "marking: Illustrative - open data only",
        "",
        *_clock(draft),
        "no_deal:",
        *_indented(_no_deal(draft), "  # "),
        f"  - {{outcome: {draft.outcome}, probability: 1.0}}",
        "",
    ]
    lines += ["terms:", *(line for term in draft.terms for line in _term(term))] if draft.terms else ["terms: []"]
    raised = without_term(draft.parties, draft.entries)
    if raised:
        lines += ["  # Raised by then, and no kind of term can price it:"]
        lines += [f"  # {issue}: {', '.join(f'record:{one}' for one in ids[-6:])}" for issue, ids in raised.items()]
    lines.append("")
    if draft.packages:
        first = next(iter(draft.packages))
        lines += [f"package: {first}  # valued when none is named", "", "packages:"]
        for key, (title, terms) in draft.packages.items():
            lines += [f"  - id: {key}", f"    title: {_quoted(title)}"]
            lines += textwrap.wrap(
                f"terms: [{', '.join(terms)}]",
                WIDTH,
                initial_indent="    ",
                subsequent_indent="      ",
                break_long_words=False,
                break_on_hyphens=False,
            )
    return "\n".join(lines) + "\n"


def record_text(draft: Draft) -> str:
    """Return ``record.yaml``: no entries of its own yet, and which of the shipped ones are under it.

    First those that the Record page and ``tradetalks record list`` show, then what else the draft read.
    """
    under = ledger(draft.as_of, None, draft.parties)
    there = f"Under it lies the shipped record: {_entries(len(under))} on the two, public on {draft.as_of}"
    listed = {entry.id for entry in under}
    beside = [entry for entry in draft.entries if entry.id not in listed]
    lines = [
        HEAD.rstrip(),
        *(_shown(there, under) if under else _comment("The shipped record holds nothing on these two by then.")),
    ]
    if beside:
        what = f"Read for the terms as well, and listed by tradetalks record list --facts: {_entries(len(beside))}"
        lines += _shown(f"{what} on measures and on all countries", beside)
    return "\n".join([*lines, "[]"]) + "\n"


def _shown(title: str, entries: Sequence[Entry]) -> list[str]:
    last = entries[-LAST:]
    lines = _comment(f"{title}{'' if len(last) == len(entries) else f', of which the last {len(last)}'}:")
    for entry in last:
        lines += _comment(f"{entry.known_from} {entry.party} {entry.act} ({entry.issue}) {entry.position} [{entry.id}]")
    return lines


def _entries(number: int) -> str:
    return f"{number} {'entry' if number == 1 else 'entries'}"


def _clock(draft: Draft) -> list[str]:
    if not draft.dates:
        return []
    lines = ["# What the US law known on that day does by itself later:"]
    for when, events, points in draft.dates[:8]:
        names = ", ".join(dict.fromkeys(event.measure for event in events))
        lines += _comment(f"{when}: {names} ({points:+.2f} points of the average duty)")
    return lines


def _no_deal(draft: Draft) -> list[str]:
    said = (
        "By the law as written. Give extension or escalation a probability to see what it changes."
        if draft.outcome == "snap-back"
        else "No duty between the two moves by the deadline: no deal is today's world going on."
    )
    threats = [
        entry
        for entry in draft.entries
        if entry.act == "threat"
        and entry.party == "USA"
        and entry.issue == "tariffs"
        and (entry.unit or "").startswith("percent")
        and entry.known_from > draft.signed
    ]
    lines = [said]
    if threats:
        last = threats[-1]
        exporter = draft.parties[1] if draft.parties[0] == "USA" else draft.parties[0]
        there = any(term.slot == COUNTRY_RATE for term in draft.terms)
        on = f"measure: {COUNTRY_RATE}, rate:" if there else "sector: all, add:"
        lines += textwrap.wrap(
            f"A threat is no law: {last.known_from}, {last.who}: {last.position} (record:{last.id}). To weigh it, give "
            "it its probability, here and above:",
            WIDTH - 4,
        )
        lines.append(
            f"- {{outcome: threat, probability: 0.5, terms: [{{tariff: {{importer: USA, exporter: {exporter}, "
            f"{on} {last.amount:g}}}}}]}}"
        )
    return lines


def _term(term: Proposal) -> list[str]:
    lines = [
        f"  - id: {term.id}",
        f"    title: {_quoted(term.title)}",
        f"    {term.kind}: {_flow(term.body)}",
        *_folded("source", term.source),
    ]
    if term.illustrative:
        lines.append("    size: illustrative")
    return [*lines, *_folded("note", term.note)]


def _flow(body: Mapping[str, object]) -> str:
    return "{" + ", ".join(f"{key}: {_plain(value)}" for key, value in body.items()) + "}"


def _plain(value: object) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _folded(key: str, text: str) -> list[str]:
    return [f"    {key}: >-", *_indented(textwrap.wrap(text, WIDTH - 6, break_on_hyphens=False), "      ")]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _comment(text: str) -> list[str]:
    return _indented(textwrap.wrap(text, WIDTH - 2, break_on_hyphens=False), "# ")


def _indented(lines: list[str], by: str) -> list[str]:
    return [by + line for line in lines]
