/* SPDX-License-Identifier: Apache-2.0
 *
 * Parking halted under KVM: the shim around KVM_RUN (native/shims/qemu-kvm), QEMU's own kicks, the slot's waker, the guest's
 * interrupts, and a HLT that the guest executes itself. No park has a deadline: a wake-up or a kick that is lost leaves all blocked.
 *
 * QEMU's protocol, as accel/kvm has it: a kicker queues work, and sends SIG_IPI unless thread_kicked says that one is on its way;
 * the handler sets immediate_exit; KVM_RUN answers EINTR; QEMU clears immediate_exit, then thread_kicked, then looks for work. A kick
 * that never reaches QEMU therefore also silences every later one.
 */
#ifndef EVENTS
#define EVENTS 2        /* of the agent, at any time */
#endif
#ifndef KICKS
#define KICKS 1
#endif
#ifndef IRQS
#define IRQS 1          /* of the guest's devices, at any time */
#endif

byte event;             /* the slot's event counter */
#define RUNS      0
#define WAITS     1     /* the waker shall signal */
#define SIGNALLED 2     /* it has, or is at it: one signal per wait */
byte halted = RUNS;
bool signalled;         /* the handler of our signal ran */
bool immediate_exit;    /* kvm_run's */
bool thread_kicked, work;
byte work_done;
bool sig_wake, sig_ipi; /* pending for the vCPU's thread */
byte irq, irq_due;      /* raised; owed to a HLT of the guest's own */

#define RUNNABLE 0
#define HALTED   1
byte mp_state = RUNNABLE;
byte halt_exits;        /* KVM's count of the guest's own HLTs */
bool own_halt;          /* ghost: the vCPU is in one */
bool io_pending;        /* the `out` is not completed yet */

bool user = true;       /* the vCPU's thread is in user space */
bool in_window;         /* ... between the look at `signalled` and the syscall instruction */
bool jumped;            /* the handler moved it out of there */
bool finished;

#define EINTR 1
#define PARK  2
#define END   3
byte answer;            /* of KVM_RUN */

inline deliver()        /* inside atomic */
{
    if :: sig_wake ->
        sig_wake = false;
        signalled = true;
#ifndef MUTANT_NO_WINDOW
        jumped = in_window;
#endif
#ifdef MUTANT_SHARES_IMMEDIATE_EXIT
        immediate_exit = true;
#endif
    :: else fi;
    if :: sig_ipi -> sig_ipi = false; immediate_exit = true :: else fi
}

active proctype Signals()
{
end:
    do
    :: atomic { user && (sig_wake || sig_ipi) -> deliver() }
    od
}

/* From the syscall instruction to user space again. */
inline kvm_run()
{
    atomic { user = false; in_window = false; io_pending = false }     /* complete_userspace_io comes before everything else */
    answer = 0;
    if :: immediate_exit -> answer = EINTR :: else fi;
    do
    :: answer != 0 -> break
    :: answer == 0 && (sig_wake || sig_ipi) -> answer = EINTR
    :: atomic { answer == 0 && mp_state == HALTED && irq > 0 -> irq--; mp_state = RUNNABLE; own_halt = false }
    :: atomic { answer == 0 && mp_state == RUNNABLE -> guest() }
    od;
    atomic { deliver(); user = true }
}

/* A turn of the guest: take what came, or park, or halt by itself once. */
inline guest()
{
    if
    :: event != seen -> seen = event; if :: seen == EVENTS && hlt_left == 0 -> answer = END :: else fi
    :: event == seen && seen == EVENTS && hlt_left == 0 -> answer = END
    :: event == seen && seen < EVENTS -> io_pending = true; answer = PARK
    :: hlt_left > 0 -> hlt_left--; mp_state = HALTED; halt_exits++; own_halt = true; irq_due++
    fi
}

inline make_runnable()
{
    assert(!own_halt);  /* would end a HLT that waits for its interrupt */
    mp_state = RUNNABLE
}

