/**
 * What runs on the guest's side of a benchmark: a worker that asks the host for its next job by a withheld call, measures, and prints a
 * row. The same program runs in a VM and, for loopback, in a second JVM on the host.
 */
package io.vmrpc.bench.worker;
