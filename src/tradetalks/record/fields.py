"""The fields that entries and deals share."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator

from tradetalks.ground.countries import EU27, government
from tradetalks.ground.dates import day
from tradetalks.ground.errors import BadInput, did_you_mean
from tradetalks.record.issues import issue, issue_of

#: What a figure can count; a qualifier may follow a comma, as in ``percent, in all``.
UNITS = (
    *("percent", "percentage points", "percent of GDP", "percent of lines"),
    *("USD bn", "USD bn a year", "EUR bn", "EUR bn a year", "JPY bn", "JPY bn a year"),
    *("tonnes", "tonnes a year", "million tonnes", "million tonnes a year", "million litres a year"),
    *("aircraft", "cars", "cars a year", "ships", "days", "years", "lines", "economies"),
)

#: A joint act of two governments.
BOTH = "both"
#: The counterpart of a measure that bears on every country.
ALL = "all"

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def same_side(one: str, other: str) -> bool:
    """Return whether ``one`` speaks for ``other`` or the reverse: the EU for its members."""
    return one == other or (one == "EU" and other in EU27) or (other == "EU" and one in EU27)


def word(what: str, choices: Any) -> BeforeValidator:
    """Return a validator that knows the words of the ``Literal`` type ``choices`` and offers the nearest for others."""
    known = get_args(choices)

    def check(value: Any) -> Any:
        if value is not None and value not in known:
            raise ValueError(f"there is no {what} {value!r}{did_you_mean(str(value), known)}; write {_either(known)}")
        return value

    return BeforeValidator(check)


def _either(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _text(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not text; put it in quotes")
    if not value.strip():
        raise ValueError("must not be empty")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("holds a character that is no text; type it again") from None
    return value


def _day(value: Any) -> datetime.date:
    if not isinstance(value, str | datetime.date) or isinstance(value, datetime.datetime):
        raise ValueError(f"{value!r} is not a date; write YYYY-MM-DD, for example 2025-04-20")
    try:
        return day(value, "")
    except BadInput as error:
        raise ValueError(str(error).removeprefix(": ")) from None


def _asked(question: Callable[[str], Any]) -> Callable[[Any], Any]:
    """Return a validator that asks ``question`` of a word and passes its complaint on."""

    def check(value: Any) -> Any:
        answer = question(_text(value))
        return getattr(answer, "id", answer)

    return check


def _topic(text: str) -> str:
    issue_of(text)
    return text


def _party(text: str) -> str:
    return BOTH if text == BOTH else government(text)


def _counterpart(text: str) -> str:
    if text == ALL:
        return ALL
    return "+".join(sorted(government(one.strip()) for one in text.split("+")))


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise ValueError(f"{text!r} is no id; use letters, digits, dots, dashes and underscores, such as own-1")
    return text


def _unit(text: str) -> str:
    base = text.partition(",")[0].strip()
    if base not in UNITS:
        raise ValueError(
            f"there is no unit {base!r}{did_you_mean(base, UNITS)}; units are {', '.join(UNITS)}; "
            "more may follow a comma"
        )
    return text


def web_address(text: str) -> str:
    """Return ``text`` if it is an address of the web.

    Raises:
        ValueError: it is not.
    """
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
    except ValueError:
        parts, host = urlsplit(""), ""
    if parts.scheme not in {"http", "https"} or "." not in host or re.search(r"[\s\\<>\"]", text):
        raise ValueError(f"{text!r} is not an address of the web; it begins with https:// and holds no blanks")
    return text


Text = Annotated[str, BeforeValidator(_text)]
Id = Annotated[str, BeforeValidator(_text), AfterValidator(_id)]
Day = Annotated[datetime.date, BeforeValidator(_day)]
Unit = Annotated[str, BeforeValidator(_text), AfterValidator(_unit)]
Url = Annotated[str, BeforeValidator(_text), AfterValidator(web_address)]
Government = Annotated[str, BeforeValidator(_asked(government))]
Party = Annotated[str, BeforeValidator(_asked(_party))]
Counterpart = Annotated[str, BeforeValidator(_asked(_counterpart))]
IssueId = Annotated[str, BeforeValidator(_asked(issue))]
Topic = Annotated[str, BeforeValidator(_asked(_topic))]

#: How plainly the source states it.
Confidence = Literal["high", "medium", "low"]
