# Every task of the project. `make` alone lists them.

PYTHON ?= python3
SECONDS ?= 60
BIN := .venv/bin
READY := .venv/.ready
ROOMS := overrides sandbox openapi scripts tests examples benchmarks

.DEFAULT_GOAL := help
.PHONY: help demo hops public-names test test-all contract coverage-table fault-table docs lint types check-generated check-derived coverage proof fuzz bench costs generate derive update format lock build clean

# Runs a command of each Python from 3.11 to 3.13 that is installed, with what development needs.
define each-python
	@for version in 3.11 3.12 3.13; do \
		if python$$version --version >/dev/null 2>&1; then \
			echo "== Python $$version" && \
			{ test -x .venv-$$version/bin/python || python$$version -m venv .venv-$$version; } && \
			.venv-$$version/bin/python -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt && \
			.venv-$$version/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e . && \
			.venv-$$version/bin/python $(1) || exit 1; \
		else echo "== Python $$version is not installed"; fi; \
	done
endef

help:  ## List all targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY)  ## Send, react, receive a signed webhook: offline; or for real with BLOOIO_API_KEY and TO=+1...
	@TO="$(TO)" $(BIN)/python examples/demo.py

test: lint check-generated check-derived types docs coverage  ## Every check and every test

test-all:  ## The tests on each Python from 3.11 to 3.13 that is installed
	$(call each-python,-m pytest -n auto --quiet)

lint: $(READY)  ## Check style and format
	$(BIN)/ruff check $(ROOMS)
	$(BIN)/ruff format --check $(ROOMS)
	$(BIN)/lint-imports --no-logo --no-cache

types: $(READY)  ## Check the types: mypy --strict everywhere, pyright strict for everything hand-written
	$(BIN)/mypy --strict blooio_client $(ROOMS)
	$(BIN)/pyright

check-generated: $(READY)  ## Compare blooio_client/ with what would be generated, byte for byte
	$(BIN)/python scripts/generate.py --check

check-derived: $(READY)  ## Compare the blocking twins with what would be derived
	$(BIN)/python scripts/derive.py --check

coverage: $(READY)  ## Run the tests; every branch of overrides/ must be covered
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n auto
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

proof: $(READY)  ## What is long, or needs PyPI: long fuzz runs, many event loops, the wheel beside other packages
	$(BIN)/python -m pytest tests -m proof -s
	$(BIN)/python -m pytest tests/overrides tests/generated tests/fuzz --hypothesis-profile=full -n auto --quiet

fuzz: .venv-fuzz/.ready  ## Look for answers that break the client, guided by coverage where atheris installs: make fuzz SECONDS=60
	PYTHONPATH=.:overrides:sandbox:tests/support .venv-fuzz/bin/python tests/fuzz/run.py $(SECONDS)

bench:  ## Measure beside httpx, httpx2 and the official package, all or ONLY="sends webhooks"; fails over budget
	@$(MAKE) --no-print-directory .venv-bench/.ready || \
		{ echo "== the package index is out of reach: httpx2 and the official package are not measured"; \
		$(MAKE) --no-print-directory $(READY); }
	@if test -e .venv-bench/.ready; then .venv-bench/bin/python -m benchmarks $(ONLY); \
		else $(BIN)/python -m benchmarks $(ONLY); fi

costs:  ## Write what `make test` compares: modules and instructions, on each Python from 3.11 to 3.13 that is installed
	$(call each-python,tests/support/costs.py)

contract: $(READY)  ## Check every operation against the document, in both colours (part of `make test`)
	$(BIN)/python -m pytest tests/contract --quiet

hops: $(READY)  ## Count the functions and files that a send, a page and a webhook run through
	@$(BIN)/python scripts/hops.py

public-names: $(READY)  ## Write every public name with its signature, as the tests compare it
	$(BIN)/python scripts/public_names.py

coverage-table: $(READY)  ## Print operation, method, tests and sandbox: a row for each, no gap
	$(BIN)/python scripts/coverage_table.py

fault-table: $(READY)  ## Write what each fault leads to into docs/promises.md, as the tests expect it
	$(BIN)/python scripts/fault_table.py

docs: $(READY)  ## Build the documentation into site/, warnings as errors
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

generate: $(READY)  ## Write blooio_client/ from openapi/
	$(BIN)/python scripts/generate.py

derive: $(READY)  ## Write the blocking twins from the awaiting code
	$(BIN)/python scripts/derive.py

update: $(READY)  ## Take a new published document: make update DOCUMENT=path
	@test -n "$(DOCUMENT)" || { echo "say which: make update DOCUMENT=path/to/openapi.json"; exit 2; }
	$(BIN)/python openapi/update.py "$(DOCUMENT)"

format: $(READY)  ## Format everything hand-written
	$(BIN)/ruff check --fix --quiet $(ROOMS) || true
	$(BIN)/ruff format $(ROOMS)

lock: $(READY)  ## Pin the newest versions of what development needs
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-header --no-annotate \
		--no-emit-package blooio-client requirements/dev.in -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --no-header --no-annotate \
		--no-emit-package blooio-client requirements/bench.in -o requirements/bench.txt

build: $(READY)  ## Build the wheel and the source distribution into dist/
	$(BIN)/python -m hatchling build

clean:  ## Remove everything that can be made again
	rm -rf .venv .venv-* dist site .coverage* .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# atheris is built for some machines and versions of Python only; what else is needed installs everywhere.
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
