# `make run` and `make test` need Python 3.11+ and nothing else; `make test-all` is what CI runs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEV := $(VENV)/.dev
CLIENTS := $(VENV)/clients/.ready
VALHALLA := $(VENV)/valhalla/.ready
OSRM := $(VENV)/osrm/.ready
PEERS := $(VENV)/peers/.ready
SCANNERS := $(VENV)/scans/.ready
OBJECTS := $(VENV)/objects/.ready
MUTANTS := $(VENV)/mutants/.ready
OPS := $(VENV)/ops/.ready
STATIC := $(VENV)/.static
PORT ?= 8000
AHEAD ?= 0
export SAFEZONES_DATA_DIR ?= var

.PHONY: help run dev gallery gallery-compare gallery-update test test-unit test-integration test-slow test-browser test-postgres test-programs test-all attacks faults story embed-hosts clients routers lint image image-check ops-lint quality mutants bench soak uploads-memory cases scan hashes assets version release release-check release-open messages documents data-report clean objects pictures upgrade
.DEFAULT_GOAL := help

help: ## show what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(READY): pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 run")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock tdewolff-minify --editable .
	touch $@

$(DEV): $(READY) $(STATIC) pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip>=25.1"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --group dev
	touch $@

$(STATIC): $(READY) scripts/compress_static.py $(wildcard directory/static/*.* directory/static/vendor/*.*s)
	$(BIN)/python scripts/compress_static.py
	touch $@

run: $(READY) $(STATIC) ## make everything that is missing and serve http://127.0.0.1:8000 (PORT=… to change)
	$(BIN)/safezones serve --port $(PORT)

dev: $(DEV) ## serve with reload, sample accounts and mails as files (AHEAD=… days sets the clock ahead)
	SAFEZONES_DATA_DIR=var/dev SAFEZONES_CLOCK_AHEAD_DAYS=$(AHEAD) PORT=$(PORT) $(BIN)/python scripts/dev.py

gallery: $(DEV) ## serve each piece of the pages in its states at http://127.0.0.1:8000/gallery (PORT=… to change)
	$(BIN)/python -m quality.gallery serve --reload --port $(PORT)

gallery-compare: $(DEV) ## compare it with its pictures; what changed is shown in screenshots/gallery
	$(BIN)/python -m quality.gallery compare

gallery-update: $(DEV) ## take its pictures again, after a look was changed on purpose
	$(BIN)/python -m quality.gallery update

PLAIN := not browser and not postgres and not nominatim and not router and not clients

test: $(DEV) ## the tests that need neither browser nor server nor patience (minutes)
	$(BIN)/python -m pytest -n auto -m "$(PLAIN) and not slow"

test-unit: $(DEV) ## of these, what needs no database (seconds)
	$(BIN)/python -m pytest -n auto tests/unit

test-integration: $(DEV) ## of these, what works on a database and through pages
	$(BIN)/python -m pytest -n auto -m "$(PLAIN) and not slow" tests/integration

# It starts systemd in namespaces of its own, as root, for minutes: `make upgrade` runs it.
SYSTEMD := tests/integration/upgrades/test_systemd.py

test-slow: $(DEV) ## processes that are started and killed, megabytes that are sent, forms that are fuzzed
	$(BIN)/python -m pytest -n 3 -m "$(PLAIN) and slow" --ignore $(SYSTEMD) tests/integration

# These wait for Chromium and for servers nearly half of their time: three workers for two cores.
BROWSERS := $(shell expr $$(getconf _NPROCESSORS_ONLN) \* 3 / 2)

test-browser: $(DEV) ## pages in Chromium
	$(BIN)/python -m pytest -n $(BROWSERS) --dist loadfile --no-loadscope-reorder -m browser tests/browser

# Pages, embeds and searches are answered from the directory in memory, which is read from PostgreSQL in the others; and
# some attacks never reach a database.
FROM_MEMORY := $(addprefix --ignore tests/integration/,web/public/test_searching.py web/public/test_zone_pages.py \
  web/public/test_feeds.py web/public/test_site_pages.py web/embed web/meetings web/http/test_languages.py \
  test_documents.py test_fuzz.py web/http/security/test_security_headers.py web/api/test_ready_answers.py web/api/test_standards.py \
  geocoding/test_search_cases.py search/test_directory_names.py test_regions.py web/public/test_nothing_near.py \
  web/public/maps/test_streets.py web/public/test_towns_of_a_state.py web/http/security/test_cross_site.py web/query/test_terms.py \
  stations search/geography/test_crossings.py zones/hours web/presenters upgrades/test_systemd.py web/test_links.py \
  zones/test_fields.py formats/test_downloads.py cli/test_map.py \
  $(addprefix attacks/files/test_,uploads.py xml.py parts_of_files.py) \
  $(addprefix attacks/senders/test_,risk.py colleague_review.py shown.py) \
  $(addprefix attacks/site/test_,client_address.py safe_methods.py fetches.py disk.py settings.py)) \
  --ignore tests/unit

test-postgres: $(DEV) ## store, imports, submissions, desk, API and operation on PostgreSQL
	DIRECTORY_TEST_DATABASE=postgresql $(BIN)/python -m pytest -n auto -m "not browser and not nominatim and not router and not clients" $(FROM_MEMORY)

test-programs: $(DEV) ## pages in Chromium, the API in GDAL, QGIS and others, geocoding with Nominatim, travel times with Valhalla
	$(BIN)/python -m pytest -n $(BROWSERS) --dist loadfile --no-loadscope-reorder -m "browser or nominatim or router or clients"

test-all: test test-slow test-postgres test-programs ## every test; needs what .ci/run installs

attacks: $(DEV) ## every attack that the site withstands, a test each
	$(BIN)/python -m pytest -n auto -m "not browser and not postgres" tests/integration/attacks

faults: $(DEV) ## what breaks, and what the site does then; needs PostgreSQL and redis-server
	$(BIN)/python -m pytest -v tests/integration/faults

upgrade: $(DEV) ## to a next release and back: under systemd, and under load on both databases behind nginx and Caddy; writes docs/upgrading.md
	$(BIN)/python -m pytest -v $(SYSTEMD)
	$(BIN)/python -m quality.upgrades

story: $(DEV) ## one story in a real browser with a real mail server; pictures in screenshots/story
	$(BIN)/python -m pytest -q tests/browser/story -m browser
	@echo "Pictures of the story: screenshots/story"

embed-hosts: $(DEV) ## the embed in twelve kinds of host, in a browser; pictures in screenshots/embed-hosts
	npm ci --prefix quality --ignore-scripts --no-audit --no-fund --silent
	$(BIN)/python -m pytest -q tests/browser/embed -m browser
	@echo "Pictures of the hosts: screenshots/embed-hosts"

$(CLIENTS): tests/integration/clients/requirements.txt
	$(PYTHON) -m venv $(VENV)/clients
	$(VENV)/clients/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

# A wheel for a newer Python: its programs need none, so it is unpacked and not installed.
$(VALHALLA): Makefile
	rm -rf $(VENV)/valhalla
	$(BIN)/pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.12 \
	  --platform manylinux_2_28_$(shell uname -m) --dest $(VENV)/valhalla pyvalhalla==3.9.1
	$(BIN)/python -m zipfile -e $(VENV)/valhalla/*.whl $(VENV)/valhalla
	chmod +x $(VENV)/valhalla/valhalla/bin/*
	rm $(VENV)/valhalla/*.whl
	touch $@

$(OSRM): Makefile
	rm -rf $(VENV)/osrm
	$(BIN)/pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.12 \
	  --platform manylinux_2_28_$(shell uname -m) --dest $(VENV)/osrm osrm-bindings==26.10.0
	$(BIN)/python -m zipfile -e $(VENV)/osrm/*.whl $(VENV)/osrm
	chmod +x $(VENV)/osrm/osrm/bin/*
	rm $(VENV)/osrm/*.whl
	touch $@

routers: $(DEV) $(VALHALLA) $(OSRM) ## the routers that the tests of travel times run: Valhalla and OSRM

# Of moto's server only what objects need.
$(OBJECTS): Makefile
	rm -rf $(VENV)/objects
	$(PYTHON) -m venv $(VENV)/objects
	$(VENV)/objects/bin/pip install --quiet --disable-pip-version-check 'moto[s3]==5.2.5' flask flask-cors
	touch $@

objects: $(OBJECTS) ## the store of objects (S3) that the test of off-site backups runs; it needs restic, too

clients: $(DEV) $(CLIENTS) ## GDAL, QGIS, R, GeoPandas, OWSLib, schemathesis and pygeoapi read the API and the downloads; the recipes
	npm ci --prefix quality --ignore-scripts --no-audit --no-fund --silent
	$(BIN)/python -m pytest -q tests/integration/clients -m clients

lint: $(DEV) ## style, types, direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache >$(VENV)/imports.log || { cat $(VENV)/imports.log; exit 1; }

$(OPS): deploy/lint/requirements.txt
	$(PYTHON) -m venv $(VENV)/ops
	$(VENV)/ops/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

ops-lint: $(DEV) $(OPS) ## each file of deploy/ by its linter (needs promtool, amtool, shellcheck, Caddy, nginx, systemd-analyze)
	npm ci --prefix quality --ignore-scripts --no-audit --no-fund --silent
	bash .ci/ops

# By sed: machines that run containers alone have no Python 3.11.
PACKAGE_VERSION = $(shell sed -n 's/^__version__ = "\(.*\)"/\1/p' directory/__init__.py)
ENGINE ?= podman

image: ## the container's image, named by the version (ENGINE=docker; PYTHON_IMAGE=… for another base)
	$(ENGINE) build --file Containerfile $(if $(findstring podman,$(ENGINE)),--format docker) $(if $(PYTHON_IMAGE),--build-arg PYTHON_IMAGE=$(PYTHON_IMAGE)) \
	  --build-arg VERSION=$(PACKAGE_VERSION) --build-arg REVISION=$(shell git rev-parse HEAD) --tag localhost/safezones:$(PACKAGE_VERSION) .

image-check: ## start that image as docs/containers.md says, and ask what it promises (RUN=… more options of `run`)
	bash .ci/image $(ENGINE) $(PACKAGE_VERSION) $(RUN)

cases: $(DEV) ## what real people typed as searches and as hours, asked of a running server; prints what misses
	$(BIN)/python -m quality.cases

quality: $(DEV) $(CLIENTS) ## measure every promise; writes docs/quality.md and .json (STATIONS=… a list of real stations)
	npm ci --prefix quality --ignore-scripts --no-audit --no-fund --silent
	$(BIN)/python -m quality $(if $(STATIONS),--stations $(STATIONS))

$(MUTANTS): quality/mutants/requirements.txt pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)/mutants
	$(VENV)/mutants/bin/pip install --quiet --disable-pip-version-check "pip>=25.1"
	$(VENV)/mutants/bin/pip install --quiet --disable-pip-version-check --constraint requirements.lock --group dev --editable .
	$(VENV)/mutants/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

mutants: $(MUTANTS) ## put small faults into the code and see whether a test fails (GROUP=… one group, ALL=1 no sample)
	$(VENV)/mutants/bin/python -m quality.mutants $(GROUP) $(if $(ALL),--all)

$(PEERS): benchmarks/requirements.txt pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)/peers
	$(VENV)/peers/bin/pip install --quiet --disable-pip-version-check "pip>=25.1"
	$(VENV)/peers/bin/pip install --quiet --disable-pip-version-check --constraint requirements.lock --group dev --editable .
	$(VENV)/peers/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

bench: $(PEERS) ## ours against peers; writes docs/benchmarks.md and .json (needs wrk, redis-server, PostGIS, GDAL, Chromium)
	npm ci --prefix quality --ignore-scripts --no-audit --no-fund --silent
	$(VENV)/peers/bin/python -m benchmarks

soak: $(PEERS) ## ten minutes at 70 % of the limit with imports and approvals going on; writes docs/soak.md
	$(VENV)/peers/bin/python -m benchmarks.soak

uploads-memory: $(DEV) ## peak memory of a worker while three hostile files are sent to it at once: less than 150 MB
	$(BIN)/python -m benchmarks.uploads

$(SCANNERS): scans/requirements.txt
	$(PYTHON) -m venv $(VENV)/scans
	$(VENV)/scans/bin/pip install --quiet --disable-pip-version-check --requirement $<
	touch $@

scan: $(DEV) $(CLIENTS) $(SCANNERS) ## fuzz, bandit, pip-audit, schemathesis, wapiti, sqlmap; writes docs/scans.md (needs sqlmap)
	$(BIN)/python -m scans

PIN := --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header --no-annotate \
  --strip-extras --constraint requirements.lock

hashes: requirements.lock pyproject.toml ## pin every library of a server, and of its build, with its digests again
	$(PYTHON) -m venv $(VENV)/pins
	$(VENV)/pins/bin/pip install --quiet --disable-pip-version-check pip-tools==7.6.2
	$(VENV)/pins/bin/pip-compile $(PIN) --extra redis --output-file $(VENV)/pins/requirements.txt pyproject.toml
	{ echo "# Every library of a server, pinned by version and digest: pip install --require-hashes -r requirements.hashes.txt"; \
	  echo "# Made by \`make hashes\` from pyproject.toml and requirements.lock."; cat $(VENV)/pins/requirements.txt; } > requirements.hashes.txt
	$(PYTHON) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")' > $(VENV)/pins/build.in
	$(VENV)/pins/bin/pip-compile $(PIN) --output-file $(VENV)/pins/build.txt $(VENV)/pins/build.in
	{ echo "# What makes the wheel, pinned by version and digest. Made by \`make hashes\` from pyproject.toml."; \
	  cat $(VENV)/pins/build.txt; } > deploy/container/build.hashes.txt

assets: $(DEV) ## fetch what the map needs from npm again
	$(BIN)/python scripts/vendor_assets.py


version: ## print the version of the package
	@echo $(PACKAGE_VERSION)

release: $(DEV) ## give everything unreleased a number and today's date, and make dist/ (VERSION=1.2.0; docs/releasing.md)
	$(BIN)/python scripts/release.py prepare $(VERSION)
	$(BIN)/python scripts/release.py build
	$(BIN)/python scripts/release.py remaining

release-check: $(DEV) ## look whether version, changelog and upgrade notes agree
	$(BIN)/python scripts/release.py check

release-open: $(DEV) ## begin the way to the next release (VERSION=1.3.0)
	$(BIN)/python scripts/release.py open $(VERSION)

messages: $(DEV) ## collect the texts to translate, and compile the translations
	$(BIN)/pybabel -q extract -F babel.cfg -k _l -k ngettext:1,2 -k _many:1,2 -k translatable --no-location --sort-output --omit-header -o $(VENV)/messages.pot .
	$(BIN)/pybabel -q update -i $(VENV)/messages.pot -d directory/translations --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 100
	$(BIN)/pybabel -q compile -d directory/translations

pictures: $(DEV) ## take the pictures of README and docs/ again (needs Chromium)
	$(BIN)/python -m quality.document_pictures

documents: $(DEV) ## write the tables of fields in docs/data-format.md again after changing one
	$(BIN)/python scripts/document_fields.py

tables: $(DEV) ## write the tables of new databases after a migration (needs PostgreSQL)
	$(BIN)/python -m scripts.newest_tables

data-report: $(DEV) ## write docs/data-report.md: what the packaged zones say, how it is known, how old it is
	$(BIN)/python scripts/data_report.py

clean: ## remove what make made
	rm -rf $(VENV) var dist .pytest_cache .mypy_cache .ruff_cache
