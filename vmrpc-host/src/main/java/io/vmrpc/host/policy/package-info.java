/**
 * What a guest may reach through the agent, as the operator wrote it down: docs/operations.md, "What a guest may reach".
 *
 * <pre>
 *   FILE -- Policy.load --&gt; Policy -- forRegion --&gt; GuestPolicy -- outbound, inbound, peer --&gt; Verdict: allowed or not, by which rule
 *                                                              -- limits -----------------&gt; Limits -&gt; TokenBucket, one a guest and rate
 * </pre>
 *
 * A policy is closed: what no rule allows is refused. It is read once and immutable, so that every thread may ask it.
 */
package io.vmrpc.host.policy;
