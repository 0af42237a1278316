/** Services about services, in the manner of gRPC's: health, and reflection. Offered where the host's program adds them. */
@org.jspecify.annotations.NullMarked
package io.vmrpc.rpc.services;
