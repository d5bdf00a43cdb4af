# Everything a contributor runs. `make demo` and `make test` do all of their set-up, system packages on Debian included.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
DISTRIBUTIONS := core $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml))
PROJECTS := $(addsuffix /pyproject.toml,$(DISTRIBUTIONS))

# Containers often say that Python must not keep what it compiled. Half of a run would go into compiling again.
export PYTHONDONTWRITEBYTECODE =

.PHONY: setup lock demo test lint types boundaries units clean

# What one needs to work on the project.
setup: $(VENV)/.ready

$(VENV)/.ready: requirements.lock $(PROJECTS) | $(UV)
	@tools/install.sh $(UV) $(VENV) requirements.lock $(DISTRIBUTIONS)
	@touch $(VENV)/.run $@

# What one needs to run it: no tools of ours, no compiler.
$(VENV)/.run: requirements.run.lock $(PROJECTS) | $(UV)
	@tools/install.sh $(UV) $(VENV) requirements.run.lock $(DISTRIBUTIONS)
	@touch $@

$(UV): | requirements.uv.lock
	@tools/make_venv.sh $(PYTHON) $(VENV)

# Versions are pinned with hashes and without addresses of registries. `make lock` keeps what is pinned and adds what is
# missing; `make lock UPGRADE=--upgrade` renews everything. What only extras ask for is locked with the tools of ours.
COMPILE := $(UV) --no-config pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header $(UPGRADE)
OURS := $(addprefix --no-emit-package=,$(notdir $(patsubst core,miniprogram,$(subst _,-,$(patsubst plugins/%,miniprogram-%,$(DISTRIBUTIONS))))))

lock: $(UV)
	@echo uv | $(COMPILE) --no-annotate - --output-file requirements.uv.lock
	@$(COMPILE) $(OURS) --group pyproject.toml:build $(PROJECTS) --output-file requirements.run.lock
	@$(COMPILE) --all-extras $(OURS) --group pyproject.toml:build --group pyproject.toml:dev \
		--group pyproject.toml:benchmarks --constraint requirements.run.lock --constraint requirements.uv.lock \
		$(PROJECTS) --output-file requirements.lock
	@$(BIN)/python tools/record_wheels.py $(UV) requirements*.lock $(wildcard tests/testbed/requirements/*.txt) >requirements.wheels

demo: $(VENV)/.run
	@$(BIN)/python examples/demo.py

test: setup lint types boundaries units

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python tools/check_changelog.py

types: setup
	$(BIN)/mypy

boundaries: setup
	$(BIN)/lint-imports

# The pages of docs/reference that are made from the code, and the help that is shipped ready-made.
.PHONY: reference check-reference
reference: setup
	@$(BIN)/python -m miniprogram.cli.framework.help.reference docs/reference
	@$(BIN)/python -m miniprogram_server.admin.reference docs/reference
	@$(BIN)/python -m miniprogram_server.doors docs/reference
	@$(BIN)/python -m miniprogram.releases.reference docs/reference
	@$(BIN)/python -m miniprogram.catalogue.reference docs/reference
	@$(BIN)/python -m miniprogram.stac.reference docs/reference
	@$(BIN)/python -m miniprogram.project.reference docs/reference
	@PYTHONPATH=tests $(BIN)/python -m conformance.renderer_status docs/reference
	@$(BIN)/python tools/import_graph.py
	@$(BIN)/python tools/public_surface.py
	@$(BIN)/python tools/seam_pages.py

check-reference: reference
	@git diff --exit-code --stat -- docs/reference docs/explanation/imports.md '*/root_help.txt' || \
		{ echo "these were not what the code says: they have been written again, look at them and commit them" >&2; exit 1; }

# One process more than there are cores: many tests wait. Each begins with tests that lie together and share what they need.
units: setup testbed browser softhsm
	$(BIN)/pytest -n $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )) --dist worksteal

# An answer in under a minute: no servers, no browser, no whole programs, no exhaustive checks. MARKS chooses another part.
MARKS ?= not server and not browser and not process and not slow
.PHONY: quick
quick: setup .testbed/node/.ready
	$(BIN)/pytest -n auto --dist worksteal --quiet --hypothesis-profile quick -m "$(MARKS)"

# The console is tested in a real browser. Debian has one; elsewhere the tests have Playwright download one if need be.
.PHONY: browser
browser: setup
	@! grep -qx 'ID=debian' /etc/os-release 2>/dev/null || \
		{ missing=$$($(BIN)/python tests/testbed/browser.py) && { [ -z "$$missing" ] || tools/apt_install.sh $$missing; }; }

# A device with a PKCS #11 library, in software.
.PHONY: softhsm
softhsm:
	@! grep -qx 'ID=debian' /etc/os-release 2>/dev/null || command -v softhsm2-util >/dev/null || tools/apt_install.sh softhsm2

# Servers that stand for clouds in the tests, and Node for what runs in browsers: each in an environment of its own with
# pinned versions and hashes.
TESTBED := ministack moto microburst rclone gcs functions-framework node openapi-client checkov

