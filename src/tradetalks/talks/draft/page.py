"""The two files of a new case as people read them: YAML with its reasons beside it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping

from tradetalks.record.append import HEAD
from tradetalks.talks.draft.asked import COUNTRY_RATE, without_term
from tradetalks.talks.draft.draft import Draft
from tradetalks.talks.draft.proposal import Proposal, name_of

WIDTH = 116


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
    """Return ``record.yaml``: no entries of its own yet, and which of the shipped ones are under it."""
    shown = draft.entries[-40:]
    lines = [
        HEAD.rstrip(),
        *_comment(
            f"Under it lies the shipped record: {len(draft.entries)} entries on the two (or on all) were public on "
            f"{draft.as_of}{'' if len(shown) == len(draft.entries) else f', of which the last {len(shown)}'}:"
            if draft.entries
            else "The shipped record holds nothing on these two by then."
        ),
        *(
            line
            for entry in shown
            for line in _comment(
                f"{entry.known_from} {entry.party} {entry.act} ({entry.issue}) {entry.position} [{entry.id}]"
            )
        ),
        "[]",
    ]
    return "\n".join(lines) + "\n"


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
