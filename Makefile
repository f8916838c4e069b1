# make         build the binary            make demo         build it and review the bundled examples
# make test    all tests                   make bench        print the table of figures
# make lint    format, includes, tidy      make e2e-agents   the real agent CLIs against a fake model server
# make asan    the tests with sanitizers   make fuzz         each fuzz target for FUZZ_SECONDS
.DEFAULT_GOAL := all
JOBS ?= $(shell nproc)
FUZZ_SECONDS ?= 120
BUILD := build/release
BINARY := $(BUILD)/assize

.PHONY: all deps deps-all demo test bench bench-build e2e-agents format lint fuzz asan install clean

deps:
	@scripts/install-deps
deps-all:
	@scripts/install-deps --all

build/%/build.ninja: CMakeLists.txt CMakePresets.json cmake/AssizeFolders.cmake | deps
	@cmake --preset $* > build/$*.log 2>&1 || { cat build/$*.log; exit 1; }

build:
	@mkdir -p build

all: deps | build
	@$(MAKE) --no-print-directory $(BUILD)/build.ninja
	@cmake --build $(BUILD) -j $(JOBS) --target assize

demo: all
	@examples/demo $(BINARY) service
	@examples/demo $(BINARY) inventory

test: deps | build
	@$(MAKE) --no-print-directory $(BUILD)/build.ninja
	@cmake --build $(BUILD) -j $(JOBS)
	@ctest --test-dir $(BUILD) -j $(JOBS) --output-on-failure --no-tests=error --timeout 120

asan: deps | build
	@$(MAKE) --no-print-directory build/asan/build.ninja
	@cmake --build build/asan -j $(JOBS)
	@ctest --test-dir build/asan -j $(JOBS) --output-on-failure --no-tests=error --timeout 300

bench-build: all
	@cmake --build $(BUILD) -j $(JOBS) --target benchmarks
bench: bench-build
	@bench/run $(BUILD)

e2e-agents: all
	@tests/e2e/agents $(BINARY)

fuzz: deps-all | build
	@$(MAKE) --no-print-directory build/fuzz/build.ninja
	@cmake --build build/fuzz -j $(JOBS)
	@tests/fuzz/run build/fuzz $(FUZZ_SECONDS)

format: deps-all
	@git ls-files --cached --others --exclude-standard -- '*.cc' '*.h' '*.c' ':!tests/cases' ':!examples' | xargs clang-format-14 -i

lint: deps-all all
	@scripts/lint $(BUILD)

install: all
	@cmake --install $(BUILD)

clean:
	rm -rf build
