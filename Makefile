# Switchyard's front door. Everything behind it is Rust, in xtask/; this file only names the targets.
# Build caches lie outside of the checkout: in $XDG_CACHE_HOME/switchyard, else ~/.cache/switchyard.

export CARGO_TARGET_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/switchyard/target
export PATH := $(PATH):$(HOME)/.cargo/bin

.DEFAULT_GOAL := help
.PHONY: help run test fmt lint unit e2e site release bench tidy clean prepare

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

run: prepare ## Build Switchyard, start it with a sandbox account and print a curl line (HOST, PORT, SWITCHYARD_DATA)
	@cargo xtask run

test: prepare ## Run every check and every test; the last line counts them
	@cargo xtask test

fmt: prepare ## Format all code
	@cargo fmt --all

lint: prepare ## Check format, lints, house rules and licences
	@cargo xtask test format tidy licences lint lint-console

unit: prepare ## Run unit and integration tests
	@cargo xtask test tests tools examples

e2e: prepare ## Run the console's tests in Chromium
	@cargo xtask test browser-types browser

site: prepare ## Build the console's site into site/
	@cargo xtask site

release: prepare ## Build dist/switchyard: one binary with the site inside
	@cargo xtask release

bench: prepare ## Measure a release beside nginx and write the table in docs/performance.md
	@cargo xtask bench

tidy: prepare ## Check the house rules alone
	@cargo xtask tidy

clean: ## Remove what was built, the build caches included
	rm -rf site site.new dist end2end/node_modules end2end/shots end2end/report end2end/results
	rm -rf "$(CARGO_TARGET_DIR)" "$(CARGO_TARGET_DIR)-wasm"

prepare:
	@sh xtask/prepare.sh
