/**
 * Where everything stands in a region: offsets, sizes and limits, and nothing that reads or writes.
 *
 * <p>The same layout stands in {@code docs/protocol.md} (normative) and {@code native/include/vmrpc_abi.h};
 * {@code LayoutTest} compares the three.
 */
package io.vmrpc.layout;
