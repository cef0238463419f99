# Fordel. `make run` and `make test` set up all they need: Python 3.11+, make and a package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PORT ?= 8765
OUT ?= out
COMPILE = $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-header \
  --no-annotate --no-emit-index-url --no-emit-find-links
export PYTHONUTF8 = 1

.PHONY: run test test-all check bench docs load fuzz screenshots generate lock clean

run: $(READY)  ## Serve the web application with its demo on 127.0.0.1: database, pages, worker
	@$(BIN)/fordel serve --demo --home $(OUT) --port $(PORT)

test: $(READY)  ## Everything: the checks, then every test
	@$(BIN)/python tools/check.py --but tests $(BUT)
	@$(BIN)/pytest -n 2 --dist loadgroup

check: $(READY)  ## Fast: format, lint, types, floors, generated files, unit tests, docs
	@$(BIN)/python tools/check.py

bench: $(READY)  ## Side-by-side benchmarks; make bench ONLY=coverage
	@$(BIN)/python bench/run.py $(ONLY)

test-all: test  ## Everything on the oldest Python, then everything on 3.13
	@$(MAKE) test PYTHON=python3.13 VENV=$(VENV)-3.13 BUT="--but types"

load: $(READY)  ## Let fifty officers browse the web application for ten minutes; make load MINUTES=2
	@$(BIN)/uv venv --quiet --allow-existing $(VENV)-load
	@$(BIN)/uv pip sync --quiet --python $(VENV)-load/bin/python --require-hashes tools/load.lock
	@$(BIN)/python bench/web_load.py $(VENV)-load/bin/locust $(MINUTES)

fuzz: $(READY)  ## Take in files made up by number, through every importer; make fuzz FILES=1000
	@$(BIN)/python bench/fuzz_imports.py $(or $(FILES),100000)

screenshots: $(READY)  ## Take the pictures of web pages that the documentation shows
	@rm -rf docs/assets/web
	@FORDEL_SCREENSHOTS=docs/assets/web $(BIN)/pytest tests/web/test_in_browser.py -k "analyst or administrator or waterfall"
	@$(MAKE) generate

docs: $(READY)  ## Show the documentation on 127.0.0.1 and follow changes
	@$(BIN)/mkdocs serve

generate: $(READY)  ## Write the generated reference pages anew
	@$(BIN)/python tools/generate.py

lock: $(READY)  ## Resolve requirements.lock, tools/spark.lock and tools/load.lock anew
	@$(COMPILE) --group dev -o requirements.lock
	@$(COMPILE) --extra spark --constraint requirements.lock -o tools/spark.lock
	@$(subst pyproject.toml,tools/load.in,$(COMPILE)) -o tools/load.lock

$(READY): requirements.lock pyproject.toml tools/setup.sh
	@sh tools/setup.sh "$(PYTHON)" "$(VENV)"
	@touch $@

clean:
	rm -rf $(VENV) $(VENV)-3.13 $(VENV)-load $(OUT) site .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
