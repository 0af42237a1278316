/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdio.h>
#include <string.h>

int check_passed, check_failed;

void check_that(int ok, const char *file, int line, const char *text)
{
    if (ok) {
        check_passed++;
        return;
    }
    check_failed++;
    fprintf(stderr, "%s:%d: failed: %s\n", file, line, text);
}

void check_equal(long long expected, long long actual, const char *file, int line, const char *text)
{
    if (expected != actual)
        fprintf(stderr, "%s:%d: %s is %lld, expected %lld\n", file, line, text, actual, expected);
    check_that(expected == actual, file, line, text);
}

void check_text(const char *text, const char *part, const char *file, int line)
{
    if (!strstr(text, part))
        fprintf(stderr, "%s:%d: \"%s\" does not say \"%s\"\n", file, line, text, part);
    check_that(strstr(text, part) != NULL, file, line, part);
}
