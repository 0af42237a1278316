/* SPDX-License-Identifier: Apache-2.0
 *
 * What the lines of vmrpc-undo do.
 */
#ifndef VMRPC_UNDO_H
#define VMRPC_UNDO_H

struct target {
    int pid, tid;
    const char *start;
    int thread, process; /* their folders in /proc */
};

/* How many lines could not be carried out. */
extern int failures;

/* A line on stderr, with errno's text. */
void report(const char *what, const char *on);

/* Carries out one line, which is cut into its words. */
void undo(const struct target *target, char *line);

#endif
