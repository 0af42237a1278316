/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "preload.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

void vmrpc_preload_spare_children(void)
{
    static const char anchor;
    const char *preload = getenv("LD_PRELOAD");
    Dl_info self;
    if (!preload || !dladdr(&anchor, &self))
        return;
    char *copy = strdup(preload), *kept = calloc(1, strlen(preload) + 2), *rest = copy;
    if (copy && kept) {
        for (char *entry; (entry = strsep(&rest, " :")) != NULL;) {
            if (*entry == 0 || strcmp(entry, self.dli_fname) == 0)
                continue;
            if (*kept)
                strcat(kept, ":");
            strcat(kept, entry);
        }
        if (*kept)
            setenv("LD_PRELOAD", kept, 1);
        else
            unsetenv("LD_PRELOAD");
    }
    free(copy);
    free(kept);
}
