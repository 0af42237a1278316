# SPDX-License-Identifier: Apache-2.0
# The latency probe of `bench outside`. Only vmrpc-probe itself needs DPDK, and only `make probe` builds it, and `make test` where there is DPDK: from an installed libdpdk-dev, or from the headers that
# `scripts/setup outside` fetched. What it puts on the cable, its schedule and what it tells are built and tested without.
PROBE_OUT = $(OUT)/../../native-probe
PROBE_PLAIN = probe/packet.c probe/schedule.c probe/options.c
PROBE_HEADERS = $(wildcard probe/*.h)
DPDK_FETCHED = $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/vmrpc/dpdk
PKG_CONFIG = PKG_CONFIG_PATH=$(DPDK_FETCHED):$$PKG_CONFIG_PATH pkg-config
# -isystem: warnings in DPDK's headers are not ours to mend.
DPDK_CFLAGS = $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags libdpdk))
PROBE_WITH_DPDK = $(shell $(PKG_CONFIG) --exists libdpdk 2>/dev/null && echo probe)
DPDK_LIBS = $(shell $(PKG_CONFIG) --libs libdpdk)

$(PROBE_OUT):
	mkdir -p $@

probe: $(PROBE_OUT)/vmrpc-reflector $(PROBE_OUT)/vmrpc-probe

$(PROBE_OUT)/vmrpc-probe: $(wildcard probe/port.c probe/probe.c) $(PROBE_PLAIN) $(PROBE_HEADERS) Makefile probe/probe.mk | $(PROBE_OUT)
	@$(PKG_CONFIG) --exists libdpdk || { echo "vmrpc-probe: DPDK is missing; as root run: scripts/setup outside" >&2; exit 1; }
	$(CC) $(CFLAGS) -Iprobe $(DPDK_CFLAGS) -o $@ probe/port.c probe/probe.c $(PROBE_PLAIN) $(DPDK_LIBS)

$(PROBE_OUT)/vmrpc-reflector: probe/reflector.c Makefile probe/probe.mk | $(PROBE_OUT)
	$(CC) $(CFLAGS) -o $@ $<

$(TESTS)/probe-test: $(wildcard test/probe/*.c) test/check.c $(PROBE_PLAIN) $(PROBE_HEADERS) test/check.h Makefile probe/probe.mk | $(TESTS)
	$(CC) $(CFLAGS) $(SANITIZE) -Iprobe -Itest -o $@ $(wildcard test/probe/*.c) test/check.c $(PROBE_PLAIN)

.PHONY: probe
