/* SPDX-License-Identifier: Apache-2.0
 *
 * Every load and store of the park core, told by clang (-fsanitize-coverage=trace-loads,trace-stores) just before it happens:
 * the place to judge them (R2, R3), and the place for a guest that changes a field between two looks at it.
 */
#ifndef VMRPC_WATCH_H
#define VMRPC_WATCH_H

#include "fuzz.h"
#include "vmrpc_shim.h"

/* The shim's own mapping. NULL: watch nothing. */
void watch_region(const void *shims_mapping, unsigned slots_served);

/* What the next park meets: before its nth load from the region (from 0) `act` is called. */
void watch_meanwhile(unsigned nth, void (*act)(void *), void *context);

/* From now on `event` is 0 when the shim looks at it, and 1 when it looks at anything else and when the kernel looks. NULL: no more.
 * A park that this holds far beyond its bound is a finding. */
void watch_flip(uint32_t *event, int64_t bound_ns);

/* From begin to end of a park on this thread, in whole or in pieces. fresh: a new park, its fields have not been read yet. */
void watch_park(unsigned slot, int fresh);
void watch_leave(void);
/* 1 if the last fresh park met something of the above. */
int watch_was_hostile(void);

#endif
