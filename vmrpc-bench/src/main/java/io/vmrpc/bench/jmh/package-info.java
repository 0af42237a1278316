/** JMH benchmarks: what one call costs and allocates in loopback, the agent in a second JVM. */
package io.vmrpc.bench.jmh;