active proctype Vcpu()
{
    byte seen, hlt_left = 1, halts;
    bool first;
qemu:
    thread_kicked = false;
    atomic { if :: work -> work = false; work_done++ :: else fi };
enter:
    signalled = false;
    kvm_run();
judge:
    if
    :: answer == END -> goto done
    :: answer == PARK -> goto park
    :: answer == EINTR && signalled && !immediate_exit -> goto enter    /* a wake too late for its park */
    :: answer == EINTR && !(signalled && !immediate_exit) -> goto to_qemu
    fi;
to_qemu:
    assert(immediate_exit);                     /* EINTR for QEMU's own kicks only */
    assert(mp_state == RUNNABLE || own_halt);   /* what stop or a snapshot would record */
    assert(!io_pending);
    immediate_exit = false;
    goto qemu;
park:
#ifdef MUTANT_OWN_EINTR
    if :: immediate_exit -> answer = EINTR; goto to_qemu :: else fi;
#endif
    first = true;
    halts = halt_exits;
again:
#ifdef MUTANT_LATE_SHOW
    if :: event != seen || immediate_exit -> goto over :: else fi;
#endif
    signalled = false;
    halted = WAITS;
#if !defined(MUTANT_LATE_SHOW) && !defined(MUTANT_NO_LOOK)
    if :: event != seen || immediate_exit -> goto over :: else fi;
#endif
    if :: first -> mp_state = HALTED; first = false :: else fi;
    /* vmrpc_run_unless: the look and the syscall, with the handler's jump between them */
    atomic { jumped = false; in_window = true };
    if
    :: signalled -> atomic { in_window = false; answer = EINTR }
    :: else ->
        if
        :: atomic { jumped -> in_window = false; answer = EINTR }
        :: atomic { !jumped -> user = false; in_window = false }; kvm_run()
        fi
    fi;
    halted = RUNS;
#ifdef MUTANT_SHARES_IMMEDIATE_EXIT
    immediate_exit = false;                     /* "ours", but perhaps a kick's */
#endif
#ifdef MUTANT_NO_HALT_COUNT
    if :: mp_state == RUNNABLE -> goto judge :: else fi;
#else
    if :: mp_state == RUNNABLE || halt_exits != halts -> goto judge :: else fi;     /* the guest ran: INTERRUPT */
#endif
    if
    :: event != seen || immediate_exit -> goto over
    :: event == seen && !immediate_exit -> assert(signalled); goto again
    fi;
over:
    halted = RUNS;
#ifdef MUTANT_STAYS_HALTED
    goto enter;
#endif
    if :: !first -> make_runnable() :: else fi;
    /* Here the shim may spin until the deadline, runnable and in user space. It stores nothing that others read: a kick or event
     * that comes meanwhile comes between these two steps, and KVM_RUN is entered after it either way. */
    goto enter;
done:
#ifdef REACHES_THE_END
    assert(false);
#endif
    finished = true
}

inline claim()          /* a compare-and-exchange */
{
    atomic {
        shown = halted == WAITS;
        if :: shown -> halted = SIGNALLED :: else fi
    }
}

/* Between two parks only its value is compared, so a waker that is behind takes several events in one turn. */
active proctype Waker()
{
    byte last, now;
    bool shown;
end:
    do
    :: event != last ->
#ifdef MUTANT_WAKER_LOOKS_FIRST
        claim();
        now = event;
#else
        now = event;
        claim();
#endif
        if :: shown -> sig_wake = true :: else fi;
        last = now
    od
}

active proctype Agent()
{
    do
    :: event < EVENTS -> event++
    :: event == EVENTS -> break
    od
}

active proctype Kicker()
{
    byte kicked;
    do
    :: kicked < KICKS && !finished ->
        work = true;
        if
        :: atomic { !thread_kicked -> thread_kicked = true }; sig_ipi = true
        :: thread_kicked -> skip
        fi;
        kicked++;
        if :: work_done == kicked -> skip :: finished -> break fi
    :: kicked == KICKS || finished -> break
    od
}

active proctype Device()
{
    byte raised;
end:
    do
    :: irq_due > 0 -> atomic { irq_due--; irq++ }
    :: raised < IRQS -> atomic { raised++; irq++ }
    od
}
