package io.vmrpc.bench.compare;

import io.vmrpc.bench.report.Found;
import io.vmrpc.bench.report.Row;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What two rows must have in common to be the same measurement in two runs.
 *
 * @param bench of both
 * @param variant of both
 * @param vm of both
 * @param load of both
 * @param given circumstances that were given, the unit among them; what a run finds may differ
 */
record RowKey(String bench, String variant, String vm, String load, Map<String, String> given) {
    static RowKey of(final Row row) {
        return new RowKey(row.bench(), row.variant(), row.vm(), row.load(), Found.given(row));
    }

    /** For example {@code timer guest-periodic, vm tcg, load both, host=all-fifo period=2ms}. */
    String words() {
        final String params = given.entrySet().stream().filter(param -> !param.getKey().equals("unit"))
            .map(param -> param.getKey() + "=" + param.getValue())
            .collect(Collectors.joining(" "));
        return bench + " " + variant + ", vm " + vm + ", load " + load + (params.isEmpty() ? "" : ", " + params);
    }
}
