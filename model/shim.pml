/* SPDX-License-Identifier: Apache-2.0
 *
 * The shim: the vCPU's thread inside a hypercall, the thread that holds the link, and the VMM that kicks.
 * These threads share one process; the link's thread publishes with atomic read-modify-writes of `kick`, which drain its
 * buffer, and reads nothing back, so its stores need no buffer here.
 */

#define NEVER 0
#define UP    1
#define DOWN  2
byte link = NEVER;
byte link_epoch;
byte eventfd_epoch;     /* whose eventfd the shim holds */
bool bell;              /* the living agent's eventfd is readable */
byte listening;         /* epoch of the agent that accepts links, 0: none */
byte dead;              /* greatest epoch of an agent that has died */
bool cut_here;          /* the socket broke while both ends live: not yet seen by the shim, */
bool cut_there;         /* nor by the agent */
bool was_cut;
bool cut;               /* ghost */

bool waiting;           /* the vCPU's thread is queued in the kernel's futex */
bool token;             /* TOKEN: a wake that nobody has taken yet */
byte kick;              /* the shim's private word, the second one of futex_waitv */
bool in_park;
bool work;              /* the VMM wants the vCPU for something */
bool work_done;

#define PARK     1
#define DOORBELL 2
chan vmexit  = [0] of { byte, byte, bool }; /* which, expected, flag DOORBELL */
chan vmenter = [0] of { bool };

inline futex_wake() { d_step { waiting = false; token = true } }

inline ring_doorbell()          /* R27, R37 */
{
    if
    :: mem[SLEEPING] == 1 ->
        atomic {
            if
            :: eventfd_epoch == listening && listening != 0 -> bell = true
            :: else -> skip     /* the eventfd of an agent that is gone: nobody reads it */
            fi
        }
    :: else -> skip
    fi
}

active proctype Shim()
{
    byte call, expected, kick_now, kick_seen;
    bool flag, early;
    byte spurious = SPURIOUS, slices = SLICES;
end:
    do
    :: vmexit?call,expected,flag ->
        if
        :: call == DOORBELL -> ring_doorbell()
        :: call == PARK ->
            in_park = true;
again:
            kick_now = kick;    /* read before link and before the wait: what comes later fails the comparison */
#ifndef MUTANT_RING_LATE
            if                  /* R37, before anything that can end the park */
            :: flag && link == UP -> ring_doorbell(); flag = false
            :: flag && link != UP -> goto leave         /* R33: AGENT_LOST */
            :: else -> skip
            fi;
#endif
#ifndef MUTANT_NO_LATCH
            if                  /* R33, R34: a loss or kick since this slot's last park returned */
            :: kick_now != kick_seen -> goto leave
            :: else -> skip
            fi;
#endif
#ifdef MUTANT_RING_LATE
            if
            :: mem[EVENT] != expected -> goto leave     /* returns before R37 */
            :: else -> skip
            fi;
            if
            :: flag && link == UP -> ring_doorbell(); flag = false
            :: flag && link != UP -> goto leave
            :: else -> skip
            fi;
#endif
#if defined(TOKEN)
            /* A wait that holds a wake but compares nothing (a halted vCPU and a pending signal). */
            (token || kick != kick_now || slices > 0);
            if
            :: token -> token = false
            :: kick != kick_now -> skip
            :: slices > 0 -> SPEND(slices)
            fi;
#else
#ifdef MUTANT_NO_COMPARE
            if                  /* against R31: looks, then sleeps */
            :: mem[EVENT] != expected || kick != kick_now -> goto leave
            :: else -> skip
            fi;
            waiting = true;
#else
#ifdef KERNEL_BARRIER
            GUEST_FENCE;        /* what Linux does before it compares, and no document promises */
#endif
            atomic {            /* R31: comparison and queueing are one step under the kernel's bucket lock */
                if
                :: mem[EVENT] != expected -> goto leave
#ifndef MUTANT_KICK_WITHOUT_WORD
                :: kick != kick_now -> goto leave
#endif
                :: else -> waiting = true
                fi
            };
#endif
            if
            :: !waiting -> skip
            :: atomic { waiting && slices > 0 -> SPEND(slices); waiting = false }    /* R34: the slice ended */
            :: atomic { waiting && spurious > 0 -> SPEND(spurious); waiting = false };
                if              /* a futex may return for nothing: wait again or tell the guest */
                :: goto again
                :: skip
                fi
            fi;
#endif
leave:
            atomic { kick_seen = kick; in_park = false; work = false; kick_now = 0 }
        fi;
        d_step { call = 0; expected = 0; flag = false };
        vmenter!true
    od
}

/* R38: a thread of its own for the link. */
active proctype Link()
{
end:
    do
    :: atomic {                                                         /* connects; welcome with epoch and eventfd */
            listening > link_epoch || (was_cut && listening == link_epoch && !cut_there) ->
            eventfd_epoch = listening;
            was_cut = false
        };
        link_epoch = eventfd_epoch;                                     /* stored before link = UP */
        link = UP;
#if defined(LINK_BREAKS) && !defined(MUTANT_LINK_IS_NO_DOORBELL)
        atomic { if :: eventfd_epoch == listening -> bell = true :: else -> skip fi };  /* rings: one may have been lost while down */
#endif
end_up:
        if                                                              /* the socket hangs up */
        :: dead >= link_epoch -> skip
        :: atomic { cut_here -> cut_here = false; was_cut = true }
        fi;
        link = DOWN;
#ifndef MUTANT_LINK_WAKES_NOBODY
        kick++;                                                         /* after link = DOWN: who sees it sees DOWN */
        futex_wake()
#endif
    od
}

#ifdef KICK
/* R34: the VMM needs the vCPU (exclusive section, stop, TLB shootdown) and goes on only when it left the park. */
active proctype Vmm()
{
    work = true;
    kick++;
    futex_wake();
    (!work || !in_park);
    work_done = true
}
#endif

#ifdef LINK_BREAKS
active proctype Breaker()
{
    if
    :: atomic { link == UP && listening == link_epoch -> cut_here = true; cut_there = true; cut = true }
    :: true -> skip
    fi
}
#endif
