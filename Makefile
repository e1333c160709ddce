# Safer Boroughs: the reports, the tests and the environments they need.
# 'make help' lists the targets. Each is a few plain commands: README.md gives them for
# systems without make.

PYTHON ?= python3
UV ?= uv

VENV := .venv
LAB := .venv-lab
BENCH := .venv-bench
BIN := $(VENV)/bin
TEST_JOBS ?= 2
INSTALL := -m pip install -qq --disable-pip-version-check

# A report is the same whoever builds it: nothing of the user's own packages gets in.
export PYTHONNOUSERSITE := 1
# Every report starts a Python of its own: compiled modules save each of them seconds.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help reports test lab data docs bench lock clean
.DELETE_ON_ERROR:

help:
	@echo 'make reports  build the reports of params/defaults.yml into reports/'
	@echo 'make test     check style, types, notebooks and params, then run the tests'
	@echo 'make lab      open JupyterLab on the notebooks, in an environment of its own'
	@echo 'make data     compile data/figures/ anew (CSP_MIRROR names the published files)'
	@echo 'make docs     write the pages of docs/ that are made from code and registry'
	@echo 'make bench    score the forecasts against their peers, then time both'
	@echo 'make lock     write the lock files anew (needs uv; UPGRADE=--upgrade takes newer packages)'
	@echo 'make clean    remove the environments, the caches and the built reports'
	@echo
	@echo 'TEST_JOBS=... how many files of tests run at once (2)'
	@echo 'PYTHON=... chooses the Python that makes the environments: 3.11 or newer.'

reports: $(VENV)/reports.stamp
	@$(BIN)/csp run

test: $(VENV)/test.stamp
	@echo 'Style ...'
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@echo 'Types ...'
	@$(BIN)/mypy --no-error-summary
	@echo 'Notebooks and params ...'
	@$(BIN)/csp check
	@echo 'Tests, $(TEST_JOBS) files at a time ...'
	@$(BIN)/python -m pytest -q -n $(TEST_JOBS) --dist loadfile

lab: $(LAB)/lab.stamp
	@$(LAB)/bin/jupyter lab --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks

data: $(VENV)/reports.stamp
	@$(BIN)/csp data build

docs: $(VENV)/reports.stamp
	@$(BIN)/python -m analysis.data.sources_page
	@$(BIN)/python -m analysis.publish.methods_page

# Any options of the first command: make bench OPTIONS=--fresh
bench: $(VENV)/reports.stamp $(BENCH)/bench.stamp
	@$(BIN)/python benchmarks/forecast_skill.py $(OPTIONS)
	@$(BIN)/python benchmarks/forecast_speed.py

# The version of Python is looked at before anything is made, so that the reason is told and
# not an error from deep inside an installer.
$(VENV)/made.stamp $(LAB)/made.stamp $(BENCH)/made.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "PYTHON=$(PYTHON): missing, or older than 3.11 ($$($(PYTHON) --version 2>&1))." >&2; \
	  echo 'Name one of 3.11 to 3.14: make PYTHON=python3.12 $(MAKECMDGOALS)' >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info >= (3, 15))' || \
	  echo 'The locked packages come ready made for Python 3.11 to 3.14. For this one they are built from source: that takes a compiler.'
	@echo 'Making the environment $(@D) ...'
	@$(PYTHON) -m venv $(@D)
	@touch $@

$(VENV)/reports.stamp: $(VENV)/made.stamp requirements.lock pyproject.toml
	@echo 'Installing the packages of requirements.lock (a minute or two the first time) ...'
	@$(BIN)/python $(INSTALL) --require-hashes -r requirements.lock
	@$(BIN)/python $(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/test.stamp: $(VENV)/reports.stamp requirements-test.lock
	@echo 'Installing the packages of requirements-test.lock ...'
	@$(BIN)/python $(INSTALL) --require-hashes -r requirements-test.lock
	@touch $@

$(LAB)/lab.stamp: $(LAB)/made.stamp requirements-lab.lock pyproject.toml
	@echo 'Installing the packages of requirements-lab.lock (a minute or two the first time) ...'
	@$(LAB)/bin/python $(INSTALL) --require-hashes -r requirements-lab.lock
	@$(LAB)/bin/python $(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

# The forecasts' peers do not run beside the pandas of the reports.
$(BENCH)/bench.stamp: $(BENCH)/made.stamp requirements-bench.lock
	@echo 'Installing the packages of requirements-bench.lock (a minute or two the first time) ...'
	@$(BENCH)/bin/python $(INSTALL) --require-hashes -r requirements-bench.lock
	@touch $@

# One version of a package for every system and every Python, and no address: whoever
# installs chooses the index, and the hashes make sure of the files.
COMPILE := UV_CUSTOM_COMPILE_COMMAND='make lock' $(UV) pip compile --quiet --universal \
  --python-version 3.11 --fork-strategy fewest --generate-hashes --no-annotate \
  --no-config --no-emit-index-url --no-emit-find-links $(UPGRADE)
PROJECT := pyproject.toml --extra build

lock:
	@$(UV) --version >/dev/null 2>&1 || { \
	  echo '$(UV) is not installed. Install it (python -m pip install uv) or name it: make lock UV=...' >&2; \
	  exit 2; }
	@echo 'requirements.lock ...'
	@$(COMPILE) $(PROJECT) --output-file requirements.lock
	@echo 'requirements-test.lock ...'
	@$(COMPILE) $(PROJECT) --extra test --constraint requirements.lock --output-file requirements-test.lock
	@echo 'requirements-lab.lock ...'
	@$(COMPILE) $(PROJECT) --extra lab --constraint requirements.lock --output-file requirements-lab.lock
	@echo 'requirements-bench.lock ...'
	@$(COMPILE) benchmarks/requirements.in --output-file requirements-bench.lock

clean:
	rm -rf $(VENV) $(LAB) $(BENCH) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find reports -mindepth 1 ! -name README.md -delete
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
