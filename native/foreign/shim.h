/* SPDX-License-Identifier: Apache-2.0
 *
 * Included in front of each of glibc's sources: what these find in glibc's own headers, which do not stand in for the system's, and need.
 */
#ifndef FOREIGN_SHIM_H
#define FOREIGN_SHIM_H

#include <errno.h>
#include <limits.h>
#include <stdbool.h>

/* include/libc-symbols.h, include/errno.h */
#define libc_hidden_proto(...)
#define libc_hidden_def(...)
#define __set_errno(number) (errno = (number))

/* internal-signals.h: the two that the C library keeps for itself */
#define SIGCANCEL 32
#define SIGSETXID 33
static inline bool is_internal_signal(int number) { return number == SIGCANCEL || number == SIGSETXID; }

/* shlib-compat.h: tests of symbols of former releases, which nothing new is linked with */
#define TEST_COMPAT(...) 0

#endif
