/* SPDX-License-Identifier: Apache-2.0 */
#include "packet.h"

#include <string.h>

enum { ETHERNET = 14, ARP = 28, IP = 20, UDP = 8, TYPE_IP = 0x0800, TYPE_ARP = 0x0806, PROTOCOL_UDP = 17, HOPS = 64, DONT_FRAGMENT = 0x4000 };
enum { ARP_ASKS = 1, ARP_SAYS = 2 };

static const uint8_t MAGIC[4] = {'V', 'M', 'P', 'R'};
static const uint8_t EVERYBODY[MAC_LENGTH] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
/* Ethernet and IPv4, addresses of 6 and 4 bytes. */
static const uint8_t ARP_HEAD[6] = {0, 1, 8, 0, MAC_LENGTH, 4};

static void put(uint8_t *to, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        to[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
}

static uint64_t get(const uint8_t *from, size_t bytes)
{
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | from[i];
    return value;
}

uint32_t checksum_add(uint32_t sum, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i + 1 < length; i += 2)
        sum += (uint32_t)get(bytes + i, 2);
    if (length % 2)
        sum += (uint32_t)bytes[length - 1] << 8;
    return sum; /* cannot overflow: a frame has fewer than 2^16 words */
}

uint16_t checksum_end(uint32_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

/* RFC 768: both addresses, the protocol and the length. */
static uint32_t pseudo_header(const uint8_t *ip, size_t length)
{
    return checksum_add(0, ip + 12, 8) + PROTOCOL_UDP + (uint32_t)length;
}

static void ethernet(uint8_t *frame, const uint8_t *to, const uint8_t *from, unsigned type)
{
    memcpy(frame, to, MAC_LENGTH);
    memcpy(frame + MAC_LENGTH, from, MAC_LENGTH);
    put(frame + 12, type, 2);
}

size_t frame_message(uint8_t *frame, const struct path *path, const struct message *message, size_t payload)
{
    uint8_t *ip = frame + ETHERNET, *udp = ip + IP, *body = udp + UDP;
    memset(frame, 0, ETHERNET + IP + UDP + payload);
    ethernet(frame, path->next_mac, path->own_mac, TYPE_IP);
    ip[0] = 0x45; /* version 4, no options */
    put(ip + 2, IP + UDP + payload, 2);
    put(ip + 6, DONT_FRAGMENT, 2);
    ip[8] = HOPS;
    ip[9] = PROTOCOL_UDP;
    put(ip + 12, path->own_ip, 4);
    put(ip + 16, path->target_ip, 4);
    put(ip + 10, checksum_end(checksum_add(0, ip, IP)), 2);
    put(udp, path->own_port, 2);
    put(udp + 2, path->target_port, 2);
    put(udp + 4, UDP + payload, 2);
    memcpy(body, MAGIC, sizeof MAGIC);
    put(body + 4, message->run, 4);
    put(body + 8, message->number, 8);
    put(body + 16, (uint64_t)message->time_ns, 8);
    body[24] = message->kind;
    uint16_t sum = checksum_end(checksum_add(pseudo_header(ip, UDP + payload), udp, UDP + payload));
    put(udp + 6, sum ? sum : 0xffff, 2); /* 0 would say that there is none */
    return ETHERNET + IP + UDP + payload;
}

static size_t arp(uint8_t *frame, const struct path *path, const uint8_t *to_mac, uint32_t to_ip, unsigned operation)
{
    uint8_t *body = frame + ETHERNET;
    ethernet(frame, operation == ARP_ASKS ? EVERYBODY : to_mac, path->own_mac, TYPE_ARP);
    memcpy(body, ARP_HEAD, sizeof ARP_HEAD);
    put(body + 6, operation, 2);
    memcpy(body + 8, path->own_mac, MAC_LENGTH);
    put(body + 14, path->own_ip, 4);
    memcpy(body + 18, to_mac, MAC_LENGTH);
    put(body + 24, to_ip, 4);
    return ETHERNET + ARP;
}

size_t frame_arp_request(uint8_t *frame, const struct path *path)
{
    static const uint8_t unknown[MAC_LENGTH];
    return arp(frame, path, unknown, path->next_ip, ARP_ASKS);
}

size_t frame_arp_reply(uint8_t *frame, const struct path *path, const uint8_t *request)
{
    return arp(frame, path, request + ETHERNET + 8, (uint32_t)get(request + ETHERNET + 14, 4), ARP_SAYS);
}

static enum frame_kind parse_arp(const uint8_t *body, size_t length, struct path *path)
{
    if (length < ARP || memcmp(body, ARP_HEAD, sizeof ARP_HEAD) || get(body + 24, 4) != path->own_ip)
        return FRAME_FOREIGN;
    if (get(body + 6, 2) == ARP_ASKS)
        return FRAME_ARP_REQUEST;
    if (get(body + 6, 2) != ARP_SAYS || get(body + 14, 4) != path->next_ip)
        return FRAME_FOREIGN;
    memcpy(path->next_mac, body + 8, MAC_LENGTH);
    return FRAME_ARP_REPLY;
}

static int is_sound(const uint8_t *ip, const uint8_t *udp, size_t length)
{
    uint32_t pseudo = pseudo_header(ip, length);
    uint16_t said = (uint16_t)get(udp + 6, 2), left = (uint16_t)~checksum_end(pseudo);
    return said == 0 || said == left || checksum_end(checksum_add(pseudo, udp, length)) == 0;
}

static enum frame_kind parse_ip(const uint8_t *ip, size_t length, const struct path *path, struct message *message)
{
    if (length < IP || ip[0] >> 4 != 4 || ip[9] != PROTOCOL_UDP || get(ip + 16, 4) != path->own_ip || get(ip + 12, 4) != path->target_ip)
        return FRAME_FOREIGN;
    size_t head = (size_t)(ip[0] & 15) * 4, total = (size_t)get(ip + 2, 2);
    if (head < IP || total > length || total < head + UDP || checksum_end(checksum_add(0, ip, head)) || (get(ip + 6, 2) & 0x3fff))
        return FRAME_DAMAGED; /* nor does anybody cut what is so short: the last one is a fragment */
    const uint8_t *udp = ip + head;
    size_t said = (size_t)get(udp + 4, 2);
    if (get(udp, 2) != path->target_port || get(udp + 2, 2) != path->own_port)
        return FRAME_FOREIGN;
    if (said > total - head || said < UDP + MESSAGE_LENGTH || !is_sound(ip, udp, said) || memcmp(udp + UDP, MAGIC, sizeof MAGIC))
        return FRAME_DAMAGED;
    const uint8_t *body = udp + UDP;
    message->run = (uint32_t)get(body + 4, 4);
    message->number = get(body + 8, 8);
    message->time_ns = (int64_t)get(body + 16, 8);
    message->kind = body[24];
    return FRAME_ANSWER;
}

enum frame_kind frame_parse(const uint8_t *frame, size_t length, struct path *path, struct message *message)
{
    if (length < ETHERNET)
        return FRAME_FOREIGN;
    switch (get(frame + 12, 2)) {
    case TYPE_ARP: return parse_arp(frame + ETHERNET, length - ETHERNET, path);
    case TYPE_IP: return parse_ip(frame + ETHERNET, length - ETHERNET, path, message);
    default: return FRAME_FOREIGN;
    }
}
