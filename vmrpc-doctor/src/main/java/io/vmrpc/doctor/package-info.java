/**
 * {@code ./vmrpc doctor}: looks at a host or a guest and says, line by line, what spoils real-time behaviour and what to do about it.
 *
 * <pre>
 *  Checks (table) --look--> Machine (what is looked at) --read--> KernelTree (/proc, /sys, /dev, or a test's copy)
 *      |                        `-- regions, running QEMUs, monitor
 *      `--> Finding, Finding, ... --> Report (terminal or JSON, exit status)
 * </pre>
 *
 * <p>Nothing is changed, no role in a region is taken, no lock, no hypercall. What cannot be read is never taken for good.
 */
package io.vmrpc.doctor;
