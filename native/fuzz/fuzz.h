/* SPDX-License-Identifier: Apache-2.0
 *
 * What the fuzz targets share: reading an input, failing, and a region file.
 */
#ifndef VMRPC_FUZZ_H
#define VMRPC_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "vmrpc_abi.h"

/* Far above what any step takes on a loaded machine: tells working from stuck. */
#define STUCK_NS INT64_C(5000000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Prints the sentence and aborts, so that libFuzzer keeps the input. */
void fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
#define MUST(condition, ...) ((condition) ? (void)0 : fail(__VA_ARGS__))

/* An input is read from its front; behind its end come zeros. */
struct input {
    const uint8_t *at, *end;
};
int input_left(const struct input *in);
void take_bytes(struct input *in, void *bytes, size_t n);
uint8_t take8(struct input *in);
uint16_t take16(struct input *in);
uint64_t take64(struct input *in);

int64_t fuzz_now_ns(void);
unsigned open_descriptors(void);

/* A file name of this process in $VMRPC_FUZZ_DIR, else in /tmp. The file is removed at exit. */
void scratch_path(char *path, size_t n, const char *name);

#define REGION_BYTES 65536u
#define REGION_SLOTS 4u
#define REGION_ID UINT64_C(4711)
/* The smallest region: four slots, one channel of 32 records. */
struct vmrpc_identity small_identity(void);
/* Creates the file with that identity and maps it. */
uint8_t *create_region(const char *path);

#endif
