/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "real.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

void *real_find(void **cache, const char *name, const char *version)
{
    void *found = __atomic_load_n(cache, __ATOMIC_RELAXED);
    if (!found) {
        found = version ? dlvsym(RTLD_NEXT, name, version) : dlsym(RTLD_NEXT, name);
        if (!found) {
            static const char sentence[] = "vmrpc: this C library lacks a function that the preloaded library stands in front of: run the program without vmrpc run\n";
            if (write(2, sentence, sizeof sentence - 1) < 0)
                abort();
            abort();
        }
        __atomic_store_n(cache, found, __ATOMIC_RELAXED);
    }
    return found;
}
