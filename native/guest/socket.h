/* SPDX-License-Identifier: Apache-2.0
 *
 * A UDP socket of the host (docs/protocol.md, section 10): one for a channel, connected, IPv4, datagrams that fit into a record.
 */
#ifndef GUEST_SOCKET_H
#define GUEST_SOCKET_H

#include "channel.h"

#define SOCKET_DATA 24u /* bytes of a datagram, at most */

struct socket {
    struct channel *channel;
    uint32_t service;
    uint32_t id;
    uint64_t events;     /* correlation of the channel's stream of events */
    int32_t send_window; /* bytes that may be sent; the last record may overdraw it */
    uint32_t window;     /* of the agent */
    uint32_t owed;       /* bytes of it that it has not been given back */
};

/* Subscribes, opens and connects; the address as the host's bytes stand in memory. 0, or why not. */
const char *socket_connect(struct socket *socket, struct channel *channel, uint32_t address, uint32_t port);

/* One-way: whether it left the host nobody says. Returns 0 if a window or the ring is full. */
int socket_send(struct socket *socket, const void *data, uint32_t length);

/* Takes a completion of the channel. Returns 1 and the first four bytes of a datagram, or 0 if it was something else. */
int socket_received(struct socket *socket, const struct completion *completion, uint32_t *word);

#endif
