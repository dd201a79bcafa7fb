"""The cache of compiled programs: kept where it should be, and never in the way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tradetalks.model.compiled import cache_folder

#: A process that solves the smallest economy and says where JAX keeps its programs.
PROGRAM = """
import jax, numpy as np
from tradetalks.model import Economy
one = np.array([[[4.0], [1.0]], [[1.0], [4.0]]])
economy = Economy("AB", "S", one, 0 * one, np.zeros((2, 1, 1)), np.full((2, 1), 5.0), [4.0])
print(jax.config.jax_compilation_cache_dir, float(economy.counterfactual(trade_costs=1.0 + 0 * one).welfare[0]))
"""


def run(cache: Path, **more: str) -> str:
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), **more}
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    folder, welfare = done.stdout.split()
    assert abs(float(welfare)) < 1e-9
    return folder


def programs(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


def test_programs_are_kept_and_damaged_ones_are_made_again(tmp_path: Path) -> None:
    kept = Path(run(tmp_path))
    assert kept.parent == tmp_path / "tradetalks" / "xla"
    first = programs(kept)
    assert first
    run(tmp_path)
    assert programs(kept) == first, "the second process compiled again"
    for file in first:
        file.write_bytes(b"damaged")
    run(tmp_path)


def test_a_place_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    no_folder = tmp_path / "file"
    no_folder.write_text("not a folder")
    assert run(no_folder) == "None"


def test_the_users_own_choice_for_jax_is_kept(tmp_path: Path) -> None:
    own = tmp_path / "own"
    assert run(tmp_path / "ours", JAX_COMPILATION_CACHE_DIR=str(own)) == str(own)
    assert run(tmp_path / "ours", JAX_ENABLE_COMPILATION_CACHE="false") == "None"
    assert not (tmp_path / "ours").exists()


def test_the_folder_is_the_users_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder().parent == tmp_path / ".cache" / "tradetalks" / "xla"
