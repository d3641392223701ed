# One command for each thing one does here. Needs Python 3.11 or later and make, nothing else.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo reset-demo test tests test-fast lint bench drills css requirements browser providers

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := .stamps
INSTALLED := $(STAMPS)/installed
TOOLS := $(STAMPS)/tools
STYLES := $(STAMPS)/styles
BROWSER := $(STAMPS)/browser
# Identity providers of other people, which the tests sign in with.
PROVIDERS := $(STAMPS)/providers
# A calendar program of other people, in an environment of its own: it wants other versions than we.
CALENDARS := $(STAMPS)/calendars
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
# Number of processes that test: two cores carry three, which wait for servers and browsers a quarter of the time.
JOBS ?= 3

help: ## what can be done
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

demo: $(INSTALLED) $(STYLES) ## five institutes with their people, on this machine
	@$(BIN)/python manage.py demo

reset-demo: $(INSTALLED) ## throw the demo's data away and start afresh
	@$(BIN)/python manage.py demo --afresh

test: $(TOOLS) $(STYLES) $(BROWSER) $(PROVIDERS) ## everything that must hold, browser included
	@$(MAKE) --no-print-directory -j 2 lint tests

tests: $(TOOLS) $(STYLES) $(BROWSER) $(PROVIDERS)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder

test-fast: $(TOOLS) ## the tests without browser and without servers of the distribution
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder -m "not browser and not servers and not providers and not drill"

lint: $(TOOLS) ## ruff, mypy, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(TOOLS) $(STYLES) ## measure, and write docs/benchmarks.md
	$(BIN)/python -m tests.benchmarks

drills: $(TOOLS) $(STYLES) $(BROWSER) $(CALENDARS)/ready ## long fault and attack runs, walks of every institute
	$(BIN)/python -m pytest -m drill -s

css: $(STYLES) ## the style sheet and the fonts

browser: $(BROWSER) ## find or install the browser that tests need

providers: $(PROVIDERS) ## find or install the identity providers that tests need

requirements: $(TOOLS) ## compile requirements/*.in with hashes
	@for name in base production demo dev calendars; do \
		(cd requirements && ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
			--generate-hashes --no-header --no-emit-index-url -o $$name.txt $$name.in) || exit 1; \
	done

# --- what has to be there first; each is a quick no-op when nothing changed ----------------------
$(INSTALLED): requirements/demo.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or later is needed: name it with make PYTHON=...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what requirements/demo.txt names ..."
	@$(PIP) --require-hashes -r requirements/demo.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@mkdir -p $(STAMPS) && touch $@

$(TOOLS): $(INSTALLED) requirements/dev.txt
	@echo "Installing what requirements/dev.txt names ..."
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

STYLE_SOURCES := $(shell find theming core tenants platform \( -name '*.html' -o -path 'theming/*.css' -o -path 'theming/*.py' \) -not -path '*/static/*')
$(STYLES): $(INSTALLED) $(STYLE_SOURCES)
	@echo "Building the style sheet and the fonts ..."
	@$(BIN)/python -m theming.build
	@touch $@

$(BROWSER): $(TOOLS) tests/browser/install.py
	@$(BIN)/python -m tests.browser.install
	@touch $@

$(PROVIDERS): $(TOOLS) tests/providers/install.py tests/providers/openid/package-lock.json
	@$(BIN)/python -m tests.providers.install
	@touch $@

$(CALENDARS)/ready: requirements/calendars.txt $(INSTALLED)
	@echo "Installing what requirements/calendars.txt names ..."
	@$(PYTHON) -m venv $(CALENDARS)
	@$(CALENDARS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/calendars.txt
	@touch $@
