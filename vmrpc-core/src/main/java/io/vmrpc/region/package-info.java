/**
 * The shared file: creating it, opening it with suspicion, mapping it, and the header's fields with their memory order.
 */
package io.vmrpc.region;
