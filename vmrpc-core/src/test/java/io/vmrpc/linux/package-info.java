/** Tests of the kernel's texts. */
package io.vmrpc.linux;
