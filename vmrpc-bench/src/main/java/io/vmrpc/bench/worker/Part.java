package io.vmrpc.bench.worker;

import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * One of several rows that a job has.
 *
 * @param params of the row.
 * @param histogram its samples.
 */
record Part(Map<String, String> params, Histogram histogram) {
}
