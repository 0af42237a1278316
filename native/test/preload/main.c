/* SPDX-License-Identifier: Apache-2.0
 *
 * usage: preload-test [--list] PREFIX...
 * Runs the cases whose names begin so, and writes "ok NAME" or "FAIL ..." for each; "done passed=N failed=M" at the end.
 */
#include "cases.h"

#include <stdarg.h>

#define MOST_CASES 300

static struct test_case {
    const char *name;
    void (*run)(void);
    int seconds;
} cases[MOST_CASES];
static int case_count;
static const char *current = "";
int case_failures;

void case_add(const char *name, void (*run)(void), int seconds)
{
    if (case_count == MOST_CASES)
        abort();
    cases[case_count++] = (struct test_case){name, run, seconds};
}

void case_failed(const char *file, int line, const char *condition, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const char *name = strrchr(file, '/');
    __atomic_add_fetch(&case_failures, 1, __ATOMIC_RELAXED);
    printf("FAIL %s %s:%d: %s%s\n", current, name ? name + 1 : file, line, condition, text);
}

/* The watchdog: waits for SIGCHLD, which is blocked. */
static int await_child(pid_t child, const struct test_case *test)
{
    sigset_t set;
    struct timespec limit = {.tv_sec = test->seconds};
    int status;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    while (waitpid(child, &status, WNOHANG) == 0)
        if (sigtimedwait(&set, NULL, &limit) < 0 && errno == EAGAIN) {
            printf("FAIL %s hangs: killed after %d s\n", test->name, test->seconds);
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            return 1;
        }
    if (WIFSIGNALED(status))
        printf("FAIL %s: killed by signal %d\n", test->name, WTERMSIG(status));
    return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

static int run(const struct test_case *test)
{
    sigset_t none;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        current = test->name;
        test->run();
        fflush(stdout);
        _exit(case_failures ? 1 : 0);
    }
    int failed = child < 0 || await_child(child, test);
    if (!failed)
        printf("ok %s\n", test->name);
    return failed;
}

static int is_chosen(const char *name, int count, char **prefixes)
{
    for (int i = 0; i < count; i++)
        if (!strncmp(name, prefixes[i], strlen(prefixes[i])))
            return 1;
    return 0;
}

int main(int argc, char **argv)
{
    int passed = 0, failed = 0, is_list = argc > 1 && !strcmp(argv[1], "--list");
    sigset_t child;
    setvbuf(stdout, NULL, _IOLBF, 0);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    for (int i = 0; i < case_count; i++)
        if (is_list)
            puts(cases[i].name);
        else if (is_chosen(cases[i].name, argc - 1, argv + 1))
            *(run(&cases[i]) ? &failed : &passed) += 1;
    if (!is_list)
        printf("done passed=%d failed=%d\n", passed, failed);
    return failed != 0 || (!is_list && passed == 0);
}
