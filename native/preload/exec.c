/* SPDX-License-Identifier: Apache-2.0
 *
 * An alarm outlives exec (setitimer(2)), and so does a timerfd that is not closed by it; the program's place with the service does not. So before exec
 * both become the kernel's. If exec fails they stay so until they are set again.
 */
#define _GNU_SOURCE
#include <alloca.h>
#include <stdarg.h>
#include <unistd.h>

#include "preload.h"

static void before_exec(void)
{
    if (session_table() && getpid() == session_pid()) { /* not in a child of vfork, which shares this memory */
        itimer_to_kernel();
        timerfds_to_exec();
    }
}

EXPORT int execve(const char *path, char *const arguments[], char *const environment[])
{
    before_exec();
    return REAL(execve)(path, arguments, environment);
}

EXPORT int execv(const char *path, char *const arguments[]) { return execve(path, arguments, environ); }

EXPORT int execvpe(const char *file, char *const arguments[], char *const environment[])
{
    before_exec();
    return REAL(execvpe)(file, arguments, environment);
}

EXPORT int execvp(const char *file, char *const arguments[]) { return execvpe(file, arguments, environ); }

EXPORT int fexecve(int fd, char *const arguments[], char *const environment[])
{
    before_exec();
    return REAL(fexecve)(fd, arguments, environment);
}

/* The arguments up to NULL, with room for them on the caller's stack. */
#define COLLECT(first, last)                                                   \
    va_list list;                                                              \
    size_t count = 1;                                                          \
    va_start(list, last);                                                      \
    while (va_arg(list, char *))                                               \
        count++;                                                               \
    va_end(list);                                                              \
    char **arguments = alloca((count + 1) * sizeof *arguments);                \
    arguments[0] = (char *)(uintptr_t)(first);                                 \
    va_start(list, last);                                                      \
    for (size_t i = 1; i <= count; i++)                                        \
        arguments[i] = va_arg(list, char *)

EXPORT int execl(const char *path, const char *argument, ...)
{
    COLLECT(argument, argument);
    va_end(list);
    return execve(path, arguments, environ);
}

EXPORT int execlp(const char *file, const char *argument, ...)
{
    COLLECT(argument, argument);
    va_end(list);
    return execvpe(file, arguments, environ);
}

EXPORT int execle(const char *path, const char *argument, ...)
{
    COLLECT(argument, argument);
    char **environment = va_arg(list, char **);
    va_end(list);
    return execve(path, arguments, environment);
}
