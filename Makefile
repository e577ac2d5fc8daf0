# Two commands are all there is to know: `make run` shows the demo region, `make test` proves the tree.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

DATA    ?= gangmu-data
LISTEN  ?= 127.0.0.1:8080
GANGMU  := target/release/gangmu
NEXTEST := cargo nextest run --workspace --no-fail-fast

.PHONY: help run assets test check lint architecture test-assets test-rust test-browser \
        bench fixtures check-calendar nightly clean-data

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  %-16s %s\n", $$1, $$2}'

run: assets ## build, create the demo region once, and serve it
	tools/need cargo
	cargo build --release --package gangmu
	@mkdir -p $(DATA)
	$(GANGMU) --database sqlite://$(DATA)/gangmu.db --files $(DATA)/files demo
	$(GANGMU) --database sqlite://$(DATA)/gangmu.db --files $(DATA)/files serve --listen $(LISTEN)

assets: web-assets/dist/manifest.json ## bundle the styles and scripts

web-assets/dist/manifest.json: web-assets/package-lock.json $(shell find web-assets/src -type f) web-assets/build.mjs web-assets/icons.json
	tools/need node npm
	cd web-assets && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build
	@touch $@

test: ## formatting, lints, architecture, all tests on both engines, browser journeys
	tools/need cargo-nextest node npm postgres chromium curl python3
	$(MAKE) --no-print-directory lint
	$(MAKE) --no-print-directory assets test-assets
	$(MAKE) --no-print-directory test-rust
	$(MAKE) --no-print-directory test-browser

lint: ## formatting and lints
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- --deny warnings

architecture: ## the rules of ARCHITECTURE.md alone
	cargo nextest run --workspace -E 'binary(architecture)'

test-assets: assets
	cd web-assets && npm run --silent check && npm test --silent

test-rust: assets ## all Rust tests, on SQLite and on a private PostgreSQL
	GANGMU_KEEP_DEMO=$(CURDIR)/target/demo-region tools/with-postgres $(NEXTEST)

test-browser: assets ## journeys in Debian's Chromium against the demo region
	tools/browser-tests

nightly: ## the long versions of the tests
	GANGMU_CLOCK_CASES=1000000 GANGMU_KILLS=200 tools/with-postgres $(NEXTEST)

bench: assets ## measure, with peers in the same run, and print the table
	cargo build --release --package gangmu
	cargo build --release --package gangmu-analysis --example what_if
	tools/with-postgres python3 tools/bench.py

check-calendar: ## compare the shipped working days with two PyPI packages, day by day
	python3 tools/check_calendar.py
