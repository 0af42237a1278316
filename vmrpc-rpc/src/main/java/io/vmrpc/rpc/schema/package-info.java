/** What a service looks like, as data: for the comparison of guest and host at connect, for messages, and for tools that call by name. */
@org.jspecify.annotations.NullMarked
package io.vmrpc.rpc.schema;
