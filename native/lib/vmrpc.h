/* SPDX-License-Identifier: Apache-2.0
 *
 * libvmrpc.so: what Java calls through JNA, direct mapping. Plain integers and pointers only.
 * Unless said otherwise an answer below 0 is -errno. Region addresses are int64_t because Java's are.
 */
#ifndef VMRPC_LIB_H
#define VMRPC_LIB_H

#include <stdint.h>

#define VMRPC_EXPORT __attribute__((visibility("default")))

VMRPC_EXPORT int vmrpc_abi_version(void); /* major << 16 | minor */
/* One line per field and constant of the region: "struct field offset size" and "const NAME value". Answers the length of the whole
 * text, which may exceed `length`; at most length - 1 bytes and a 0 are stored. */
VMRPC_EXPORT int vmrpc_layout(char *out, int length);

/* Files and shared memory (region.c). */
/* A descriptor. create: makes the file with mode 0600 if it is missing, and gives it `length` bytes if it is empty; a file with content is
 * never truncated. -EMEDIUMTYPE: not a regular file. -EPERM: another user owns it. -ELOOP: a symbolic link. */
VMRPC_EXPORT int vmrpc_region_open(const char *path, int create, int64_t length);
VMRPC_EXPORT int vmrpc_device_open(const char *path); /* a PCI device's resource file in sysfs */
VMRPC_EXPORT int64_t vmrpc_file_size(int fd);
VMRPC_EXPORT int vmrpc_lock(int fd, int byte); /* open-file-description write lock of one byte, without waiting; -EAGAIN: taken */
VMRPC_EXPORT int vmrpc_unlock(int fd, int byte);
VMRPC_EXPORT int64_t vmrpc_map(int fd, int64_t length); /* the address; shared and populated */
VMRPC_EXPORT int vmrpc_unmap(int64_t address, int64_t length);
VMRPC_EXPORT int vmrpc_close(int fd);

/* Waking and sockets (wake.c). */
VMRPC_EXPORT int vmrpc_futex_wake(int64_t address); /* every waiter, of every process; the number woken */
VMRPC_EXPORT int vmrpc_eventfd(void); /* non-blocking */
VMRPC_EXPORT int vmrpc_eventfd_signal(int fd);
VMRPC_EXPORT int vmrpc_send_fd(int socket, const void *bytes, int length, int fd); /* bytes sent; fd < 0: bytes alone */
VMRPC_EXPORT int vmrpc_peer_uid(int socket);

/* The host's sockets for guests (socket.c). Addresses point to the wire's form (struct vmrpc_socket_address), of 120 bytes where one is
 * returned; the caller has checked family, type and a path's length. All calls are non-blocking. */
VMRPC_EXPORT int vmrpc_socket_open(int family, int type); /* the wire's numbers; a descriptor */
VMRPC_EXPORT int vmrpc_socket_bind(int fd, int64_t address);
VMRPC_EXPORT int vmrpc_socket_connect(int fd, int64_t address); /* -EINPROGRESS as ever */
VMRPC_EXPORT int vmrpc_socket_listen(int fd, int backlog);
VMRPC_EXPORT int vmrpc_socket_accept(int fd, int64_t peer); /* a descriptor; stores the peer's address */
VMRPC_EXPORT int vmrpc_socket_name(int fd, int peer, int64_t address); /* stores the socket's own or its peer's address */
/* Bytes received: the first `length` to data, the others to more. from: stores the sender's address, or 0. */
VMRPC_EXPORT int64_t vmrpc_socket_receive(int fd, int64_t data, int64_t length, int64_t more, int64_t more_length, int64_t from);
VMRPC_EXPORT int64_t vmrpc_socket_send(int fd, int64_t data, int64_t length, int64_t to); /* to: an address, or 0 */
VMRPC_EXPORT int vmrpc_socket_shutdown(int fd, int how); /* the wire's numbers */
VMRPC_EXPORT int vmrpc_socket_set(int fd, int family, int option, int64_t value); /* the wire's options */
VMRPC_EXPORT int vmrpc_socket_get(int fd, int family, int option, int64_t value); /* value: where to store it */
VMRPC_EXPORT int vmrpc_socket_member(int fd, int join, int64_t group, int64_t source, const char *interface);

/* The host's files for guests (file.c). Addresses of paths point to text that ends with 0 and is relative to the exported folder `root`, empty
 * for that folder itself; addresses for attributes to struct vmrpc_file_attributes. Numbers are the wire's. All but the calls that say
 * otherwise may block. */
