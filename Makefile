# One virtual environment, in .venv or VENV; what the system must bring is installed by `system` when make runs as root.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ARGS ?=
PLACE ?=
SEED ?=

DEMO_PACKAGES := libusb-1.0-0
TEST_PACKAGES := libusb-1.0-0 mosquitto chromium gcc libc6-dev shellcheck nftables openssl
CARD_PACKAGES := qemu-system-arm qemu-utils mmdebstrap device-tree-compiler e2fsprogs cpio kmod swig gcc-aarch64-linux-gnu \
	libc6-dev-arm64-cross socat mtools dosfstools mosquitto openssl xz-utils

HOUSE_TESTS := $(addprefix tests/test_,$(addsuffix .py,imports documents architecture names spelling))
# the suite starts hundreds of programs: compiled once, whatever the environment says
export PYTHONDONTWRITEBYTECODE =
QUICK_TESTS := tests/device/core tests/device/contract tests/server/core tests/server/formats
# what else is quick and takes branches that are counted
QUICK_TOO := tests/server/rooms/test_ical.py tests/device/adapters/readers/test_lending_alone.py \
	$(addprefix tests/server/enrolment/test_,$(addsuffix .py,card_session lent_reader session_run))
# the exchange with a badge, the card session and the reader that is lent: no branch without a test
WHOLLY_COVERED := device/core/badge/*,device/adapters/readers/lending.py,$\
	server/enrolment/card_session.py,server/enrolment/lent_reader.py,server/enrolment/session_run.py

.PHONY: help demo test quick bench faults mutants check schemas release card card-test clean

help:
	@echo "make card    the card of a server, of the release in release/ (ARGS=\"server --out DIR\", or PLACE=FOLDER ARGS=\"unit NAME --out DIR\")"
	@echo "make demo    the whole place on this machine (ARGS=\"--for 20\" stops by itself)"
	@echo "make test    every test"
	@echo "make quick   the pure parts' tests, in seconds: for every save"
	@echo "make check   ruff, mypy, import rules, documents, spelling, the branches that the quick tests take"
	@echo "make bench   the figures, each beside its floor (ARGS=--json or ARGS=--table)"
	@echo "make faults  the long fault campaigns (SEED= repeats one)"
	@echo "make mutants breaks the rules line by line, and sees that the tests notice (ARGS=\"--sample 300\")"
	@echo "make card-test  an emulated Pi from the card to the tap, and through what must not harm it (ARGS=\"--only tap,kill\")"
	@echo "make release what is installed, put on cards and updated to, in release/ (ARGS=--no-wheels: for machines with Internet)"

demo: $(VENV)/demo
	$(BIN)/poincon demo $(ARGS)

test: $(VENV)/test
	$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder $(ARGS)

quick: $(VENV)/test
	EXAMPLES=few $(BIN)/pytest -q -n 2 -p no:cacheprovider -m "not slow" $(QUICK_TESTS) $(ARGS)

bench: $(VENV)/test
	$(BIN)/python -m tests.performance $(ARGS)

faults: $(VENV)/test
	SEED=$(SEED) $(BIN)/python -m tests.faults $(ARGS)
	SEED=$(SEED) CUTS=1000 TEARS=1000 $(BIN)/pytest -q -n 2 -m faults tests/firmware tests/device/adapters/readers

mutants: $(VENV)/test
	SEED=$(SEED) $(BIN)/python -m tests.mutants $(ARGS)

check: $(VENV)/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -q $(HOUSE_TESTS)
	EXAMPLES=few $(BIN)/coverage run -m pytest -q -p no:cacheprovider $(QUICK_TESTS) $(QUICK_TOO)
	$(BIN)/coverage report
	$(BIN)/coverage report --fail-under=100 --include="$(WHOLLY_COVERED)"

card: $(VENV)/demo | release/VERSION
	$(BIN)/poincon $(if $(PLACE),-C "$(PLACE)") card $(if $(ARGS),$(ARGS),server --out card) $(if $(findstring --release,$(ARGS)),,--release release)

release/VERSION:
	@$(MAKE) --no-print-directory release ARGS=

card-test: $(VENV)/test
	@sh firmware-config/system-packages $(CARD_PACKAGES)
	SEED=$(SEED) $(BIN)/python -m tests.card $(ARGS)

schemas: $(VENV)/test
	$(BIN)/python -m device.contract.schema

release: $(VENV)/demo
	PYTHON=$(BIN)/python firmware-config/make-release release $(ARGS)

clean:
	rm -rf .venv .demo .card build release card *.egg-info

$(BIN)/pip:
	$(PYTHON) -m venv $(VENV)

$(VENV)/demo: pyproject.toml | $(BIN)/pip
	@sh firmware-config/system-packages $(DEMO_PACKAGES)
	@echo "Fetching Python packages; a minute or so, the first time"
	@$(BIN)/pip install --quiet --disable-pip-version-check -e ".[device,server]"
	@touch $@

$(VENV)/test: pyproject.toml | $(BIN)/pip
	@sh firmware-config/system-packages $(TEST_PACKAGES)
	$(BIN)/pip install --quiet --disable-pip-version-check -e ".[device,screen,server,check,test]"
	@touch $@ $(VENV)/demo
