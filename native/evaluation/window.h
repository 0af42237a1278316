/* SPDX-License-Identifier: Apache-2.0
 *
 * A stretch of time that programs in several VMs share: all measure from its begin to its end, so that they really compete.
 *
 * Guests have clocks of their own. Each program asks the host for its time over TCP, many times, and takes the answer that came back
 * soonest: the host's time is then known to half of that round trip. When every program is ready, the host tells all of them the same begin
 * and end.
 */
#ifndef VMRPC_EVALUATION_WINDOW_H
#define VMRPC_EVALUATION_WINDOW_H

#include <stdint.h>

/* By this program's CLOCK_MONOTONIC, ns. */
struct window {
    int64_t begin_ns;
    int64_t end_ns;
    int64_t error_ns; /* how far the host's begin may be from ours */
};

#define WINDOW_USAGE "join ADDRESS PORT | for SECONDS"

int64_t window_now_ns(void);

/* Reads the words that say which window; returns the index of the first word behind them, 0 if they are wrong. Nothing is opened yet. */
int window_words(int argc, char **argv);

/* Tells the host that this program is ready, waits for the others and then for the begin. Ends the program if the host is not there. */
struct window window_enter(const char *program, char **argv);

/* The line's beginning that every program prints: how far the window really was from what was agreed. */
void window_print(const struct window *window, int64_t began_ns, int64_t ended_ns);

#endif
