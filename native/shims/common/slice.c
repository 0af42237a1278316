/* SPDX-License-Identifier: MIT */
#include "slice.h"

#include <errno.h>
#include <stdlib.h>

int vmrpc_slice_parse(const char *text, int64_t *slice_ns)
{
    char *end;
    errno = 0;
    long us = strtol(text, &end, 10);
    if (errno || end == text || *end || us < 10 || us > 1000000)
        return -1;
    *slice_ns = us * INT64_C(1000);
    return 0;
}
