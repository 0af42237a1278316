/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-mix: iterations of mix.h in a window that programs of several VMs share. Prints what was done, how long it really took, and fails
 * if the results of the work are wrong.
 */
#include "mix.h"
#include "window.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAILED = 1, WRONG_USAGE = 2, BATCH = 500 /* between two looks at the clock: below a millisecond */ };

static int check(int done)
{
    const char *wrong = mix_check(done);
    if (!wrong)
        return 0;
    fprintf(stderr, "vmrpc-mix: after %d iterations this is wrong: %s\n", done, wrong);
    return FAILED;
}

/* For a count of statements: a fixed number of iterations, no clock. */
static int count_only(int iterations)
{
    mix_begin();
    for (int serial = 0; serial < iterations; serial++)
        mix_once(serial);
    return check(iterations);
}

static int run(int serial)
{
    for (int end = serial + BATCH; serial < end; serial++)
        mix_once(serial);
    return serial;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "count") == 0 && atoi(argv[2]) > 0)
        return count_only(atoi(argv[2]));
    if (window_words(argc, argv) != argc) {
        fputs("vmrpc-mix: use vmrpc-mix " WINDOW_USAGE " | count ITERATIONS\n", stderr);
        return WRONG_USAGE;
    }
    mix_begin();
    int before = run(0); /* an emulated CPU translates it now */
    struct window window = window_enter("vmrpc-mix", argv);
    int64_t began_ns = window_now_ns(), now_ns = began_ns;
    int done = before;
    while (now_ns < window.end_ns && done < 2000000000) {
        done = run(done);
        now_ns = window_now_ns();
    }
    window_print(&window, began_ns, now_ns);
    printf(" count=%d ns=%lld\n", done - before, (long long)(now_ns - began_ns));
    return check(done);
}
