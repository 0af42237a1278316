/* SPDX-License-Identifier: MIT
 *
 * The VMRPC region: the one file that guest, shim and agent share. C99 only, no other header of this project.
 * docs/protocol.md is normative; this header and the Java descriptors in io.vmrpc.layout are compared with it by a test.
 *
 * Every 64-byte line has exactly one writer, named at its struct. All fields are little-endian.
 * Nothing in the region is trusted by the host: a field is read once into a local, checked, and then used.
 */
#ifndef VMRPC_ABI_H
#define VMRPC_ABI_H

#include <stddef.h>
#include <stdint.h>

#define VMRPC_LINE 64u
#define VMRPC_PAGE 4096u

#define VMRPC_MAGIC UINT64_C(0x31302d4350524d56) /* "VMRPC-01" */
#define VMRPC_VERSION_MAJOR 1u
#define VMRPC_VERSION_MINOR 0u

/* Hypercalls. KVM: `outl %eax, $port` with the number in eax. TCG: NOPs with redundant DS prefixes.
 * Both do nothing where no shim watches for them. */
#define VMRPC_PORT 0x5652u
#define VMRPC_CALL_PARK 1u
#define VMRPC_CALL_DOORBELL 2u
#define VMRPC_INSN_PARK_BYTES ".byte 0x3e, 0x3e, 0x3e, 0x90"
#define VMRPC_INSN_DOORBELL_BYTES ".byte 0x3e, 0x3e, 0x3e, 0x3e, 0x90"

/* Limits that hold for every region; an agent's own limits may be lower. */
#define VMRPC_MAX_SLOTS 256u
#define VMRPC_MAX_CHANNELS 256u
#define VMRPC_MAX_RING_CAPACITY 65536u
#define VMRPC_MAX_PAYLOAD 1048576u
#define VMRPC_MAX_PARK_NS INT64_C(60000000000) /* a shim ends every park after this, whatever the slot says */

/* Written by the agent when it creates the region, `magic` last; constant afterwards. */
struct vmrpc_identity {
    uint64_t magic;
    uint32_t version; /* major << 16 | minor */
    uint32_t header_length;
    uint64_t region_length;
    uint64_t region_id; /* random: tells two regions apart */
    uint32_t slot_count;
    uint32_t slot_offset;
    uint32_t channel_count;
    uint32_t channel_offset;
    uint32_t channel_stride;
    uint32_t ring_capacity;   /* records of each ring, a power of two */
    uint32_t payload_capacity; /* bytes a record can carry, a multiple of 64 */
    uint32_t reserved;
};

/* Written by the agent: who serves, and its answer to the guest's hello. */
struct vmrpc_agent_line {
    uint64_t agent_epoch; /* 0: no agent has served this region; new at each agent start */
    uint64_t agent_features;
    uint64_t session_epoch; /* the guest_epoch that `session_status` answers */
    uint32_t session_status; /* enum vmrpc_session_status; stored last, with release */
    uint32_t session_reason; /* enum vmrpc_violation, if the status is ENDED */
    uint32_t agent_version;
    uint32_t reserved0;
    uint64_t reserved[3];
};

/* Written by the agent, often: must the peer ring the doorbell to be seen? */
struct vmrpc_agent_sleep_line {
    uint32_t sleeping;
    uint32_t reserved[15];
};

/* Written by the guest: its hello. */
struct vmrpc_guest_line {
    uint64_t guest_epoch; /* 0: no guest; stored last, with release */
    uint64_t guest_features;
    uint32_t guest_version;
    uint32_t control_slot; /* slot to wake for channel 0, or VMRPC_NO_SLOT */
    uint64_t reserved[5];
};

/* Written by the shim: what parks here, and whether it has an agent. */
struct vmrpc_shim_line {
    uint64_t shim_epoch; /* new at each shim start; stored last */
    uint32_t shim_kind;  /* enum vmrpc_shim_kind */
    uint32_t shim_version;
    uint32_t instruction; /* enum vmrpc_instruction */
    uint32_t kick_mode;   /* enum vmrpc_kick_mode */
    uint32_t slots_served;
    uint32_t link; /* enum vmrpc_link */
    uint64_t link_epoch; /* the agent_epoch of the link that `link` speaks of */
    uint64_t slice_ns;   /* longest park in kick_mode SLICES */
    uint32_t refusal;    /* enum vmrpc_refusal: why this shim does not park */
    uint32_t park_mode;  /* enum vmrpc_park_mode */
    uint64_t reserved;
};

struct vmrpc_header {
    struct vmrpc_identity identity;
    struct vmrpc_agent_line agent;
    struct vmrpc_agent_sleep_line agent_sleep;
    struct vmrpc_guest_line guest;
    struct vmrpc_shim_line shim;
};

