# Pleura: `make run` and `make test` are all that a fresh clone needs. GNU make, any POSIX shell.
.DEFAULT_GOAL := help
.PHONY: help setup run demo test check lint types quick format bless bench pictures messages clean

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' Makefile | while IFS='|' read -r name what; do printf '  make %-10s %s\n' "$$name" "$$what"; done

setup: ## .venv with everything in it, and a working OpenGL (what `make run` and `make test` do first)
	@tools/setup.sh

run: setup ## the simulator on a screen; the demonstration where there is none
	@if $(BIN)/python -m simulator.doctor screen; then exec $(BIN)/pleura; \
	else echo 'pleura: running the demonstration instead (pleura demo)' >&2; exec $(BIN)/pleura demo; fi

demo: setup ## the demonstration: scan, answer, score and report into out/demo/
	@$(BIN)/pleura demo

# By themselves: what measures the memory of its process, and what opens the window, for SDL ends OpenGL with it.
ALONE := tests/render/test_endurance.py $(wildcard tests/*/test_window*.py)
# A process that dies, or leaves with whatever status, is a failure and is not started again.
CAREFUL := --max-worker-restart=0 --durations=12 --durations-min=4

test: setup ## all tests, most of them on two processes; the slowest are named
	@$(PYTEST) -n 2 --dist loadfile $(CAREFUL) $(ALONE:%=--ignore=%)
	@$(PYTEST) -n 1 $(CAREFUL) $(ALONE)

check: setup ## lint, format, types, quick tests: under half a minute
	@$(MAKE) --no-print-directory -j2 quick types lint

lint: ## ruff: rules and format
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .

types: ## mypy
	@$(BIN)/python -m mypy

quick: ## unit and architecture tests, without those marked slow (over half a second each)
	@$(PYTEST) tests/unit tests/architecture -m 'not slow'

format: setup ## rewrite the sources as ruff formats them
	@$(BIN)/python -m ruff check --fix .
	@$(BIN)/python -m ruff format .

bless: setup ## rewrite the golden images from what is drawn now; look at them before committing
	@$(PYTEST) tests/render tests/app tests/architecture/test_documents.py --bless

bench: setup ## measure; never a gate
	@$(BIN)/pleura bench speed
	@$(BIN)/pleura bench imaging

pictures: setup ## draw the pictures of the README anew
	@$(BIN)/python tools/pictures.py

messages: setup ## collect texts into the message catalogues and compile them
	@$(BIN)/python -m simulator.locale.update

clean: ## remove .venv, outputs and caches
	rm -rf .venv .venv-setup.log out build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
