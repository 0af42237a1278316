/* SPDX-License-Identifier: Apache-2.0
 *
 * A synthetic program with the statement mix that R. P. Weicker published for Dhrystone (CACM 27/10, 1984; statistics of version 2),
 * written anew from those statistics. It keeps a small book of orders. An iteration executes 103 statements:
 *
 *   52 assignments    V  9 of a variable or a function's result     K 12 of a constant
 *                     A  7 to an array's element                    R  6 to a record's component
 *                     E 18 of an expression, most with one operator
 *   34 control        C  if, for, while, do, switch, break, a declaration with a value; a loop counts once for each look at its condition
 *   17 calls          P 11 of a procedure, one of them the library's F  6 of a function, one of them the library's
 *
 * The letters stand behind the statements in mix.c, one statement a line, and mix-statements counts what is really executed. Operands are
 * integers for the most part, then characters, pointers, strings of 30 characters; local, global, parameters by value and by reference,
 * constants.
 */
#ifndef VMRPC_EVALUATION_MIX_H
#define VMRPC_EVALUATION_MIX_H

/* Before the first iteration. */
void mix_begin(void);

/* One iteration; serial counts from 0. */
void mix_once(int serial);

/* Whether so many iterations have left behind what they must: returns 0, else the name of what is wrong. */
const char *mix_check(int iterations);

#endif
