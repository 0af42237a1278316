/* SPDX-License-Identifier: Apache-2.0
 *
 * What a program of the guest and vmrpc-guestd share: a table of timers in a memfd that the program makes, seals against a change of
 * its length and hands over on the service's socket. The table is the program's: it outlives the service, and a new one goes on with it.
 *
 *   program                                   service's idler, on the real-time CPU
 *   T1 fired = 0, fields of the timer         I1 summary, dirty: taken by an exchange
 *   T2 armed = generation (release)           I2 armed (acquire), fields
 *   T3 dirty, summary |= bit (seq_cst)        I3 when it is due: armed still the same? fired = generation, FUTEX_WAKE fired
 *   T4 FUTEX_WAIT while fired is 0            (a wake for an older generation is one for no reason: T4 again)
 *
 * No lock, and nothing is lost: the program arms on the idler's own CPU, so the idler has been preempted since it looked, and finds out
 * (park.c: a park is a restartable sequence). From another CPU the service's watch notices the dirty bit.
 *
 * The service trusts nothing here but for the sake of the program whose table it is: a table full of nonsense harms its own program alone.
 */
#ifndef GUESTD_TABLE_H
#define GUESTD_TABLE_H

#include <stdint.h>

#define TABLE_MAGIC UINT64_C(0x3230544d52505456) /* "VTPRMT02" */
#define TABLE_TIMERS 4096u
#define TABLE_WORDS (TABLE_TIMERS / 64)

enum timer_kind {
    TIMER_WAKE = 1,   /* a thread waits on `fired` */
    TIMER_SIGNAL = 2, /* signal `signal` goes to thread `tid` of the program, or to the program if that is 0 */
    TIMER_EVENT = 4,  /* as WAKE, and also when the event counter of the vCPU's slot is another than `event` */
    TIMER_COUNT = 3,  /* the number of expirations is written to the eventfd that was handed over for this timer; none after it was disarmed */
    TIMER_POLL = 5    /* as COUNT, but one may come late: who polls looks whether it is the present generation's */
};

struct table_timer {
    /* the program's line */
    uint32_t armed; /* generation, never 0; 0: not armed. Stored last */
    uint32_t kind;
    int64_t deadline_ns; /* of CLOCK_MONOTONIC, or of CLOCK_REALTIME if `is_realtime` */
    int64_t interval_ns; /* 0: once */
    uint32_t lead_ns;    /* how much earlier the service acts: who is woken so waits for the rest itself */
    uint32_t is_realtime;
    int32_t signal, tid;
    uint64_t value;     /* si_value */
    uint32_t accepted;  /* SIGNAL: the low bits of `expirations` when the program took its last signal */
    uint32_t event;     /* EVENT: the counter that the thread has seen (G1) */
    uint64_t reserved1;
    /* the service's line, but for `fired`, which a signal handler of the program sets too, to end the wait of the thread it interrupted */
    uint32_t fired;      /* futex word: 0, the generation that expired, or TIMER_INTERRUPTED */
    uint32_t delivering; /* COUNT: the generation that is just being delivered, else 0 */
    uint32_t generation; /* that `expirations` counts for */
    uint32_t reserved2;
    uint64_t expirations;
    int64_t late_ns; /* how late the service itself was with the last expiration: the CPU was busy, or the host */
    uint64_t reserved3[4];
};
#define TIMER_INTERRUPTED UINT32_C(0x80000000)

struct table {
    uint64_t magic; /* the program's line */
    uint64_t reserved0[7];
    uint32_t is_serving; /* the service's line: 1 while it serves this table */
    uint32_t reserved1[15];
    uint64_t summary; /* both sides: bit i is set if dirty[i] is not 0 */
    uint64_t reserved2[7];
    uint64_t dirty[TABLE_WORDS]; /* both sides: timers that were armed, changed or disarmed since the service looked */
    struct table_timer timer[TABLE_TIMERS];
};

_Static_assert(sizeof(struct table_timer) == 128, "a timer is two lines");
_Static_assert(__builtin_offsetof(struct table_timer, fired) == 64, "the service's line of a timer is its second");
_Static_assert(__builtin_offsetof(struct table, timer) % 64 == 0, "timers begin with a line");

/* Of a signal that the service sends: si_code is SI_TIMER, si_timerid this plus the timer's number, si_overrun its generation. */
#define SIGNAL_TIMER_ID 0x564d0000

/* Messages on the Unix socket (SOCK_SEQPACKET): one struct each way, a descriptor beside it where it says so. */
#define GUESTD_SOCKET "/run/vmrpc-guestd.sock"
#define GUESTD_VERSION 1u

enum guestd_call {
    GUESTD_HELLO = 1, /* with the table's memfd */
    GUESTD_COUNT = 2, /* number: a timer; with its eventfd, or without one: it has none any more */
    GUESTD_CPU = 4,   /* which CPU is shared? Needs no HELLO */
    GUESTD_LEND = 3   /* the vCPU's slot, until this socket closes; answered with the region's descriptor. Root only */
};

enum guestd_status {
    GUESTD_OK = 0,
    GUESTD_VERSION_DIFFERS = 1,
    GUESTD_BAD_TABLE = 2,   /* not a sealed memfd of a table's length */
    GUESTD_FULL = 3,        /* as many programs as the service takes */
    GUESTD_NOT_ALLOWED = 4, /* LEND needs root */
    GUESTD_LENT = 5,        /* another program has the vCPU */
    GUESTD_BAD_CALL = 6
};

struct guestd_request {
    uint32_t version, call, number, reserved;
};

struct guestd_answer {
    uint32_t version, status;
    uint32_t cpu;  /* the guest CPU that is shared */
    uint32_t slot; /* LEND */
};

#endif
