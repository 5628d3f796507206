# Everything that Beleg needs is set up in .venv; nothing else on the machine is touched.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null \
	&& echo $$p && break; done)
BIN := .venv/bin
READY := .venv/.ready

.PHONY: setup demo test lint types layers tests slow faults bench bench-peers clean

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Beleg needs Python 3.11, 3.12 or 3.13."; exit 1; }
	@echo "Setting up .venv (a few minutes the first time) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip>=25,<27'
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $(READY)

demo: setup
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh examples/demo.sh

test: setup lint types layers tests

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

layers: setup
	$(BIN)/lint-imports

tests: setup
	$(BIN)/beleg config > /dev/null
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

slow: setup
	$(BIN)/beleg config > /dev/null
	$(BIN)/pytest -m slow --ignore tests/integration/faults -n 2 --dist loadfile

faults: setup
	$(BIN)/beleg config > /dev/null
	$(BIN)/pytest tests/integration/faults -m 'slow or not slow' -n 2 --no-loadscope-reorder

SCALE ?= 25000

bench: setup
	@mkdir -p .bench; rm -f .bench/figures.jsonl
	@for name in embedding chroma taking_in cold_start warm; do \
		echo "$$name ..." >&2; $(BIN)/python benchmarks/$$name.py --json >> .bench/figures.jsonl || exit 1; \
	done
	@echo "scale ..." >&2; $(BIN)/python benchmarks/scale.py --passages $(SCALE) | grep '^{' >> .bench/figures.jsonl
	@test ! -s .bench/peers.jsonl || cat .bench/peers.jsonl >> .bench/figures.jsonl
	@$(BIN)/python benchmarks/performance.py .bench/figures.jsonl
	@cat .bench/figures.jsonl

bench-peers: setup
	@test -x .venv-peers/bin/python || $(PYTHON) -m venv .venv-peers
	@.venv-peers/bin/python -m pip install --quiet --disable-pip-version-check -r benchmarks/peers/requirements.txt
	@mkdir -p .bench
	$(BIN)/python benchmarks/against_peers.py --json | tee .bench/peers.jsonl

clean:
	rm -rf .venv .venv-peers .bench .demo .pytest_cache .mypy_cache .ruff_cache
