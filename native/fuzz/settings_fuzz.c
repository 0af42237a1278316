/* SPDX-License-Identifier: Apache-2.0
 *
 * The environment of the KVM shim. An input is the values of its four variables, each ended by a 0; then the size of the error's buffer.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "settings.h"

#define VARIABLES 4
#define LONGEST 200

/* In place, for putenv: setenv keeps a copy of every value for ever. */
#define NAME_LENGTH 15
static char variable[VARIABLES][NAME_LENGTH + LONGEST + 1] = {"VMRPC_PARK=", "VMRPC_SLICE_US=", "VMRPC_REGION=", "VMRPC_SOCKET="};
static char *value_of[VARIABLES]; /* the values therein */

/* -1: not set or empty; -2: not allowed; else microseconds. As strtol reads a number: blanks and a sign may stand before it. */
static long microseconds(const char *text)
{
    long value = 0;
    if (!*text)
        return -1;
    while (isspace((unsigned char)*text))
        text++;
    text += *text == '+';
    if (!*text)
        return -2;
    for (; isdigit((unsigned char)*text); text++)
        value = value > 1000000 ? value : value * 10 + (*text - '0');
    return *text == 0 && value >= 10 && value <= 1000000 ? value : -2;
}

static int is_park(const char *text)
{
    return strcmp(text, "") == 0 || strcmp(text, "auto") == 0 || strcmp(text, "halted") == 0 || strcmp(text, "futex") == 0;
}

static void check_string(const char *setting, const char *text)
{
    MUST(*text ? setting && strcmp(setting, text) == 0 : !setting, "a path is not taken over");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {data, data + size};
    char error[UINT8_MAX + 1];
    struct settings settings;
    for (unsigned i = 0; i < VARIABLES; i++) {
        unsigned n = 0;
        if (!value_of[i]) {
            value_of[i] = strchr(variable[i], '=') + 1;
            putenv(variable[i]);
        }
        while (n < LONGEST && (value_of[i][n] = (char)take8(&in)) != 0)
            n++;
        value_of[i][n] = 0;
    }
    size_t room = take8(&in) + (size_t)1;
    memset(error, 'x', sizeof error);
    int answer = vmrpc_settings_read(&settings, error, room);
    long us = microseconds(value_of[1]);
    MUST((answer == 0) == (is_park(value_of[0]) && us != -2), "'%s', '%s': %s", value_of[0], value_of[1], answer ? "refused" : "accepted");
    for (size_t i = room; i < sizeof error; i++)
        MUST(error[i] == 'x', "the error of at most %zu bytes was written at %zu", room, i);
    if (answer != 0) {
        MUST(memchr(error, 0, room) && (room < 40 || strstr(error, is_park(value_of[0]) ? "VMRPC_SLICE_US" : "VMRPC_PARK")), "the error names no variable");
        return 0;
    }
    MUST(settings.slice_ns == (us < 0 ? 1000 : us) * INT64_C(1000), "'%s' is read as %lld ns", value_of[1], (long long)settings.slice_ns);
    check_string(settings.region, value_of[2]);
    check_string(settings.socket, value_of[3]);
    return 0;
}
