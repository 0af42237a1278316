# SPDX-License-Identifier: Apache-2.0
# Test cases that nobody here wrote: those of the GNU C Library about what libvmrpc-preload stands in front of (docs/testing.md, "Test cases of
# others"). `foreign/cases` lists them, `scripts/setup test` fetches their sources, which are LGPL and no part of this repository, and
# `make foreign` builds them unchanged against the system's C library: each a program of its own, $(FOREIGN)/FOLDER/NAME.
#
# Of their harness, support/, all compiles as it is that the cases need; shim.h and a few empty headers stand for glibc's internal ones.
FOREIGN = $(OUT)/../../native-foreign
FOREIGN_SOURCE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/vmrpc/glibc
FOREIGN_CASES := $(shell sed -nE 's/^([a-z][^ ]*) +(run|differs)[ ,]?.*/\1/p' foreign/cases)
FOREIGN_PROGRAMS = $(FOREIGN_CASES:%=$(FOREIGN)/%)

# The cases are as they are: no warning of theirs is ours to mend.
FOREIGN_CFLAGS = -std=gnu11 -O2 -w -s -Wl,-w -pthread -D_GNU_SOURCE -DTIMEOUTFACTOR=1 -include foreign/shim.h -I$(FOREIGN)/include -I$(FOREIGN_SOURCE) \
	-I$(FOREIGN_SOURCE)/support -iquote $(FOREIGN_SOURCE)/nptl -iquote $(FOREIGN_SOURCE)/sysdeps/pthread -idirafter $(FOREIGN_SOURCE)/sysdeps/nptl \
	-idirafter $(FOREIGN_SOURCE)/malloc
# Of paths in glibc's build tree, which no case needs.
FOREIGN_PATHS = OBJDIR OBJDIR_ELF_LDSO SRCDIR INSTDIR LIBDIR BINDIR SBINDIR SLIBDIR ROOTSBINDIR COMPLOCALEDIR

# As the Makefiles of glibc have it.
FOREIGN_UNWINDING = -fexceptions -fasynchronous-unwind-tables
FOREIGN_FLAGS_sysdeps/pthread/tst-cond-except = $(FOREIGN_UNWINDING)
FOREIGN_FLAGS_sysdeps/pthread/tst-cleanup2 = -fno-builtin
FOREIGN_FLAGS_sysdeps/pthread/tst-cleanupx2 = -fno-builtin $(FOREIGN_UNWINDING)
FOREIGN_FLAGS_debug/tst-longjmp_chk = -D_FORTIFY_SOURCE=1 $(FOREIGN_UNWINDING)
FOREIGN_FLAGS_debug/tst-longjmp_chk2 = -D_FORTIFY_SOURCE=1 $(FOREIGN_UNWINDING)
FOREIGN_FLAGS_debug/tst-ssp-1 = -fstack-protector-all
$(foreach i,1 2 3 3a 4,$(eval FOREIGN_FLAGS_signal/tst-minsigstksz-$(i) = -Wl,-z,now))
$(foreach i,4 5 6,$(eval FOREIGN_FLAGS_debug/tst-backtrace$(i) = -rdynamic -funwind-tables))
FOREIGN_FLAGS = $(FOREIGN_FLAGS_$*) $(if $(filter-out /tst-cancelx1,$(filter /tst-cancelx%,/$(notdir $*))),$(FOREIGN_UNWINDING)) $(if $(findstring tst-oncex,$*),-fexceptions) \
	$(if $(findstring tst-oncey,$*),-fno-exceptions -fno-asynchronous-unwind-tables)

# All of support/ but programs, files that others include, and what needs more of glibc than a header or two.
FOREIGN_LEFT_OUT = tst-% test-% %-container links-% resolv_test %-time64 %_time64 %_quote_blob_main %_compare_string_main \
	support_small_stack_thread_attribute
FOREIGN_SUPPORT = $(filter-out $(FOREIGN_LEFT_OUT:%=$(FOREIGN_SOURCE)/support/%.c),$(wildcard $(FOREIGN_SOURCE)/support/*.c)) \
	$(wildcard $(FOREIGN_SOURCE)/malloc/scratch_buffer_*.c $(FOREIGN_SOURCE)/malloc/dynarray_[a-r]*.c)
FOREIGN_OBJECTS = $(patsubst $(FOREIGN_SOURCE)/%.c,$(FOREIGN)/objects/%.o,$(FOREIGN_SUPPORT))

foreign: $(if $(wildcard $(FOREIGN_SOURCE)/ready),$(FOREIGN_PROGRAMS) $(FOREIGN)/run-cases,foreign-missing)

foreign-missing:
	@echo "the test cases of the C library are not in $(FOREIGN_SOURCE): run scripts/setup test"; exit 1

$(FOREIGN)/run-cases: foreign/run-cases.c | $(FOREIGN)/include
	$(CC) $(CFLAGS) -o $@ $<

$(FOREIGN)/include: foreign/foreign.mk foreign/cases
	rm -rf $@
	mkdir -p $@ $(addprefix $(FOREIGN)/objects/,support malloc) $(sort $(dir $(FOREIGN_PROGRAMS)))
	touch $(addprefix $@/,atomic.h config.h libc-config.h internal-signals.h shlib-compat.h)
	cp $(addprefix $(FOREIGN_SOURCE)/include/,array_length.h intprops.h libc-diag.h libc-pointer-arith.h scratch_buffer.h) \
		$(FOREIGN_SOURCE)/sysdeps/x86_64/stackinfo.h $@

$(FOREIGN)/objects/%.o: $(FOREIGN_SOURCE)/%.c foreign/shim.h | $(FOREIGN)/include
	@$(CC) $(FOREIGN_CFLAGS) $(FOREIGN_PATHS:%='-D%_PATH="/nowhere"') -c -o $@ $<

$(FOREIGN)/libsupport.a: $(FOREIGN_OBJECTS)
	@rm -f $@
	@ar rcs $@ $^

$(FOREIGN_PROGRAMS): $(FOREIGN)/%: $(FOREIGN_SOURCE)/%.c $(FOREIGN)/libsupport.a foreign/shim.h foreign/foreign.mk
	@$(CC) $(FOREIGN_CFLAGS) $(FOREIGN_FLAGS) -o $@ $< $(FOREIGN)/libsupport.a

.PHONY: foreign foreign-missing
