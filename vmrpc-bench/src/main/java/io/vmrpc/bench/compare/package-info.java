/** Two runs of the same benches against each other: what became slower or faster beyond the noise. */
package io.vmrpc.bench.compare;
