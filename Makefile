# One word each: make demo | test | test-devices | chaos | fuzz | explore | check | bench | features | setup.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help setup demo test test-devices chaos fuzz explore check bench features clean
help:
	@echo "make demo      a broker, central and a simulated bench to play with"
	@echo "make test      every test, against a real broker, database and browser"
	@echo "make test-devices  an installed bench in a virtual machine, its devices plugged and unplugged (root)"
	@echo "make chaos     packs while everything fails, for DURATION seconds; SEED=… has the same faults again"
	@echo "make fuzz      throws bad input at every door, for DURATION seconds in all; DOOR=… at one alone"
	@echo "make explore   the tests by property with examples that nobody tried, for ROUNDS rounds"
	@echo "make check     style, types, who may import whom"
	@echo "make bench     what it costs, against floors measured in the same run"
	@echo "make features  what Packline does, and the tests that show it"
	@echo "make setup     what all of these need; they call it themselves"

setup: $(VENV)/.demo $(VENV)/.dev .cache/.contract

demo: $(VENV)/.demo
	@$(BIN)/packline-demo

# Most tests wait for devices and processes: more at a time than there are cores. Compiled files are kept, also where
# the environment forbids it: hundreds of processes begin.
TEST := PATH="$(CURDIR)/$(BIN):$$PATH" PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 4 --dist loadgroup \
	--no-loadscope-reorder
test: setup
	$(TEST) --durations 5

# Images are kept in the user's cache folder.
test-devices: $(VENV)/.dev
	@tools/debian.sh qemu-system-x86_64=qemu-system-x86 mmdebstrap=mmdebstrap gcc-12=gcc-12 modprobe=kmod cpio=cpio \
		mke2fs=e2fsprogs xz=xz-utils
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest --device-vm tests/device_vm

DURATION ?= 600
chaos: setup
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.chaos --duration $(DURATION) $(if $(SEED),--seed $(SEED)) \
		--table .cache/chaos.md

fuzz: $(VENV)/.fuzz
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.fuzz --duration $(DURATION) $(if $(DOOR),--door $(DOOR))

ROUNDS ?= 10
explore: setup
	@for round in $$(seq $(ROUNDS)); do echo "round $$round of $(ROUNDS)"; \
		$(TEST) -m hypothesis --hypothesis-profile=explore || exit 1; done

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev
	$(BIN)/python -m bench.central_pipe
	$(BIN)/python -m bench.orders
	$(BIN)/python -m bench.station
	$(BIN)/python -m bench.weight_check
	$(BIN)/python -m bench.overload
	$(BIN)/python -m bench.broker

features: $(VENV)/.dev
	@$(BIN)/python -m tools.features

clean:
	rm -rf $(VENV) .cache

# A stamp is newer than what it was made from: a second call does nothing.
$(VENV)/.python: constraints.txt
	@tools/venv.sh $(PYTHON) $(VENV)
	$(PIP) install -c constraints.txt setuptools
	@touch $@

$(VENV)/.demo: $(VENV)/.python pyproject.toml tools/debian.sh
	$(PIP) install -c constraints.txt --no-build-isolation -e ".[demo]"
	@tools/debian.sh mosquitto=mosquitto setpriv=util-linux
	@touch $@

$(VENV)/.dev: $(VENV)/.demo
	$(PIP) install -c constraints.txt --no-build-isolation -e ".[dev]"
	@tools/debian.sh chromium=chromium cupsd=cups-daemon systemd-analyze=systemd node=nodejs npm=npm \
		strace=strace
	@touch $@

$(VENV)/.fuzz: $(VENV)/.dev
	$(PIP) install -c constraints.txt --no-build-isolation -e ".[fuzz]"
	@touch $@

.cache/.contract: tests/contract/package.json tests/contract/package-lock.json $(VENV)/.dev
	@mkdir -p .cache
	@cp tests/contract/package.json tests/contract/package-lock.json .cache/
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --prefix .cache --ignore-scripts --loglevel=error --fetch-retries=5 --no-audit --no-fund
	@touch $@
