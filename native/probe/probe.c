/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-probe: sends datagrams by a fixed schedule and says when each came back. It stands outside of what it measures: on a cable's other end, and on a CPU of its
 * own, which it takes whole, because DPDK's drivers poll.
 */
#define _GNU_SOURCE
#include "options.h"
#include "port.h"

#include <inttypes.h>
#include <sys/mman.h>
#include <time.h>

enum { FAILED = 1, WRONG_USAGE = 2, TRIES = 100 };
static const int64_t TRY_NS = 50 * 1000 * 1000, LEAD_NS = 10 * 1000 * 1000;
static const int64_t POLL_NS = 300 * 1000, NAP_NS = 30 * 1000, EARLY_NS = 100 * 1000;

struct probe {
    struct options options;
    struct schedule schedule;
    int is_resolved, is_ended;
};

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void looked(void *context)
{
    struct probe *probe = context;
    schedule_looked(&probe->schedule, now_ns());
}

static void take(void *context, const uint8_t *frame, size_t length)
{
    struct probe *probe = context;
    struct message message;
    uint8_t reply[LONGEST_FRAME];
    switch (frame_parse(frame, length, &probe->options.path, &message)) {
    case FRAME_ANSWER:
        if (message.kind == ENDS)
            probe->is_ended |= message.run == probe->options.plan.run;
        else
            schedule_answered(&probe->schedule, message.run, message.number, message.time_ns);
        break;
    case FRAME_ARP_REQUEST:
        port_send(reply, frame_arp_reply(reply, &probe->options.path, frame));
        break;
    case FRAME_ARP_REPLY: probe->is_resolved = 1; break;
    case FRAME_DAMAGED: probe->schedule.damaged++; break;
    case FRAME_FOREIGN: break;
    }
}

static void look(struct probe *probe)
{
    port_look(looked, take, probe);
}

/* Sends a frame again and again until something has come; whether it has. */
static int insist(struct probe *probe, const uint8_t *frame, size_t length, const int *has_come)
{
    for (int i = 0; i < TRIES; i++) {
        port_send(frame, length);
        for (int64_t until = now_ns() + TRY_NS; now_ns() < until && !*has_come;)
            look(probe);
        if (*has_come)
            return 1;
    }
    return 0;
}

static int resolve(struct probe *probe)
{
    uint8_t frame[LONGEST_FRAME];
    const struct path *path = &probe->options.path;
    if (insist(probe, frame, frame_arp_request(frame, path), &probe->is_resolved))
        return 0;
    fprintf(stderr, "vmrpc-probe: nobody answers ARP for %u.%u.%u.%u: is that address on the cable's other end, and the link up?\n", path->next_ip >> 24,
        path->next_ip >> 16 & 255, path->next_ip >> 8 & 255, path->next_ip & 255);
    return -1;
}

/*
 * Lets others have the CPU: until shortly before the next message if nothing is on its way, else, some time after the last one, for less than what makes an answer
 * unseen. On a machine with two CPUs the probe would else keep the system it measures from running, where a real-time thread waits for an ordinary one.
 */
static void nap(const struct probe *probe, int64_t due, int64_t now)
{
    const struct schedule *schedule = &probe->schedule;
    int64_t until = now;
    if (schedule->answered == schedule->sent)
        until = due == INT64_MAX ? now : due - EARLY_NS;
    else if (now - schedule->sent_ns > POLL_NS)
        until = now + NAP_NS < due - NAP_NS ? now + NAP_NS : now;
    if (until > now) {
        struct timespec time = {.tv_sec = until / 1000000000, .tv_nsec = until % 1000000000};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL);
    }
}

static void measure(struct probe *probe)
{
    const struct options *options = &probe->options;
    struct schedule *schedule = &probe->schedule;
    uint8_t frame[LONGEST_FRAME];
    for (int64_t until = INT64_MAX; !schedule_is_over(schedule);) {
        look(probe);
        int64_t due = schedule_due(schedule), now = now_ns();
        if (due == INT64_MAX) {
            until = until == INT64_MAX ? now + options->patience_ns : until;
            if (now > until)
                break;
        } else if (now >= due) {
            struct message message = {.run = options->plan.run, .number = schedule->sent, .time_ns = due, .kind = MEASURES};
            size_t length = frame_message(frame, &options->path, &message, options->payload);
            int64_t before = now_ns();
            if (port_send(frame, length)) /* else its buffers are full: it stays due */
                schedule_sent(schedule, before);
            continue;
        }
        if (options->shares)
            nap(probe, due, now);
    }
}

static int end_server(struct probe *probe)
{
    uint8_t frame[LONGEST_FRAME];
    struct message message = {.run = probe->options.plan.run, .kind = ENDS};
    size_t length = frame_message(frame, &probe->options.path, &message, probe->options.payload);
    if (insist(probe, frame, length, &probe->is_ended))
        return 0;
    fprintf(stderr, "vmrpc-probe: who is measured does not answer that it ends\n");
    return -1;
}

int main(int count, char **arguments)
{
    static struct probe probe;
    uint8_t mac[MAC_LENGTH];
    int used = port_open(count, arguments, mac);
    if (used < 0)
        return FAILED;
    if (options_parse(&probe.options, count - used, arguments + used))
        return WRONG_USAGE;
    for (int i = 0; i < MAC_LENGTH; i++)
        probe.options.path.own_mac[i] = mac[i];
    if (mlockall(MCL_CURRENT | MCL_FUTURE))
        perror("vmrpc-probe: mlockall, so a page fault may disturb");
    if (resolve(&probe))
        return FAILED;
    if (schedule_begin(&probe.schedule, &probe.options.plan, now_ns() + LEAD_NS)) {
        perror("vmrpc-probe: calloc");
        return FAILED;
    }
    measure(&probe);
    int failed = probe.options.ends && end_server(&probe);
    if (!failed)
        schedule_tell(&probe.schedule, stdout);
    schedule_end(&probe.schedule);
    port_close();
    return failed ? FAILED : 0;
}
