/* SPDX-License-Identifier: Apache-2.0
 *
 * The probe without DPDK: what it puts on the cable, what it takes from it, its schedule and what it tells.
 */
#define _GNU_SOURCE
#include "check.h"
#include "options.h"
#include "packet.h"
#include "schedule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ETHERNET = 14, IP = 20, UDP = 8, PAYLOAD = 64 };

static const struct path OWN = {.own_mac = {2, 0, 0, 0, 0, 1}, .next_mac = {2, 0, 0, 0, 0, 2}, .own_ip = 0xc6120002, .target_ip = 0xc6120001, .next_ip = 0xc6120001,
    .own_port = 7000, .target_port = 7040};
static const struct message ASKED = {.run = 77, .number = 0x0102030405060708, .time_ns = 1234567890123, .kind = MEASURES};

/* What comes back of a frame: both ends change places in each header, so no checksum changes. */
static size_t answer(uint8_t *frame)
{
    struct path path = OWN;
    uint8_t swapped[LONGEST_FRAME];
    size_t length = frame_message(frame, &path, &ASKED, PAYLOAD);
    memcpy(swapped, frame, length);
    memcpy(swapped, frame + 6, 6);
    memcpy(swapped + 6, frame, 6);
    memcpy(swapped + ETHERNET + 12, frame + ETHERNET + 16, 4);
    memcpy(swapped + ETHERNET + 16, frame + ETHERNET + 12, 4);
    memcpy(swapped + ETHERNET + IP, frame + ETHERNET + IP + 2, 2);
    memcpy(swapped + ETHERNET + IP + 2, frame + ETHERNET + IP, 2);
    memcpy(frame, swapped, length);
    return length;
}

static enum frame_kind parsed(const uint8_t *frame, size_t length)
{
    struct path path = OWN;
    struct message message;
    return frame_parse(frame, length, &path, &message);
}

static void test_checksum(void)
{
    static const uint8_t rfc1071[] = {0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7}; /* its section 3 */
    CHECK_EQ((uint16_t)~0xddf2, checksum_end(checksum_add(0, rfc1071, sizeof rfc1071)));
    CHECK_EQ((uint16_t)~0x0100, checksum_end(checksum_add(0, (const uint8_t *)"\1", 1)));
    CHECK_EQ(0, checksum_end(0xffff));
    CHECK_EQ(0, checksum_end(0x1fffe)); /* the carry comes back in */
}

static void test_message(void)
{
    uint8_t frame[LONGEST_FRAME];
    struct path path = OWN;
    struct message got;
    size_t length = answer(frame);
    CHECK_EQ(ETHERNET + IP + UDP + PAYLOAD, length);
    CHECK_EQ(0, checksum_end(checksum_add(0, frame + ETHERNET, IP)));
    CHECK_EQ(FRAME_ANSWER, frame_parse(frame, length, &path, &got));
    CHECK_EQ(ASKED.run, got.run);
    CHECK_EQ(ASKED.number, got.number);
    CHECK_EQ(ASKED.time_ns, got.time_ns);
    CHECK_EQ(MEASURES, got.kind);
    CHECK_EQ(FRAME_ANSWER, parsed(frame, length + 4)); /* a cable may pad */
}

static void test_damage(void)
{
    uint8_t frame[LONGEST_FRAME];
    size_t length = answer(frame);
    for (size_t at = ETHERNET; at < length; at++) {
        frame[at] ^= 0x10;
        CHECK(parsed(frame, length) != FRAME_ANSWER);
        frame[at] ^= 0x10;
    }
    for (size_t shorter = 0; shorter < length; shorter++)
        CHECK(parsed(frame, shorter) != FRAME_ANSWER);
    CHECK_EQ(FRAME_ANSWER, parsed(frame, length));
    uint8_t *udp = frame + ETHERNET + IP;
    udp[6] = udp[7] = 0; /* no checksum */
    CHECK_EQ(FRAME_ANSWER, parsed(frame, length));
    uint16_t left = (uint16_t)~checksum_end(checksum_add(0, frame + ETHERNET + 12, 8) + 17 + UDP + PAYLOAD);
    udp[6] = (uint8_t)(left >> 8), udp[7] = (uint8_t)left; /* left to a device */
    CHECK_EQ(FRAME_ANSWER, parsed(frame, length));
    udp[7] ^= 1;
    CHECK_EQ(FRAME_DAMAGED, parsed(frame, length));
}

