"""Figures named in a text: percentages, money, and counts of goods."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_UNITS += ["thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: float(number) for number, word in enumerate(_UNITS)}
_WORDS |= {word: 10.0 * number for number, word in enumerate(_TENS, start=2)}
_WORDS |= {f"{ten}-{one}": _WORDS[ten] + _WORDS[one] for ten in _TENS for one in _UNITS[1:10]}
_BELOW = "|".join(sorted(_WORDS, key=len, reverse=True))
_PARTS = {"half": 0.5, "quarter": 0.25}
_OTHERS = {"a": 1.0, "an": 1.0, "half a": 0.5, "half an": 0.5, "a quarter of a": 0.25, "three quarters of a": 0.75}
#: "Forty", "six hundred", "a hundred and fifty", "three and a half", "a quarter of a", "a dozen". Hundreds are taken
#: whole (an atomic group), since "a hundred and fifty" is no range.
_HUNDREDS = rf"(?>(?:(?:an?|{_BELOW})\s)?hundred(?:\s(?:and\s)?(?:{_BELOW}))?)"
_IN_WORDS = (
    rf"(?:{_HUNDREDS}|three\squarters\sof\sa|(?:{_BELOW}|an?)\sdozen|(?:{_BELOW})\spoint\s(?:{_BELOW})|"
    rf"(?:{_BELOW})(?:\sand\sa\s(?:half|quarter))?|half\san?|a\squarter\sof\san?|an?)"
)
_N = (
    rf"(?:\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?(?:\sand\sa\s(?:half|quarter))?|"
    rf"\b(?i:{_IN_WORDS})(?!\w|-(?!(?:per|million|billion|trillion)\b|percent)\w))"
)
_FIGURE = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_SCALES = {"thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9, "b": 1e9}
_SCALES |= {"trillion": 1e12, "tn": 1e12, "tr": 1e12, "t": 1e12}
_SCALES |= {"lakh": 1e5, "crore": 1e7, "lakh crore": 1e12}
_SCALE = r"(?:thousand|million|billion|trillion|mn|bn|tn|lakh\scrore|lakh|crore)"
_SIGN_SCALE = r"(?:thousand|million|billion|trillion|mn|bn|tn|lakh\scrore|lakh|crore|k|m|b|t)"
_SIGNS = {
    "US$": "USD", "U.S.$": "USD", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW", "₹": "INR",
    "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "S$": "SGD", "HK$": "HKD", "NT$": "TWD",
    "R$": "BRL", "Rs": "INR", "Rs.": "INR", "RM": "MYR", "₱": "PHP", "฿": "THB", "CAD": "CAD", "AUD": "AUD",
    "NZD": "NZD",    "SGD": "SGD", "THB": "THB", "MYR": "MYR", "BRL": "BRL", "MXN": "MXN", "TWD": "TWD",
    "IDR": "IDR", "VND": "VND", "₽": "RUB", "₺": "TRY", "₫": "VND", "₪": "ILS", "₴": "UAH",
    "USD": "USD", "EUR": "EUR", "JPY": "JPY", "CHF": "CHF", "GBP": "GBP", "CNY": "CNY", "KRW": "KRW", "INR": "INR",
}  # fmt: skip
_SIGN = "|".join(sorted(map(re.escape, _SIGNS), key=len, reverse=True))
_CURRENCIES = {
    r"(?:U\.?S\.? |American )?dollars?|USD": "USD", r"euros?|EUR": "EUR", r"yen|JPY": "JPY",
    r"(?:Swiss )?francs?|CHF": "CHF",
    r"pounds?(?: sterling)?|GBP": "GBP", r"won|KRW": "KRW", r"yuan|renminbi|RMB|CNY": "CNY",
    r"(?:Indian )?rupees?|INR": "INR",
    r"Canadian dollars?|CAD": "CAD", r"New Zealand dollars?|NZD": "NZD", r"Australian dollars?|AUD": "AUD",
    r"Singapore dollars?|SGD": "SGD", r"Hong Kong dollars?|HKD": "HKD", r"shekels?|ILS": "ILS",
    r"dirhams?|AED": "AED", r"(?:Saudi )?riyals?|SAR": "SAR",
    r"baht|THB": "THB", r"ringgit|MYR": "MYR",
    r"rupiah|IDR": "IDR", r"dong|VND": "VND", r"pesos?": "MXN", r"reais|BRL": "BRL", r"rand": "ZAR",
    r"Danish kroner|DKK": "DKK",
    r"(?:Swedish )?kronor|SEK": "SEK", r"(?:Norwegian )?kroner|NOK": "NOK", r"zloty|PLN": "PLN",
    r"Philippine pesos|PHP": "PHP", r"Argentine pesos|ARS": "ARS", r"(?:Turkish )?liras?": "TRY",
    r"Pakistani rupees|PKR": "PKR",
    r"(?:New )?Taiwan dollars?|TWD": "TWD",
}  # fmt: skip
_CURRENCY = "|".join(
    rf"(?P<{code.lower()}>{words})" for words, code in sorted(_CURRENCIES.items(), key=lambda x: -len(x[0]))
)
#: Words between a number and the goods it counts: "wide-body", "U.S.", but not "15 on cars", "47 kinds of chips",
#: "a further two frigates", "four of eleven ships".
_KIND = (
    rf"(?:(?!(?:{_BELOW}|every|the|on|of|in|for|to|from|at|per|by|with|and|or|is|are|was|were|finding|build|kinds?|types?|percent)\b)"
    r"(?:\w[\w-]*|U\.S\.) )"
)
_GOODS = {
    rf"{_KIND}{{0,2}}?(?:aircraft|airplanes?|aeroplanes?|planes|jets|jetliners|airliners|helicopters|777s?|787s?|"
    r"737s?|fighters|F-\d\ds?|Boeings|Airbuses|Dreamliners|Typhoons|Rafales|Gripens)": "aircraft",
    r"(?:metric )?(?:tonnes|tons)": "tonnes",
    rf"{_KIND}{{0,2}}?(?:cars|vehicles|automobiles|pickups)": "cars",
    rf"{_KIND}{{0,2}}?trucks": "trucks",
    rf"{_KIND}{{0,2}}?tankers": "tankers",
    rf"{_KIND}{{0,2}}?frigates": "frigates",
    rf"{_KIND}{{0,2}}?submarines": "submarines",
    rf"{_KIND}{{0,2}}?locomotives": "locomotives",
    rf"{_KIND}{{0,2}}?reactors": "reactors",
    rf"{_KIND}?cargoes": "cargoes",
    r"bottles": "bottles",
    r"gigajoules": "gigajoules",
    rf"{_KIND}{{0,2}}?(?:ships|vessels|icebreakers|warships|carriers|cutters)": "ships",
    rf"{_KIND}?tanks": "tanks",
    rf"{_KIND}?(?:jet |aircraft )?engines": "engines",
    rf"{_KIND}{{0,2}}?(?:chips|processors|GPUs)": "chips",
    r"petajoules": "petajoules",
    r"barrels": "barrels",
    r"lit(?:er|re)s": "litres",
    r"cubic (?:metres|meters)": "cubic metres",
    r"bushels": "bushels",
}
_COUNTED = "|".join(rf"(?P<{unit.replace(' ', '_')}>{words})" for words, unit in _GOODS.items())
_JOIN = r"(?:\s?(?:-|–|—)\s?|\s(?:to|and|or)\s)"
_YEARLY = re.compile(r"(?:\s+\w+){0,2}?\s+(?:a year|per year|annually|each year|every year|yearly)\b", re.I)

#: Sums below this, in billions, are prices, fines and fees.
SMALLEST = 0.001
#: What follows the price of one of something, which is no amount.
_EACH = re.compile(
    r"[\s-](?:an?|per|each)[\s-](?:ounce|barrel|tonne|ton|share|lit(?:er|re)|gallon|"
    r"bushel|kilo\w*|unit|pound|car|head|hour)\b",
    re.I,
)
_PERCENT = re.compile(
    rf"(?<![\w.,$])(?:(?P<low>{_N})\s?(?:%|percent|per cent)?{_JOIN})?(?P<n>{_N})(?:\s?%|"
    rf"[\s-]?(?P<points>percentage[ -]points?)|[\s-]?(?:percent(?!age)|per[\s-]+cent|"
    rf"pct)\b)",
    re.I,
)
#: "19 percent instead of 32", "75 percent at once and to 40 over ten years": a rate beside one that says percent.
_ENDS = (
    r"(?![.,:]?\d)(?=[.,;:!?)\]\"”’]|\s(?:at|over|by|before|after|and|in|on|but|for|when|as|according|that|which|if|announced|until|"
    r"immediately|now|once|last|next)\b|$)"
)
_BESIDE = re.compile(
    rf"(?<!\d\s)(?<!votes )\b(?:(?:instead of|in place of|rather than|(?:down|up) (?:from|to)|not|than|against|below|"
    rf"above|at|from|to|replac(?:es|ed|ing)|beats?|got|gets?|pays?|paid|paying|announced|"
    rf"had said|has said|made it|became|(?<=percent )or)\s)"
    rf"(?:the\s|about\s|around\s|some\s|roughly\s|anything below\s)?(?P<n>{_N})(?:\sto\s(?P<to>{_N}))?{_ENDS}",
    re.I,
)
#: A number above it beside a rate is no rate that anybody charges, in percent.
HIGHEST = 250
_SENTENCE = re.compile(r"(?:[^.!?]|[.](?=\d))+")
#: Rates of exchange and prices stand beside rates too.
_QUOTED = re.compile(
    r"\b(?:pesos?|dollars?|yuan|francs?|euros?|sterling|pounds?|yen|rupees?|won|baht|ringgit|real|rand|lira|index|quoted|traded|votes?|"
    r"o'clock|aged|gate|points|tonnes|tons)\b",
    re.I,
)
_SIGNED = re.compile(
    rf"(?<![\w])(?P<sign>{_SIGN})\s?(?:(?P<low>{_FIGURE})(?:[\s-]?(?P<lowscale>{_SIGN_SCALE})\b)?"
    rf"{_JOIN}(?P<second>{_SIGN})?\s?)?(?P<n>{_FIGURE})(?:[\s-]?(?P<scale>{_SIGN_SCALE})\b)?"
)
#: Another sum than the first: "and 3 trillion yen", "to 7 billion €".
_OTHER_SUM = re.compile(rf"[\s-]?(?:of\s+)?(?:(?:{_CURRENCY})\b|[€£¥₩₹₽₺₫₪₴$](?!\s?\d))")
#: "5 billion €": the sign behind the sum.
_SIGN_BEHIND = re.compile(
    rf"(?<![\w.,$€£¥₩₹])(?P<n>{_FIGURE})(?:[\s-]?(?P<scale>{_SCALE}))?\s?(?P<sign>[€£¥₩₹₽₺₫₪₴$])(?!\s?\d)"
)
_NAMED = re.compile(
    rf"(?<![\w.,$€£¥])(?:(?P<low>{_N})(?:[\s-]?(?P<lowscale>{_SCALE}))?{_JOIN})?(?P<n>{_N})(?:[\s-]?(?P<scale>{_SCALE}))?[\s-](?:of\s+)?(?:{_CURRENCY})\b"
)
#: "The other 150 billion", "a trillion": a sum in the currency that the text names before or after, else in dollars.
_BARE = re.compile(
    rf"(?<![\w.,$€£¥\u20a0-\u20cf\ufffd¬-])(?P<n>{_N})\s(?P<scale>billion|trillion|bn|tn)\b(?![-\s](?:people|users|consumers|citizens|"
    r"viewers|voters|workers|inhabitants|pounds|lit|cubic|barrel|tonne|ton|bushel|years|chip|share|mile|kilo)|(?-i:\s[A-Z]\w+s\b))",
    re.I,
)
#: More of what the sentence counted before: "seven more", "instead of the forty-five on order", "of which 77.7 are".
_CARRIED = re.compile(
    rf"(?:\b(?P<more>{_N})(?:\s(?P<morescale>{_SCALE}))?\s(?:more|others|new ones)\b"
    rf"|\b(?:instead of|rather than|of which|no more than|at most|(?:ceiling|cap|limit) of|wanted|asked for)\s"
    rf"(?:the\s)?(?P<n>{_N})(?:\s(?P<scale>{_SCALE}))?(?=[.,;:!?)]|\s(?:on|are|is|a|per|each|and|but|in)\b)"
    rf"|\b(?P<yearly>{_N})\s(?P<yearlyscale>million|billion)"
    r"(?=\s(?:a year|per year|annually|in each|each)\b|,? likewise))",
    re.I,
)
#: Tonnes and cars come in thousands, ships and aircraft do not.
LARGE = 1000
#: A quota told without what it counts, in a sentence about cars: "250,000 a year".
_QUOTA = re.compile(rf"(?<![\w.,$€£¥-])(?P<n>\d{{1,3}}(?:,\d{{3}})+|{_N}\smillion)\s(?:a|per) year\b", re.I)
_CARS = re.compile(r"\b(?:cars|vehicles|automobiles)\b", re.I)
#: "Nine in ten processors", "four of every five ships": a share.
_SHARE = re.compile(rf"(?:{_BELOW}|\d)\s(?:in|out of|of every)\s$", re.I)
#: Ships and aircraft of war, of which a few are many.
_FEW = re.compile(
    r"\b(?:icebreakers|submarines|frigates|cutters|warships|fighters|F-\d\ds?|tankers|carriers|reactors|cargoes)$", re.I
)
_COUNT = re.compile(
    rf"(?<![\w.,:$€£¥-])(?:(?P<low>{_N})(?:\s(?P<lowscale>{_SCALE}))?{_JOIN})?(?P<n>{_N})(?:\s(?P<scale>{_SCALE}))?\s"
    rf"(?:of\s(?:the\s)?)?(?:{_COUNTED})\b(?!\s?['’-])",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure between two offsets: ``percent`` or ``percentage points``, billions of a currency, or a count."""

    start: int
    end: int
    value: float
    unit: str

    @property
    def is_percent(self) -> bool:
        """Whether it is a percentage."""
        return self.unit.startswith("percent")


