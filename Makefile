# Two commands for a newcomer: `make run` and `make test`. Needs Python 3.11 or newer, make and git.
# Variables: PORT=8000, DEMO=0 (a clean site instead of demonstration data), ARGS="-k name" (for make test),
# ONLY=crawl (some proofs of make prove, by name; a part of make bench), QUICK=1, WRITE=1 (for make bench), FILES="a.py b.py" (for make secrets).

VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
PYTHON ?= $(shell for each in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ARGS ?=
ONLY ?=
FILES ?=
# Environment variables of production; the values are made up, only the settings' own checks read them.
PRODUCTION_LIKE = PRODUCTION=1 ALLOWED_HOSTS=portal.example.org SITE_URL=https://portal.example.org \
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') \
	DATABASE_URL=postgres://portal_app@database.example.org/portal REDIS_URL=redis://broker.example.org:6379/0 \
	EMAIL_URL=smtp://mail.example.org:25 DEFAULT_FROM_EMAIL=portal@example.org CONTACT_EMAIL=help@example.org

.PHONY: help run port test prove mutation bench check format lint faults secrets sbom types templates migrations words deploy install install-dev browser lock clean catalogues

help:
	@echo "make run     start the portal with everything it needs (PORT=8000, DEMO=0 for a clean site)"
	@echo "make test    run all tests (ARGS=\"-k name\" for some)"
	@echo "make prove   run the large proofs one after another, with their figures (ONLY=name for some)"
	@echo "make mutation  change the rules of access one at a time: which change does no test notice? (part of make prove)"
	@echo "make bench   measure the portal beside a floor and the ordinary way, 100,000 needs (QUICK=1 for 10,000, ONLY=plans)"
	@echo "make check   style, known faults, secrets, types, templates, migrations, translations, production settings"
	@echo "make format  sort the imports and format the Python code"
	@echo "make sbom    write the list of all libraries to build/sbom.json (CycloneDX)"
	@echo "make lock    pin the libraries anew after a change of requirements*.in (UPGRADE=--upgrade for newer ones)"
	@echo "make clean   remove what was built; the data in var/ stay"

run: port install
	@exec $(BIN)/python -m devserver run

# Before anything is installed: whoever has to choose another port should not wait first.
port:
	@test -z "$(PYTHON)" || $(PYTHON) -m devserver.port

test: install-dev browser
	@$(BIN)/python -m pytest $(ARGS)

prove: install-dev browser
	@PORTAL_TEST_WHOLE=1 $(BIN)/python -m pytest -n 0 -m "prove or turns" $(if $(ONLY),-k "$(ONLY)") $(ARGS)
	@$(if $(ONLY),,$(MAKE) --no-print-directory mutation)

mutation: install-dev
	@echo "== each rule of access changed in one thing; survivors are explained in docs/proofs/mutation.md"
	@$(BIN)/python -m tools.mutation.run $(ARGS)

# In the place of make's shell, so that a signal to make reaches it.
bench: install-dev
	@QUICK=$(QUICK) ONLY=$(ONLY) WRITE=$(WRITE) exec $(BIN)/python -m bench

check: lint imports faults secrets types templates migrations words deploy sbom

# Python only: `djlint --reformat` would change nine of ten templates, and where it splits a line that holds a block or
# an inline element it inserts white space into the page (`<title>`, links, punctuation after a name).
format: install-dev
	@$(BIN)/ruff check --quiet --select I --fix .
	@$(BIN)/ruff format --quiet .

lint: install-dev
	@echo "== style"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "Run make format"; exit 1; }

imports: install-dev
	@echo "== directions of imports"
	@mkdir -p build
	@$(BIN)/lint-imports --no-cache > build/imports.txt || { cat build/imports.txt; exit 1; }

faults: install-dev
	@echo "== known faults"
	@$(BIN)/bandit --quiet --recursive --configfile pyproject.toml audit files web accounts entities assistance portal devserver

secrets: install-dev
	@echo "== secrets"
	@VENV=$(VENV) .ci/secrets $(FILES)

sbom: install-dev
	@echo "== list of libraries"
	@mkdir -p build
	@$(BIN)/python -W ignore -m cyclonedx_py requirements --pyproject pyproject.toml --output-reproducible -o build/sbom.json requirements.txt

types: install-dev
	@echo "== types"
	@$(BIN)/mypy

templates: install-dev
	@echo "== templates"
	@$(BIN)/djlint --lint --quiet .

migrations: install-dev
	@echo "== migrations"
	@$(MANAGE) makemigrations --check --dry-run

words: install-dev
	@echo "== translations"
	@$(MANAGE) check_translations

deploy: install-dev
	@echo "== production settings"
	@env $(PRODUCTION_LIKE) $(MANAGE) check --deploy --fail-level WARNING

# A browser for the browser tests: the system's, else the one Playwright installs; without any they are skipped.
browser: install-dev
	@$(BIN)/python -m devserver.browser

install: $(VENV)/installed catalogues

install-dev: $(VENV)/installed-dev catalogues

# Django reads compiled translations, which are not in the repository.
catalogues: $(VENV)/installed
	@$(BIN)/python -m devserver.catalogues

$(VENV)/installed: requirements.txt requirements-local.txt | $(BIN)/python
	@echo "Installing the libraries …"
	@$(PIP) install --require-hashes -r requirements.txt -r requirements-local.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@echo "Installing the libraries for tests and checks …"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed (found: $$(python3 --version 2>/dev/null || echo none)); install it and try again."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) comes without its venv module; install it (Debian and Ubuntu: apt install python3-venv) and try again."; exit 1; }
	@echo "Making the environment $(VENV) with $$($(PYTHON) --version) …"
	@$(PYTHON) -m venv --clear $(VENV)

# The tool for pinning is in an environment of its own, so that it does not affect the portal's requirements.
lock: | $(BIN)/python
	@test -x $(VENV)/lock/bin/pip-compile || \
		{ $(BIN)/python -m venv $(VENV)/lock && $(VENV)/lock/bin/python -m pip --quiet install pip-tools==7.6.2; }
	@for each in requirements requirements-local requirements-dev; do \
		CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/lock/bin/pip-compile --quiet --generate-hashes --strip-extras \
			--allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links $(UPGRADE) \
			--output-file $$each.txt $$each.in || exit 1; done

clean:
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
