/* SPDX-License-Identifier: Apache-2.0
 *
 * The program's place with the service. It is made at the first wait that can be served, kept through fork by the parent alone, and
 * closed by exec. When the service dies the kernel tells us by SIGURG on the socket (F_SETSIG): nobody waits for a dead service.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "preload.h"
#include "wire.h"

#define RETRY_NS (1 * NS_PER_S)

enum state { UNTRIED = 0, SERVING, LOST, BUSY };

static struct {
    uint32_t state; /* enum state */
    uint32_t cpu, slot;
    int socket;
    int memfd;
    struct table *table;
    int64_t retry_ns;
    int is_prepared;
    pid_t pid;
} session = {.socket = -1, .memfd = -1};

struct table *session_table(void) { return session.table; }
int session_socket(void) { return __atomic_load_n(&session.socket, __ATOMIC_RELAXED); }
uint32_t session_slot(void) { return session.slot; }
pid_t session_pid(void) { return session.pid; }
int session_is_lost(void) { return __atomic_load_n(&session.state, __ATOMIC_ACQUIRE) != SERVING || !__atomic_load_n(&session.table->is_serving, __ATOMIC_RELAXED); }

static void close_guarded(int *fd)
{
    int old = *fd;
    *fd = -1;
    if (old >= 0) {
        fds_release(old);
        REAL(close)(old);
    }
}

/* The table is the parent's: the child has neither its timers nor its place with the service. */
static void after_fork_in_child(void)
{
    timerfds_to_child();
    if (session.state == SERVING)
        session.retry_ns = 0; /* it may connect at once */
    session.state = UNTRIED;
    if (session.table)
        munmap(session.table, sizeof *session.table);
    session.table = NULL;
    close_guarded(&session.socket);
    close_guarded(&session.memfd);
    self = (struct self){.handler_depth = self.handler_depth, .handler_stack = self.handler_stack};
    posix_timers_forget();
    itimer_forget();
    poll_forget();
    timers_forget_all();
}

static int make_table(void)
{
    if (session.table)
        return 1; /* of a session that was lost */
    int fd = fds_guard(memfd_create("vmrpc-timers", MFD_CLOEXEC | MFD_ALLOW_SEALING));
    if (fd < 0)
        return 0;
    void *table = MAP_FAILED;
    if (ftruncate(fd, sizeof(struct table)) == 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
        table = mmap(NULL, sizeof(struct table), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    session.memfd = fd;
    if (table == MAP_FAILED) {
        close_guarded(&session.memfd);
        return 0;
    }
    session.table = table;
    session.table->magic = TABLE_MAGIC;
    return 1;
}

static int open_socket(void)
{
    const char *path = getenv("VMRPC_GUESTD");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, path ? path : GUESTD_SOCKET, sizeof address.sun_path - 1);
    int fd = fds_guard(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) < 0) {
        fds_release(fd);
        REAL(close)(fd);
        fd = -1;
    }
    return fd;
}

/* The socket says by a signal that the service hung up: nobody waits for a dead service. Answers would bring that signal too, so it is off while one is awaited. */
static void say_hangup(int fd, int is_wanted)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags >= 0)
        fcntl(fd, F_SETFL, is_wanted ? flags | O_ASYNC : flags & ~O_ASYNC);
}

/* One request and its answer. 0 or more: status; negative: the service is not there. *fd gets what came along. */
static int ask(enum guestd_call call, uint32_t number, int handed, struct guestd_answer *answer, int *fd)
{
    struct guestd_request request = {.version = GUESTD_VERSION, .call = call, .number = number};
    int own = session.socket;
    say_hangup(own, 0);
    int error = wire_send(own, &request, sizeof request, handed);
    if (!error)
        error = wire_receive(own, answer, sizeof *answer, fd);
    say_hangup(own, 1);
    session_check_hangup(); /* it may have come meanwhile */
    return error ? -1 : (int)answer->status;
}

