/**
 * The service "socket" (docs/protocol.md, section 10): this host's sockets for guests, on the shard's own thread and event loop.
 *
 * <pre>
 *   SocketService --forSession--&gt; SessionSockets: requests, policy, table of sockets
 *                                   |  HostSocket: a descriptor in the loop's epoll
 *                                   |    StreamSocket (Acceptor)   DatagramSocket (Fragments)
 *                                   |    Outbox: send window and backlog
 *                                   EventStream: one per channel; a socket receives straight into its ring
 * </pre>
 *
 * Nothing that arrives is kept here: a socket is read when the guest's window and ring have space, else the kernel keeps it, and makes the
 * peer wait or drops datagrams as it does for any slow program. What a guest sends is kept while the kernel does not take it, up to the
 * send window.
 */
package io.vmrpc.host.socket;
