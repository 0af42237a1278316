/* SPDX-License-Identifier: Apache-2.0
 *
 * The guest: an application thread that keeps up to two of REQUESTS requests outstanding and parks for their completions.
 */

#define LINKED (link == UP && link_epoch == mem[AEPOCH])
#define READY  ((hello && (mem[SESSION] & 7) == session) || (!hello && COMMITTED(COMP, taken)))

inline look_for_sleeper()       /* D2 to D4 */
{
#ifndef MUTANT_NO_DOORBELL_FENCE
    GUEST_FENCE;                                            /* D2, partner of S2 */
#endif
    if
    :: mem[SLEEPING] == 1 ->                                /* D3 */
        owed = true;
        if                                                  /* D4: at once, or with the next park */
        :: vmexit!DOORBELL,0,false; vmenter?_; owed = false
        :: skip
        fi
    :: else -> skip
    fi
}

inline look_at_link()
{
    if
    :: link == DOWN ->
        if
        :: link_epoch == agent -> goto lost
        :: else -> skip
        fi
    :: else -> skip
    fi
}

inline look_at_agent_epoch()
{
    if
    :: mem[AEPOCH] != agent -> goto lost
    :: else -> skip
    fi
}

inline look_at_status()
{
    if
    :: !hello && mem[SESSION] != session -> goto lost
    :: else -> skip
    fi
}

active proctype Guest()
{
    byte agent, session, expected, next, submitted, taken, outstanding, count, correlation;
    bool hello, owed;
#ifdef MUTANT_LOSS_ONLY_AFTER_EMPTY_RETURN
    bool returned;
#endif

connect:
#ifdef MUTANT_HELLO_BEFORE_LINK
    (mem[AEPOCH] > agent || gone_for_good);
    if
    :: mem[AEPOCH] == agent -> goto done
    :: else -> agent = mem[AEPOCH]
    fi;
#else
    (LINKED || gone_for_good);                              /* polls; then reads one word at a time */
    agent = link_epoch;
    if
    :: gone_for_good -> goto done
    :: link == UP -> skip
    :: link != UP && !gone_for_good -> goto connect
    fi;
    if
    :: mem[AEPOCH] != agent -> goto connect
    :: else -> skip
    fi;
#endif
    session++;                                              /* R11: a new guest_epoch */
#ifndef MUTANT_NO_ZERO_SUBMISSIONS
    GUEST_STORE(SUB, 0);
    GUEST_STORE(SUB + 1, 0);
#endif
    GUEST_STORE(GEPOCH, session);
    d_step { hello = true; owed = false; submitted = 0; taken = 0 };
    look_for_sleeper();
    goto wait;

opened:
    do
    :: count < 2 && next < REQUESTS ->
        atomic {
            GUEST_STORE(SUB + (submitted & 1), RECORD(submitted, next));    /* D1 */
            sent_to[next] = agent;
            outstanding = outstanding | (1 << next);
            submitted++; next++; count++
        };
        look_for_sleeper()
    :: count > 0 -> goto wait
    :: count == 0 && next == REQUESTS -> goto done
    od;

wait:
#ifndef MUTANT_LATE_EXPECTED
    expected = mem[EVENT];                                  /* G1 */
#endif
    if
    :: READY ->                                             /* G2 */
#ifdef MUTANT_LOSS_ONLY_AFTER_EMPTY_RETURN
        returned = false;
#endif
        goto ready
    :: else -> skip
    fi;
#ifdef MUTANT_LOSS_ONLY_AFTER_EMPTY_RETURN
    if
    :: !returned -> goto arm
    :: else -> returned = false
    fi;
#endif
#ifdef MUTANT_AGENT_EPOCH_FIRST
    look_at_agent_epoch();
    look_at_link();
#else
    look_at_link();                                         /* G2: and R15, once between any two parks, */
    look_at_agent_epoch();                                  /* in this order */
#endif
#ifndef MUTANT_NO_STATUS_LOOK
    look_at_status();                                       /* R41, R14: ENDED */
#endif
arm:
#ifdef MUTANT_LATE_EXPECTED
    expected = mem[EVENT];
#endif
    GUEST_STORE(ARMED, 1);                                  /* G3, G4; `expected` travels with the hypercall */
#ifndef MUTANT_NO_GUEST_FENCE
    GUEST_FENCE;                                            /* G5, partner of A3 */
#endif
#ifndef MUTANT_NO_RECHECK
    if
    :: READY ->                                             /* G6: skip G7; a doorbell owed stays owed */
        GUEST_STORE(ARMED, 0);
        goto ready
    :: else -> skip
    fi;
#endif
    vmexit!PARK,expected,owed;                              /* G7 */
    vmenter?_;
    owed = false;
    expected = 0;
    GUEST_STORE(ARMED, 0);                                  /* G8 */
#ifdef MUTANT_LOSS_ONLY_AFTER_EMPTY_RETURN
    returned = true;
#endif
    goto wait;                                              /* R32: every return may be spurious */

ready:
#ifdef MUTANT_FORGETS_DOORBELL
    owed = false;
#endif
    if
    :: hello ->
#ifndef MUTANT_NO_LOOK_AFTER_OPEN
        look_at_agent_epoch();                              /* R11: it may be the next agent that took this hello */
#endif
        hello = false; expected = 0;
        look_at_status();
        goto opened
    :: else -> skip
    fi;
    atomic {
        correlation = CORRELATION(COMP, taken);
        assert(outstanding & (1 << correlation));           /* R20: completed once, and only what was asked */
        assert(answered_by[correlation] == agent);
        outstanding = outstanding & ~(1 << correlation);
        taken++; count--;
        correlation = 0; expected = 0
    };
    goto opened;

lost:
    assert(dead >= agent || cut);                           /* an agent that lives and is linked is never called lost */
    d_step { outstanding = 0; count = 0; hello = false; owed = false };     /* each fails with "agent lost" */
#ifdef REACH_LOST
    assert(false);
#endif
    if
    :: next == REQUESTS -> goto done
    :: else -> goto connect
    fi;

done:
    assert(outstanding == 0);
    assert(gone_for_good || next == REQUESTS);
#ifdef REACH_DONE
    assert(false)
#endif
}
