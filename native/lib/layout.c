/* SPDX-License-Identifier: Apache-2.0
 *
 * The layout as this compiler sees it, for the test that compares it with docs/protocol.md and the Java descriptors.
 */
#include <inttypes.h>
#include <stdio.h>

#include "vmrpc.h"
#include "vmrpc_abi.h"

#define F(type, name) {#type, #name, offsetof(struct type, name), sizeof(((struct type *)0)->name)}
static const struct {
    const char *type, *name;
    size_t offset, size;
} fields[] = {
    F(vmrpc_identity, magic),
    F(vmrpc_identity, version),
    F(vmrpc_identity, header_length),
    F(vmrpc_identity, region_length),
    F(vmrpc_identity, region_id),
    F(vmrpc_identity, slot_count),
    F(vmrpc_identity, slot_offset),
    F(vmrpc_identity, channel_count),
    F(vmrpc_identity, channel_offset),
    F(vmrpc_identity, channel_stride),
    F(vmrpc_identity, ring_capacity),
    F(vmrpc_identity, payload_capacity),
    F(vmrpc_identity, reserved),

    F(vmrpc_agent_line, agent_epoch),
    F(vmrpc_agent_line, agent_features),
    F(vmrpc_agent_line, session_epoch),
    F(vmrpc_agent_line, session_status),
    F(vmrpc_agent_line, session_reason),
    F(vmrpc_agent_line, agent_version),
    F(vmrpc_agent_line, reserved0),
    F(vmrpc_agent_line, reserved),

    F(vmrpc_agent_sleep_line, sleeping),
    F(vmrpc_agent_sleep_line, reserved),

    F(vmrpc_guest_line, guest_epoch),
    F(vmrpc_guest_line, guest_features),
    F(vmrpc_guest_line, guest_version),
    F(vmrpc_guest_line, control_slot),
    F(vmrpc_guest_line, reserved),

    F(vmrpc_shim_line, shim_epoch),
    F(vmrpc_shim_line, shim_kind),
    F(vmrpc_shim_line, shim_version),
    F(vmrpc_shim_line, instruction),
    F(vmrpc_shim_line, kick_mode),
    F(vmrpc_shim_line, slots_served),
    F(vmrpc_shim_line, link),
    F(vmrpc_shim_line, link_epoch),
    F(vmrpc_shim_line, slice_ns),
    F(vmrpc_shim_line, refusal),
    F(vmrpc_shim_line, park_mode),
    F(vmrpc_shim_line, reserved),

    F(vmrpc_header, identity),
    F(vmrpc_header, agent),
    F(vmrpc_header, agent_sleep),
    F(vmrpc_header, guest),
    F(vmrpc_header, shim),

    F(vmrpc_slot_guest_line, armed),
    F(vmrpc_slot_guest_line, expected),
    F(vmrpc_slot_guest_line, deadline_ns),
    F(vmrpc_slot_guest_line, flags),
    F(vmrpc_slot_guest_line, reserved),

    F(vmrpc_slot_agent_line, event),
    F(vmrpc_slot_agent_line, reserved),

    F(vmrpc_slot_shim_line, acks),
    F(vmrpc_slot_shim_line, reason),
    F(vmrpc_slot_shim_line, parked),
    F(vmrpc_slot_shim_line, entered_ns),
    F(vmrpc_slot_shim_line, returned_ns),
    F(vmrpc_slot_shim_line, parks),
    F(vmrpc_slot_shim_line, kicks),
    F(vmrpc_slot_shim_line, reserved),

    F(vmrpc_slot, guest),
    F(vmrpc_slot, agent),
    F(vmrpc_slot, shim),
    F(vmrpc_slot, reserved),

    F(vmrpc_channel_guest_line, completion_head),
    F(vmrpc_channel_guest_line, reserved),

    F(vmrpc_channel_agent_line, submission_head),
    F(vmrpc_channel_agent_line, reserved),
    F(vmrpc_channel_blocked_line, completion_blocked),
    F(vmrpc_channel_blocked_line, reserved),

    F(vmrpc_channel_header, guest),
    F(vmrpc_channel_header, agent),
    F(vmrpc_channel_header, blocked),
    F(vmrpc_channel_header, reserved),

    F(vmrpc_submission, commit),
    F(vmrpc_submission, correlation),
    F(vmrpc_submission, operation),
    F(vmrpc_submission, flags),
    F(vmrpc_submission, length),
    F(vmrpc_submission, reserved),
    F(vmrpc_submission, deadline_ns),
    F(vmrpc_submission, payload),

    F(vmrpc_completion, commit),
    F(vmrpc_completion, correlation),
    F(vmrpc_completion, status),
    F(vmrpc_completion, flags),
    F(vmrpc_completion, length),
    F(vmrpc_completion, detail),
    F(vmrpc_completion, lost),
    F(vmrpc_completion, payload),

    F(vmrpc_socket_address, family),
    F(vmrpc_socket_address, port),
    F(vmrpc_socket_address, scope),
    F(vmrpc_socket_address, bytes),

    F(vmrpc_socket_event, socket),
    F(vmrpc_socket_event, kind),
    F(vmrpc_socket_event, flags),

    F(vmrpc_file_attributes, size),
    F(vmrpc_file_attributes, modified_ns),
    F(vmrpc_file_attributes, accessed_ns),
    F(vmrpc_file_attributes, changed_ns),
    F(vmrpc_file_attributes, created_ns),
    F(vmrpc_file_attributes, inode),
    F(vmrpc_file_attributes, mode),
    F(vmrpc_file_attributes, links),
    F(vmrpc_file_attributes, uid),
    F(vmrpc_file_attributes, gid),

    F(vmrpc_file_entry, kind),
    F(vmrpc_file_entry, length),
    F(vmrpc_file_entry, reserved),

    F(vmrpc_file_change, watch),
    F(vmrpc_file_change, bits),
    F(vmrpc_file_change, length),
    F(vmrpc_file_change, reserved),

    F(vmrpc_link_hello, magic),
    F(vmrpc_link_hello, version),
    F(vmrpc_link_hello, shim_kind),
    F(vmrpc_link_hello, region_id),
    F(vmrpc_link_hello, shim_epoch),

    F(vmrpc_link_welcome, magic),
    F(vmrpc_link_welcome, version),
    F(vmrpc_link_welcome, status),
    F(vmrpc_link_welcome, agent_epoch),
    F(vmrpc_link_welcome, reserved),
};

