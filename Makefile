# make run    sets everything up and serves the site on http://127.0.0.1:8000
# make test   sets everything up and runs the tests; those of the database on PostgreSQL too, if it is there
# make coverage  the same, and which lines of the product the tests run
# make check  lint, templates, styles and scripts, types, imports, prose, messages, migrations, deployment settings
# make bench  what pages and answers cost; make screenshots: pictures of every page (need chromium)
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
STAMPS := .make
# Formats and lints the style sheets and scripts: only this needs npm, and only `make check` runs it.
BIOME_VERSION := 2.6.8
BIOME := $(STAMPS)/node/node_modules/.bin/biome
SOURCES := chatsite conversations tests bench manage.py
PYTEST_ARGS ?=

.PHONY: run test coverage check styles bench screenshots setup lint types imports messages lock clean
.DEFAULT_GOAL := run

run: $(STAMPS)/runtime $(STAMPS)/translations $(STAMPS)/static
	@$(BIN)/python manage.py serve

test: $(STAMPS)/development $(STAMPS)/translations $(STAMPS)/static
	@echo "Running the tests"
	@$(BIN)/python -m tests $(PYTEST_ARGS)

coverage:
	@CHATSITE_TESTS_COVERAGE=1 $(MAKE) --no-print-directory test

check: $(STAMPS)/development $(STAMPS)/translations
	@echo "Lint";       $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "Templates";  $(BIN)/djangofmt --check templates && $(BIN)/djangofmt check templates && \
	  $(BIN)/djlint --quiet templates
	@$(MAKE) --no-print-directory styles
	@echo "Types";      $(BIN)/mypy
	@echo "Imports";    $(BIN)/lint-imports --no-cache >build/imports.txt || { cat build/imports.txt; exit 1; }
	@echo "Prose";      $(BIN)/python -m tests.prose
	@echo "Messages";   $(BIN)/python manage.py check_translations
	@echo "Migrations"; $(BIN)/python manage.py makemigrations --check --dry-run --verbosity 0
	@echo "Deployment"; PUBLIC_URL=https://chat.example.org $(BIN)/python manage.py check --deploy --fail-level WARNING
	@echo "All checks passed"

ifneq ($(shell command -v npm),)
styles: $(STAMPS)/biome-$(BIOME_VERSION)
	@echo "Styles and scripts"; $(BIOME) check --error-on-warnings
else
styles:
	@echo "Styles and scripts: skipped, because npm is not installed"; test "$$CHATSITE_TESTS_REQUIRE_ALL" != 1
endif

bench: $(STAMPS)/development $(STAMPS)/translations $(STAMPS)/static
	@echo "Pages";     $(BIN)/python -m bench.pages
	@echo "Streaming"; $(BIN)/python -m bench.streaming
	@echo "Patches";   $(BIN)/python bench/patches/run.py
	@echo "Load";      $(BIN)/python -m bench.load

screenshots: $(STAMPS)/development $(STAMPS)/translations $(STAMPS)/static
	@$(BIN)/python -m bench.screenshots

# The translations source, after strings changed (needs gettext).
messages: $(STAMPS)/development
	@$(BIN)/python manage.py makemessages --locale zh_Hans --no-obsolete --no-location --ignore .venv --ignore build

# The lock files, after pyproject.toml changed (needs uv).
lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv $(STAMPS) build

# pip is what comes last: without it, an environment was begun and not finished.
$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Chatsite needs Python 3.11 or newer. Point to it: make PYTHON=python3.11"; exit 1; }
	@echo "Making the environment in .venv"
	@$(PYTHON) -m venv .venv || \
	  { echo "The environment could not be made: see above. Debian and Ubuntu need the package python3-venv."; exit 1; }

$(STAMPS)/runtime: requirements.lock | $(BIN)/pip
	@mkdir -p $(STAMPS) build
	@echo "Installing the packages (once; about a minute)"
	@$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock || \
	  { echo "The packages could not be installed: see above. With a working network, run make again."; exit 1; }
	@touch $@

$(STAMPS)/development: requirements-dev.lock | $(BIN)/pip
	@mkdir -p $(STAMPS) build
	@echo "Installing the packages and the tools for tests (once; about a minute)"
	@$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock || \
	  { echo "The packages could not be installed: see above. With a working network, run make again."; exit 1; }
	@touch $@ $(STAMPS)/runtime

$(STAMPS)/biome-$(BIOME_VERSION):
	@mkdir -p $(STAMPS)
	@echo "Installing Biome $(BIOME_VERSION) (once)"
	@npm install --prefix $(STAMPS)/node --no-save --no-audit --no-fund --loglevel=error @biomejs/biome@$(BIOME_VERSION) || \
	  { echo "Biome could not be installed: see above. With a working network, run make again."; exit 1; }
	@touch $@

$(STAMPS)/translations: $(wildcard locale/*/LC_MESSAGES/*.po) | $(STAMPS)/runtime
	@echo "Compiling the translations"
	@$(BIN)/python manage.py compile_translations
	@touch $@

$(STAMPS)/static: $(shell find static -type f 2>/dev/null) chatsite/static_files.py chatsite/script_joiner.py | $(STAMPS)/runtime
	@echo "Collecting the static files"
	@$(BIN)/python manage.py collectstatic --no-input --clear --verbosity 0
	@touch $@
