/**
 * What can go wrong in a call, in tiers: expected states are return values, a caller's mistake is an
 * {@link java.lang.IllegalArgumentException} or {@link java.lang.IllegalStateException} with {@code name=value},
 * and what the other side answers is an exception of this package.
 */
package io.vmrpc.error;
