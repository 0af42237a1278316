/* SPDX-License-Identifier: Apache-2.0
 *
 * The agent: one life after another, each of which ends at any step when `die` is set.
 */

bool die;
bool gone_for_good;

/* Ghosts: not in the region, for assertions only. */
byte sent_to[REQUESTS];         /* agent whose session carried the request */
byte answered_by[REQUESTS];
bool executed[REQUESTS];

#define SUBMITTED (open && COMMITTED(SUB, head))
#define HELLO     (mem[GEPOCH] != known && mem[GEPOCH] != 0)
#ifdef KICK
#define DUE       (held != 0 && work_done)  /* what is withheld waits for the VMM, so a lost kick shows as a deadlock */
#else
#define DUE       (held != 0)
#endif

inline complete(correlation)    /* A1; A2 to A5 follow, once for all completions until then */
{
    atomic {
        AGENT_STORE(COMP + (tail & 1), RECORD(tail, correlation));
        answered_by[correlation] = epoch;
        tail++;
        signal_owed = true
    }
}

inline signal()
{
    atomic { AGENT_STORE(EVENT, event + 1); event++ };      /* A2 */
#ifndef MUTANT_NO_AGENT_FENCE
    AGENT_FENCE;                                            /* A3, partner of G5 */
#endif
    if
    :: mem[ARMED] == 1 -> futex_wake()                      /* A4, A5 */
    :: else -> skip
    fi;
    signal_owed = false
}

inline open_session()           /* section 4: the old session ends, the completion ring is zeroed, OPEN last */
{
    d_step { known = mem[GEPOCH]; head = 0; tail = 0; held = 0; timer = false; open = true };
#ifndef MUTANT_NO_ZERO_COMPLETIONS
    AGENT_STORE(COMP, 0);
    AGENT_STORE(COMP + 1, 0);
#endif
    AGENT_STORE(SESSION, known);
    signal_owed = true
}

inline end_session()            /* R14: the link is gone; R41: says so and wakes */
{
    d_step { cut_there = false; held = 0; timer = false };
    if
    :: open ->
        open = false;
#ifndef MUTANT_ENDS_SILENTLY
        AGENT_STORE(SESSION, known | ENDED);
        signal_owed = true
#endif
    :: else -> skip
    fi
}

inline take_submission()
{
    atomic {
        correlation = CORRELATION(SUB, head);
        assert(sent_to[correlation] == epoch);              /* R15: nothing replayed to another agent */
        assert(!executed[correlation]);                     /* nothing executed twice */
        executed[correlation] = true;
        head++
    };
    if
    :: complete(correlation)                                /* answers within the turn */
    :: held = held | (1 << correlation)                     /* withholds */
    fi;
    correlation = 0
}

inline post_withheld()
{
    if
    :: held & 1 -> correlation = 0
    :: held & 2 -> correlation = 1
    :: held & 4 -> correlation = 2
    :: held & 8 -> correlation = 3
    fi;
    held = held & ~(1 << correlation);
    timer = false;
    complete(correlation);
    correlation = 0
}

inline sleep()
{
    AGENT_STORE(SLEEPING, 1);                               /* S1 */
#ifndef MUTANT_NO_SLEEP_FENCE
    AGENT_FENCE;                                            /* S2, partner of D2 */
#endif
    if
    :: SUBMITTED || HELLO || cut_there -> skip              /* S3 */
    :: else ->
end_asleep:
        if                                                  /* S4 */
        :: atomic { bell -> bell = false }
        :: cut_there -> skip                                /* epoll also watches the link */
        :: DUE -> timer = true                              /* the time to post what is withheld */
        fi
    fi;
    AGENT_STORE(SLEEPING, 0)                                /* S5 */
}

active proctype Agent()
{
    byte epoch = 1, event, head, tail, held, known, correlation;
    bool open, signal_owed, timer;

life:
    {
        event = mem[EVENT];                                 /* the counter goes on where the last agent left it */
#ifndef MUTANT_EPOCH_BEFORE_SNAPSHOT
        known = mem[GEPOCH];                                /* R16, before agent_epoch invites a hello */
        AGENT_STORE(AEPOCH, epoch);
        AGENT_STORE(SLEEPING, 0);
#else
        AGENT_STORE(AEPOCH, epoch);
        AGENT_STORE(SLEEPING, 0);
        AGENT_FENCE;
        listening = epoch;
        known = mem[GEPOCH];
#endif
#ifndef MUTANT_LISTENS_FIRST
        AGENT_FENCE;                                        /* agent_epoch before the first link */
#endif
        listening = epoch;
        do
        :: cut_there -> end_session()
        :: HELLO -> open_session()
        :: SUBMITTED -> take_submission()
        :: DUE -> post_withheld()
        :: signal_owed -> signal()
        :: !HELLO && !SUBMITTED && !signal_owed && !timer && !cut_there -> sleep()
        od
    } unless {
        atomic { die -> die = false; listening = 0; bell = false; cut_there = false }
    };
    AGENT_FENCE;                                            /* stores that retired survive the process */
    d_step { dead = epoch; event = 0; head = 0; tail = 0; held = 0; known = 0; correlation = 0; open = false;
             signal_owed = false; timer = false };
#ifdef NO_RESTART
    gone_for_good = true
#else
    epoch++;
    goto life
#endif
}

#if AGENT_DIES > 0
active proctype Killer()
{
    byte deaths = AGENT_DIES;
    do
    :: deaths > 0 -> atomic { !die && listening != 0 -> die = true; deaths-- }
    :: break                                                /* also runs without a death, or with fewer */
    od
}
#endif
