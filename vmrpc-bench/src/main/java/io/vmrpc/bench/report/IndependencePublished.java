package io.vmrpc.bench.report;

import java.util.List;

/**
 * What was published of real-time Linux on KVM: Xeon E5645, one to three VMs with two dedicated CPUs each. Other hardware, and no emulated
 * CPUs.
 */
enum IndependencePublished {
    /** Dhrystone. */
    CPU(IndependenceVariants.CPU, "Dhrystone, stones/s", 11_750_881, 11_737_089, 11_737_089),
    /** 1 GB rewritten at a stride of 4 KB, whole; in ns. */
    MEMORY(IndependenceVariants.MEMORY, "1 GB rewritten at a 4 KB stride", 21.331e9, 21.211e9, 21.304e9),
    /** netperf TCP_RR; the publication prints a swing of 9.99 %, its figures make 5.99 %. */
    NETWORK(IndependenceVariants.NETWORK, "netperf TCP_RR, transactions/s", 1_816.7, 1_707.85, 1_794.11);

    private final String bench;
    private final String words;
    private final double[] values;

    IndependencePublished(final String bench, final String words, final double... values) {
        this.bench = bench;
        this.words = words;
        this.values = values;
    }

    static IndependencePublished of(final String bench) {
        return List.of(IndependencePublished.values()).stream().filter(each -> each.bench.equals(bench)).findFirst().orElseThrow();
    }

    String bench() {
        return bench;
    }

    String words() {
        return words;
    }

    /** With one, two and three VMs. */
    double[] figures() {
        return values.clone();
    }

    double swing() {
        return IndependencePoint.swing(values);
    }

    /** How fast a VM is among so many, in speeds of one. */
    double speed(final int vms) {
        return bench.equals(IndependenceVariants.MEMORY) ? values[0] / values[vms - 1] : values[vms - 1] / values[0];
    }
}