#define C(name) {#name, (uint64_t)(name)}
static const struct {
    const char *name;
    uint64_t value;
} constants[] = {
    C(VMRPC_LINE),
    C(VMRPC_PAGE),
    C(VMRPC_MAGIC),
    C(VMRPC_VERSION_MAJOR),
    C(VMRPC_VERSION_MINOR),
    C(VMRPC_PORT),
    C(VMRPC_CALL_PARK),
    C(VMRPC_CALL_DOORBELL),
    C(VMRPC_MAX_SLOTS),
    C(VMRPC_MAX_CHANNELS),
    C(VMRPC_MAX_RING_CAPACITY),
    C(VMRPC_MAX_PAYLOAD),
    C(VMRPC_MAX_PARK_NS),
    C(VMRPC_NO_SLOT),
    C(VMRPC_NO_DEADLINE),
    C(VMRPC_FEATURE_SUBSCRIPTIONS),
    C(VMRPC_FEATURE_DEADLINES),
    C(VMRPC_SLOT_DOORBELL),
    C(VMRPC_INLINE_CAPACITY),
    C(VMRPC_SUBMIT_SUBSCRIBE),
    C(VMRPC_SUBMIT_ONE_WAY),
    C(VMRPC_SUBMIT_FLAGS),
    C(VMRPC_COMPLETE_MORE),
    C(VMRPC_LOCK_AGENT),
    C(VMRPC_LOCK_SHIM),
    C(VMRPC_LOCK_GUEST),
    C(VMRPC_LOCK_SLOT),
    C(VMRPC_SERVICE_SESSION),
    C(VMRPC_METHOD_PING),
    C(VMRPC_METHOD_OPEN_CHANNEL),
    C(VMRPC_METHOD_CLOSE_CHANNEL),
    C(VMRPC_METHOD_CANCEL),
    C(VMRPC_METHOD_RESOLVE),
    C(VMRPC_SESSION_NONE),
    C(VMRPC_SESSION_OPEN),
    C(VMRPC_SESSION_REFUSED),
    C(VMRPC_SESSION_ENDED),
    C(VMRPC_SHIM_NONE),
    C(VMRPC_SHIM_LOOPBACK),
    C(VMRPC_SHIM_QEMU_TCG),
    C(VMRPC_SHIM_QEMU_KVM),
    C(VMRPC_INSTRUCTION_NONE),
    C(VMRPC_INSTRUCTION_CALL),
    C(VMRPC_INSTRUCTION_NOP),
    C(VMRPC_INSTRUCTION_OUT),
    C(VMRPC_KICK_SLICES),
    C(VMRPC_KICK_HOOK),
    C(VMRPC_LINK_NEVER),
    C(VMRPC_LINK_UP),
    C(VMRPC_LINK_DOWN),
    C(VMRPC_REFUSAL_NONE),
    C(VMRPC_REFUSAL_SINGLE_THREADED_TCG),
    C(VMRPC_REFUSAL_NO_IRQCHIP),
    C(VMRPC_REFUSAL_SECCOMP),
    C(VMRPC_PARK_FUTEX),
    C(VMRPC_PARK_HALTED),
    C(VMRPC_WAKE_NOT_ARMED),
    C(VMRPC_WAKE_EVENT),
    C(VMRPC_WAKE_DEADLINE),
    C(VMRPC_WAKE_KICK),
    C(VMRPC_WAKE_SLICE),
    C(VMRPC_WAKE_AGENT_LOST),
    C(VMRPC_WAKE_BOUND),
    C(VMRPC_WAKE_REFUSED),
    C(VMRPC_WAKE_INTERRUPT),
    C(VMRPC_LINK_LINKED),
    C(VMRPC_LINK_BUSY),
    C(VMRPC_LINK_FOREIGN_REGION),
    C(VMRPC_LINK_VERSION),
    C(VMRPC_VIOLATION_NONE),
    C(VMRPC_VIOLATION_LENGTH),
    C(VMRPC_VIOLATION_FLAGS),
    C(VMRPC_VIOLATION_RESERVED),
    C(VMRPC_VIOLATION_CORRELATION),
    C(VMRPC_VIOLATION_COMPLETION_HEAD),
    C(VMRPC_VIOLATION_CONTROL),
    C(VMRPC_VIOLATION_VERSION),
    C(VMRPC_VIOLATION_FEATURES),
};

int vmrpc_abi_version(void) { return (int)(VMRPC_VERSION_MAJOR << 16 | VMRPC_VERSION_MINOR); }

int vmrpc_layout(char *out, int length)
{
    size_t room = length > 0 ? (size_t)length : 0, used = 0;
#define REST (used < room ? out + used : NULL), (used < room ? room - used : 0)
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        used += (size_t)snprintf(REST, "%s %s %zu %zu\n", fields[i].type, fields[i].name, fields[i].offset, fields[i].size);
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        used += (size_t)snprintf(REST, "const %s %" PRIu64 "\n", constants[i].name, constants[i].value);
    return (int)used;
}
