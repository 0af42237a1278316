/**
 * The guest's side: connect, bind a real-time vCPU, call, subscribe, sleep.
 *
 * <pre>
 *   VmrpcGuest  ---  the session with the agent
 *     Channel   ---  the only engine: submit, poll, await, call, subscribe     (one thread each)
 *       Waiting ---  what a thread does until a completion or a deadline comes
 *         RealTimeVcpu   parks the vCPU in the host
 *         Spinning       polls and burns the CPU
 *         Sleeping       polls and sleeps in the guest kernel: for ordinary threads
 *     socket.Sockets  ---  sockets of the host: UDP, TCP, Unix streams, over a Channel
 *     VmTimer   ---  one-shot and periodic timers over a Waiting
 *     RealTimeScheduler  ---  a ScheduledExecutorService whose thread owns a vCPU; tasks come from any thread
 * </pre>
 */
package io.vmrpc.guest;
