"""What trade talks are about: a short list of issues, each with the day from which it was public."""

from __future__ import annotations

import datetime
from functools import lru_cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.ground.files import parse_yaml


class Issue(BaseModel):
    """One thing that a party may want."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    id: str
    title: str
    definition: str
    terms: tuple[str, ...]
    """Kinds of terms that can settle it; empty where none can."""
    unpriced: str | None = None
    """Why no kind of term settles it."""
    since: datetime.date | None
    """The earliest day on which it is cited as public in a trade negotiation; ``None``: never listed."""
    citation: str | None
    """``record:ID``, an entry of the shipped record, or an address."""
    topics: dict[str, str]
    """The finer words that entries use, and what they mean."""


@lru_cache
def _all() -> dict[str, Issue]:
    text = (files("tradetalks.record") / "data" / "issues.yaml").read_text(encoding="utf-8")
    return {entry["id"]: Issue.model_validate(entry) for entry in parse_yaml(text, "issues.yaml")}


@lru_cache
def _issue_of_topic() -> dict[str, str]:
    return {topic: issue.id for issue in _all().values() for topic in issue.topics}


def issues(as_of: datetime.date | str | None = None) -> tuple[Issue, ...]:
    """Return the issues that were public in a trade negotiation by ``as_of`` (all when ``None``), in their own order.

    Raises:
        BadInput: ``as_of`` is not a date.
    """
    if as_of is None:
        return tuple(_all().values())
    through = day(as_of, "as_of")
    return tuple(issue for issue in _all().values() if issue.since is not None and issue.since <= through)


def issue(name: str) -> Issue:
    """Return the issue ``name``.

    Raises:
        BadInput: there is no such issue; where ``name`` is a topic, the issue it belongs to is named.
    """
    if name in _all():
        return _all()[name]
    if name in _issue_of_topic():
        raise BadInput(f"{name} is a topic of the issue {_issue_of_topic()[name]}; write that issue, and topic: {name}")
    raise BadInput(f"there is no issue {name!r}{did_you_mean(name, _all())}; issues are {', '.join(_all())}")


def issue_of(topic: str) -> str:
    """Return the id of the issue that ``topic`` belongs to.

    Raises:
        BadInput: there is no such topic.
    """
    if topic in _issue_of_topic():
        return _issue_of_topic()[topic]
    raise BadInput(f"there is no topic {topic!r}{did_you_mean(topic, _issue_of_topic())}")
