/* SPDX-License-Identifier: Apache-2.0
 *
 * What the probe puts on a cable and takes from it: Ethernet frames with ARP, or with IPv4, UDP and the probe's own message. No DPDK in here.
 *
 * A message is the payload of a datagram, big-endian, filled up with zeros to the length that was asked for; who is measured sends it back as it is.
 *
 *   0   magic           4 bytes, "VMPR"
 *   4   run             4 bytes, of this process: what an earlier one left on its way is not ours
 *   8   number          8 bytes, from 0
 *   16  time            8 bytes: when it was to be sent, ns of the probe's clock
 *   24  kind            1 byte: 0 measures, 1 ends the server
 */
#ifndef VMRPC_PROBE_PACKET_H
#define VMRPC_PROBE_PACKET_H

#include <stddef.h>
#include <stdint.h>

enum { MAC_LENGTH = 6, MESSAGE_LENGTH = 25, LONGEST_PAYLOAD = 1400, LONGEST_FRAME = 14 + 20 + 8 + LONGEST_PAYLOAD };
enum message_kind { MEASURES = 0, ENDS = 1 };

/* Both ends, numbers in the CPU's order. The next hop is the target itself, or a router to it. */
struct path {
    uint8_t own_mac[MAC_LENGTH], next_mac[MAC_LENGTH];
    uint32_t own_ip, target_ip, next_ip;
    uint16_t own_port, target_port;
};

struct message {
    uint32_t run;
    uint64_t number;
    int64_t time_ns;
    uint8_t kind;
};

enum frame_kind {
    FRAME_FOREIGN,     /* not for us */
    FRAME_DAMAGED,     /* for us, but a length or a checksum is wrong */
    FRAME_ARP_REQUEST, /* somebody asks for our address; frame_arp_reply answers it */
    FRAME_ARP_REPLY,   /* the next hop's address: it is in the path now */
    FRAME_ANSWER       /* a message came back */
};

/* Each writes a frame of at most LONGEST_FRAME bytes and returns its length. payload: bytes of the datagram, MESSAGE_LENGTH to LONGEST_PAYLOAD. */
size_t frame_message(uint8_t *frame, const struct path *path, const struct message *message, size_t payload);
size_t frame_arp_request(uint8_t *frame, const struct path *path);
size_t frame_arp_reply(uint8_t *frame, const struct path *path, const uint8_t *request);

/* Says what came. The checksum of UDP may be right, absent (0), or left to a device that a veth has not: then it is the one of the pseudo header alone. */
enum frame_kind frame_parse(const uint8_t *frame, size_t length, struct path *path, struct message *message);

/* RFC 1071, of bytes in network order; sum: of what comes before, 0 at first. */
uint32_t checksum_add(uint32_t sum, const uint8_t *bytes, size_t length);
uint16_t checksum_end(uint32_t sum);

#endif
