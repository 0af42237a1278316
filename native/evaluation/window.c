/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "window.h"

#include <arpa/inet.h>
#include <endian.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FAILED = 1, EXCHANGES = 40 };

#define SECOND_NS 1000000000
#define SPIN_NS 2000000 /* an emulated timer is later than this now and then; then the program says so */
#define ASK_TIME 't'
#define READY 'r'

static const char *name = "";

static void die(const char *what)
{
    fprintf(stderr, "%s: %s failed: %s\n", name, what, errno ? strerror(errno) : "the host has closed the connection");
    exit(FAILED);
}

int64_t window_now_ns(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * SECOND_NS + ts.tv_nsec;
}

static int is_port(const char *text)
{
    char *end;
    long port = strtol(text, &end, 10);
    return end != text && !*end && port > 0 && port < 65536;
}

static double seconds(const char *text)
{
    char *end;
    double value = strtod(text, &end);
    return end != text && !*end && value > 0 && value < 86400 ? value : 0;
}

int window_words(int argc, char **argv)
{
    struct in_addr address;
    if (argc > 3 && strcmp(argv[1], "join") == 0 && inet_pton(AF_INET, argv[2], &address) == 1 && is_port(argv[3]))
        return 4;
    return argc > 2 && strcmp(argv[1], "for") == 0 && seconds(argv[2]) > 0 ? 3 : 0;
}

static int connect_to(const char *address, const char *port)
{
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in host = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
    inet_pton(AF_INET, address, &host.sin_addr);
    if (fd < 0 || connect(fd, (struct sockaddr *)&host, sizeof host))
        die("connect to the host");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}

static void say(int fd, char word)
{
    if (send(fd, &word, 1, MSG_NOSIGNAL) != 1)
        die("send to the host");
}

static int64_t hear(int fd)
{
    uint64_t number;
    errno = 0;
    if (recv(fd, &number, sizeof number, MSG_WAITALL) != (ssize_t)sizeof number)
        die("recv from the host");
    return (int64_t)be64toh(number);
}

/* What to add to our clock for the host's. */
static int64_t clock_offset(int fd, int64_t *error_ns)
{
    int64_t offset = 0;
    *error_ns = INT64_MAX;
    for (int i = 0; i < EXCHANGES; i++) {
        int64_t asked = window_now_ns();
        say(fd, ASK_TIME);
        int64_t host = hear(fd);
        int64_t answered = window_now_ns();
        if ((answered - asked) / 2 < *error_ns) {
            *error_ns = (answered - asked) / 2;
            offset = host - (asked + *error_ns);
        }
    }
    return offset;
}

static struct window agree(char **argv)
{
    struct window window;
    int fd = connect_to(argv[2], argv[3]);
    int64_t offset = clock_offset(fd, &window.error_ns);
    say(fd, READY);
    window.begin_ns = hear(fd) - offset;
    window.end_ns = hear(fd) - offset;
    close(fd);
    return window;
}

static void await(int64_t ns)
{
    int64_t asleep_until = ns - SPIN_NS;
    const struct timespec ts = {.tv_sec = asleep_until / SECOND_NS, .tv_nsec = asleep_until % SECOND_NS};
    if (window_now_ns() < asleep_until)
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
    while (window_now_ns() < ns)
        ;
}

struct window window_enter(const char *program, char **argv)
{
    struct window window = {.error_ns = 0};
    name = program;
    if (strcmp(argv[1], "join") == 0) {
        window = agree(argv);
    } else {
        window.begin_ns = window_now_ns();
        window.end_ns = window.begin_ns + (int64_t)(seconds(argv[2]) * SECOND_NS);
    }
    await(window.begin_ns);
    return window;
}

void window_print(const struct window *window, int64_t began_ns, int64_t ended_ns)
{
    printf("clock_error_ns=%lld began_late_ns=%lld ended_late_ns=%lld", (long long)window->error_ns,
        (long long)(began_ns - window->begin_ns),
        (long long)(ended_ns - window->end_ns));
}
