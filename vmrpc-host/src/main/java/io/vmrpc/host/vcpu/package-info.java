/**
 * Real-time control of a vCPU from outside QEMU: scheduling, CPUs, cgroups and memory of exactly one thread.
 *
 * <pre>
 *  VcpuThread  &lt;-- query-cpus-fast --  QEMU's monitor
 *      |
 *  VcpuControl -- sched_setscheduler, sched_setaffinity, prlimit, cgroup files --&gt;  the vCPU's thread
 *      |                                                                                 ^
 *      +-- pipe: how to undo each step, before it is taken --&gt;  vmrpc-undo  -- at EOF ---+
 * </pre>
 *
 * {@code vmrpc-undo} has a guard, a process at the highest real-time priority, which lets ordinary threads in when a guest never stops computing.
 * {@link io.vmrpc.host.vcpu.VcpuControlContext} says what to do.
 */
package io.vmrpc.host.vcpu;