static void connect_session(void)
{
    struct guestd_answer answer;
    int nothing = -1;
    if (!session.is_prepared) {
        pthread_atfork(NULL, NULL, after_fork_in_child);
        signals_install_own();
        session.is_prepared = 1;
    }
    session.retry_ns = now_ns(CLOCK_MONOTONIC) + RETRY_NS;
    if (!make_table() || (session.socket = open_socket()) < 0)
        return;
    timers_mark_armed();
    fcntl(session.socket, F_SETSIG, SIGURG);
    fcntl(session.socket, F_SETOWN, getpid());
    signals_open_urgent();
    if (ask(GUESTD_HELLO, 0, session.memfd, &answer, &nothing) != GUESTD_OK) {
        close_guarded(&session.socket);
        return;
    }
    session.cpu = answer.cpu;
    session.slot = answer.slot;
    session.pid = getpid();
    while (!__atomic_load_n(&session.table->is_serving, __ATOMIC_ACQUIRE)) { /* the idler takes us in when this CPU is free */
        struct timespec moment = {.tv_nsec = 100000};
        REAL(nanosleep)(&moment, NULL);
        char byte;
        if (recv(session.socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0)
            break;
    }
}

/* By one thread; the others use the kernel's timers meanwhile. Never in a handler: what it interrupted may hold any lock. */
static int try_to_connect(uint32_t from)
{
    if (signals_in_handler() || now_ns(CLOCK_MONOTONIC) < session.retry_ns ||
        !__atomic_compare_exchange_n(&session.state, &from, BUSY, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        return 0;
    int error = errno, was_lost = session.table != NULL, cancel = hold_cancel();
    connect_session();
    int is_connected = session.socket >= 0;
    __atomic_store_n(&session.state, is_connected ? SERVING : LOST, __ATOMIC_RELEASE);
    if (is_connected && was_lost) {
        posix_timers_to_service();
        itimer_to_service();
        timerfds_to_service();
        poll_to_service();
    }
    release_cancel(cancel);
    errno = error;
    return is_connected;
}

static void lose(void)
{
    uint32_t serving = SERVING;
    if (!__atomic_compare_exchange_n(&session.state, &serving, BUSY, 0, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        return;
    int cancel = hold_cancel();
    close_guarded(&session.socket);
    timers_interrupt_all();
    posix_timers_to_kernel();
    itimer_to_kernel();
    timerfds_to_kernel();
    poll_wake_all();
    session.retry_ns = now_ns(CLOCK_MONOTONIC) + RETRY_NS;
    __atomic_store_n(&session.state, LOST, __ATOMIC_RELEASE);
    release_cancel(cancel);
}

int session_hangs_up(void)
{
    char byte;
    int fd = session_socket(), error = errno;
    ssize_t got = fd < 0 ? 1 : recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    int is_gone = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
    errno = error;
    return is_gone;
}

void session_check_hangup(void)
{
    if (session_hangs_up())
        lose();
}

int session_serves(void)
{
    uint32_t state = __atomic_load_n(&session.state, __ATOMIC_ACQUIRE);
    if (state == BUSY || self.is_gone)
        return 0;
    if (state == SERVING && !__atomic_load_n(&session.table->is_serving, __ATOMIC_RELAXED)) {
        lose();
        return 0;
    }
    if (state != SERVING && !try_to_connect(state))
        return 0;
    return (uint32_t)sched_getcpu() == session.cpu && direct_allows();
}

int session_hand_count(int number, int fd)
{
    static uint32_t is_busy; /* one request at a time: the answers have no names */
    struct guestd_answer answer;
    int nothing = -1, status = -1;
    if (signals_in_handler() || __atomic_exchange_n(&is_busy, 1, __ATOMIC_ACQUIRE))
        return 0;
    int cancel = hold_cancel();
    if (!session_is_lost())
        status = ask(GUESTD_COUNT, (uint32_t)number, fd, &answer, &nothing);
    release_cancel(cancel);
    __atomic_store_n(&is_busy, 0, __ATOMIC_RELEASE);
    return status == GUESTD_OK;
}

int session_ask_for_slot(uint32_t *slot)
{
    struct guestd_answer answer;
    int fd = -1;
    if (ask(GUESTD_LEND, 0, -1, &answer, &fd) != GUESTD_OK)
        return -1;
    *slot = answer.slot;
    return fd;
}
