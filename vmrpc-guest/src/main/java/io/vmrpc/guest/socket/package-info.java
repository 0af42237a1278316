/**
 * Sockets of the host for guests (docs/protocol.md, section 10): what the guest's own network stack would cost in time is done by the host.
 *
 * <pre>
 *   Sockets                 one thread's sockets, over one Channel; one wait for all of them, for calls and for timers
 *     VmDatagramChannel       UDP
 *     VmSocketChannel         TCP and Unix streams
 *     VmServerSocketChannel   listens; PendingConnection: an accepted connection on its way to a thread's Sockets
 *       SocketListener        callbacks of an event loop
 *       DatagramHandler, StreamHandler   what arrived, without a copy
 * </pre>
 *
 * <p><b>Threads.</b> A {@code Sockets} and all its sockets belong to the thread that made it. For any thread are {@link
 * io.vmrpc.guest.socket.Sockets#wakeup()}, and of every socket {@code close}, {@code abort}, {@code isOpen}, {@code isConnected} and the addresses.
 *
 * <p><b>Errors.</b> What the host's kernel or the operator's policy refuses is the exception of {@code java.net} that says it, with the agent's
 * answer as its cause. Times are {@link java.lang.System#nanoTime()}, and a deadline that comes is a {@link java.net.SocketTimeoutException}.
 * Interrupts of the thread are not looked at: close the socket, or call {@code wakeup}.
 */
package io.vmrpc.guest.socket;