#define VMRPC_NO_SLOT UINT32_C(0xffffffff)
#define VMRPC_NO_DEADLINE INT64_C(0x7fffffffffffffff)

#define VMRPC_FEATURE_SUBSCRIPTIONS UINT64_C(1)
#define VMRPC_FEATURE_DEADLINES UINT64_C(2)

enum vmrpc_session_status { VMRPC_SESSION_NONE = 0, VMRPC_SESSION_OPEN = 1, VMRPC_SESSION_REFUSED = 2, VMRPC_SESSION_ENDED = 3 };

enum vmrpc_shim_kind { VMRPC_SHIM_NONE = 0, VMRPC_SHIM_LOOPBACK = 1, VMRPC_SHIM_QEMU_TCG = 2, VMRPC_SHIM_QEMU_KVM = 3 };

/* How the guest enters the shim. CALL: by a function call in the same process (loopback). */
enum vmrpc_instruction { VMRPC_INSTRUCTION_NONE = 0, VMRPC_INSTRUCTION_CALL = 1, VMRPC_INSTRUCTION_NOP = 2, VMRPC_INSTRUCTION_OUT = 3 };

/* What ends a park when the VMM needs the vCPU: its kick, or nothing but the end of the slice. */
enum vmrpc_kick_mode { VMRPC_KICK_SLICES = 0, VMRPC_KICK_HOOK = 1 };

enum vmrpc_link { VMRPC_LINK_NEVER = 0, VMRPC_LINK_UP = 1, VMRPC_LINK_DOWN = 2 };

/* How a parked vCPU waits. FUTEX: its thread sleeps in the shim, and the guest's interrupts wait for the slice's end.
 * HALTED: inside KVM_RUN as after HLT, so that any interrupt of the guest ends the park (VMRPC_WAKE_INTERRUPT). */
enum vmrpc_park_mode { VMRPC_PARK_FUTEX = 0, VMRPC_PARK_HALTED = 1 };

enum vmrpc_refusal {
    VMRPC_REFUSAL_NONE = 0,
    VMRPC_REFUSAL_SINGLE_THREADED_TCG = 1,
    VMRPC_REFUSAL_NO_IRQCHIP = 2, /* park mode HALTED was demanded, and KVM has no local APIC in the kernel */
    VMRPC_REFUSAL_SECCOMP = 3     /* a system call that parking needs is forbidden in the VMM */
};

/* A park slot: one per vCPU. */
struct vmrpc_slot_guest_line { /* written by the guest */
    uint32_t armed;
    uint32_t expected;   /* the value of `event` that the guest has seen */
    int64_t deadline_ns; /* host CLOCK_MONOTONIC, absolute; VMRPC_NO_DEADLINE: none */
    uint32_t flags;      /* VMRPC_SLOT_DOORBELL */
    uint32_t reserved[11];
};
#define VMRPC_SLOT_DOORBELL 1u

struct vmrpc_slot_agent_line { /* written by the agent */
    uint32_t event; /* futex word and event counter: wraps */
    uint32_t reserved[15];
};

struct vmrpc_slot_shim_line { /* written by the shim */
    uint64_t acks;        /* park hypercalls answered; stored last, with release */
    uint32_t reason;      /* enum vmrpc_wake_reason of the last one */
    uint32_t parked;      /* 1 while the vCPU is parked */
    int64_t entered_ns;   /* host CLOCK_MONOTONIC when the last hypercall came in */
    int64_t returned_ns;  /* ... and when it went back */
    uint64_t parks;       /* hypercalls that really waited */
    uint64_t kicks;       /* parks that a kick ended */
    uint64_t reserved[2];
};

struct vmrpc_slot {
    struct vmrpc_slot_guest_line guest;
    struct vmrpc_slot_agent_line agent;
    struct vmrpc_slot_shim_line shim;
    uint64_t reserved[8];
};

enum vmrpc_wake_reason {
    VMRPC_WAKE_NOT_ARMED = 0,
    VMRPC_WAKE_EVENT = 1,
    VMRPC_WAKE_DEADLINE = 2,
    VMRPC_WAKE_KICK = 3,
    VMRPC_WAKE_SLICE = 4,
    VMRPC_WAKE_AGENT_LOST = 5,
    VMRPC_WAKE_BOUND = 6,
    VMRPC_WAKE_REFUSED = 7,
    VMRPC_WAKE_INTERRUPT = 8
};

/* A channel: two lines, two rings of records, and a payload buffer for each record. */
struct vmrpc_channel_guest_line { /* written by the guest */
    uint64_t completion_head; /* completions consumed */
    uint64_t reserved[7];
};

