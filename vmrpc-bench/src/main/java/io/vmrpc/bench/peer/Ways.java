package io.vmrpc.bench.peer;

import io.vmrpc.bench.report.PeerVariants;
import java.util.List;

/** All ways that are compared. */
final class Ways {
    static final List<Way> ALL = List.of(
        new TypedCalls(PeerVariants.TYPED_SPINNING, true), new RawCalls(PeerVariants.RAW_SPINNING, true), new AeronCalls(),
        new TypedCalls(PeerVariants.TYPED_PARKED, false), new RawCalls(PeerVariants.RAW_PARKED, false),
        new JdkCalls(), new NettyCalls(), new GrpcCalls(false), new GrpcCalls(true));

    private Ways() {
    }

    static Way named(final String variant) {
        return ALL.stream().filter(way -> way.variant().equals(variant)).findFirst()
            .orElseThrow(() -> new IllegalArgumentException("variant " + variant + " is unknown: both processes must be of one build"));
    }
}
