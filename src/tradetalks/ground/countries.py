"""Countries: ISO 3166-1 codes, plain English names, the codes of the US Census Bureau.

The table is complete (not only the regions of a world). A bloc such as the EU is not a country;
:data:`EU27` lists its members. Kosovo has no ISO code and stands under the usual XKX.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

from tradetalks.ground.errors import BadInput, nearest


@dataclass(frozen=True, slots=True)
class Country:
    """One country or customs territory."""

    iso3: str
    iso2: str
    name: str
    census: tuple[str, ...]
    """Four-digit codes of US trade statistics; empty when Census reports none."""


#: Members of the European Union since 2020-02-01, ISO3 (Treaty on European Union; without the UK).
EU27: tuple[str, ...] = (
    *("AUT", "BEL", "BGR", "CYP", "CZE", "DEU", "DNK", "ESP", "EST", "FIN", "FRA", "GRC", "HRV", "HUN"),
    *("IRL", "ITA", "LTU", "LUX", "LVA", "MLT", "NLD", "POL", "PRT", "ROU", "SVK", "SVN", "SWE"),
)

_BLOCS = {
    "eu": "the EU is a bloc of 27 countries; name one of them, for example DEU (Germany)",
    "european union": "the EU is a bloc of 27 countries; name one of them, for example DEU (Germany)",
    "row": "ROW is the rest of the world, a region of the model; name a country, for example JPN (Japan)",
    "congo": "there are two; write COD (Democratic Republic of the Congo) or COG (Republic of the Congo)",
}


def _fold(text: str) -> str:
    """Return ``text`` without accents, case and surplus blanks, so that Cote d'Ivoire is found."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())


def _load() -> tuple[dict[str, Country], dict[str, Country]]:
    countries: dict[str, Country] = {}
    words: dict[str, Country] = {}
    table = files("tradetalks.ground") / "data" / "countries.csv"
    for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines()):
        one = Country(row["iso3"], row["iso2"], row["name"], tuple(row["census"].split()))
        countries[one.iso3] = one
        aliases = [alias for alias in row["aliases"].split(";") if alias]
        for word in (one.iso3, one.iso2, one.name, *one.census, *aliases):
            words[_fold(word)] = one
    return countries, words


_countries, _words = _load()

#: Every country by ISO3, in alphabetical order of the code.
COUNTRIES: Mapping[str, Country] = MappingProxyType(_countries)


def country(text: str) -> Country:
    """Return the country that ``text`` names: ISO2, ISO3, English name or US Census code.

    Case, accents and surplus blanks do not matter. A few common names are known
    ("UK", "Korea", "Burma").

    Raises:
        BadInput: no such country (with the nearest names), or a bloc.
    """
    word = _fold(text)
    if word in _words:
        return _words[word]
    if word in _BLOCS:
        raise BadInput(f"{text!r} is not a country: {_BLOCS[word]}")
    if not word:
        raise BadInput("country: a name or a code is needed, for example JP, JPN or Japan")
    near = dict.fromkeys(_words[hit].iso3 for hit in nearest(word[:60], _words))
    names = " or ".join(f"{iso3} ({_countries[iso3].name})" for iso3 in near)
    raise BadInput(f"no country {text[:60]!r}" + (f"; did you mean {names}?" if names else ""))


def government(text: str) -> str:
    """Return the code of a government that can be a party to talks: ISO3, or ``EU``.

    Raises:
        BadInput: there is no such country.
    """
    return "EU" if _fold(text) in {"eu", "european union"} else country(text).iso3