struct vmrpc_channel_agent_line { /* written by the agent */
    uint64_t submission_head; /* submissions consumed */
    uint64_t reserved[7];
};

/* Written by the agent, seldom; the guest reads it after every batch, so it does not stand beside the head. */
struct vmrpc_channel_blocked_line {
    uint32_t completion_blocked; /* 1: the agent waits for space in the completion ring */
    uint32_t reserved[15];
};

struct vmrpc_channel_header {
    struct vmrpc_channel_guest_line guest;
    struct vmrpc_channel_agent_line agent;
    struct vmrpc_channel_blocked_line blocked;
    uint64_t reserved[8];
};

#define VMRPC_INLINE_CAPACITY 24u

struct vmrpc_submission { /* written by the guest */
    uint64_t commit; /* position + 1; stored last, with release */
    uint64_t correlation;
    uint32_t operation; /* service << 16 | method */
    uint32_t flags;     /* VMRPC_SUBMIT_* */
    uint32_t length;    /* payload bytes: inline up to VMRPC_INLINE_CAPACITY, else in the record's payload buffer */
    uint32_t reserved;
    int64_t deadline_ns; /* host CLOCK_MONOTONIC, absolute; VMRPC_NO_DEADLINE: none */
    uint8_t payload[VMRPC_INLINE_CAPACITY];
};
#define VMRPC_SUBMIT_SUBSCRIBE 1u /* many completions may answer */
#define VMRPC_SUBMIT_ONE_WAY 2u   /* no completion answers */
#define VMRPC_SUBMIT_FLAGS 3u

struct vmrpc_completion { /* written by the agent */
    uint64_t commit; /* position + 1; stored last, with release */
    uint64_t correlation;
    uint32_t status; /* 0 or a gRPC status code */
    uint32_t flags;  /* VMRPC_COMPLETE_MORE */
    uint32_t length;
    uint32_t detail; /* errno or a service's own number; 0: none */
    uint64_t lost;   /* subscription: events dropped so far because the ring was full */
    uint8_t payload[VMRPC_INLINE_CAPACITY];
};
#define VMRPC_COMPLETE_MORE 1u /* further completions with this correlation id follow */

/* The service "socket": an address, and the head of an event. */
struct vmrpc_socket_address {
    uint16_t family; /* 0 none, 1 IPv4, 2 IPv6, 3 Unix */
    uint16_t port;   /* host byte order; of a Unix address the length of its path */
    uint32_t scope;
    uint8_t bytes[16]; /* a Unix address has its path from here on, and may be longer */
};

struct vmrpc_socket_event {
    uint32_t socket;
    uint16_t kind;
    uint16_t flags;
};

/* The service "file": what is known of a file, and the head of a folder's entry, whose name follows. */
struct vmrpc_file_attributes {
    uint64_t size;
    int64_t modified_ns; /* CLOCK_REALTIME of the host */
    int64_t accessed_ns;
    int64_t changed_ns;
    int64_t created_ns; /* modified_ns where the file system keeps none */
    uint64_t inode;
    uint32_t mode; /* st_mode: type and permissions */
    uint32_t links;
    uint32_t uid;
    uint32_t gid;
};

struct vmrpc_file_entry {
    uint16_t kind; /* 0 not known, 1 regular file, 2 folder, 3 symbolic link, 4 other */
    uint16_t length;
    uint32_t reserved;
};

/* The head of a change in a watched folder; the entry's name follows. */
struct vmrpc_file_change {
    int32_t watch;   /* what WATCH answered; -1 of an overflow */
    uint32_t bits;   /* 1 created, 2 deleted, 4 modified, 8 some changes were lost, 16 the folder is watched no longer */
    uint32_t length; /* of the name */
    uint32_t reserved;
};

/* The first message on the agent's Unix socket, from the shim. */
struct vmrpc_link_hello {
    uint64_t magic;
    uint32_t version;
    uint32_t shim_kind;
    uint64_t region_id;
    uint64_t shim_epoch;
};

/* The agent's answer; the doorbell's eventfd rides on it (SCM_RIGHTS) if the status is LINKED. */
struct vmrpc_link_welcome {
    uint64_t magic;
    uint32_t version;
    uint32_t status; /* enum vmrpc_link_status */
    uint64_t agent_epoch;
    uint64_t reserved;
};

enum vmrpc_link_status { VMRPC_LINK_LINKED = 0, VMRPC_LINK_BUSY = 1, VMRPC_LINK_FOREIGN_REGION = 2, VMRPC_LINK_VERSION = 3 };

