/**
 * Programs of {@code bench density}: the agent of many guests in a JVM of its own, and many control loops in another one.
 *
 * <p>Both obey lines on standard input and answer with rows, one a line ({@link io.vmrpc.bench.report.RowLine}); both end with their input.
 */
package io.vmrpc.bench.density;
