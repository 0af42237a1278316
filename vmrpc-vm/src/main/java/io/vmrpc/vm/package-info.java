/**
 * The VM runner: boots a real guest on the host's own root file system, read-only, and runs one command in it.
 *
 * <pre>
 *  runner (this JVM)                                   guest
 *  VirtualMachine --stdin pipe--&gt; vmrpc-supervise      /init (busybox)
 *      |                              | forks            | 9p: the host's root, read-only
 *      |                            QEMU  =============  | chroot, COMMAND
 *      +-- Unix sockets: QMP, control, stdout, stderr, stdin (virtio-serial ports)
 * </pre>
 *
 * {@link io.vmrpc.vm.VmConfig} says what to boot, {@link io.vmrpc.vm.VirtualMachine} is one guest from power-on to its end,
 * {@link io.vmrpc.vm.VmCommand} is the command line. Nothing outlives the runner: the supervisor holds a pipe to it, and sees
 * its end even when that is a SIGKILL.
 */
package io.vmrpc.vm;
