"""The 28 sectors: 27 of goods and mining as in OECD's Inter-Country Input-Output tables, and services.

Codes are those of ISIC revision 4 as the ICIO tables group them; names are plain English. A common
word such as "cars" is no name of a sector (it would silently stand for buses and parts too), but
the error proposes the sector that holds it.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from tradetalks.ground.errors import BadInput


@dataclass(frozen=True, slots=True)
class Sector:
    """One sector of the world table."""

    code: str
    name: str
    goods: bool
    """True where customs lines can fall in the sector; false for services, mining support included."""


#: The sectors in the order of the world table.
SECTORS: tuple[Sector, ...] = (
    Sector("A01", "crops and livestock", True),
    Sector("A02", "forestry", True),
    Sector("A03", "fishing and aquaculture", True),
    Sector("B05", "coal", True),
    Sector("B06", "crude oil and natural gas", True),
    Sector("B07", "metal ores", True),
    Sector("B08", "stone, salt and other minerals", True),
    Sector("B09", "mining support services", False),
    Sector("C10T12", "food, drink and tobacco", True),
    Sector("C13T15", "textiles, clothing and leather", True),
    Sector("C16", "wood products", True),
    Sector("C17_18", "paper and printing", True),
    Sector("C19", "refined petroleum and coke", True),
    Sector("C20", "chemicals", True),
    Sector("C21", "pharmaceuticals", True),
    Sector("C22", "rubber and plastics", True),
    Sector("C23", "glass, cement and ceramics", True),
    Sector("C24A", "iron and steel", True),
    Sector("C24B", "non-ferrous metals", True),
    Sector("C25", "metal products", True),
    Sector("C26", "computers and electronics", True),
    Sector("C27", "electrical equipment", True),
    Sector("C28", "machinery", True),
    Sector("C29", "motor vehicles", True),
    Sector("C301", "ships and boats", True),
    Sector("C302T309", "aircraft, trains and motorcycles", True),
    Sector("C31T33", "furniture and other manufacturing", True),
    Sector("SERV", "services", False),
)

#: The sectors by code.
BY_CODE: dict[str, Sector] = {sector.code: sector for sector in SECTORS}

#: Words people use for goods of a sector. They are proposed in errors, never matched.
WORDS: dict[str, str] = {
    "A01": "agriculture farming farm crops livestock grain wheat corn maize rice soybeans soya fruit "
    "vegetables cattle coffee cotton nuts flowers seeds",
    "A02": "forestry logs timber forest",
    "A03": "fish fishing fisheries seafood tuna salmon aquaculture",
    "B05": "coal lignite",
    "B06": "oil crude petroleum gas lng energy",
    "B07": "ore ores mining uranium",
    "B08": "stone salt sand minerals diamonds quarrying gravel phosphate potash",
    "B09": "drilling",
    "C10T12": "food beef meat pork poultry dairy cheese sugar beverages drinks wine beer whisky spirits "
    "tobacco cigarettes flour rice seafood",
    "C13T15": "textiles clothing clothes apparel garments leather shoes footwear fabrics bags",
    "C16": "wood lumber plywood timber",
    "C17_18": "paper pulp printing books newspapers paperboard",
    "C19": "petrol gasoline diesel fuel fuels refining kerosene coke petroleum lpg propane",
    "C20": "chemicals fertiliser fertilizer resins paint cosmetics ethanol hydrogen soap",
    "C21": "pharma pharmaceuticals drugs medicines medicine vaccines",
    "C22": "plastics plastic rubber tyres tires",
    "C23": "glass cement ceramics tiles bricks pottery",
    "C24A": "steel iron metals",
    "C24B": "aluminium aluminum copper nickel zinc gold silver metals",
    "C25": "tools weapons arms screws cutlery bolts ammunition metalware",
    "C26": "semiconductors chips computers electronics phones smartphones laptops televisions watches optics cameras",
    "C27": "batteries appliances cables motors transformers lighting electrical",
    "C28": "machinery machines engines turbines robots tractors machine-tools pumps bulldozers excavators",
    "C29": "cars car autos auto automobiles automobile vehicles trucks truck lorries buses trailers "
    "automotive suvs pickups parts",
    "C301": "ships ship boats shipbuilding vessels yachts submarines",
    "C302T309": "aircraft aeroplanes airplanes planes aerospace trains rail railway motorcycles motorbikes "
    "bicycles helicopters spacecraft missiles satellites",
    "C31T33": "furniture toys jewellery jewelry sports instruments musical repair mattresses",
    "SERV": "services finance banking tourism software transport construction electricity insurance shipping",
}

_exact = {word.casefold(): one for one in SECTORS for word in (one.code, one.name)}


def _proposals(word: str) -> list[str]:
    """Return the codes to propose for an unknown ``word``: its goods, its prefix, its parts, its look."""
    index: dict[str, list[str]] = {}
    for one in SECTORS:
        for known in (one.code.casefold(), one.name, *WORDS[one.code].split()):
            index.setdefault(known.replace("-", " "), []).append(one.code)
    codes = (
        index.get(word)
        or [one.code for one in SECTORS if one.code.casefold().startswith(word)]
        or [code for part in word.split() for code in index.get(part, [])]
        or [code for near in get_close_matches(word, index, cutoff=0.7) for code in index[near]]
    )
    return list(dict.fromkeys(codes))[:3]


def sector(text: str) -> Sector:
    """Return the sector whose code or name is ``text`` (case-insensitive).

    Raises:
        BadInput: no such sector; a common word such as "cars" is answered with the sector that holds it.
    """
    word = " ".join(text.casefold().split())
    if word in _exact:
        return _exact[word]
    if not word:
        raise BadInput("sector: a code or a name is needed, for example C29 (motor vehicles)")
    names = " or ".join(f"{code} ({BY_CODE[code].name})" for code in _proposals(word[:60].replace("-", " ")))
    raise BadInput(f"no sector {text[:60]!r} in icio-2022" + (f"; did you mean {names}?" if names else ""))
