# Một cửa cho người phát triển: `make` liệt kê mọi lệnh. / One door for developers: `make` lists all commands.
SHELL := /bin/bash
PY := .venv/bin/python
STAMP := .venv/.installed
BUILD := motcua/ui/static/ui/build/.built

.DEFAULT_GOAL := help
.PHONY: help real setup assets messages demo serve test quick check bench lint format types contracts migrations lock clean browser

help: ## Liệt kê các lệnh (list the commands)
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMP): requirements.lock pyproject.toml deploy/bootstrap.sh
	@deploy/bootstrap.sh
	@touch $@

$(BUILD): $(STAMP) $(wildcard assets/*) $(wildcard assets/*/*)
	@deploy/build_assets.sh
	@touch $@

MESSAGES := motcua/locale/en/LC_MESSAGES/django.mo
$(MESSAGES): $(STAMP) motcua/locale/en/LC_MESSAGES/django.po
	@.venv/bin/pybabel -q compile -d motcua/locale -D django -l en

setup: $(STAMP) $(BUILD) $(MESSAGES) ## Cài mọi thứ cần (install all that is needed)

demo: setup ## Dựng thành phố trình diễn và mở máy chủ (demonstration city on localhost)
	@.venv/bin/motcua demo

serve: setup ## Chạy máy chủ với dữ liệu đang có (serve the existing data)
	@.venv/bin/motcua serve

browser: $(STAMP)
	@deploy/install_browser.sh
	@deploy/install_softhsm.sh

test: setup browser ## Mọi kiểm thử, kể cả trình duyệt thật (all tests, real browser included)
	@.venv/bin/pytest -n 3 --dist loadgroup -m "not live and not shared" $(if $(CI),--randomly-seed=1)

real: setup ## Kiểm thử thêm với dữ liệu thật cạnh dự án (extra tests on the given real data)
	@.venv/bin/pytest -n 2 -m shared -rs

quick: setup ## Vòng lặp nhanh dưới 60 giây (inner loop)
	@.venv/bin/pytest -n 2 -q -m "not slow and not e2e and not live and not shared"

check: setup lint types contracts migrations ## Lint, kiểu, ranh giới mô-đun, migrations

lint:
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .

format: ## Sắp xếp mã (format the code)
	@.venv/bin/ruff check --fix -q . ; .venv/bin/ruff format .

types:
	@.venv/bin/mypy

contracts:
	@.venv/bin/lint-imports

migrations:
	@DJANGO_SETTINGS_MODULE=motcua.project.settings.test MOTCUA_VAR_DIR=$$(mktemp -d) .venv/bin/motcua makemigrations --check --dry-run

bench: setup ## In các tỉ số đã hứa (print the promised ratios)
	@.venv/bin/python -m benchmarks

messages: $(STAMP) ## Gom chuỗi tiếng Việt vào danh mục dịch (extract messages)
	@deploy/extract_messages.sh

lock: ## Chốt lại phiên bản thư viện (re-lock the dependencies)
	@.tools/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --group dev pyproject.toml -o requirements.lock

clean: ## Xoá mọi thứ dựng được lại, giữ dữ liệu (remove what can be rebuilt)
	@rm -rf .venv .tools assets/node_modules motcua/ui/static/ui/build motcua/designer/static/designer/build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
