# Every target is a command of the project's own tool, which prepares what it needs: see dev/README.md.
PYTHON ?= python3
DEV = $(PYTHON) -m dev
export ARGS PORT DB ODOO_TREE

.PHONY: help setup demo test lint format bench screenshots pot clean

help: ## this list
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## /make \1|/' | column -t -s '|'

demo: ## the demo shop on http://127.0.0.1:8069 (PORT=, DB=, ODOO_TREE=, PGHOST= …)
	@$(DEV) demo

test: ## all tests; some of them with ARGS="addons/service_schedule/tests -k window"
	@$(DEV) test

lint: ## the checks of style and faults
	@$(DEV) lint

format: ## mend what the checks can mend themselves
	@$(DEV) format

bench: ## the measurements, beside the floor and the peer
	@$(DEV) bench

screenshots: ## the pictures in docs/screenshots
	@$(DEV) screenshots

pot: ## the translation templates of our addons
	@$(DEV) pot

setup: ## prepare this machine, without running anything
	@$(DEV) setup

clean: ## remove everything that the above made in this clone
	@$(DEV) clean
