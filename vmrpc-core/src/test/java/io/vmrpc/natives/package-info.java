/** Tests of what surrounds the native calls. */
package io.vmrpc.natives;
