# Everything a fresh machine needs, set up in .venv: `make demo` and `make test` are enough. Python 3.11 to 3.13.

VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
# uv, where the machine has it; else its own copy in the environment.
UV := $(or $(shell command -v uv 2>/dev/null),$(BIN)/uv)

IN_RANGE := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
# The first that is in range; 3.11 is what the pins were tested on.
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3 python; do \
	"$$name" -c '$(IN_RANGE)' >/dev/null 2>&1 && echo "$$name" && break; done)

# What the installed project is made from, besides modules: those are read where they lie.
INSTALLED := pyproject.toml hatch_build.py $(wildcard protos/reelscribe/v1/*.proto)
PULL := $(BIN)/reelscribe models pull
TEST_WEIGHTS := faster-whisper-tiny.en easyocr-english hibari-heart efficientdet-lite0
# Tests at a time, a file each: every one of them may load its own models (2 GB) and keeps to one or two threads.
WORKERS ?= 2
# Options of pytest, and of each benchmark: `make test ARGS="-k cut"`.
ARGS ?=

# An environment for the tests serves the demo as well, and is not reduced for it.
READY := $(if $(wildcard $(VENV)/.dev),$(VENV)/.dev,$(VENV)/.lite)

.DEFAULT_GOAL := help
.PHONY: help demo lite test dev check format proto pins bench clean

help: ## What there is
	@sed -n 's/^\([a-z]*\):.*## /  make \1  \t/p' $(MAKEFILE_LIST) | expand -t 18

demo: lite ## Set up, fetch the weights once (240 MB), make a clip, analyze it, compare
	$(PULL) --profile lite
	$(BIN)/reelscribe demo $(ARGS)

lite: $(READY) ## Set up what runs without a GPU

test: dev ## Set up, then every check and every test
	@$(PULL) --profile lite && $(PULL) $(TEST_WEIGHTS) || echo "make: tests of weights that could not be fetched are skipped"
	@$(MAKE) --no-print-directory check
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

dev: $(VENV)/.dev ## Set up everything: the GPU's libraries, the tests' and the tools

check: dev ## Format, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: dev ## Put every file into its form
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

proto: $(BIN)/python ## Generate reelscribe/v1 from protos/ again
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --reinstall-package reelscribe --editable .

pins: ## Resolve requirements*.txt again, for all platforms and Pythons
	$(COMPILE) --extra full --extra headless --group dev --output-file requirements-dev.txt
	$(COMPILE) --extra lite --extra headless --constraint requirements-dev.txt --output-file requirements.txt
COMPILE := $(UV) pip compile --quiet pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make pins"

bench: dev ## Every benchmark: its table, and JSON in bench/out
	$(BIN)/python -m bench $(ARGS)

clean: ## Remove what was set up and written; fetched weights stay
	rm -rf $(VENV) build dist demo reports bench/out .mypy_cache .ruff_cache .pytest_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -f reelscribe/v1/*_pb2.py reelscribe/v1/*_pb2.pyi reelscribe/v1/*_pb2_grpc.py

$(VENV)/.lite: requirements.txt
$(VENV)/.dev: requirements-dev.txt
$(VENV)/.lite $(VENV)/.dev: $(INSTALLED) | $(BIN)/python
	@$(BIN)/python -c '$(IN_RANGE)' || { echo "make: $(VENV) has $$($(BIN)/python --version); Python 3.11 to 3.13 is needed. \
	Remove it with \`make clean\`." >&2; exit 1; }
	$(UV) pip sync --python $(BIN)/python --require-hashes $(filter requirements%,$^)
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --reinstall-package reelscribe --editable .
	@echo "compiling what librosa runs, once: half a minute"
	@$(BIN)/python -c 'from services.audio.music.account import warm_up; warm_up()'
	@touch $@

$(BIN)/python:
	@test -n "$(PYTHON)" || command -v uv >/dev/null || { echo "make: Python 3.11, 3.12 or 3.13 is needed, and none is on \
	PATH. Name one: make PYTHON=/path/to/python3.11 ..., or install uv, which fetches one." >&2; exit 1; }
	@if command -v uv >/dev/null; then \
		uv venv --quiet --python "$(or $(PYTHON),3.11)" $(VENV); \
	else \
		"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); echo "make: $(PYTHON) cannot make environments. On Debian and \
	Ubuntu: apt-get install python3-venv" >&2; exit 1; }; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); \
	fi
