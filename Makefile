# `make brief` runs the main job, `make test` the tests. Each installs what it needs into $(VENV).
# Only Python 3.11 or later and make are needed; name another Python with `make PYTHON=python3.12 brief`.
PYTHON ?= python3
VENV ?= .venv
CASE ?= us-japan-2025

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
PAGE := out/$(notdir $(CASE)).html

.PHONY: install brief validate test fast lint bench docs wheel data-licenses clean

install: $(VENV)/.installed

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "tradetalks needs Python 3.11 or later, and '$(PYTHON)' is not; try: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "The environment $(VENV) could not be made. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }

$(VENV)/.installed: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) -e .
	@touch $@

$(VENV)/.developing: $(VENV)/.installed
	$(PIP) -e '.[dev,tools,docs]'
	@touch $@

brief: $(VENV)/.installed
	@mkdir -p out
	$(BIN)/tradetalks brief $(CASE) -o $(PAGE)
	@echo "The brief is in $(CURDIR)/$(PAGE)"

validate: $(VENV)/.installed
	$(BIN)/tradetalks validate

test: $(VENV)/.developing
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist loadgroup --no-loadscope-reorder

# Without the slow validation.
fast: $(VENV)/.developing
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist loadgroup --no-loadscope-reorder -m 'not slow'

lint: $(VENV)/.developing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.developing
	set -e; for file in benchmarks/bench_*.py; do echo "$$file"; $(BIN)/python "$$file"; done

docs: $(VENV)/.developing
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "The documentation is in $(CURDIR)/out/docs/index.html"

wheel: $(VENV)/.developing
	rm -rf dist
	$(BIN)/python -m build --wheel

# DATA_LICENSES.md from the provenance entries beside the tables.
data-licenses: $(VENV)/.developing
	$(BIN)/python tools/build_data_licenses.py

clean:
	rm -rf $(VENV) out dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
