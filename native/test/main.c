/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define WATCHDOG_S 60

int main(void)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } tests[] = {{"region", test_region}, {"park", test_park},       {"kick", test_kick},     {"waker", test_waker},
                 {"link", test_link},     {"hostile", test_hostile}, {"lib", test_lib}};
    alarm(WATCHDOG_S); /* SIGALRM ends a test that hangs, and with it make */
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        fprintf(stderr, "test %s\n", tests[i].name);
        tests[i].run();
    }
    printf("%d passed, %d failed\n", check_passed, check_failed);
    return check_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
