/**
 * The one door to native code: system calls, mapping, futex wake, hypercalls.
 *
 * <p>A call through JNA costs about 0.2 us, so it is made only where a system call or a VM exit happens anyway.
 */
package io.vmrpc.natives;