def figures(text: str) -> list[Figure]:
    """Return the percentages, sums of money and counted goods of ``text``, in order; of a range both ends."""
    found: list[Figure] = []
    for match in _PERCENT.finditer(text):
        unit = "percentage points" if match["points"] else "percent"
        if match["n"].lower() in ("a", "one") and (match["points"] or match["n"].lower() == "a"):
            continue  # a way of saying little
        found += _both(match, 1.0, 1.0, unit, text)
    here = 0
    while signed := _SIGNED.search(text, here):
        here, told = _signed(signed, text)
        found += told
    for match in _SIGN_BEHIND.finditer(text):
        value = _number(match["n"]) * _scale(match["scale"]) / 1e9
        unit = f"{_SIGNS[match['sign']]} bn{_per_year(text, match.end())}"
        found += _free([Figure(*match.span(), round(value, 9), unit)], found)
    for match in _NAMED.finditer(text):
        code = next(code for code in _CURRENCIES.values() if match[code.lower()])
        scale = _scale(match["scale"])
        # "won" and "pounds" are verbs and weights too; "one dollar" is a way of speaking.
        if not match["scale"] and (not match["n"][0].isdigit() or _number(match["n"]) < 1000):
            continue
        low = _scale(match["lowscale"]) if match["lowscale"] else scale
        found += _free(_both(match, low / 1e9, scale / 1e9, f"{code} bn", text), found)
    for match in _COUNT.finditer(text):
        unit = next(unit for unit in _GOODS.values() if match[unit.replace(" ", "_")])
        number = _number(match["n"]) * _scale(match["scale"])
        if _SHARE.search(text, max(0, match.start() - 24), match.start()):
            continue
        # A word such as "a" or "two" before ships or cars counts nothing that a record would hold.
        least = 2 if _FEW.search(match[0]) else 10
        if number >= least and number == number // 1 and (not match["n"].isdigit() or not 1990 <= number <= 2050):
            counted = _both(match, _scale(match["lowscale"] or match["scale"]), _scale(match["scale"]), unit, text)
            found += _free([one for one in counted if one.value >= least], found)
    sums = [one for one in found if " bn" in one.unit]
    for match in _BARE.finditer(text):
        near = max((one for one in sums if one.end <= match.start()), key=lambda one: one.end, default=None)
        near = near or min(sums, key=lambda one: one.start, default=None)
        if near is None and match["n"].lower() == "a":  # "it cost a billion" says how much, of nothing
            continue
        unit = near.unit.partition(" ")[0] if near else "USD"
        found += _free(_both(match, 1.0, _scale(match["scale"]) / 1e9, f"{unit} bn", text), found)
    found += _beside(text, found)
    found += _free(_carried(text, found), found)
    return sorted((one for one in found if not _price(text, one)), key=lambda one: (one.start, one.value))


