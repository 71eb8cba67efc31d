# Every task of the project. Run `make` to list them.

PYTHON ?= python3
SECONDS ?= 60
BIN := .venv/bin
READY := .venv/.ready
SOURCES := overrides outbox cli sandbox openapi scripts tests examples benchmarks
# These take twice as long with coverage, and cover nothing that the MEASURED tests do not.
UNTRACED := tests/io/test_fault_matrix.py tests/outbox/test_kills.py tests/io/test_storms.py \
	tests/webhooks/test_processes.py tests/io/test_pickled_errors.py tests/io/test_under_faults.py \
	tests/io/test_gevent.py tests/leaks/test_canaries.py tests/leaks/test_interruptions.py \
	tests/leaks/test_other_hosts.py tests/leaks/test_webhook_canaries.py
# The tests that must cover every branch of overrides/ and outbox/; all others run without coverage.
# Folders with slow files come first: a slow file at the end would leave the other processes idle.
MEASURED := $(filter-out $(UNTRACED),$(wildcard $(addsuffix /test_*.py,tests/outbox tests/io tests/webhooks tests/leaks))) \
	tests/_async tests/_sync tests/overrides

# `make test` runs two of these at once. Many tests wait, but each further process imports all tests again.
IN_PARALLEL := -n $$(($$(getconf _NPROCESSORS_ONLN) + 1)) --dist loadfile --no-loadscope-reorder --quiet

# Otherwise each process compiles all tests and packages again, and collecting the tests takes twice as long.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help candidate scaffold release sbom demo hops public-names test test-all test-lowest test-newest contract coverage-table fault-table cli-reference beyond docs screenshots lint types mypy pyright check-generated check-derived coverage measured checks-and-others proof fuzz bench generate derive update format lock build clean

# Run a command on each installed Python from 3.11 to 3.15, in a virtual environment of its own.
define each-python
	@for version in 3.11 3.12 3.13 3.14 3.15; do \
		if python$$version --version >/dev/null 2>&1; then \
			echo "== Python $$version" && \
			{ test -x .venv-$$version/bin/python || python$$version -m venv .venv-$$version; } && \
			.venv-$$version/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt && \
			.venv-$$version/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . && \
			.venv-$$version/bin/python $(1) || exit 1; \
		else echo "== Python $$version is not installed"; fi; \
	done
endef

