# make run · make test · make setup · make app · make bench · make tables · make screenshots
# Each does all the set-up it needs in .venv and is quick the second time.

SHELL := /bin/sh
BIN := .venv/bin
# The first Python from 3.11 on; PYTHON=… on the command line names another one.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

SET_UP := $(PYTHON) resources/set_up.py
INPUTS := pyproject.toml resources/set_up.py

# Two processes with one thread each are quicker for many small tests than one with two.
TEST_ENVIRONMENT := OMP_NUM_THREADS=1 OMP_WAIT_POLICY=PASSIVE QT_QPA_PLATFORM=offscreen
ARGS ?=

.PHONY: run test lint setup app bench tables screenshots clean

run: .venv/ready
	@$(BIN)/python main.py $(ARGS)

test: .venv/ready-dev lint
	$(TEST_ENVIRONMENT) $(BIN)/python -m pytest -q -n 2 --dist loadfile --max-worker-restart=0 $(ARGS)

lint: .venv/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

setup: .venv/ready-dev

app: .venv/ready-app
	$(BIN)/pyinstaller --noconfirm --log-level WARN build.spec
	@echo "The app stands in dist/Pare; check it with: dist/Pare/Pare selftest"

bench: .venv/ready-dev
	$(BIN)/python -m tests.bench $(ARGS)

tables: .venv/ready-dev
	$(BIN)/python -m resources.make_tables

screenshots: .venv/ready-dev
	$(BIN)/python -m tests.screenshots $(ARGS)

clean:
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis

.venv/ready: $(INPUTS)
	@$(MAKE) --no-print-directory python
	@$(SET_UP) && touch $@

.venv/ready-dev: $(INPUTS)
	@$(MAKE) --no-print-directory python
	@$(SET_UP) dev && touch $@ .venv/ready

.venv/ready-app: $(INPUTS)
	@$(MAKE) --no-print-directory python
	@$(SET_UP) dev app && touch $@ .venv/ready-dev .venv/ready

.PHONY: python
python:
	@test -n "$(PYTHON)" || { \
	echo "Pare needs Python 3.11 or newer, and there is none here. On Debian or Ubuntu: sudo apt-get install -y python3 python3-venv"; \
	exit 1; }
