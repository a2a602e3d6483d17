# make demo   environment, dependencies, demo store, dashboard on http://localhost:8501
# make test   environment, dependencies, the whole test suite
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test spark parity mutants check format docs bench lock serve clean
.DEFAULT_GOAL := demo

$(VENV)/ready: requirements.lock pyproject.toml
	@echo "Installing the dependencies into $(VENV): the first time takes a minute or two."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	$(BIN)/python -m compileall -q app.py pages smarketing
	@echo "Installed."
	@touch $@

$(VENV)/spark: $(VENV)/ready
	$(BIN)/python -m pip install --quiet -e ".[spark]"
	@touch $@

demo: $(VENV)/ready
	$(BIN)/smarketing demo
	$(BIN)/smarketing serve

serve: $(VENV)/ready
	$(BIN)/smarketing serve

test: $(VENV)/ready
	$(BIN)/python -m pytest -n 2 --dist loadfile

# Is a hostile company the same in Spark? The part of `parity` that every run of CI asks.
spark: $(VENV)/spark
	$(BIN)/python -m pytest tests/build/marts -m spark

# Does every figure say the same in PostgreSQL and Spark? Spark needs Java 17; docs/scale.md.
parity: $(VENV)/spark
	$(BIN)/python -m pytest tests/sql/test_parity.py tests/sql/test_every_figure.py tests/build/marts -m "parity or spark"

# Which small faults would no test notice? Half an hour; docs/testing.md says how to read it.
mutants: $(VENV)/ready
	$(BIN)/python -m pip install --quiet -e ".[mutants]"
	$(BIN)/python -m tools.mutants

check: $(VENV)/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tools.layout --check

format: $(VENV)/ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/python -m tools.layout

docs: $(VENV)/ready
	$(BIN)/python -m tools.docs dist/docs
	$(BIN)/zensical build --clean --strict

bench: $(VENV)/ready
	$(BIN)/python -m pytest benchmarks --benchmark-only -s

# Exact versions, no addresses: the same lock works against any index.
lock: $(VENV)/ready
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/python -m piptools compile --quiet --extra dev --output-file requirements.lock \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
		--no-header --no-annotate --strip-extras pyproject.toml

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis
