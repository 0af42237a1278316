/* SPDX-License-Identifier: Apache-2.0
 *
 * One message and one descriptor over a Unix socket. Used by the service and by the preloaded library.
 */
#ifndef GUESTD_WIRE_H
#define GUESTD_WIRE_H

#include <stddef.h>

/* 0, or an errno. fd -1: no descriptor. */
int wire_send(int socket, const void *message, size_t length, int fd);

/* 0, ECONNRESET at the end of the stream, EPROTO for a message of another length, or an errno. *fd is -1 if none came. */
int wire_receive(int socket, void *message, size_t length, int *fd);

#endif
