# Everything runs in .venv, which each target builds or brings up to date first. `make help` lists them.
SHELL := /bin/sh
BIN := .venv/bin
STAMP := .venv/.stamp
COMPILE := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header $(if $(UPGRADE),--upgrade)
# What a file shares among its tests, such as a browser or a sandbox, is then made once; longest files first.
WHOLE_FILES := --dist loadfile --no-loadscope-reorder
# Each process would compile all tests of a fresh clone, while mypy leaves a core idle before.
WARM_UP := $(BIN)/pytest --collect-only -qq >/dev/null 2>&1 &
export PYTHON
# Tests start dozens of processes, each of which would compile all of its code anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup bundle demo test check gate bench chaos pictures lock format

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(STAMP): requirements/dev.txt requirements/uv.txt requirements/runtime.in pyproject.toml hatch_metadata.py
	@sh scripts/build-venv

setup: bundle ## Build .venv and see to a browser (PYTHON=... chooses the interpreter)
	@sh scripts/provide-chromium

bundle: $(STAMP) ## Bundle the pages' scripts and styles anew where frontend/ changed
	@$(BIN)/python hatch_build.py

# Read when make starts, so that building .venv counts as waiting for the first email.
demo: export AFTERCARE_DEMO_STARTED := $(shell date +%s)
demo: bundle ## Who got what when, then the sandbox at http://127.0.0.1:8000
	@$(BIN)/aftercare demo

test: setup ## The whole suite, on SQLite and on PostgreSQL + Redis
	@$(BIN)/pytest -n 2 $(WHOLE_FILES) -m "not chaos"

check: setup ## The one gate: format, lint, types, import contracts, all tests with a browser
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/lint-imports
	@$(WARM_UP) $(BIN)/mypy
	@REQUIRE_BROWSER=1 $(BIN)/pytest -n 3 $(WHOLE_FILES) -m "not chaos"

gate: setup ## The slow gate of the emails: every language, scheme and width; lints; SpamAssassin
	@sh scripts/provide-spamassassin
	@$(BIN)/python -m scripts.gate

bench: ## The measurements (not built yet)
	@echo "make bench is not built yet; make chaos measures sending under faults." >&2; exit 1

chaos: $(STAMP) ## The faults: kills workers, databases and brokers
	@$(BIN)/python -m bench.chaos
	@$(BIN)/python -m bench.outage
	@$(BIN)/pytest -m chaos

pictures: setup ## Rebuild docs/pictures: every email, guide page and screen, light and dark, wide and narrow
	@$(BIN)/python -m scripts.pictures

lock: $(STAMP) ## Write requirements/*.txt from *.in (UPGRADE=1 takes newer versions)
	@$(COMPILE) requirements/runtime.in -o requirements/runtime.txt
	@$(COMPILE) requirements/build.in -o requirements/build.txt
	@$(COMPILE) requirements/dev.in -o requirements/dev.txt
	@$(COMPILE) requirements/uv.in -o requirements/uv.txt

format: $(STAMP) ## Format the code and mend what ruff can mend
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .
