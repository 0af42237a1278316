/* SPDX-License-Identifier: Apache-2.0
 *
 * Clients that are hostile to vmrpc-guestd, by its socket and its tables: it serves the others and lives. They run by themselves.
 */
#define _GNU_SOURCE
#include "cases.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "service.h"
#include "table.h"
#include "wire.h"

static uint64_t seed = 1;
static uint64_t next_random(void)
{
    seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
    return seed;
}

static int make_memfd(size_t length, unsigned seals)
{
    int fd = memfd_create("hostile", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    CHECK(ftruncate(fd, (off_t)length) == 0);
    if (seals)
        fcntl(fd, F_ADD_SEALS, seals);
    return fd;
}

/* The status, or -1 if the service hung up. */
static int ask(int socket, uint32_t version, uint32_t call, uint32_t number, int fd)
{
    struct guestd_request request = {.version = version, .call = call, .number = number};
    struct guestd_answer answer;
    int came;
    wire_send(socket, &request, sizeof request, fd);
    if (wire_receive(socket, &answer, sizeof answer, &came))
        return -1;
    if (came >= 0)
        close(came);
    return (int)answer.status;
}

static struct table *join(int *socket)
{
    int fd = make_memfd(sizeof(struct table), F_SEAL_SHRINK | F_SEAL_GROW);
    struct table *table = mmap(NULL, sizeof *table, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    table->magic = TABLE_MAGIC;
    *socket = service_connect();
    CHECK(ask(*socket, GUESTD_VERSION, GUESTD_HELLO, 0, fd) == GUESTD_OK);
    close(fd);
    return table;
}

CASE(hostile, garbage_messages)
{
    pid_t service = service_pid();
    for (int i = 0; i < 300; i++) {
        char bytes[300];
        int socket = service_connect();
        for (size_t k = 0; k < sizeof bytes; k++)
            bytes[k] = (char)next_random();
        for (int k = 0; k < 4; k++)
            send(socket, bytes, i % 4 == 0 ? sizeof(struct guestd_request) : next_random() % sizeof bytes, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (i % 3 == 0)
            shutdown(socket, SHUT_WR);
        close(socket);
    }
    int silent = service_connect(); /* sends much and reads nothing */
    struct guestd_request request = {.version = GUESTD_VERSION, .call = GUESTD_CPU};
    for (int i = 0; i < 3000 && send(silent, &request, sizeof request, MSG_NOSIGNAL | MSG_DONTWAIT) > 0; i++)
        ;
    int socket = service_connect();
    CHECK(ask(socket, GUESTD_VERSION, GUESTD_CPU, 0, -1) == GUESTD_OK, "others are answered");
    CHECK(ask(socket, GUESTD_VERSION + 1, GUESTD_HELLO, 0, -1) == GUESTD_VERSION_DIFFERS);
    CHECK(service_pid() == service);
    close(silent);
}

CASE(hostile, refused_tables)
{
    struct {
        size_t length;
        unsigned seals;
        int status;
    } tables[] = {{sizeof(struct table), 0, GUESTD_BAD_TABLE}, {sizeof(struct table), F_SEAL_GROW, GUESTD_BAD_TABLE}, {4096, F_SEAL_SHRINK, GUESTD_BAD_TABLE},
                  {0, F_SEAL_SHRINK, GUESTD_BAD_TABLE}, {sizeof(struct table) + 4096, F_SEAL_SHRINK, GUESTD_BAD_TABLE},
                  {sizeof(struct table), F_SEAL_SHRINK, GUESTD_BAD_TABLE /* no magic */}};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        int socket = service_connect(), fd = make_memfd(tables[i].length, tables[i].seals);
        int status = ask(socket, GUESTD_VERSION, GUESTD_HELLO, 0, fd);
        CHECK(status == tables[i].status, "table %zu: status %d", i, status);
        close(socket);
        close(fd);
    }
    int null = open("/dev/null", O_RDWR), others[] = {-1, null, eventfd(0, 0)};
    for (size_t i = 0; i < 3; i++) {
        int socket = service_connect(), status = ask(socket, GUESTD_VERSION, GUESTD_HELLO, 0, others[i]);
        CHECK(status == GUESTD_BAD_TABLE, "status %d", status);
        CHECK(ask(socket, GUESTD_VERSION, GUESTD_COUNT, 0, others[2]) != GUESTD_OK);
        close(socket);
    }
    int socket;
    join(&socket);
    CHECK(ask(socket, GUESTD_VERSION, GUESTD_HELLO, 0, -1) == GUESTD_BAD_CALL, "once");
    CHECK(ask(socket, GUESTD_VERSION, GUESTD_COUNT, TABLE_TIMERS, others[2]) == GUESTD_BAD_CALL);
    CHECK(ask(socket, GUESTD_VERSION, GUESTD_COUNT, 0, null) == GUESTD_BAD_CALL, "only eventfds");
    CHECK(ask(socket, GUESTD_VERSION, 77, 0, -1) == GUESTD_BAD_CALL);
    CHECK(ask(socket, GUESTD_VERSION, GUESTD_COUNT, 5, others[2]) == GUESTD_OK);
}

static void scribble(struct table *table, int64_t length_ns)
{
    uint64_t *words = (uint64_t *)table;
    for (int64_t until = now(CLOCK_MONOTONIC) + length_ns; now(CLOCK_MONOTONIC) < until;)
        for (int i = 0; i < 100; i++)
            __atomic_store_n(&words[next_random() % (sizeof *table / 8)], next_random() % 3 ? next_random() : next_random() % 5, __ATOMIC_RELAXED);
}

/* Whatever it writes, signals go to its own process: it takes them all. */
CASE(hostile, a_scribbled_table)
{
    const char *given = getenv("SEED");
    seed = given ? strtoull(given, NULL, 10) | 1 : 1;
    printf("seen SEED=%llu\n", (unsigned long long)seed);
    pid_t service = service_pid(), child = fork();
    if (child == 0) {
        int socket;
        for (int i = 1; i < 65; i++)
            signal(i, SIG_IGN);
        struct table *table = join(&socket);
        for (uint32_t i = 0; i < TABLE_TIMERS; i += 64)
            ask(socket, GUESTD_VERSION, GUESTD_COUNT, i, eventfd(0, 0));
        for (uint32_t i = 0; i < TABLE_TIMERS; i++)
            table->timer[i] = (struct table_timer){.armed = 1 + i, .kind = 1 + i % 6, .deadline_ns = now(CLOCK_MONOTONIC) + (int64_t)(next_random() % 1000000000),
                                                   .interval_ns = (int64_t)(next_random() % 3), .signal = SIGRTMIN, .is_realtime = i % 2};
        for (uint32_t i = 0; i < TABLE_WORDS; i++)
            table->dirty[i] = ~UINT64_C(0);
        table->summary = ~UINT64_C(0);
        scribble(table, 3 * SECOND);
        _exit(0);
    }
    int status = status_of(child);
    CHECK(status == 0 || status == 128 + SIGKILL || status == 128 + SIGSTOP, "status %d: signal numbers are what it wrote", status);
    CHECK(service_pid() == service, "the service did not live");
}

/* An eventfd that is full blocks who writes to it. */
CASE(hostile, full_eventfds)
{
    int socket;
    pid_t service = service_pid();
    struct table *table = join(&socket);
    uint64_t full = UINT64_MAX - 1;
    for (uint32_t i = 0; i < 16; i++) {
        int fd = eventfd(0, 0);
        CHECK(write(fd, &full, sizeof full) == sizeof full);
        CHECK(ask(socket, GUESTD_VERSION, GUESTD_COUNT, i, fd) == GUESTD_OK);
        table->timer[i] = (struct table_timer){.armed = 1, .kind = i % 2 ? TIMER_COUNT : TIMER_POLL, .deadline_ns = now(CLOCK_MONOTONIC), .interval_ns = 5 * MS};
    }
    __atomic_store_n(&table->dirty[0], UINT64_C(0xffff), __ATOMIC_SEQ_CST);
    __atomic_store_n(&table->summary, 1, __ATOMIC_SEQ_CST);
    sleep_ns(2 * SECOND);
    CHECK(service_pid() == service);
    int other = service_connect();
    CHECK(ask(other, GUESTD_VERSION, GUESTD_CPU, 0, -1) == GUESTD_OK);
}

/* With few descriptors left: a client is refused, and nobody waits at its door for ever. */
CASE(hostile, no_descriptors_left)
{
    struct rlimit limit, few = {0};
    int sockets[60], refused = 0;
    pid_t service = service_pid();
    CHECK(prlimit(service, RLIMIT_NOFILE, NULL, &limit) == 0);
    few.rlim_cur = (rlim_t)service_descriptors() + 20, few.rlim_max = limit.rlim_max;
    CHECK(prlimit(service, RLIMIT_NOFILE, &few, NULL) == 0);
    for (int i = 0; i < 60; i++) {
        sockets[i] = service_connect();
        refused += sockets[i] < 0 || ask(sockets[i], GUESTD_VERSION, GUESTD_CPU, 0, -1) != GUESTD_OK;
    }
    CHECK(refused >= 40 && refused < 60, "refused %d", refused);
    long long before = service_thread_ns();
    sleep_ns(SECOND);
    long long spent = service_thread_ns() - before;
    printf("seen its thread ran for us %lld in a second\n", spent / 1000);
    CHECK(spent < SECOND / 2, "it runs without end");
    for (int i = 0; i < 60; i++)
        close(sockets[i]);
    CHECK(prlimit(service, RLIMIT_NOFILE, &limit, NULL) == 0);
    sleep_ns(100 * MS);
    int socket = service_connect();
    CHECK(ask(socket, GUESTD_VERSION, GUESTD_CPU, 0, -1) == GUESTD_OK, "there is room again");
    CHECK(service_pid() == service);
}

LONG_CASE(hostile, eleven_hundred_connections, 60)
{
    enum { COUNT = 1100 };
    static int sockets[COUNT];
    struct rlimit limit = {.rlim_cur = 5000, .rlim_max = 5000};
    int joined = 0, refused = 0;
    pid_t service = service_pid();
    setrlimit(RLIMIT_NOFILE, &limit);
    int fd = make_memfd(sizeof(struct table), F_SEAL_SHRINK | F_SEAL_GROW);
    uint64_t magic = TABLE_MAGIC;
    CHECK(pwrite(fd, &magic, sizeof magic, 0) == sizeof magic);
    for (int i = 0; i < COUNT; i++) {
        sockets[i] = service_connect();
        int status = sockets[i] < 0 ? -1 : ask(sockets[i], GUESTD_VERSION, GUESTD_HELLO, 0, fd);
        joined += status == GUESTD_OK;
        refused += status == GUESTD_FULL || status == -1;
    }
    printf("seen joined=%d refused=%d\n", joined, refused);
    CHECK(joined >= 1000 && joined <= 1024 && joined + refused == COUNT, "joined %d, refused %d", joined, refused);
    for (int i = 0; i < COUNT; i++)
        close(sockets[i]);
    int other = -1;
    for (int64_t since = now(CLOCK_MONOTONIC); now(CLOCK_MONOTONIC) - since < 10 * SECOND; sleep_ns(50 * MS))
        if ((other = service_connect()) >= 0 && ask(other, GUESTD_VERSION, GUESTD_HELLO, 0, fd) == GUESTD_OK)
            break;
    CHECK(other >= 0 && ask(other, GUESTD_VERSION, GUESTD_CPU, 0, -1) == GUESTD_OK, "there is room again");
    CHECK(service_pid() == service);
}
