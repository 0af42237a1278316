/* SPDX-License-Identifier: Apache-2.0
 *
 * The region as x86-TSO sees it. Every store of guest and agent enters that side's FIFO store buffer (two deep: A1 and A2
 * must both be able to linger) and reaches `mem` whenever the drain process likes. A load reads `mem`. Since each line has
 * one writer (R2), which keeps its own copy, no load needs forwarding from the loader's own buffer.
 */

/* Written by the guest. */
#define SUB       0 /* 0, 1: commit word and correlation of the submission ring */
#define ARMED     2
#define GEPOCH    3 /* guest_epoch */
/* Written by the agent. */
#define COMP      4 /* 4, 5: commit word and correlation of the completion ring */
#define EVENT     6
#define SLEEPING  7
#define AEPOCH    8 /* agent_epoch */
#define SESSION   9 /* session_epoch; session_status = OPEN, or ENDED if that bit is set */
#define ENDED     8

byte mem[10];

chan guest_buffer = [2] of { byte, byte };
chan agent_buffer = [2] of { byte, byte };

#define GUEST_STORE(where, what) guest_buffer!where,what
#define AGENT_STORE(where, what) agent_buffer!where,what
#define GUEST_FENCE (len(guest_buffer) == 0)
#define AGENT_FENCE (len(agent_buffer) == 0)

/* A record: position + 1 in the high half, the correlation in the low one, so that commit publishes both (R18). */
#define RECORD(position, correlation) ((((position) + 1) << 4) | (correlation))
#define COMMITTED(ring, position) ((mem[(ring) + ((position) & 1)] >> 4) == (position) + 1)
#define CORRELATION(ring, position) (mem[(ring) + ((position) & 1)] & 15)

active proctype GuestDrain()
{
    byte where, what;
end:
    do
    :: atomic { guest_buffer?where,what -> mem[where] = what; where = 0; what = 0 }
    od
}

active proctype AgentDrain()
{
    byte where, what;
end:
    do
    :: atomic { agent_buffer?where,what -> mem[where] = what; where = 0; what = 0 }
    od
}
