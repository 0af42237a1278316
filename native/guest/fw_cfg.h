/* SPDX-License-Identifier: Apache-2.0
 *
 * QEMU's firmware configuration device: how the command line hands the guest its job
 * (-fw_cfg name=opt/vmrpc/job,string=TEXT). The device is described in QEMU's docs/specs/fw_cfg.
 */
#ifndef GUEST_FW_CFG_H
#define GUEST_FW_CFG_H

#include <stdint.h>

/* Reads a file as text into `text`, at most size - 1 bytes. Returns its length, or -1 if there is none. */
int32_t fw_cfg_read(const char *name, char *text, uint32_t size);

#endif
