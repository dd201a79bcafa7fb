"""Compiled programs kept between processes, so that the first answer of a process comes at once.

XLA needs a second or two to compile the solver for a size of economy. JAX can keep the result on disk;
we keep it in the user's cache directory. Nothing depends on it: a directory that cannot be written, or a
damaged entry, costs the compilation again and nothing else.
"""

from __future__ import annotations

import os
import platform
import warnings
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import jax


def cache_folder() -> Path:
    """Return where compiled programs are kept: one folder a kind of processor, in the user's cache directory."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home, "tradetalks", "xla", _processor())


def keep_compiled() -> None:
    """Switch the cache on for this process, unless the user has told JAX of another or the folder is unusable."""
    config: Any = jax.config
    if config.jax_compilation_cache_dir or not config.jax_enable_compilation_cache:
        return
    # RuntimeError: a user without a home.
    with suppress(OSError, RuntimeError):
        folder = cache_folder()
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            return
        config.update("jax_compilation_cache_dir", str(folder))
        config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
        config.update("jax_persistent_cache_min_entry_size_bytes", -1)
        # A damaged entry or a full disk is not the user's concern: JAX compiles again.
        warnings.filterwarnings("ignore", message="Error (reading|writing) persistent compilation cache")


def _processor() -> str:
    """Return a short name of the processor's abilities: machine code for one may not run on another."""
    abilities = platform.machine() + platform.processor()
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        abilities += next((line for line in lines if line.startswith(("flags", "Features"))), "")
    return sha256(abilities.encode()).hexdigest()[:12]
