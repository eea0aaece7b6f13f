# make demo    a first answer, from nothing        make test     the tests
# make check   format, lint, types, tests, ontology checks        make bench    figures [SIZE=100k]
# make docs    writes docs/reference/ and docs/ontology/ anew

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EXTRAS ?= test
SIZE ?= 10k,100k,1M

.PHONY: demo test check docs format lint types ontology bench clean

demo: $(VENV)/.core
	$(BIN)/kg demo

test: $(VENV)/.$(EXTRAS)
	$(BIN)/python -m pytest -n auto --dist loadgroup

check: EXTRAS := dev
check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/reuse lint --quiet
	$(BIN)/python -m pytest -n auto --dist loadgroup
	$(BIN)/kg validate
	$(BIN)/kg evidence
	$(BIN)/kg doctor

docs: $(VENV)/.core
	$(BIN)/kg docs docs

bench: $(VENV)/.bench
	$(BIN)/python -m bench --sizes $(SIZE)

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

$(VENV)/.core: pyproject.toml | $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.%: pyproject.toml | $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[$*]"
	@touch $@

$(VENV):
	$(PYTHON) -m venv $(VENV)

clean:
	rm -rf $(VENV) build dist
