/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "cases.h"

#include <sched.h>

volatile int hits;
volatile int64_t hit_at[MOST_HITS];
siginfo_t hit_info;
pthread_t hit_thread;

static void on_signal(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    int index = __atomic_fetch_add(&hits, 1, __ATOMIC_SEQ_CST);
    if (index < MOST_HITS)
        hit_at[index] = now(CLOCK_MONOTONIC);
    hit_info = *info;
    hit_thread = pthread_self();
}

void handle(int signal, int flags)
{
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = flags | SA_SIGINFO};
    sigaction(signal, &action, NULL);
}

static void set_mask(int how, int signal)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    pthread_sigmask(how, &set, NULL);
}

void block(int signal) { set_mask(SIG_BLOCK, signal); }
void unblock(int signal) { set_mask(SIG_UNBLOCK, signal); }

int await_hits(int count, int64_t limit_ns)
{
    int64_t until = now(CLOCK_MONOTONIC) + limit_ns;
    while (hits < count && now(CLOCK_MONOTONIC) < until)
        sleep_ns(2 * MS); /* a signal ends it */
    return hits >= count;
}

pthread_t start(void *(*run)(void *), void *argument)
{
    pthread_t thread;
    int error = pthread_create(&thread, NULL, run, argument);
    if (error) {
        printf("FAIL pthread_create: %s\n", strerror(error));
        exit(1);
    }
    return thread;
}

struct kick {
    int64_t ns;
    int signal;
    pthread_t target;
};

/* A real-time thread that owns its vCPU in its sleeps leaves the CPU to more urgent ones only. */
static void become_more_urgent(void)
{
    struct sched_param param;
    int policy;
    if (pthread_getschedparam(pthread_self(), &policy, &param) == 0 && policy == SCHED_FIFO)
        pthread_setschedprio(pthread_self(), param.sched_priority + 1);
}

static void *kick(void *argument)
{
    become_more_urgent();
    struct kick kick = *(struct kick *)argument;
    free(argument);
    sleep_ns(kick.ns);
    pthread_kill(kick.target, kick.signal);
    return NULL;
}

void kick_after(int64_t ns, int signal)
{
    struct kick *order = malloc(sizeof *order);
    sleep_ns(1); /* the caller is the first that waits: the owner of the vCPU, where one thread has it */
    *order = (struct kick){ns, signal, pthread_self()};
    pthread_detach(start(kick, order));
    sched_yield(); /* to it, for its priority */
}

int status_of(pid_t child)
{
    int status;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
