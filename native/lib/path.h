/* SPDX-License-Identifier: Apache-2.0
 *
 * What file.c and path.c share: paths beneath an exported folder. Errors as negative errno.
 */
#ifndef VMRPC_LIB_PATH_H
#define VMRPC_LIB_PATH_H

#include <stdint.h>

#define VMRPC_SECOND 1000000000

const char *vmrpc_path_text(int64_t address);
/* A descriptor of what the path leads to, never beyond `root`. resolve: RESOLVE_CACHED or 0. */
int vmrpc_path_beneath(int root, const char *path, int flags, int mode, int resolve);
int vmrpc_path_attributes(int fd, int64_t out);
void vmrpc_path_link(int fd, char out[32]); /* the name of a descriptor in /proc */
int vmrpc_path_done(int failed);            /* 0 or -errno */
int vmrpc_path_closing(int fd, int result);

#endif
