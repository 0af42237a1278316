/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VMRPC_PROBE_GUESTS_H
#define VMRPC_PROBE_GUESTS_H

#define PORT 0x5652
#define ITERATIONS 100000
#define VALUE16 0x1234
#define VALUE32 0x12345678
#define VALUE64 0x89abcdef01234567
#define HANDLED 0x4321
#define SCRATCH 0x8000 /* zeros, aligned by 16 */

#endif
