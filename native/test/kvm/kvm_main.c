/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "kvm_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define WATCHDOG_S 90

static const struct suite {
    const char *name;
    void (*run)(void);
    const char *park; /* VMRPC_PARK */
    int needs_kvm;
} suites[] = {
    {"stub", suite_stub, "auto", 0},
    {"lead", suite_lead, "auto", 0},
    {"refusals", suite_refusals, "halted", 1},
    {"seccomp", suite_seccomp, "auto", 1},
    {"seccomp-halted", suite_seccomp_halted, "halted", 1},
    {"exits", suite_exits, "auto", 1},
    {"replug", suite_replug, "auto", 1},
    {"beyond", suite_beyond, "auto", 1},
    {"second-vm", suite_second_vm, "auto", 1},
    {"region-gone", suite_region_gone, "auto", 1},
    {"flood", suite_flood, "halted", 1},
    {"points", suite_points, "halted", 1},
    {"points-futex", suite_points_futex, "futex", 1},
    {"points-no-irqchip", suite_points_no_irqchip, "auto", 1},
    {"storm", suite_storm, "halted", 1},
    {"storm-blind", suite_storm_blind, "halted", 1},
    {"storm-futex", suite_storm_futex, "futex", 1},
};

struct counts {
    int passed, failed;
};

static int run(const struct suite *suite, struct counts *counts)
{
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        alarm(WATCHDOG_S); /* SIGALRM ends a suite that hangs */
        setenv("VMRPC_PARK", suite->park, 1);
        suite->run();
        counts->passed += check_passed;
        counts->failed += check_failed;
        _exit(0);
    }
    int status;
    if (child > 0 && waitpid(child, &status, 0) == child && status == 0)
        return 0;
    fprintf(stderr, "suite %s died: %s\n", suite->name, child > 0 && WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "exit");
    return 1;
}

int main(int argc, char **argv)
{
    struct counts *counts = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int kvm = vmm_available(), died = 0;
    if (counts == MAP_FAILED)
        return EXIT_FAILURE;
    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++) {
        if (argc > 1 && strcmp(argv[1], suites[i].name) != 0)
            continue;
        if (suites[i].needs_kvm && !kvm) {
            fprintf(stderr, "kvm test %s skipped: no /dev/kvm\n", suites[i].name);
            continue;
        }
        fprintf(stderr, "kvm test %s\n", suites[i].name);
        died += run(&suites[i], counts);
    }
    printf("%d passed, %d failed, %d suites died%s\n", counts->passed, counts->failed, died, kvm ? "" : ", without /dev/kvm");
    return counts->failed || died ? EXIT_FAILURE : EXIT_SUCCESS;
}
