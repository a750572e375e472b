# One virtual environment in .venv; what the system must bring is installed by `system` when make runs as root.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=
SEED ?=

DEMO_PACKAGES := libusb-1.0-0
TEST_PACKAGES := libusb-1.0-0 mosquitto chromium gcc libc6-dev

.PHONY: help demo test bench faults check schemas clean

help:
	@echo "make demo    the whole place on this machine (ARGS=\"--for 20\" stops by itself)"
	@echo "make test    every test"
	@echo "make check   ruff, mypy, import rules, document tests"
	@echo "make bench   the figures, each beside its floor (ARGS=--json)"
	@echo "make faults  the long fault campaigns (SEED= repeats one)"

demo: .venv/demo
	$(BIN)/poincon demo $(ARGS)

test: .venv/test
	$(BIN)/pytest -n 2 --dist loadgroup $(ARGS)

bench: .venv/test
	$(BIN)/python -m tests.performance $(ARGS)

faults: .venv/test
	SEED=$(SEED) $(BIN)/python -m tests.faults $(ARGS)

check: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q tests/test_imports.py tests/test_documents.py

schemas: .venv/test
	$(BIN)/python -m device.contract.schema

clean:
	rm -rf .venv .demo build *.egg-info

.venv/bin/pip:
	$(PYTHON) -m venv .venv

.venv/demo: pyproject.toml | .venv/bin/pip
	@sh firmware-config/system-packages $(DEMO_PACKAGES)
	@echo "Fetching Python packages; a minute or so, the first time"
	@$(BIN)/pip install --quiet --disable-pip-version-check -e ".[device,server]"
	@touch $@

.venv/test: pyproject.toml | .venv/bin/pip
	@sh firmware-config/system-packages $(TEST_PACKAGES)
	$(BIN)/pip install --quiet --disable-pip-version-check -e ".[device,screen,server,check,test]"
	@touch $@ .venv/demo
