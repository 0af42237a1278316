/** What generated code extends and calls, and what the bindings of guest and host implement for it. Not for applications. */
@org.jspecify.annotations.NullMarked
package io.vmrpc.rpc.stub;