/* Advisory locks (fcntl OFD write locks of one byte) that make each role single. */
#define VMRPC_LOCK_AGENT 0
#define VMRPC_LOCK_SHIM 1
#define VMRPC_LOCK_GUEST 2
#define VMRPC_LOCK_SLOT 16 /* plus the slot's number: whoever stores to its guest line */

/* Operations of service 0, the session itself. */
#define VMRPC_SERVICE_SESSION 0u
#define VMRPC_METHOD_PING 0u
#define VMRPC_METHOD_OPEN_CHANNEL 1u  /* u32 channel, u32 slot */
#define VMRPC_METHOD_CLOSE_CHANNEL 2u /* u32 channel */
#define VMRPC_METHOD_CANCEL 3u        /* u64 correlation of a request of the same channel */
#define VMRPC_METHOD_RESOLVE 4u       /* UTF-8 name; answered by u32 service */

/* Why an agent ended a session. */
enum vmrpc_violation {
    VMRPC_VIOLATION_NONE = 0,
    VMRPC_VIOLATION_LENGTH = 1,
    VMRPC_VIOLATION_FLAGS = 2,
    VMRPC_VIOLATION_RESERVED = 3,
    VMRPC_VIOLATION_CORRELATION = 4,
    VMRPC_VIOLATION_COMPLETION_HEAD = 5,
    VMRPC_VIOLATION_CONTROL = 6,
    VMRPC_VIOLATION_VERSION = 7,
    VMRPC_VIOLATION_FEATURES = 8
};

#define VMRPC_ASSERT(name, condition) typedef char vmrpc_assert_##name[(condition) ? 1 : -1]
VMRPC_ASSERT(identity_is_a_line, sizeof(struct vmrpc_identity) == VMRPC_LINE);
VMRPC_ASSERT(agent_is_a_line, sizeof(struct vmrpc_agent_line) == VMRPC_LINE);
VMRPC_ASSERT(agent_sleep_is_a_line, sizeof(struct vmrpc_agent_sleep_line) == VMRPC_LINE);
VMRPC_ASSERT(guest_is_a_line, sizeof(struct vmrpc_guest_line) == VMRPC_LINE);
VMRPC_ASSERT(shim_is_a_line, sizeof(struct vmrpc_shim_line) == VMRPC_LINE);
VMRPC_ASSERT(header_fits_a_page, sizeof(struct vmrpc_header) <= VMRPC_PAGE);
VMRPC_ASSERT(slot_guest_is_a_line, sizeof(struct vmrpc_slot_guest_line) == VMRPC_LINE);
VMRPC_ASSERT(slot_agent_is_a_line, sizeof(struct vmrpc_slot_agent_line) == VMRPC_LINE);
VMRPC_ASSERT(slot_shim_is_a_line, sizeof(struct vmrpc_slot_shim_line) == VMRPC_LINE);
VMRPC_ASSERT(slot_is_four_lines, sizeof(struct vmrpc_slot) == 4 * VMRPC_LINE);
VMRPC_ASSERT(channel_guest_is_a_line, sizeof(struct vmrpc_channel_guest_line) == VMRPC_LINE);
VMRPC_ASSERT(channel_agent_is_a_line, sizeof(struct vmrpc_channel_agent_line) == VMRPC_LINE);
VMRPC_ASSERT(channel_blocked_is_a_line, sizeof(struct vmrpc_channel_blocked_line) == VMRPC_LINE);
VMRPC_ASSERT(channel_header_is_four_lines, sizeof(struct vmrpc_channel_header) == 4 * VMRPC_LINE);
VMRPC_ASSERT(submission_is_a_line, sizeof(struct vmrpc_submission) == VMRPC_LINE);
VMRPC_ASSERT(link_hello_is_32_bytes, sizeof(struct vmrpc_link_hello) == 32);
VMRPC_ASSERT(link_welcome_is_32_bytes, sizeof(struct vmrpc_link_welcome) == 32);
VMRPC_ASSERT(socket_address_is_24_bytes, sizeof(struct vmrpc_socket_address) == 24);
VMRPC_ASSERT(socket_event_is_8_bytes, sizeof(struct vmrpc_socket_event) == 8);
VMRPC_ASSERT(file_attributes_are_a_line, sizeof(struct vmrpc_file_attributes) == VMRPC_LINE);
VMRPC_ASSERT(file_entry_is_8_bytes, sizeof(struct vmrpc_file_entry) == 8);
VMRPC_ASSERT(file_change_is_16_bytes, sizeof(struct vmrpc_file_change) == 16);
VMRPC_ASSERT(completion_is_a_line, sizeof(struct vmrpc_completion) == VMRPC_LINE);

#endif
