/* SPDX-License-Identifier: Apache-2.0
 *
 * vmrpc-guestd, for cases that need it.
 */
#ifndef PRELOAD_SERVICE_H
#define PRELOAD_SERVICE_H

#include <sys/types.h>

int service_connect(void);  /* a socket of our own to it, or -1 */
pid_t service_pid(void);    /* of who listens, or -1 */
void service_await(void);   /* until somebody listens; fails the case if nobody comes */
void service_kill(void);    /* by $SIGNAL; returns at once */
int service_has_me(void);   /* the library in this process is connected */
int service_descriptors(void);
long long service_thread_ns(void); /* of its first thread on a CPU; the other one parks */
long service_kilobytes(void); /* resident, of its own */

#endif