static void test_arp(void)
{
    uint8_t request[LONGEST_FRAME], reply[LONGEST_FRAME];
    struct path own = OWN, other = {.own_mac = {2, 0, 0, 0, 0, 9}, .own_ip = OWN.next_ip, .next_ip = OWN.own_ip};
    size_t length = frame_arp_request(request, &own);
    struct message none;
    CHECK_EQ(42, length);
    CHECK_EQ(0xff, request[0]);
    CHECK_EQ(FRAME_ARP_REQUEST, frame_parse(request, length, &other, &none));
    length = frame_arp_reply(reply, &other, request);
    CHECK(!memcmp(reply, own.own_mac, MAC_LENGTH));
    CHECK_EQ(FRAME_ARP_REPLY, frame_parse(reply, length, &own, &none));
    CHECK(!memcmp(own.next_mac, other.own_mac, MAC_LENGTH));
    CHECK_EQ(FRAME_FOREIGN, frame_parse(reply, length - 1, &own, &none));
    own.next_ip++;
    CHECK_EQ(FRAME_FOREIGN, frame_parse(reply, length, &own, &none));
    CHECK_EQ(FRAME_FOREIGN, frame_parse(request, length, &own, &none)); /* asks for another */
}

static char *told(const struct schedule *schedule)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    schedule_tell(schedule, out);
    fclose(out);
    return text;
}

static void test_schedule(void)
{
    struct schedule schedule;
    const struct plan plan = {.interval_ns = 1000, .late_ns = 2000, .blind_ns = 300, .count = 7, .skip = 1, .run = 5};
    CHECK_EQ(0, schedule_begin(&schedule, &plan, 10000));
    for (int64_t now = 9900; now <= 16100; now += 100) { /* it looks every 100 ns and sends in time */
        schedule_looked(&schedule, now);
        if (now >= schedule_due(&schedule) + (schedule.sent == 3 ? 400 : 0)) /* but the fourth, for it was kept from it */
            schedule_sent(&schedule, now);
        if (now == 11200)
            schedule_answered(&schedule, 5, 1, 11000);
        if (now == 14300) {
            schedule_answered(&schedule, 5, 3, 13000);
            schedule_answered(&schedule, 5, 1, 11000); /* twice */
            schedule_answered(&schedule, 5, 2, 12001); /* not what was sent */
            schedule_answered(&schedule, 5, 6, 16000); /* not sent yet */
            schedule_answered(&schedule, 4, 2, 12000); /* of another process */
        }
    }
    CHECK_EQ(INT64_MAX, schedule_due(&schedule));
    schedule_answered(&schedule, 5, 4, 14000);
    schedule_looked(&schedule, 16500); /* a pause: what it finds now may have been there for long */
    schedule_answered(&schedule, 5, 5, 15000);
    CHECK(!schedule_is_over(&schedule));
    char *text = told(&schedule);
    CHECK(!strcmp("answer 1 200\nlost 2\nunseen 3 1300\nanswer 4 2100\nunseen 5 1500\nlost 6\n"
                  "end sent=6 lost=2 unseen=2 late=1 twice=1 damaged=2 pause_ns=400 send_late_ns=400\n", text));
    free(text);
    schedule_end(&schedule);
}

static int parse(struct options *options, const char *text)
{
    char *words[32] = {(char *)(uintptr_t) "vmrpc-probe"}, *copy = strdup(text);
    int count = 1;
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
        words[count++] = word;
    int result = options_parse(options, count, words);
    free(copy);
    return result;
}

static void test_options(void)
{
    struct options options;
    CHECK_EQ(0, parse(&options, "--from 198.18.0.2:7000 --to 10.213.0.2:7042 --via 198.18.0.1 --count 5 --skip 2 --interval-us 10 --late-us 3 --end --share"));
    CHECK_EQ(0xc6120002, options.path.own_ip);
    CHECK_EQ(7042, options.path.target_port);
    CHECK_EQ(0xc6120001, options.path.next_ip);
    CHECK_EQ(10000, options.plan.interval_ns);
    CHECK(options.ends && options.shares);
    CHECK_EQ(0, parse(&options, "--from 198.18.0.2:7000 --to 198.18.0.1:7042"));
    CHECK_EQ(options.path.target_ip, options.path.next_ip);
    freopen("/dev/null", "w", stderr); /* what is refused is said there; a failed check is still counted */
    CHECK_EQ(-1, parse(&options, "--from 198.18.0.2:7000"));
    CHECK_EQ(-1, parse(&options, "--from 198.18.0.2 --to 198.18.0.1:7042"));
    CHECK_EQ(-1, parse(&options, "--from 198.18.0.2:7000 --to 198.18.0.1:70420"));
    CHECK_EQ(-1, parse(&options, "--from 198.18.0.2:7000 --to 198.18.0.1:7042 --count 3 --skip 3"));
    CHECK_EQ(-1, parse(&options, "--from 198.18.0.2:7000 --to 198.18.0.1:7042 --payload 24"));
    CHECK_EQ(-1, parse(&options, "--from 198.18.0.2:7000 --to 198.18.0.1:7042 more"));
}

int main(void)
{
    alarm(30);
    test_checksum();
    test_message();
    test_damage();
    test_arp();
    test_schedule();
    test_options();
    printf("probe-test: %d checks passed, %d failed\n", check_passed, check_failed);
    return check_failed != 0;
}
