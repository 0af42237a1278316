/**
 * Typed services: procedures as Java interfaces, called by a guest and carried out by its host.
 *
 * <pre>
 *   guest                                                              host
 *   application -&gt; PlcStub (generated) -&gt; RpcChannel ~~ region ~~&gt; agent -&gt; PlcDispatcher (generated) -&gt; your class
 * </pre>
 *
 * This module has no binding to either side: {@code io.vmrpc.guest.rpc} and {@code io.vmrpc.host.rpc} do. See docs/rpc.md.
 */
@org.jspecify.annotations.NullMarked
package io.vmrpc.rpc;
