/* SPDX-License-Identifier: Apache-2.0
 *
 * The language of link_fuzz's inputs: what the process behind the agent's socket does, a byte `% LINK_STEPS` and its arguments.
 */
#ifndef VMRPC_LINK_STEPS_H
#define VMRPC_LINK_STEPS_H

enum link_step {
    LINK_SEND,     /* u8 length, bytes, u8 descriptors, u8 kind */
    LINK_WELCOME,  /* u8 from, u8 to, u8 position and u8 xor of one byte, u8 descriptors, u8 kind: a piece of a good welcome */
    LINK_PAUSE,    /* u8 microseconds x 16 */
    LINK_SHUTDOWN, /* u8 how */
    LINK_HANG_UP,  /* and the next connection is awaited */
    LINK_RING,     /* the doorbell hypercall */
    LINK_STEPS
};

enum descriptor { DESCRIPTOR_EVENTFD, DESCRIPTOR_FULL_EVENTFD, DESCRIPTOR_FULL_PIPE, DESCRIPTOR_CLOSED_PIPE, DESCRIPTOR_NULL, DESCRIPTOR_SOCKET, DESCRIPTORS };

#endif
