/* SPDX-License-Identifier: Apache-2.0
 *
 * The language of park_fuzz's inputs: a byte of configuration, then steps, each a byte `% STEPS` and its arguments (little-endian).
 */
#ifndef VMRPC_PARK_STEPS_H
#define VMRPC_PARK_STEPS_H

#define CONFIG_SLICES 1u
#define CONFIG_WITHOUT_WAITV 2u
#define CONFIG_SLOTS_SHIFT 2 /* two bits: slots served, 0: all */
#define CONFIG_DIRTY 16u     /* the region begins as a guest may have left it: every line but the identity is set to 0xa5 */
#define CONFIG_KICK_WORD 32u /* the VMM marks its kicks in a word of its own */
#define CONFIG_WAKER 64u     /* slot 0 has a waker */

enum park_step {
    STEP_STORE,     /* u16 offset, u8 length, bytes: a guest's store anywhere */
    STEP_ARM,       /* u8 slot, u8 armed, u8 event - expected, u8 flags, u8 kind of deadline, u16 microseconds */
    STEP_PARK,      /* u8 slot; + 128: by vmrpc_shim_park, else by begin, wait, end */
    STEP_DOORBELL,
    STEP_SLEEPING,  /* u8 the agent's `sleeping` */
    STEP_KICK,      /* u8 slot, u8 errno */
    STEP_EVENT,     /* u8 slot, u8 increment */
    STEP_REFUSE,    /* u8 refusal */
    STEP_FALL_BACK,
    STEP_BEGIN,     /* u8 slot */
    STEP_IS_OVER,   /* u8 slot */
    STEP_WAIT,      /* u8 slot */
    STEP_END,       /* u8 slot, u8 reason if none was found */
    STEP_FORETELL,  /* u8 slot: as a shim does that halts the vCPU */
    STEP_MARK,      /* u8 slot, u8: odd: the VMM's kick marks the word, else it clears it */
    STEP_LINK,      /* u8: odd: up, else lost */
    STEP_MEANWHILE, /* u8 n, u16 offset, u64 value: stored before the nth load of the next park */
    STEP_LATER,     /* u8 action, u8 slot, u8 microseconds / 4: a park of the slot while another thread acts */
    STEP_FLIP,      /* u8 slot: parks while `event` moves to and fro */
    STEPS
};

enum deadline { DEADLINE_NONE, DEADLINE_AFTER, DEADLINE_BEFORE, DEADLINE_LEAST, DEADLINE_NEGATIVE, DEADLINE_ZERO, DEADLINE_LAST, DEADLINE_SECONDS, DEADLINES };

enum later_action { LATER_EVENT, LATER_KICK, LATER_LOST, LATER_REFUSE, LATERS };

#endif
