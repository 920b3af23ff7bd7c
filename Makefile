# Safar. `make` prints help; `make demo` and `make test` each work alone on a fresh machine.
SHELL := /bin/bash
.DEFAULT_GOAL := help

VERSION := $(shell cat VERSION 2>/dev/null || echo dev)
COMMIT  := $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)
DATE    := $(shell git log -1 --format=%cI 2>/dev/null || echo unknown)
LDFLAGS := -X main.version=$(VERSION) -X main.commit=$(COMMIT) -X main.date=$(DATE)
export CGO_ENABLED ?= 1

.PHONY: help need need-postgres need-node need-chromium build demo test check static unit postgres crash bench fmt portable clean ui ui-test

help: ## print this help
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

need: # what every target needs; a missing tool is a failure that names the package, never a skip
	@command -v go  >/dev/null || { echo "Go 1.26 or newer is missing: install it from your distribution (Debian: golang-go) or the Go site."; exit 1; }
	@command -v gcc >/dev/null || { echo "gcc is missing: apt-get install gcc g++ (DuckDB is linked with it)."; exit 1; }

need-postgres:
	@ls -d /usr/lib/postgresql/*/bin >/dev/null 2>&1 || [ -n "$$SAFAR_TEST_POSTGRES" ] || \
	  { echo "PostgreSQL 15 or newer is missing: apt-get install postgresql, or set SAFAR_TEST_POSTGRES to a server's URL."; exit 1; }

need-node:
	@command -v npm >/dev/null && node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || a == 20 && b >= 19 ? 0 : 1)' || \
	  { echo "Node 20.19 or newer with npm is missing: install it from your distribution (Debian: nodejs npm) or the Node site."; exit 1; }

need-chromium:
	@command -v $${CHROMIUM:-chromium} >/dev/null || { echo "Chromium is missing: apt-get install chromium, or name a browser in CHROMIUM."; exit 1; }

build: need ui ## build bin/safar with its pages
	@mkdir -p bin
	go build -trimpath -ldflags "$(LDFLAGS)" -o bin/safar ./cmd/safar

demo: build ## build, make a small practice operation for both packs, serve it, print addresses and an administrator link
	./bin/safar demo

static: need # format, vet, staticcheck, architecture
	@out=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$out" ] || { echo "gofmt would change:"; echo "$$out"; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	go test -count=1 .

unit: need
	go test ./...

test: need need-postgres need-node need-chromium static unit crash portable ui-test ## everything CI runs: static checks, tests on SQLite and PostgreSQL, crash tests, the pages in a browser
check: test ## the same as make test

crash: need need-postgres # kill -9 of Safar and of PostgreSQL under load
	go test -count=1 -tags crash -run Crash ./cmd/safar

ui: web/dist/ui/index.html ## build the workspace's pages into web/dist/ui, when they have changed

web/dist/ui/index.html: $(shell find ui/index.html ui/package-lock.json ui/vite.config.ts ui/tsconfig.json ui/public ui/scripts ui/src -type f)
	@$(MAKE) --no-print-directory need-node
	cd ui && npm ci --no-audit --no-fund && npm run build

ui-test: need-chromium ui # the built pages in Chromium; CHROMIUM names another one
	cd ui && npm test

portable: need # the office laptop: Windows and a build without cgo still compile
	CGO_ENABLED=0 go build -o /dev/null ./cmd/safar
	CGO_ENABLED=0 GOOS=windows go build -o /dev/null ./cmd/safar

bench: need ## print speed and memory beside their yardsticks, with conditions
	go run ./bench

fmt: ## format the code
	gofmt -w $$(git ls-files '*.go')

clean: ## remove what was built
	rm -rf bin web/dist/ui
