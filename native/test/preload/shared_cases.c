/* SPDX-License-Identifier: Apache-2.0
 *
 * Conditions and semaphores that processes share (pthread_condattr_setpshared(3)): with a child, and with a process that has nothing preloaded.
 */
#define _GNU_SOURCE
#include "cases.h"

#include <fcntl.h>
#include <semaphore.h>
#include <sys/mman.h>

static struct timespec in(clockid_t clock, int64_t ns) { return timespec_of(now(clock) + ns); }

struct shared {
    pthread_mutex_t mutex;
    pthread_cond_t cond;
    sem_t semaphore;
    int flag, answer;
};

static struct shared *share(int fd)
{
    struct shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | (fd < 0 ? MAP_ANONYMOUS : 0), fd, 0);
    pthread_mutexattr_t mutex_attributes;
    pthread_condattr_t cond_attributes;
    pthread_mutexattr_init(&mutex_attributes);
    pthread_mutexattr_setpshared(&mutex_attributes, PTHREAD_PROCESS_SHARED);
    pthread_condattr_init(&cond_attributes);
    pthread_condattr_setpshared(&cond_attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&s->mutex, &mutex_attributes);
    pthread_cond_init(&s->cond, &cond_attributes);
    sem_init(&s->semaphore, 1, 0);
    return s;
}

CASE(cond, shared_between_processes)
{
    struct shared *s = share(-1);
    pid_t child = fork();
    if (child == 0) {
        sleep_ns(20 * MS);
        pthread_mutex_lock(&s->mutex);
        s->flag = 1;
        pthread_cond_signal(&s->cond);
        pthread_mutex_unlock(&s->mutex);
        _exit(0);
    }
    pthread_mutex_lock(&s->mutex);
    struct timespec until = in(CLOCK_REALTIME, 30 * SECOND);
    int result = 0;
    while (!s->flag && !result)
        result = pthread_cond_timedwait(&s->cond, &s->mutex, &until);
    CHECK(result == 0 && s->flag);
    int64_t since = now(CLOCK_REALTIME);
    until = timespec_of(since + 6 * MS);
    CHECK(pthread_cond_timedwait(&s->cond, &s->mutex, &until) == ETIMEDOUT);
    CHECK_WAITED(CLOCK_REALTIME, since, 6 * MS);
    pthread_mutex_unlock(&s->mutex);
    CHECK(status_of(child) == 0);
}

/* The same with a process that has nothing preloaded: it waits with a timeout and is signalled, and signals. */
CASE(cond, shared_with_a_process_that_runs_by_itself)
{
    int fd = memfd_create("shared", 0);
    char number[16];
    CHECK(ftruncate(fd, sizeof(struct shared)) == 0);
    struct shared *s = share(fd);
    pid_t child = fork();
    if (child == 0) {
        snprintf(number, sizeof number, "%d", fd);
        setenv("SHARED", number, 1);
        unsetenv("LD_PRELOAD");
        dup2(open("/dev/null", O_WRONLY), 1); /* its status says it */
        execl("/proc/self/exe", "preload-test", "helper.", NULL);
        _exit(9);
    }
    struct timespec until = in(CLOCK_REALTIME, 15 * SECOND);
    CHECK(sem_timedwait(&s->semaphore, &until) == 0);
    pthread_mutex_lock(&s->mutex);
    s->flag = 1;
    pthread_cond_signal(&s->cond);
    int result = 0;
    while (!s->answer && !result)
        result = pthread_cond_timedwait(&s->cond, &s->mutex, &until);
    pthread_mutex_unlock(&s->mutex);
    CHECK(s->answer && result == 0);
    sem_post(&s->semaphore);
    CHECK(status_of(child) == 0);
}

CASE(helper, other_end_of_the_case_above)
{
    const char *fd = getenv("SHARED");
    struct shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED, atoi(fd ? fd : "-1"), 0);
    struct timespec until = in(CLOCK_REALTIME, 15 * SECOND);
    int result = 0;
    CHECK(s != MAP_FAILED && !getenv("LD_PRELOAD"));
    sem_post(&s->semaphore);
    pthread_mutex_lock(&s->mutex);
    while (!s->flag && !result)
        result = pthread_cond_timedwait(&s->cond, &s->mutex, &until);
    CHECK(s->flag && result == 0);
    s->answer = 1;
    pthread_cond_signal(&s->cond);
    pthread_mutex_unlock(&s->mutex);
    CHECK(sem_timedwait(&s->semaphore, &until) == 0);
}
