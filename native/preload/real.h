/* SPDX-License-Identifier: Apache-2.0
 *
 * The C library's own functions, behind ours of the same name.
 */
#ifndef PRELOAD_REAL_H
#define PRELOAD_REAL_H

#define EXPORT __attribute__((visibility("default")))

void *real_find(void **cache, const char *name, const char *version);

/* version: of a symbol that the C library has in several, NULL for the others */
#define REAL_VERSION(name, version)                                                    \
    __extension__({                                                                    \
        static void *cache_of_##name;                                                  \
        (__typeof__(&name))real_find(&cache_of_##name, #name, version);                \
    })
#define REAL(name) REAL_VERSION(name, NULL)

#endif
