"""The fields that terms and cases share."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from tradetalks.ground.countries import government
from tradetalks.ground.fields import number
from tradetalks.ground.sectors import sector


def _region(text: Any) -> str:
    return "ROW" if text == "ROW" else government(str(text))


def _sector(text: Any) -> str:
    return sector(str(text)).code


def _sector_or_all(text: Any) -> str:
    return "all" if str(text).casefold() == "all" else _sector(text)


#: ISO3 code of a region, ``EU`` or ``ROW``; any name or code of a country is understood.
Region = Annotated[str, BeforeValidator(_region)]
#: One of the 28 sectors, by code or name.
SectorCode = Annotated[str, BeforeValidator(_sector)]
#: A sector, or ``all`` for every goods sector.
SectorOrAll = Annotated[str, BeforeValidator(_sector_or_all)]
#: A finite number, zero or more.
NotNegative = Annotated[float, BeforeValidator(number), Field(ge=0, allow_inf_nan=False)]
#: A finite number above zero.
Positive = Annotated[float, BeforeValidator(number), Field(gt=0, allow_inf_nan=False)]
