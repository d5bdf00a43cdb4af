# Everything a contributor runs. `make demo` and `make test` do their own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := VIRTUAL_ENV=$(VENV) UV_PYTHON_DOWNLOADS=never $(BIN)/uv
UV_VERSION := 0.13.8
DISTRIBUTIONS := core $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml))

.PHONY: setup lock demo test lint types boundaries units clean

setup: $(VENV)/.ready

$(VENV)/.ready: requirements.lock $(addsuffix /pyproject.toml,$(DISTRIBUTIONS)) | $(BIN)/uv
	$(UV) --no-config pip sync --quiet --require-hashes requirements.lock
	$(UV) --no-config pip install --quiet --no-deps --no-build-isolation $(addprefix --editable ./,$(DISTRIBUTIONS))
	@touch $@

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "miniprogram needs Python 3.11 or newer; name one with: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "$(PYTHON) cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# Pinned versions with hashes and without registry addresses: uv.lock would record those, so it stays out of git.
lock: $(BIN)/uv
	$(UV) lock --quiet --upgrade
	$(UV) export --quiet --frozen --all-groups --all-packages --all-extras --no-emit-workspace --no-header \
		--output-file requirements.lock

demo: setup
	@$(BIN)/python examples/demo.py

test: setup lint types boundaries units

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

boundaries: setup
	$(BIN)/lint-imports

units: setup testbed
	$(BIN)/pytest -n auto

# Servers that stand for clouds in the tests, each in an environment of its own with pinned versions and hashes.
TESTBED := ministack moto microburst rclone

.PHONY: testbed
testbed: $(TESTBED:%=.testbed/%/.ready)

# What takes a server from Debian: apt-get install --no-install-recommends radosgw ceph-mon ceph-osd ceph-mgr ceph-common
.PHONY: test-extra
test-extra: setup testbed .testbed/dynamodb-local/.ready
	@command -v radosgw >/dev/null || { echo "radosgw is missing: see the line above test-extra in the Makefile" >&2; exit 1; }
	$(BIN)/pytest $(wildcard tests/plugins/*/extra_*.py)

# Amazon's own DynamoDB for development, in a package of npm; it needs Java, and listens on all interfaces while tests run.
DYNAMODB_LOCAL := amplify-dynamodb-simulator-2.9.30.tgz
DYNAMODB_LOCAL_SHA256 := 3503ffac19f183407909fecdacf4db51ab1fdad1da7b2f177016670b2d80e4b9

.testbed/dynamodb-local/.ready:
	@mkdir -p $(@D)
	@npm pack --silent --pack-destination $(@D) amplify-dynamodb-simulator@2.9.30 >/dev/null
	@echo "$(DYNAMODB_LOCAL_SHA256)  $(@D)/$(DYNAMODB_LOCAL)" | sha256sum --check --quiet
	@tar -xzf $(@D)/$(DYNAMODB_LOCAL) -C $(@D) && rm $(@D)/$(DYNAMODB_LOCAL)
	@touch $@

.testbed/%/.ready: tests/testbed/requirements/%.txt | $(BIN)/uv
	@$(BIN)/uv --no-config venv --quiet --clear --python $(BIN)/python .testbed/$*
	@VIRTUAL_ENV=.testbed/$* UV_PYTHON_DOWNLOADS=never $(BIN)/uv --no-config pip sync --quiet --require-hashes $<
	@touch $@

clean:
	rm -rf $(VENV) .testbed

.PHONY: benchmarks
benchmarks: setup .testbed/awscli/.ready
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/delivery_engine.py
	$(BIN)/python benchmarks/delivery_http.py
	$(BIN)/python benchmarks/preview.py
	$(BIN)/python benchmarks/publishing.py
	$(BIN)/python benchmarks/releases.py
	$(BIN)/python benchmarks/upload.py
	$(BIN)/python benchmarks/lambda_cold_start.py
