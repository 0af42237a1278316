/* SPDX-License-Identifier: Apache-2.0
 *
 * The one device of the probe, by DPDK. Frames are copied to and from its buffers: they are short, and nothing outside of port.c knows DPDK.
 */
#ifndef VMRPC_PROBE_PORT_H
#define VMRPC_PROBE_PORT_H

#include "packet.h"

enum { PORT_BURST = 32 };

/* Starts EAL and the first device that it finds. Returns how many of the arguments were EAL's, or -1 having said why. */
int port_open(int count, char **arguments, uint8_t *mac);

/* Takes what has come: calls `take` for each frame after `looked`, which is called each time. */
void port_look(void (*looked)(void *), void (*take)(void *, const uint8_t *frame, size_t length), void *context);

/* Whether the device took it. */
int port_send(const uint8_t *frame, size_t length);

void port_close(void);

#endif
