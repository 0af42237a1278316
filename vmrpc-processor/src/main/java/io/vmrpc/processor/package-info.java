/**
 * Turns annotated interfaces into stubs and dispatchers, at compile time.
 *
 * <pre>
 *   ServiceProcessor -&gt; ServiceReader, TypeReader -&gt; Service, Method, WireType -&gt; CodecWriter, StubWriter, DispatcherWriter, HostWriter
 *                       what is wrong, with position                           one class for each role
 * </pre>
 */
package io.vmrpc.processor;
