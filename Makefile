# Every target is a command of the project's own tool: see dev/README.md.
PYTHON ?= python3
DEV = $(PYTHON) -m dev
export ARGS PORT DB ODOO_TREE

.PHONY: setup demo test
setup:
	@$(DEV) setup
test:
	@$(DEV) test
demo:
	@$(DEV) demo