def _signed(match: re.Match[str], text: str) -> tuple[int, list[Figure]]:
    """Return the sums behind a sign of currency and where to read on: one, a range, or the first of two currencies."""
    code, scale = _SIGNS[match["sign"]], _scale(match["scale"])
    low = _scale(match["lowscale"]) if match["lowscale"] else scale
    other = _SIGNS[match["second"]] != code if match["second"] else bool(_OTHER_SUM.match(text, match.end()))
    # "$5 billion and 20 ships": the second is no sum.
    if match["low"] and (other or (match["lowscale"] and not match["scale"] and not match["second"])):
        end = match.end("lowscale" if match["lowscale"] else "low")
        return end, [Figure(match.start(), end, round(_number(match["low"]) * low / 1e9, 9), f"{code} bn")]
    return match.end(), _both(match, low / 1e9, scale / 1e9, f"{code} bn", text)


def _beside(text: str, found: list[Figure]) -> list[Figure]:
    """Return the rates without a percent sign in sentences that have one with it."""
    told: list[Figure] = []
    for sentence in _SENTENCE.finditer(text):
        if not any(one.unit == "percent" and sentence.start() <= one.start < sentence.end() for one in found):
            continue
        for match in _BESIDE.finditer(text, *sentence.span()):
            values = [_number(match[name]) for name in ("n", "to") if match[name]]
            if _QUOTED.search(re.split(r"[,;:]\s", text[sentence.start() : match.start()])[-1]):
                continue
            digits = match["n"][0].isdigit() or match["n"].lower() not in ("a", "an", "one")
            if digits and all(0 < value <= HIGHEST for value in values):
                told += _free([Figure(match.start("n"), match.end(), value, "percent") for value in values], found)
    return told