.PHONY: testbed
testbed: $(TESTBED:%=.testbed/%/.ready) .testbed/typescript/.ready .testbed/axe/.ready .testbed/esbuild/.ready

# What checks the types in the comments of the browser runtime.
TYPESCRIPT := typescript-5.9.3.tgz
TYPESCRIPT_SHA256 := 10e108c9cf7d5f2879053dff18515fb405abf2ccef63eaaf017d9c571687a1d3

.testbed/typescript/.ready: .testbed/node/.ready
	@mkdir -p $(@D)
	@PATH="$(CURDIR)/.testbed/node/bin:$$PATH" npm pack --loglevel error --pack-destination $(@D) typescript@5.9.3 >/dev/null
	@echo "$(TYPESCRIPT_SHA256)  $(@D)/$(TYPESCRIPT)" | sha256sum --check --quiet
	@tar -xzf $(@D)/$(TYPESCRIPT) -C $(@D) && rm $(@D)/$(TYPESCRIPT)
	@touch $@

# What looks for barriers to people with disabilities in what the browser runtime draws.
AXE := axe-core-4.14.1.tgz
AXE_SHA256 := e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745

.testbed/axe/.ready: .testbed/node/.ready
	@mkdir -p $(@D)
	@PATH="$(CURDIR)/.testbed/node/bin:$$PATH" npm pack --loglevel error --pack-destination $(@D) axe-core@4.14.1 >/dev/null
	@echo "$(AXE_SHA256)  $(@D)/$(AXE)" | sha256sum --check --quiet
	@tar -xzf $(@D)/$(AXE) -C $(@D) && rm $(@D)/$(AXE)
	@touch $@

# What tells how large the browser runtime is.
ESBUILD := esbuild-wasm-0.28.2.tgz
ESBUILD_SHA256 := 61594de12ce998652be2aa0ab72dda54bfa49407fb37ee3464468a2aac306baa

.testbed/esbuild/.ready: .testbed/node/.ready
	@mkdir -p $(@D)
	@PATH="$(CURDIR)/.testbed/node/bin:$$PATH" npm pack --loglevel error --pack-destination $(@D) esbuild-wasm@0.28.2 >/dev/null
	@echo "$(ESBUILD_SHA256)  $(@D)/$(ESBUILD)" | sha256sum --check --quiet
	@tar -xzf $(@D)/$(ESBUILD) -C $(@D) && rm $(@D)/$(ESBUILD)
	@touch $@

# What the browser runtime's first drawing of a screen is measured beside (benchmarks/first_render.py).
LIT := lit-html-3.3.2.tgz
LIT_SHA256 := 82b5e0feacc17112dc35c73cc9ea0bce438201344b3a5b4e016e4d039fb339ba

.testbed/lit-html/.ready: .testbed/node/.ready
	@mkdir -p $(@D)
	@PATH="$(CURDIR)/.testbed/node/bin:$$PATH" npm pack --loglevel error --pack-destination $(@D) lit-html@3.3.2 >/dev/null
	@echo "$(LIT_SHA256)  $(@D)/$(LIT)" | sha256sum --check --quiet
	@tar -xzf $(@D)/$(LIT) -C $(@D) && rm $(@D)/$(LIT)
	@touch $@

# What others who develop in a browser are used to: the peer of benchmarks/preview_page.py.
.testbed/vite/.ready: tests/testbed/vite/package.json tests/testbed/vite/package-lock.json .testbed/node/.ready
	@mkdir -p $(@D) && cp tests/testbed/vite/package.json tests/testbed/vite/package-lock.json $(@D)
	@cd $(@D) && PATH="$(CURDIR)/.testbed/node/bin:$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel error >/dev/null
	@touch $@

