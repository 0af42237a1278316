/**
 * What runs on the host's side of a benchmark: gives jobs to the worker, loads host and guest, schedules the VM's threads, runs the
 * independent instruments, and collects the rows.
 *
 * <pre>
 *   Bench ── Side (VmSide | LoopbackSide) ── worker process in the guest or on the host
 *     ├── Agents        the agent, blocking or spinning, and the job service
 *     ├── Scheduling    untouched | vcpu-fifo | all-fifo
 *     ├── WorkerJobs    jobs and their rows; a worker that crashed is warmed up again
 *     ├── Loads         HostLoad: stress-ng, and the share of CPU an ordinary process kept; NetworkLoad: a peer's sockperf; the guest's by a job
 *     └── Instruments   cyclictest, C ping-pong
 *
 *   GuestRuns ── GuestSide (a guest with a shell) ── GuestPrograms: cyclictest, SIGALRM, video, each with and without VMRPC
 *
 *   ResponseRuns ── Bench ── ResponseTimers, ResponsePrograms, ResponseNetwork, ResponseTimeline: Subjects, each measured in Turns
 * </pre>
 */
package io.vmrpc.bench.run;