# Run the tests of the client and its connections with freshly resolved dependencies.
define with-resolution
	test -x .venv-$(1)/bin/python || $(PYTHON) -m venv .venv-$(1)
	.venv-$(1)/bin/python -m pip install --quiet --disable-pip-version-check uv
	.venv-$(1)/bin/uv pip compile --quiet --resolution $(2) --extra sandbox --extra fast pyproject.toml -o .venv-$(1)/pins.txt
	.venv-$(1)/bin/python -m pip install --quiet --disable-pip-version-check -r .venv-$(1)/pins.txt -r requirements/resolutions.in
	.venv-$(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	.venv-$(1)/bin/python -m pytest -n auto --quiet -o filterwarnings= \
		tests/_async tests/_sync tests/io/test_connections.py tests/io/test_closing.py tests/io/test_event_loops.py
endef

help:  ## List all targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Without .venv, the demo installs only what it needs.
DEMO := $(if $(wildcard $(READY)),.venv,.venv-demo)

demo: $(DEMO)/.ready  ## Send, react and receive a signed webhook, offline; with BLOOIO_API_KEY and TO=+1..., use the real service
	@TO="$(TO)" $(DEMO)/bin/python examples/demo.py

test: $(READY)  ## Run every check and every test
	@$(MAKE) --no-print-directory -j2 checks-and-others measured
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

test-all:  ## Run the tests on each installed Python from 3.11 to 3.15
	$(call each-python,-m pytest -n auto --quiet)

test-lowest:  ## Run the client's tests with the lowest versions that pyproject.toml allows
	$(call with-resolution,lowest,lowest-direct)

test-newest:  ## Run the client's tests with the newest versions
	$(call with-resolution,newest,highest)

lint: $(READY)  ## Check style, format, spelling and the layers of imports
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/codespell *.md docs $(SOURCES) .github

types: mypy pyright  ## Check types: mypy --strict everywhere, pyright strict for hand-written code

mypy: $(READY)
	$(BIN)/mypy --strict blooio_client $(SOURCES)

pyright: $(READY)
	$(BIN)/pyright

check-generated: $(READY)  ## Check that blooio_client/ is up to date, byte for byte
	$(BIN)/python scripts/generate.py --check

check-derived: $(READY)  ## Check that the derived sync code is up to date
	$(BIN)/python scripts/derive.py --check

coverage: measured  ## Run the tests of overrides/ and outbox/, and require full branch coverage
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

measured: $(READY)
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest $(IN_PARALLEL) $(MEASURED)

checks-and-others: lint types check-generated check-derived docs
	$(BIN)/python -m pytest $(IN_PARALLEL) $(UNTRACED) tests $(addprefix --ignore=,$(MEASURED))

proof: $(READY)  ## Run the long tests: fuzzing, storms, event loops, the built wheel
	$(BIN)/python -m pytest tests -m proof -s
	$(BIN)/python -m pytest tests/overrides tests/generated tests/fuzz --hypothesis-profile=full -n auto --quiet

fuzz: .venv-fuzz/.ready  ## Search for responses that break the client: make fuzz SECONDS=60
	PYTHONPATH=.:overrides:outbox:sandbox:tests/support .venv-fuzz/bin/python tests/fuzz/run.py $(SECONDS)

bench:  ## Compare with httpx, httpx2 and the official package; fail if over budget: make bench ONLY="sends webhooks"
	@$(MAKE) --no-print-directory .venv-bench/.ready || \
		{ echo "== cannot install httpx2 and the official package: measuring without them"; \
		$(MAKE) --no-print-directory $(READY); }
	@if test -e .venv-bench/.ready; then .venv-bench/bin/python -m benchmarks $(ONLY); \
		else $(BIN)/python -m benchmarks $(ONLY); fi

contract: $(READY)  ## Check every operation against the document; LIVE=1 checks the real service instead, with BLOOIO_API_KEY
	$(if $(LIVE),$(BIN)/python scripts/live.py,$(BIN)/python -m pytest tests/contract --quiet)

hops: $(READY)  ## Count the functions and files that run for a send, a page and a webhook
	@$(BIN)/python scripts/hops.py

public-names: $(READY)  ## Write docs/reference/public-names.txt: every public name with its signature
	$(BIN)/python scripts/public_names.py

coverage-table: $(READY)  ## Print a table of operations with method, tests and sandbox support
	$(BIN)/python scripts/coverage_table.py

fault-table: $(READY)  ## Write the fault table in docs/promises.md from the tests' expectations
	$(BIN)/python scripts/fault_table.py

cli-reference: $(READY)  ## Write the command line reference in docs/cli.md from `--help`
	$(BIN)/python scripts/cli_reference.py

beyond: $(READY)  ## Write the tables in docs/beyond.md: what the overlay adds to the published document
	$(BIN)/python scripts/beyond.py

docs: $(READY)  ## Build the documentation into site/, with warnings as errors, and check its links and search
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@$(BIN)/python scripts/check_site.py

screenshots: $(READY)  ## Take the screenshots of the sandbox's page for the documentation (needs Chromium)
	$(BIN)/python scripts/screenshots.py

generate: $(READY)  ## Write blooio_client/ from openapi/
	$(BIN)/python scripts/generate.py

derive: $(READY)  ## Derive the sync code from the async code
	$(BIN)/python scripts/derive.py

candidate: $(READY)  ## Make a release candidate from a new document, or list what is missing: make candidate DOCUMENT=path or URL [APPLY=1]
	@test -n "$(DOCUMENT)" || { echo "usage: make candidate DOCUMENT=path or URL"; exit 2; }
	$(BIN)/python scripts/candidate.py "$(DOCUMENT)" $(if $(APPLY),--apply)

scaffold: $(READY)  ## Write stubs for a new operation, which fail until completed: make scaffold OPERATION=scheduleMessage
	@test -n "$(OPERATION)" || { echo "usage: make scaffold OPERATION=scheduleMessage"; exit 2; }
	$(BIN)/python scripts/scaffold.py "$(OPERATION)" $(METHOD) $(BESIDE)

update: $(READY)  ## Import a newly published document: make update DOCUMENT=path
	@test -n "$(DOCUMENT)" || { echo "usage: make update DOCUMENT=path/to/openapi.json"; exit 2; }
	$(BIN)/python -m openapi.update "$(DOCUMENT)"

format: $(READY)  ## Format everything hand-written
	$(BIN)/ruff check --fix --quiet $(SOURCES) || true
	$(BIN)/ruff format $(SOURCES)

lock: $(READY)  ## Pin the newest versions of the development requirements
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-header --no-annotate \
		--no-emit-package blooio-client requirements/dev.in -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-header --no-annotate \
		--no-emit-package blooio-client requirements/bench.in -o requirements/bench.txt

release: $(READY)  ## Check the version and changelog, then build; TAG=v0.2.0 also checks the tag
	$(BIN)/python scripts/release.py $(TAG)
	rm -rf dist
	REPOSITORY="$(REPOSITORY)" $(MAKE) --no-print-directory build
	test -x .venv-release/bin/python || $(PYTHON) -m venv .venv-release
	.venv-release/bin/python -m pip install --quiet --disable-pip-version-check twine==7.0.0 cyclonedx-bom==7.5.0
	.venv-release/bin/twine check --strict dist/*

build: $(READY)  ## Build the wheel and the source distribution into dist/
	$(BIN)/python -m hatchling build

sbom:  ## Write sbom.cdx.json after `make release`: the dependencies of the wheel with all its extras
	rm -rf .venv-sbom && $(PYTHON) -m venv .venv-sbom
	.venv-sbom/bin/python -m pip install --quiet --disable-pip-version-check "$$(ls dist/*.whl)[cli,fast,postgres,sandbox]"
	.venv-release/bin/cyclonedx-py environment --output-reproducible --of JSON -o sbom.cdx.json .venv-sbom/bin/python

clean:  ## Remove everything that can be rebuilt
	rm -rf .venv .venv-* dist site .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is required: make PYTHON=python3.12 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv-demo/.ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is required: make PYTHON=python3.12 ...")'
	test -x .venv-demo/bin/python || $(PYTHON) -m venv .venv-demo
	.venv-demo/bin/python -m pip install --quiet --disable-pip-version-check -c requirements/dev.txt -e ".[sandbox]"
	@touch $@

# atheris has wheels for some platforms only; without it, fuzzing is not coverage-guided.
.venv-fuzz/.ready: requirements/fuzz.txt requirements/dev.txt
	test -x .venv-fuzz/bin/python || $(PYTHON) -m venv .venv-fuzz
	.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/fuzz.txt || \
		{ grep -v '^atheris' requirements/fuzz.txt | sed 's|-c dev.txt|-c requirements/dev.txt|' > .venv-fuzz/without.txt && \
		.venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check -r .venv-fuzz/without.txt; }
	@touch $@

.venv-bench/.ready: requirements/bench.txt pyproject.toml
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/bench.txt
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@
