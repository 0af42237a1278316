/** Unit tests of the vCPU control; with a real QEMU it is tested in vmrpc-system-tests. */
package io.vmrpc.host.vcpu;