def _carried(text: str, found: list[Figure]) -> list[Figure]:
    """Return the figures that take their unit from the figure before them in the sentence, or from cars it names."""
    told: list[Figure] = []
    for sentence in _SENTENCE.finditer(text):
        start, end = sentence.span()
        for match in _CARRIED.finditer(text, start, end):
            name = "more" if match["more"] else "n" if match["n"] else "yearly"
            value, scale = _number(match[name]), match["scale" if name == "n" else f"{name}scale"]
            before = [one for one in found if start <= one.start and one.end <= match.start()]
            near = max(before, key=lambda one: one.end, default=None)
            # "A" and "one" carry nothing, nor does a small number the thousands of another.
            if near is None or near.is_percent or value <= 1 or (" bn" in near.unit and name == "more"):
                continue
            unit = near.unit.removesuffix(" a year")
            if " bn" in unit:
                value *= _scale(scale) / 1e9 if scale else 1.0
            else:
                value *= _scale(scale)
                if near.value >= LARGE > value:
                    continue
            unit += _per_year(text, match.end())
            told.append(Figure(match.start(), match.end(), round(value, 9), unit))
        for match in _QUOTA.finditer(text, start, end):
            if _CARS.search(sentence[0]) and not any(one.unit.startswith("tonnes") for one in found):
                number, million, _ = match["n"].lower().partition(" million")
                value = _number(number) * (1e6 if million else 1.0)
                told.append(Figure(match.start(), match.end(), value, "cars a year"))
    return told


