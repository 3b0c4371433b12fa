# A thin front for meson and ninja. The README's two commands are `make run` and `make test`.
BUILD ?= build
DATA ?= data
ADDRESS ?= 127.0.0.1:8420

.PHONY: all run test check lint fmt faults bench bench-ui shots fuzz deb install clean

all: $(BUILD)/build.ninja
	@ninja -C $(BUILD)

$(BUILD)/build.ninja:
	@tools/setup.sh build
	@meson setup $(BUILD) --buildtype=debugoptimized $(MESON_OPTIONS)

# Installs what is missing, builds, makes demo data once, and serves it.
run: all
	@test -e $(DATA)/guatu.db || $(BUILD)/guatu demo --data $(DATA)
	@$(BUILD)/guatu serve --data $(DATA) --listen $(ADDRESS) --print-link

# Installs what is missing, builds (plain and with sanitizers) and runs every test.
test:
	@tools/setup.sh build test
	@python3 tools/test.py

# The quick round while working: unit, golden and API tests of the plain build.
check: all
	@python3 tools/test.py --quick

lint:
	@python3 tools/lint.py

fmt:
	@clang-format -i $$(git ls-files 'src/*.[ch]' 'test/*.[ch]' 'bench/*.[ch]')

# The long versions of what `make test` runs briefly.
faults: all
	@python3 tools/test.py --faults

bench: all
	@tools/setup.sh bench
	@python3 bench/run.py

bench-ui: all
	@tools/setup.sh build test
	@cd ui && npm run --silent bench

shots: all
	@tools/setup.sh build test
	@cd ui && npm run --silent shots

fuzz:
	@CC=clang meson setup build-fuzz -Dfuzz=true -Dui=none 2>/dev/null || true
	@ninja -C build-fuzz

deb: all
	@tools/deb.sh $(BUILD)

install: all
	@meson install -C $(BUILD)

clean:
	@rm -rf build build-asan build-fuzz ui/dist