# The same tests against servers that are larger to install: Ceph from Debian, and Amazon's own DynamoDB for development.
CEPH := radosgw ceph-mon ceph-osd ceph-mgr ceph-common curl nginx-light
.PHONY: test-extra
test-extra: setup testbed .testbed/dynamodb-local/.ready .testbed/firebase-tools/.ready
	@command -v radosgw >/dev/null && command -v curl >/dev/null && PATH=$$PATH:/usr/sbin command -v nginx >/dev/null || tools/apt_install.sh $(CEPH)
	$(BIN)/pytest $(wildcard tests/plugins/*/extra_*.py)

# DynamoDB comes in a package of npm and runs on Java; it listens on all interfaces while tests run.
DYNAMODB_LOCAL := amplify-dynamodb-simulator-2.9.30.tgz
DYNAMODB_LOCAL_SHA256 := 3503ffac19f183407909fecdacf4db51ab1fdad1da7b2f177016670b2d80e4b9

.testbed/dynamodb-local/.ready: .testbed/node/.ready .testbed/java/.ready
	@mkdir -p $(@D)
	@PATH="$(CURDIR)/.testbed/node/bin:$$PATH" npm pack --silent --pack-destination $(@D) amplify-dynamodb-simulator@2.9.30 >/dev/null
	@echo "$(DYNAMODB_LOCAL_SHA256)  $(@D)/$(DYNAMODB_LOCAL)" | sha256sum --check --quiet
	@tar -xzf $(@D)/$(DYNAMODB_LOCAL) -C $(@D) && rm $(@D)/$(DYNAMODB_LOCAL)
	@touch $@

# The Firebase CLI, for its Hosting emulator. Its lock file has hashes and no addresses of registries.
.testbed/firebase-tools/.ready: tests/testbed/firebase-tools/package-lock.json .testbed/node/.ready
	@mkdir -p $(@D) && cp $(<D)/package.json $< $(@D)
	@cd $(@D) && PATH="$(CURDIR)/.testbed/node/bin:$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel error >/dev/null
	@touch $@

.testbed/%/.ready: tests/testbed/requirements/%.txt | $(UV)
	@$(UV) --no-config venv --quiet --clear --python $(BIN)/python .testbed/$*
	@tools/install.sh $(UV) .testbed/$* $<
	@touch $@

# What the next release will say; with VERSION it is written into CHANGELOG.md, and the fragments are gone.
.PHONY: changelog
changelog: setup
	$(BIN)/towncrier build $(if $(VERSION),--yes --version $(VERSION),--draft --version next)

# Builds every wheel from its source archive, looks into both, installs the wheels and runs them. The version is in
# core/src/miniprogram/version.py.
.PHONY: release
release: setup
	@rm -rf dist
	@for each in $(DISTRIBUTIONS); do \
		$(UV) --no-config build --quiet --no-build-isolation --python $(BIN)/python --out-dir dist ./$$each || exit 1; done
	@$(BIN)/python tools/check_distributions.py dist
	@tools/try_release.sh $(UV) dist
	@$(BIN)/python tools/make_pyz.py $(UV) dist dist/miniprogram.pyz $(PLUGINS)
	@tools/try_pyz.sh $(BIN)/python dist/miniprogram.pyz

# One file with miniprogram and the plugins named, for pipelines: `make pyz PLUGINS="static github-pages aws"`.
PLUGINS ?= static github-pages
.PHONY: pyz
pyz: release

# Change one thing in a module that must not be wrong, and see that a test notices: tools/mutants/targets.toml. What was
# found is kept until a module or its tests change; ONLY names modules, JOBS is how many mutants run at once.
JOBS ?= 2
.PHONY: mutants
mutants: setup
	PYTHONPATH=tools $(BIN)/python -m mutants --jobs $(JOBS) $(ONLY)

clean:
	rm -rf $(VENV) .testbed dist .mutants.jsonl

# Records what real Flutter does with the layout cases; FILES names some of them (tests/conformance/README.md). Needs Debian's
# chromium. The results are committed, and tests compare with them.
.PHONY: flutter-oracle
flutter-oracle: .testbed/flutter-oracle/.ready
	@cd tests/conformance && $(CURDIR)/.testbed/flutter-oracle/bin/python oracle/record.py $(FILES)

# Takes the pictures of Material controls again (tests/conformance/material): all, or CASES.
.PHONY: flutter-pictures
flutter-pictures: .testbed/flutter-oracle/.ready
	@cd tests/conformance && $(CURDIR)/.testbed/flutter-oracle/bin/python oracle/record_pictures.py $(CASES)

# Fetches the fonts that plugins/web ships again; a file with another hash than the recorded one is not taken.
.PHONY: vendor
vendor: setup
	@$(BIN)/python plugins/web/tools/vendor.py

.PHONY: benchmarks
benchmarks: setup .testbed/awscli/.ready .testbed/lit-html/.ready .testbed/vite/.ready browser
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/building.py
	$(BIN)/python benchmarks/admissions.py
	$(BIN)/python benchmarks/delivery_engine.py
	$(BIN)/python benchmarks/delivery_http.py
	$(BIN)/python benchmarks/hard_times.py
	$(BIN)/python benchmarks/memory.py
	$(BIN)/python benchmarks/preview.py
	PYTHONPATH=tests $(BIN)/python benchmarks/preview_page.py
	$(BIN)/python benchmarks/publishing.py
	$(BIN)/python benchmarks/packages.py
	PYTHONPATH=tests $(BIN)/python benchmarks/page_updates.py
	$(BIN)/python benchmarks/releases.py
	PYTHONPATH=tests $(BIN)/python benchmarks/console.py
	PYTHONPATH=tests $(BIN)/python benchmarks/trust.py
	PYTHONPATH=tests $(BIN)/python benchmarks/trust_web.py
	$(BIN)/python benchmarks/upload.py
	$(BIN)/python benchmarks/lambda_cold_start.py
	PYTHONPATH=tests $(BIN)/python benchmarks/run_cold_start.py
	$(BIN)/python benchmarks/layout_agreement.py
	$(BIN)/python benchmarks/first_render.py
	PYTHONPATH=tests $(BIN)/python benchmarks/firebase.py
