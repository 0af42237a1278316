/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "slice.h"

#define DEFAULT_SLICE_US 1000

static const char *text_of(const char *name)
{
    const char *text = getenv(name);
    return text && *text ? text : NULL;
}

static int parse_park(const char *text, enum park_choice *park)
{
    static const char *const names[] = {[PARK_AUTO] = "auto", [PARK_HALTED] = "halted", [PARK_FUTEX] = "futex"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(text, names[i]) == 0) {
            *park = (enum park_choice)i;
            return 0;
        }
    }
    return -1;
}

int vmrpc_settings_read(struct settings *settings, char *error, size_t n)
{
    const char *park = text_of("VMRPC_PARK"), *slice = text_of("VMRPC_SLICE_US");
    *settings = (struct settings){.region = text_of("VMRPC_REGION"),
                                  .socket = text_of("VMRPC_SOCKET"),
                                  .park = PARK_AUTO,
                                  .slice_ns = DEFAULT_SLICE_US * INT64_C(1000)};
    if (park && parse_park(park, &settings->park) != 0) {
        snprintf(error, n, "VMRPC_PARK=%.40s is unknown: give auto, halted or futex", park);
        return -1;
    }
    if (slice && vmrpc_slice_parse(slice, &settings->slice_ns) != 0) {
        snprintf(error, n, "VMRPC_SLICE_US=%.40s: give 10 to 1000000 microseconds", slice);
        return -1;
    }
    return 0;
}
