/**
 * The two rings of a channel, single producer and single consumer each, safe against a hostile peer.
 *
 * <pre>
 *   guest                                            agent
 *   SubmissionProducer  --- submission ring ---&gt;  SubmissionConsumer
 *   CompletionConsumer  &lt;-- completion ring ---  CompletionProducer
 * </pre>
 *
 * A record is one line and is there when its {@code commit} equals its position + 1. So an empty poll reads one line, a message of
 * up to 24 bytes moves one line, and a consumer follows no length or index that its peer could forge. Larger payloads stand in a
 * buffer that belongs to the record. Memory order: the commit is stored with release and read with acquire; the consumer's head likewise.
 */
package io.vmrpc.ring;
