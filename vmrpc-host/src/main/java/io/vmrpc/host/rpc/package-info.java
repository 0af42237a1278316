/**
 * Typed services in the agent.
 *
 * <pre>
 *   Request -&gt; RpcSession -&gt; XDispatcher (generated) -&gt; your implementation
 *               Arguments: header, metadata, chunks
 *               SessionCall: immediate replies; WithheldCall: LongPoll; PublishingCall: events; ResultStream: replies longer than a record
 * </pre>
 *
 * What a guest wrote is decoded from the agent's private copy, and every length is checked against what is there and against the host's limits.
 */
@org.jspecify.annotations.NullMarked
package io.vmrpc.host.rpc;
