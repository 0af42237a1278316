/* SPDX-License-Identifier: Apache-2.0
 *
 * The park handshake (G1 to G8, A1 to A5), the doorbell (D1 to D4, S1 to S5) and the link of docs/protocol.md.
 * docs/testing.md says what is abstracted; `run` checks every variant and every mutant.
 *
 * No park here has a deadline or the bound of 60 s: either would hide a lost wake-up. So a lost wake-up is an invalid end
 * state, found by a plain search, and together with "no cycle" that search proves that every request is answered or
 * failed.
 */
#ifndef REQUESTS
#define REQUESTS 3      /* in all, two of them outstanding at once */
#endif
#ifndef AGENT_DIES
#define AGENT_DIES 0    /* how many agents die, each at any step */
#endif
#ifndef SPURIOUS
#define SPURIOUS 0      /* how many futex waits return for nothing */
#endif
#ifndef SLICES
#define SLICES 0        /* how many parks end with their slice */
#endif
#ifdef ENDLESS          /* slices and spurious returns never run out: only with weak fairness does a run end then */
#define SPEND(budget) skip
#else
#define SPEND(budget) budget--
#endif

#include "memory.pml"
#include "shim.pml"
#include "agent.pml"
#include "guest.pml"
