# make         build the binary            make demo         build it and review the bundled example
# make test    all tests                   make bench        print the table of figures
# make lint    format, includes, tidy      make e2e-agents   the real agent CLIs against a fake model server
.DEFAULT_GOAL := all
JOBS ?= $(shell nproc)
BUILD := build/release

.PHONY: all deps configure demo test bench e2e-agents format lint fuzz asan clean

deps:
	@scripts/install-deps

$(BUILD)/build.ninja: CMakeLists.txt CMakePresets.json cmake/AssizeFolders.cmake | deps
	cmake --preset release

configure: $(BUILD)/build.ninja

all: configure
	cmake --build $(BUILD) -j $(JOBS) --target assize

clean:
	rm -rf build
