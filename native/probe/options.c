/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "options.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char USAGE[] =
    "use vmrpc-probe EAL-OPTIONS -- --from ADDRESS:PORT --to ADDRESS:PORT [--via ADDRESS] [--count N] [--skip N] [--interval-us N]\n"
    "                [--payload BYTES] [--late-us N] [--blind-us N] [--patience-ms N] [--end] [--share]\n"
    "for example: vmrpc-probe --no-huge --no-shconf --no-pci -m 32 -l 0 --vdev=net_af_packet0,iface=eth0 -- --from 198.18.0.2:7000 --to 198.18.0.1:7000\n";

static int mistake(const char *option, const char *value, const char *wanted)
{
    fprintf(stderr, "vmrpc-probe: --%s %s: give %s\n%s", option, value, wanted, USAGE);
    return -1;
}

static int number(int64_t *to, const char *name, const char *text, int64_t least, int64_t most)
{
    char *end, wanted[64];
    long long value = strtoll(text, &end, 10);
    if (*end || end == text || value < least || value > most) {
        snprintf(wanted, sizeof wanted, "a number from %lld to %lld", (long long)least, (long long)most);
        return mistake(name, text, wanted);
    }
    *to = value;
    return 0;
}

/* port may be NULL: none is expected then. */
static int address(uint32_t *ip, uint16_t *port, const char *name, const char *text)
{
    char host[INET_ADDRSTRLEN + 1] = "";
    const char *colon = strchr(text, ':');
    int64_t value = 0;
    struct in_addr parsed;
    size_t length = colon ? (size_t)(colon - text) : strlen(text);
    memcpy(host, text, length < sizeof host ? length : 0);
    if (inet_pton(AF_INET, host, &parsed) != 1 || !colon != !port)
        return mistake(name, text, port ? "an IPv4 address and a port, like 198.18.0.2:7000" : "an IPv4 address");
    *ip = ntohl(parsed.s_addr);
    if (port && number(&value, name, colon + 1, 1, 65535))
        return -1;
    if (port)
        *port = (uint16_t)value;
    return 0;
}

enum choice { FROM, TO, VIA, COUNT, SKIP, INTERVAL, PAYLOAD, LATE, BLIND, PATIENCE, END, SHARE };

static const struct option NAMES[] = {
    {"from", required_argument, NULL, FROM}, {"to", required_argument, NULL, TO}, {"via", required_argument, NULL, VIA},
    {"count", required_argument, NULL, COUNT}, {"skip", required_argument, NULL, SKIP}, {"interval-us", required_argument, NULL, INTERVAL},
    {"payload", required_argument, NULL, PAYLOAD}, {"late-us", required_argument, NULL, LATE}, {"blind-us", required_argument, NULL, BLIND},
    {"patience-ms", required_argument, NULL, PATIENCE}, {"end", no_argument, NULL, END}, {"share", no_argument, NULL, SHARE}, {NULL, 0, NULL, 0}};

static int take(struct options *options, enum choice choice, const char *text)
{
    const char *name = NAMES[choice].name;
    struct path *path = &options->path;
    int64_t value = 0;
    int failed = 0;
    switch (choice) {
    case FROM: return address(&path->own_ip, &path->own_port, name, text);
    case TO: return address(&path->target_ip, &path->target_port, name, text);
    case VIA: return address(&path->next_ip, NULL, name, text);
    case COUNT: failed = number(&value, name, text, 1, 100 * 1000 * 1000), options->plan.count = (uint64_t)value; break;
    case SKIP: failed = number(&value, name, text, 0, 100 * 1000 * 1000), options->plan.skip = (uint64_t)value; break;
    case INTERVAL: failed = number(&value, name, text, 1, 60 * 1000 * 1000), options->plan.interval_ns = value * 1000; break;
    case PAYLOAD: failed = number(&value, name, text, MESSAGE_LENGTH, LONGEST_PAYLOAD), options->payload = (size_t)value; break;
    case LATE: failed = number(&value, name, text, 1, 60 * 1000 * 1000), options->plan.late_ns = value * 1000; break;
    case BLIND: failed = number(&value, name, text, 1, 60 * 1000 * 1000), options->plan.blind_ns = value * 1000; break;
    case PATIENCE: failed = number(&value, name, text, 0, 600 * 1000), options->patience_ns = value * 1000 * 1000; break;
    case END: options->ends = 1; break;
    case SHARE: options->shares = 1; break;
    }
    return failed;
}

int options_parse(struct options *options, int count, char **arguments)
{
    *options = (struct options){.payload = 64, .patience_ns = 1000 * 1000 * 1000,
        .plan = {.interval_ns = 1000 * 1000, .late_ns = 10 * 1000 * 1000, .blind_ns = 100 * 1000, .count = 1000, .run = (uint32_t)getpid()}};
    optind = 0; /* EAL has used getopt as well */
    for (int option; (option = getopt_long(count, arguments, "", NAMES, NULL)) != -1;) {
        if (option == '?') {
            fputs(USAGE, stderr);
            return -1;
        }
        if (take(options, (enum choice)option, optarg))
            return -1;
    }
    if (optind < count || !options->path.own_port || !options->path.target_port || options->plan.skip >= options->plan.count) {
        fprintf(stderr, "vmrpc-probe: name --from and --to, skip fewer than are sent, and give nothing else\n%s", USAGE);
        return -1;
    }
    if (!options->path.next_ip)
        options->path.next_ip = options->path.target_ip;
    return 0;
}
