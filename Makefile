# `make` = lint, types, test.   `make dev` serves a template.   `make help` lists the rest.
# Needs only Python >= 3.11 and make; another interpreter: make test PYTHON=python3.13

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
TEMPLATE ?= templates/websocket-template
# Processes that run tests side by side; 0: the tests run in one, where breakpoint() stops.
WORKERS ?= auto

# A third of the suite's time would go into compiling again, in each process that a test starts.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: all help dev test workflows lint types fmt bench conformance coverage clean

all: lint types test

help:
	@echo "make               lint, types, test"
	@echo "make dev           serve $(TEMPLATE) on http://localhost:8787"
	@echo "make test          the whole suite (ARGS='-k websocket' narrows it)"
	@echo "make workflows     what the templates' workflow files run on GitHub, here"
	@echo "make lint types    ruff, mypy"
	@echo "make fmt           format, and mend what can be mended"
	@echo "make bench         measure against bare aiohttp"
	@echo "make conformance   compare with real Pyodide in Node"
	@echo "make coverage      write COVERAGE.md: what exists on Cloudflare, and what works here"
	@echo "make clean         remove $(VENV)"

dev: $(VENV)/.installed
	$(BIN)/pywrangler dev $(TEMPLATE) $(ARGS)

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest --numprocesses $(WORKERS) $(ARGS)

workflows: $(VENV)/.installed-dev
	$(BIN)/python -m tests.templates.workflow

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

fmt: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.installed-dev
	$(BIN)/python -m bench $(ARGS)

conformance: $(VENV)/.installed-dev
	$(BIN)/python -m tests.conformance.record --check $(ARGS)
	$(BIN)/python -m pytest tests/conformance

coverage: $(VENV)/.installed-dev
	$(BIN)/python -m tests.coverage

clean:
	rm -rf -- $(VENV)

# Two steps, so that `make dev` waits for nothing that only tests need.
$(VENV)/.installed: pyproject.toml $(VENV)/pyvenv.cfg
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml $(VENV)/pyvenv.cfg
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.installed

$(VENV)/pyvenv.cfg:
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
	  echo "wrangler-py needs Python 3.11 or newer: there is no '$(PYTHON)' here." >&2; \
	  echo "Install one, or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "wrangler-py needs Python 3.11 or newer: '$(PYTHON)' is" \
	    "$$($(PYTHON) -c 'import platform; print(platform.python_version())')." >&2; \
	  echo "Name a newer one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot make virtual environments: its venv module is missing." >&2; \
	  echo "On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
