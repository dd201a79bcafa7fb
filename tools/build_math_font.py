"""Cut a maths font down to the signs that formulas of the documents may hold: ``docs/assets/math.woff2``.

Browsers stretch brackets, enlarge sums and seat hats by a font's MATH table, and many machines have no such font.
Source: DejaVu Math TeX Gyre 2.37 (Debian: fonts-dejavu-extra); its terms are in ``docs/assets/math-font.txt``.
Needs fonttools and brotli. ``python tools/build_math_font.py DejaVuMathTeXGyre.ttf``
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

TARGET = Path(__file__).parents[1] / "docs" / "assets" / "math.woff2"
#: First and last code of what is kept: Latin, accents, Greek, primes, arrows, operators, brackets, italics.
KEPT = (
    (0x20, 0x7E), (0xA0, 0xB7), (0xD7, 0xD7), (0xF7, 0xF7), (0x2C6, 0x2DD), (0x302, 0x30C), (0x332, 0x338),
    (0x391, 0x3F6), (0x2010, 0x2026), (0x2032, 0x2037), (0x2044, 0x2044), (0x2061, 0x2064), (0x210E, 0x2131),
    (0x2190, 0x2199), (0x21D0, 0x21D4), (0x2200, 0x22FF), (0x2308, 0x230B), (0x239B, 0x23BD), (0x23DC, 0x23E1),
    (0x27E6, 0x27EF), (0x1D434, 0x1D467), (0x1D6E2, 0x1D71B),
)  # fmt: skip
PRIME = 0x2032


def main(source: str) -> None:
    """Write the font."""
    font = TTFont(source)
    options = Options(flavor="woff2", layout_features=["*"], glyph_names=True, drop_tables=["FFTM"])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in KEPT for code in range(first, last + 1)])
    subsetter.subset(font)
    # Browsers do not ask for the form of a prime that stands as an exponent, and ours all do.
    low = _as_exponent(font, font.getBestCmap()[PRIME])
    for table in font["cmap"].tables:
        if PRIME in table.cmap:
            table.cmap[PRIME] = low
    font.flavor = "woff2"
    font.save(TARGET)
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes, {len(font.getGlyphOrder())} glyphs")


def _as_exponent(font: TTFont, glyph: str) -> str:
    table = font["GSUB"].table
    (lookups,) = {tuple(r.Feature.LookupListIndex) for r in table.FeatureList.FeatureRecord if r.FeatureTag == "ssty"}
    for index in lookups:
        for part in table.LookupList.Lookup[index].SubTable:
            if glyph in getattr(part, "alternates", {}):
                return str(part.alternates[glyph][0])
    raise SystemExit(f"{glyph} has no form for exponents in this font")


if __name__ == "__main__":
    main(sys.argv[1])
