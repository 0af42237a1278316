/* SPDX-License-Identifier: Apache-2.0 */
#include "socket.h"

#include "memory.h"

#define METHOD_EVENTS 0u
#define METHOD_OPEN 1u
#define METHOD_CONNECT 3u
#define METHOD_SEND 5u
#define METHOD_CREDIT 6u
#define FAMILY_IPV4 1u
#define TYPE_DATAGRAM 2u
#define EVENT_DATA 1u
#define EVENT_SENT 5u
#define RECORD_COST 64u /* R48 */
#define WINDOW 16384u

/* Where the answers go: volatile, since gcc -m16 copies structures by 16-bit addresses. */
typedef const volatile uint32_t *words;

static words words_of(const struct completion *completion)
{
    return (const volatile void *)completion->payload;
}

static uint32_t call(const struct socket *socket, uint32_t method, const void *payload, uint32_t length, struct completion *answer)
{
    answer->payload = reply_buffer();
    return channel_call(socket->channel, socket->service << 16 | method, payload, length, answer);
}

static uint64_t tell(const struct socket *socket, uint32_t method, const void *payload, uint32_t length)
{
    return channel_submit(socket->channel, socket->service << 16 | method, VMRPC_SUBMIT_ONE_WAY, VMRPC_NO_DEADLINE, payload, length);
}

static const char *open_datagram(struct socket *socket)
{
    struct completion answer;
    const uint32_t request[4] = {FAMILY_IPV4, TYPE_DATAGRAM, 0, WINDOW};
    if (call(socket, METHOD_OPEN, request, sizeof request, &answer) != 0 || answer.length != 8)
        return "the agent opens no UDP socket for this guest";
    socket->id = words_of(&answer)[0];
    socket->send_window = (int32_t)words_of(&answer)[1];
    return 0;
}

const char *socket_connect(struct socket *socket, struct channel *channel, uint32_t address, uint32_t port)
{
    *socket = (struct socket){.channel = channel, .service = channel_resolve(channel, "socket"), .window = WINDOW};
    if (!socket->service)
        return "the agent has no service named socket";
    socket->events = channel_submit(channel, socket->service << 16 | METHOD_EVENTS, VMRPC_SUBMIT_SUBSCRIBE, VMRPC_NO_DEADLINE, 0, 0);
    const char *problem = socket->events == CHANNEL_FULL ? "the submission ring is full" : open_datagram(socket);
    if (problem)
        return problem;
    struct completion answer;
    const uint32_t request[8] = {socket->id, 0, FAMILY_IPV4 | port << 16, 0, address, 0, 0, 0};
    return call(socket, METHOD_CONNECT, request, sizeof request, &answer) == 0 ? 0
        : "the agent's policy or its network does not let this guest reach the peer";
}

int socket_send(struct socket *socket, const void *data, uint32_t length)
{
    uint32_t request[2 + SOCKET_DATA / sizeof(uint32_t)] = {socket->id, 0};
    const uint8_t *from = data;
    uint8_t *to = (uint8_t *)&request[2];
    if (length > SOCKET_DATA || socket->send_window <= 0)
        return 0;
    for (uint32_t i = 0; i < length; i++)
        to[i] = from[i];
    if (tell(socket, METHOD_SEND, request, 8 + length) == CHANNEL_FULL)
        return 0;
    socket->send_window -= (int32_t)(length + RECORD_COST);
    return 1;
}

/* R51: not later than half the window. What finds the ring full stays owed. */
static void credit(struct socket *socket, uint32_t amount)
{
    socket->owed += amount;
    const uint32_t request[2] = {socket->id, socket->owed};
    if (socket->owed >= socket->window / 4 && tell(socket, METHOD_CREDIT, request, sizeof request) != CHANNEL_FULL)
        socket->owed = 0;
}

int socket_received(struct socket *socket, const struct completion *completion, uint32_t *word)
{
    if (completion->correlation != socket->events || completion->length < 12)
        return 0;
    uint32_t kind = words_of(completion)[1] & 0xffff;
    *word = words_of(completion)[2];
    if (kind == EVENT_SENT)
        socket->send_window += (int32_t)*word;
    if (kind != EVENT_DATA)
        return 0;
    credit(socket, completion->length - 8 + RECORD_COST);
    return 1;
}
