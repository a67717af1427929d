# Everything a developer or a build machine runs.  `make help` lists the targets.
#
# PYTHON names the interpreter (3.8 or newer) that the virtual environment is made from.
# Stamp files in the environment remember what is installed: nothing is downloaded or
# installed again until pyproject.toml or the interpreter changes.

PYTHON ?= python3
VENV   ?= .venv

PYVER  := $(shell $(PYTHON) -c 'import platform; print(platform.python_version())')
ifeq ($(PYVER),)
$(error No Python interpreter: "$(PYTHON)" does not run.  Say: make PYTHON=/path/to/python3)
endif

BIN     := $(VENV)/bin
PIP     := $(BIN)/python -m pip --disable-pip-version-check --quiet
CREATED := $(VENV)/.created-$(PYVER)
TEST    := $(VENV)/.test-$(PYVER)
DEV     := $(VENV)/.dev-$(PYVER)
DOCS    := $(VENV)/.docs-$(PYVER)
CYTHON  := $(VENV)/.compiled-$(PYVER)
FUZZ    := $(VENV)/.fuzz-$(PYVER)

PACKAGES := pywbem pywbem_mock mof_compiler

# Two processes; one that has no tests left takes over those of the other.
TWO := -n 2 --dist worksteal

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Two targets must not install into the same environment at once.
.NOTPARALLEL:
.PHONY: help newer demo test check bench differential test-pythons test-lowest test-ends doc changelog build buildc clean fuzz coverage mutants downstream

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' $(firstword $(MAKEFILE_LIST)) | \
	    while IFS='|' read -r name text; do printf '%-15s %s\n' "$$name" "$$text"; done

$(CREATED):
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(TEST): $(CREATED) pyproject.toml
	$(PIP) install --editable '.[test]'
	@touch $@

$(DEV): $(CREATED) pyproject.toml
	$(PIP) install --editable '.[dev]'
	@touch $@

$(DOCS): $(CREATED) pyproject.toml
	$(PIP) install --editable '.[docs]'
	@touch $@

$(CYTHON): $(CREATED) pyproject.toml
	$(PIP) install --editable '.[compiled]'
	@touch $@

$(FUZZ): $(TEST)
	$(PIP) install --only-binary atheris 'atheris>=2.3' || echo 'atheris does not install here'
	@touch $@

demo: $(TEST) ## the main job, over real sockets: list instances by HTTP and HTTPS
	$(BIN)/python tests/demo.py

test: $(TEST) ## all tests
	$(BIN)/python -m pytest $(TWO) $(TESTARGS)

# What `check` and `doc` need does not come for Python 3.8.
newer:
	@$(PYTHON) -c 'import sys; sys.exit("This target needs Python 3.9 or newer.  Say: make PYTHON=/path/to/python3" if sys.version_info < (3, 9) else 0)'

check: newer $(DEV) ## ruff, mypy --strict, the import contract, generated files fresh
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check --quiet .
	$(BIN)/python -m mypy --strict $(addprefix -p ,$(PACKAGES))
	$(BIN)/python -m mypy --strict $(wildcard tools/*.py)
	$(BIN)/python tools/make_sync.py --check
	$(BIN)/lint-imports --no-cache

bench: $(TEST) ## speed beside its floors, and beside the interpreter PEER_PYTHON
	$(BIN)/python tests/benchmarks/bench.py $(BENCHARGS)
	$(BIN)/python tests/benchmarks/bench_async.py
	$(BIN)/python tests/benchmarks/bench_mof.py
	$(BIN)/python tests/benchmarks/bench_mock.py
	$(BIN)/python tests/benchmarks/bench_mock_filling.py
	$(BIN)/python tests/benchmarks/bench_mock_served.py
	$(BIN)/python tests/benchmarks/bench_mock_state.py
	$(BIN)/python tests/benchmarks/bench_listener.py
	$(BIN)/python tests/benchmarks/bench_observers.py
	$(BIN)/python tests/benchmarks/bench_objects.py
	$(BIN)/python tests/benchmarks/bench_compiled.py

differential: $(TEST) ## the same cases here and in the interpreter PEER_PYTHON: no unknown difference
	$(BIN)/python -m tests.differential $(DIFFARGS)

fuzz: $(FUZZ) ## search for inputs at which a parser fails: FUZZARGS="--seconds 600 mof"
	$(BIN)/python -m tests.fuzz.search $(FUZZARGS)

# Processes that tests start are measured, too, wherever they run.
coverage: export COVERAGE_FILE := $(CURDIR)/build/coverage/data
coverage: $(TEST) ## lines and branches that the tests reach, and those they do not; at least 97 % of each package
	$(PIP) install 'coverage>=7.10'
	@rm -rf build/coverage && mkdir -p build/coverage
	@failed=0; \
	$(BIN)/python -m coverage run -m pytest $(TWO) $(TESTARGS) || failed=1; \
	$(BIN)/python -m coverage combine --quiet; \
	$(BIN)/python -m coverage report --skip-covered --show-missing; \
	for package in $(PACKAGES); do \
	    printf '%-13s' $$package; \
	    $(BIN)/python -m coverage report --include="$$package/*" --format=total --precision=1 \
	        --fail-under=97 || failed=1; \
	done; exit $$failed

mutants: $(TEST) ## change the code here and there: do tests notice?  MUTANTARGS="http --count 200 --seed 2"
	$(PIP) install 'coverage>=7.10'
	$(BIN)/python -m tests.mutants $(MUTANTARGS)

downstream: $(TEST) ## programs of others on the wheel: pywbemtools, a monitoring plugin, wbemcli
	$(BIN)/python -m tests.downstream $(DOWNSTREAMARGS)

test-pythons: ## all tests on every installed CPython 3.8 to 3.13
	$(PYTHON) tests/pythons.py $(TESTARGS)

test-lowest: ## all tests with the lowest dependencies that pyproject.toml admits
	$(PYTHON) tests/pythons.py --lowest $(TESTARGS)

# Value types, sockets, TLS, both clients and the mock.
SOME_TESTS := tests/unit/test_cim_types.py tests/unit/test_http_pools.py \
    tests/unit/test_pywbem_mock/test_server.py tests/integration/test_demo.py \
    tests/integration/test_mock_session.py tests/integration/test_tls.py

test-ends: ## some tests on the oldest CPython with the lowest dependencies, and on the newest
	$(PYTHON) tests/pythons.py --ends $(or $(TESTARGS),$(SOME_TESTS))

doc: newer $(DOCS) ## the documentation in build/doc/, warnings are errors
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/doc

changelog: $(CREATED) ## CHANGELOG.rst from the fragments in changes/
	$(BIN)/python tools/make_changelog.py $(CHANGELOGARGS)

build: $(DEV) changelog ## sdist and wheel in dist/, checked
	rm -rf dist
	$(BIN)/python -m build --outdir dist .
	$(BIN)/python -m twine check --strict dist/*

buildc: $(CYTHON) ## a wheel of machine code for this Python and system in build/compiled/
	$(BIN)/python tools/build_compiled.py build/compiled

clean: ## remove what the targets above made
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache \
	    .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
