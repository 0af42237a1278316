# SPDX-License-Identifier: Apache-2.0
# The fuzz targets (docs/testing.md, "Fuzzing"). Included by native/Makefile; nothing but `make fuzz` and `make fuzz-run` needs clang.
CLANG = clang
FUZZ = $(OUT)/../../native-fuzz
# Whose park core: fuzz/run gives a copy with a planted defect here.
FUZZ_PARK = park
# Of each target, by `make fuzz-run`.
FUZZ_SECONDS = 10

FUZZ_CFLAGS = -std=gnu11 -O1 -g -Wall -Wextra -Wshadow -Wconversion -Werror -pthread -Iinclude -I$(FUZZ_PARK) -Ifuzz \
	-fno-omit-frame-pointer -fno-sanitize-recover=all
# The core tells each of its loads and stores to watch.c; the targets do not.
FUZZ_CORE_CFLAGS = $(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link,address,undefined -fsanitize-coverage=trace-loads,trace-stores
FUZZ_TARGET_CFLAGS = $(FUZZ_CFLAGS) -fsanitize=fuzzer,address,undefined

FUZZ_TARGETS = park_fuzz region_fuzz link_fuzz settings_fuzz
FUZZ_CORE = $(patsubst $(FUZZ_PARK)/%.c,$(FUZZ)/%.o,$(wildcard $(FUZZ_PARK)/*.c))
FUZZ_SHARED = fuzz/fuzz.c fuzz/watch.c
FUZZ_DEPENDS = $(wildcard fuzz/*.h include/*.h $(FUZZ_PARK)/*.h) $(FUZZ_SHARED) fuzz/fuzz.mk

# The sanitizers' libraries are a package of their own.
CLANG_READY = $(shell echo 'int LLVMFuzzerTestOneInput(void); int LLVMFuzzerTestOneInput(void) { return 0; }' | \
	$(CLANG) -fsanitize=fuzzer,address,undefined -x c -o /dev/null - 2>/dev/null && echo yes)

$(FUZZ):
	@[ -n "$(CLANG_READY)" ] || { echo "the fuzz targets need clang and its sanitizers; as root run: apt-get install --no-install-recommends clang libclang-rt-dev"; exit 1; }
	mkdir -p $@

$(FUZZ)/%.o: $(FUZZ_PARK)/%.c $(FUZZ_DEPENDS) | $(FUZZ)
	$(CLANG) $(FUZZ_CORE_CFLAGS) -c -o $@ $<

$(FUZZ)/park_fuzz: fuzz/park_fuzz.c fuzz/park_machine.c $(FUZZ_CORE) $(FUZZ_DEPENDS)
	$(CLANG) $(FUZZ_TARGET_CFLAGS) -o $@ fuzz/park_fuzz.c fuzz/park_machine.c $(FUZZ_SHARED) $(FUZZ_CORE)

$(FUZZ)/region_fuzz: fuzz/region_fuzz.c $(FUZZ_CORE) $(FUZZ_DEPENDS)
	$(CLANG) $(FUZZ_TARGET_CFLAGS) -o $@ fuzz/region_fuzz.c $(FUZZ_SHARED) $(FUZZ_CORE)

$(FUZZ)/link_fuzz: fuzz/link_fuzz.c $(FUZZ_CORE) $(FUZZ_DEPENDS)
	$(CLANG) $(FUZZ_TARGET_CFLAGS) -Wl,--wrap=poll -o $@ fuzz/link_fuzz.c $(FUZZ_SHARED) $(FUZZ_CORE)

$(FUZZ)/settings_fuzz: fuzz/settings_fuzz.c $(wildcard shims/qemu-kvm/settings.* shims/common/slice.*) $(FUZZ_DEPENDS)
	$(CLANG) $(FUZZ_TARGET_CFLAGS) -Ishims/qemu-kvm -Ishims/common -o $@ fuzz/settings_fuzz.c fuzz/fuzz.c shims/qemu-kvm/settings.c shims/common/slice.c

# Writes the seeds anew: after a change of an input's language.
$(FUZZ)/seeds: fuzz/seeds.c $(FUZZ_DEPENDS)
	$(CLANG) $(FUZZ_CFLAGS) -o $@ fuzz/seeds.c fuzz/fuzz.c

fuzz: $(addprefix $(FUZZ)/,$(FUZZ_TARGETS))

fuzz-run: fuzz
	CLANG=$(CLANG) OUT=$(OUT) fuzz/run $(FUZZ) $(FUZZ_SECONDS)

fuzz-seeds: $(FUZZ)/seeds
	$(FUZZ)/seeds fuzz/corpus

.PHONY: fuzz fuzz-run fuzz-seeds
