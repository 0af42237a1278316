/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VMRPC_PROBE_OPTIONS_H
#define VMRPC_PROBE_OPTIONS_H

#include "packet.h"
#include "schedule.h"

struct options {
    struct path path;
    struct plan plan;
    size_t payload;
    int64_t patience_ns; /* how long answers are waited for after the last message */
    int ends;            /* whether the server is told to end */
    int shares;          /* whether it leaves its CPU to others where that costs no answer, else it polls all the time */
};

/* Reads what follows "--". On a mistake says it on stderr and returns -1. */
int options_parse(struct options *options, int count, char **arguments);

#endif
