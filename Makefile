# Two commands: `make run` and `make test`. Everything they need is installed into .venv
# and node_modules by the rules below; the machine needs Python >= 3.11 with venv, make, git.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
UV := 0.13.9
JOBS ?= 2
# The tests and the server start many processes: none of them compiles everything anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install pages run test check bench faults oracle lock

help:
	@echo "make run    the server with the demonstration mission on :$(PORT)"
	@echo "make test   every test, the browser's included"
	@echo "make check  lint, types, the import floors, the app's types and unit tests"
	@echo "make bench  intake, analytics and the app's first load, measured"
	@echo "make faults kills, simulated days and a shift at the desk, in full number"
	@echo "make oracle two hundred generated missions, every number counted a second time"

.venv/.installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --only-binary :all: uv==$(UV)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --only-binary :all: --require-hashes \
		--compile-bytecode -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

install: .venv/.installed

PAGES := $(shell find mobile_forms/app schemas/locale schemas/design -type f \
	-not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null) \
	$(wildcard api/pages/static/*.css api/pages/static/*.js api/pages/static/*.svg)

mobile_forms/app/dist/.built: .venv/.installed package.json package-lock.json hatch_build.py $(PAGES)
	$(BIN)/python hatch_build.py
	@touch $@

pages: mobile_forms/app/dist/.built

run: install pages
	$(BIN)/indelible serve --demo --port $(PORT)

test: install pages
	$(BIN)/python -m tests.journeys.browser
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

check: install pages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python hatch_build.py check

bench: install pages
	$(BIN)/python -m tests.benchmarks

faults: install pages
	$(BIN)/python -m pytest -n 0 tests/faults tests/journeys/test_desk_shift.py --faults full

oracle: install pages
	INDELIBLE_SEEDS=200 $(BIN)/python -m pytest -n $(JOBS) tests/truth tests/truth/mutations.py

lock:
	$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
		--extra dev --no-annotate --no-header pyproject.toml -o requirements.lock
