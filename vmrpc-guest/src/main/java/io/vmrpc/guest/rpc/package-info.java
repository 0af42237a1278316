/**
 * Typed services over a {@link io.vmrpc.guest.Channel}.
 *
 * <pre>
 *   XStub (generated) -&gt; ServiceConnection -&gt; Channel
 *                          Outgoing: header, metadata, arguments, chunks
 *                          ReplyBuffer, FutureReply, EventSubscription: what comes back
 * </pre>
 *
 * Everything belongs to the thread of the channel.
 */
@org.jspecify.annotations.NullMarked
package io.vmrpc.guest.rpc;
