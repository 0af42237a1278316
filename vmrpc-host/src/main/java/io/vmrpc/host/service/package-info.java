/**
 * What a service is and what it sees of a request: answer now, withhold the completion, or publish events.
 *
 * <pre>
 *   Service.onRequest(Request) --- reply / fail ------------------&gt; completion now
 *                              --- withhold() -&gt; Withheld --------&gt; completion later
 *                              --- subscribe() -&gt; Publisher ------&gt; events, then a completion
 * </pre>
 *
 * Everything here runs on the shard's thread and must not block it: whoever has blocking work hands it to threads of its own and comes
 * back with {@link io.vmrpc.host.service.Withheld#onShard}.
 */
package io.vmrpc.host.service;