def _price(text: str, one: Figure) -> bool:
    """Return whether a sum is what one of something costs, or too small to be a term of trade talks."""
    return " bn" in one.unit and (one.value < SMALLEST or bool(_EACH.match(text, one.end)))


def _both(match: re.Match[str], low_scale: float, scale: float, unit: str, text: str) -> list[Figure]:
    start, end = match.span()
    unit += "" if unit.startswith("percent") else _per_year(text, end)
    high = [Figure(start, end, round(_number(match["n"]) * scale, 9), unit)]
    low = match.groupdict().get("low")
    return ([Figure(start, end, round(_number(low) * low_scale, 9), unit)] if low else []) + high


def _free(new: list[Figure], found: list[Figure]) -> list[Figure]:
    return [one for one in new if not any(one.start < other.end and other.start < one.end for other in found)]


def _per_year(text: str, end: int) -> str:
    return " a year" if _YEARLY.match(text, end) else ""


def _number(text: str) -> float:
    """Return the number that digits or words say."""
    whole, _, part = " ".join(text.lower().replace(",", "").split()).partition(" and a ")
    if part in _PARTS:
        return _number(whole) + _PARTS[part]
    if " point " in whole:
        before, _, after = whole.partition(" point ")
        return float(f"{_number(before):.0f}.{_number(after):.0f}")
    if whole.endswith(" dozen"):
        return 12.0 * _number(whole.removesuffix(" dozen"))
    if whole[0].isdigit():
        return float(whole)
    if whole in _OTHERS:
        return _OTHERS[whole]
    before, hundred, after = f" {whole} ".partition(" hundred ")
    if not hundred:
        return _WORDS[whole]
    rest = after.strip().removeprefix("and ")
    times = before.strip()
    return 100.0 * _WORDS.get(times, 1.0) + _WORDS.get(rest, 0.0)


def _scale(word: str | None) -> float:
    return _SCALES[" ".join(word.lower().split())] if word else 1.0
