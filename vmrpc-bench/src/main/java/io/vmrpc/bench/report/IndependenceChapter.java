package io.vmrpc.bench.report;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The independence of VMs: CPU, memory and network of several at once, and beside a real-time VM. */
final class IndependenceChapter implements Chapter {

    @Override
    public Set<String> benches() {
        return Set.of(IndependenceVariants.CPU, IndependenceVariants.MEMORY, IndependenceVariants.NETWORK, IndependenceVariants.REAL_TIME);
    }

    @Override
    public String title() {
        return "Independence of VMs";
    }

    @Override
    public String question() {
        return "Does a VM get the same CPU, memory and network while others work, and what does a real-time VM beside them cost? "
            + "Three Linux guests (QEMU, emulated CPU, one vCPU each, nothing pinned) are booted at once; one, two or three of "
            + "them measure in the same window of time, on which they agree with the host's clock, while the others are silent. "
            + "The points take turns. CPU: a program with Dhrystone's published statement mix, written anew, beside Debian's "
            + "sysbench and stress-ng. Memory: one word in each 4 KiB page of a region, pass after pass. Network: one byte to a "
            + "peer and back over TCP, each VM with its own tap device and peer, beside Debian's sockperf. The real-time VM is "
            + "a Linux guest whose vCPU parks by VM long polling between two turns of a 10 ms control loop.";
    }

    @Override
    public String command() {
        return "./vmrpc bench independence";
    }

    @Override
    public List<String> findings(final List<Row> rows) {
        return new IndependenceFindings(rows).all();
    }

    @Override
    public Optional<Tile> tile(final List<Row> rows) {
        return new IndependenceFindings(rows).mostLost().map(lost -> new Tile(lost, "is what three busy ordinary VMs lose at most while a real-time VM beside them parks"));
    }

    @Override
    public List<Table> tables(final List<Row> rows) {
        return new IndependenceTables(rows).all();
    }
}
