/** The encoding of arguments and results: docs/protocol.md, section 11. What is read is not trusted. */
@org.jspecify.annotations.NullMarked
package io.vmrpc.rpc.wire;