VMRPC_EXPORT int vmrpc_file_export(const char *folder); /* a descriptor for `root`; -ENOSYS: this kernel has no openat2(2) */
/* flags: 1 a symbolic link itself, 2 -EAGAIN rather than to wait for what is not cached (since Linux 5.12, -EINVAL before). */
VMRPC_EXPORT int vmrpc_file_stat(int root, int64_t path, int flags, int64_t out);
VMRPC_EXPORT int vmrpc_file_attributes(int fd, int64_t out); /* does not block */
VMRPC_EXPORT int vmrpc_file_open(int root, int64_t path, int flags, int mode); /* a descriptor of a regular file or a folder */
VMRPC_EXPORT int64_t vmrpc_file_read(int fd, int64_t data, int64_t length, int64_t position, int nowait); /* nowait: -EAGAIN rather than to block */
VMRPC_EXPORT int64_t vmrpc_file_write(int fd, int64_t data, int64_t length, int64_t position, int nowait); /* position -1: appends */
VMRPC_EXPORT int64_t vmrpc_file_position(int fd); /* after an append: the file's end */
VMRPC_EXPORT int vmrpc_file_sync(int fd, int data_only);
VMRPC_EXPORT int vmrpc_file_truncate(int fd, int64_t size);
VMRPC_EXPORT int64_t vmrpc_file_copy(int from, int64_t from_position, int to, int64_t to_position, int64_t length);
VMRPC_EXPORT int vmrpc_file_lock(int fd, int type, int64_t position, int64_t length); /* 0 none, 1 shared, 2 exclusive; -EAGAIN: another's */
VMRPC_EXPORT int vmrpc_file_make_folder(int root, int64_t path, int mode);
VMRPC_EXPORT int vmrpc_file_make_link(int root, int64_t path, int64_t target);
VMRPC_EXPORT int vmrpc_file_remove(int root, int64_t path, int flags, int64_t out); /* flags 1 a folder, 2 no folder; stores what it was */
VMRPC_EXPORT int vmrpc_file_rename(int from_root, int64_t from, int to_root, int64_t to, int replace);
VMRPC_EXPORT int vmrpc_file_link(int root, int64_t existing, int64_t path);
VMRPC_EXPORT int vmrpc_file_read_link(int root, int64_t path, int64_t out, int length); /* bytes */
VMRPC_EXPORT int vmrpc_file_real_path(int root, int64_t path, int64_t out, int length); /* bytes */
VMRPC_EXPORT int vmrpc_file_change(int root, int64_t path, int no_follow, int mode, int64_t accessed_ns, int64_t modified_ns);
VMRPC_EXPORT int vmrpc_file_access(int root, int64_t path, int bits);
VMRPC_EXPORT int vmrpc_file_store(int root, int64_t out); /* four int64_t; does not block */
VMRPC_EXPORT int vmrpc_file_list(int fd, int64_t out, int length, int rewinds); /* bytes of entries, 0 at the end; length at least 512 */

/* Watched folders (watch.c). */
VMRPC_EXPORT int vmrpc_watch_open(void); /* a non-blocking descriptor */
VMRPC_EXPORT int vmrpc_watch_add(int fd, int root, int64_t path, int bits); /* the watch; bits: the wire's; may block */
VMRPC_EXPORT int vmrpc_watch_remove(int fd, int watch);
VMRPC_EXPORT int vmrpc_watch_read(int fd, int64_t out, int length); /* bytes of changes; -EINVAL: the next one is longer */

/* Threads and time (thread.c). tid 0: the calling thread. */
VMRPC_EXPORT int64_t vmrpc_now_ns(void); /* CLOCK_MONOTONIC */
VMRPC_EXPORT int vmrpc_gettid(void);
VMRPC_EXPORT int vmrpc_set_affinity(int tid, const void *mask, int length); /* CPU n: bit n % 8 of byte n / 8; length in bytes, a multiple of 8 */
VMRPC_EXPORT int vmrpc_get_affinity(int tid, void *mask, int length); /* 0; bytes beyond the kernel's mask are zeroed */
VMRPC_EXPORT int vmrpc_set_scheduler(int tid, int policy, int priority);
VMRPC_EXPORT int vmrpc_get_scheduler(int tid); /* policy << 8 | priority */
VMRPC_EXPORT int vmrpc_lock_memory(void);
/* RLIMIT_MEMLOCK of a process: soft and hard, in bytes, -1 for unlimited. Raising the hard one needs CAP_SYS_RESOURCE. */
VMRPC_EXPORT int vmrpc_get_memlock(int pid, int64_t limits[2]);
VMRPC_EXPORT int vmrpc_set_memlock(int pid, int64_t soft, int64_t hard);
VMRPC_EXPORT int vmrpc_set_timer_slack(int64_t ns); /* of the calling thread; real-time threads have none */
VMRPC_EXPORT int vmrpc_sleep_ns(int64_t ns); /* sleeps in the calling kernel; -EINTR: a signal cut it short */
VMRPC_EXPORT int vmrpc_sleep_until_ns(int64_t deadline); /* CLOCK_MONOTONIC */
VMRPC_EXPORT int vmrpc_grant_port(void); /* the hypercall port, to the calling thread: needs CAP_SYS_RAWIO */

/* Hypercalls (gate.c). A gate is VMRPC_INSTRUCTION_NOP (2), VMRPC_INSTRUCTION_OUT (3), or what vmrpc_gate_open answered. */
/* A loopback shim in this process, or 0 with one sentence in `error`. socket NULL: "<region>.sock"; slots 0: all. */
VMRPC_EXPORT int64_t vmrpc_gate_open(const char *region, const char *socket, int slots, char *error, int error_length);
VMRPC_EXPORT void vmrpc_gate_close(int64_t gate); /* ends parks; nothing for the instruction gates */
VMRPC_EXPORT int vmrpc_park(int64_t gate, int slot); /* loopback: the wake reason; instructions: 0, the slot says the rest */
VMRPC_EXPORT int vmrpc_doorbell(int64_t gate); /* 0 */
VMRPC_EXPORT int vmrpc_kick(int64_t gate, int slot); /* loopback only; -EINVAL for instruction gates */

/* Interrupting a CPU of this machine, which ends a park of its vCPU (interrupt.c). */
/* Once in each process, before the first vmrpc_interrupt. 1: that can reach a single CPU (Linux 5.10). 0: only all at once (4.14). */
VMRPC_EXPORT int vmrpc_interrupt_register(void);
/* Returns when the CPU has taken the interrupt. cpu -1: each CPU that runs a thread of this process. One that runs none gets none. */
VMRPC_EXPORT int vmrpc_interrupt(int cpu);

#endif
