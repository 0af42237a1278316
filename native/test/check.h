/* SPDX-License-Identifier: Apache-2.0
 *
 * Each check is counted; a failed one is printed and the test goes on. main.c runs everything under a watchdog.
 */
#ifndef VMRPC_CHECK_H
#define VMRPC_CHECK_H

extern int check_passed, check_failed;
void check_that(int ok, const char *file, int line, const char *text);
void check_equal(long long expected, long long actual, const char *file, int line, const char *text);
void check_text(const char *text, const char *part, const char *file, int line);

#define CHECK(condition) check_that((condition) != 0, __FILE__, __LINE__, #condition)
#define CHECK_EQ(expected, actual) check_equal((long long)(expected), (long long)(actual), __FILE__, __LINE__, #actual)
#define CHECK_SAYS(text, part) check_text(text, part, __FILE__, __LINE__)

void test_park(void);
void test_kick(void);
void test_waker(void);
void test_link(void);
void test_region(void);
void test_hostile(void);
void test_lib(void);

#endif
