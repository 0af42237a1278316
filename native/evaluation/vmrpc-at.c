/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-at: starts a foreign program when a window begins that programs of several VMs share, waits for its end, and says when that was.
 * How long such a program measures is its own option.
 */
#define _GNU_SOURCE
#include "window.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FAILED = 1, WRONG_USAGE = 2, NO_PROGRAM = 127 };

int main(int argc, char **argv)
{
    int next = window_words(argc, argv), status = 0;
    if (next == 0 || next == argc) {
        fputs("vmrpc-at: use vmrpc-at " WINDOW_USAGE " PROGRAM ARGUMENT...\n", stderr);
        return WRONG_USAGE;
    }
    struct window window = window_enter("vmrpc-at", argv);
    int64_t began_ns = window_now_ns();
    pid_t pid = fork();
    if (pid == 0) {
        execvp(argv[next], argv + next);
        fprintf(stderr, "vmrpc-at: %s cannot be started: %s\n", argv[next], strerror(errno));
        _exit(NO_PROGRAM);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid) {
        perror("vmrpc-at: fork");
        return FAILED;
    }
    window_print(&window, began_ns, window_now_ns());
    printf("\n");
    return WIFEXITED(status) ? WEXITSTATUS(status) : FAILED;
}
