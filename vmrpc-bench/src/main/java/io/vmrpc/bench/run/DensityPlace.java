package io.vmrpc.bench.run;

import io.vmrpc.bench.density.CycleAgent;
import io.vmrpc.bench.density.CycleLoops;
import io.vmrpc.natives.NativeProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.IoUtil;

/**
 * Where loops run: the folder of their regions, the peer, and how their programs are started. The peer is on this machine, by the loopback
 * interface; it stands for another machine, so it has a priority above the agent's and its CPU is told apart.
 */
final class DensityPlace implements AutoCloseable {
    static final String PEER = "127.0.0.1";
    static final int PORT = 7040;
    private static final String PREFIX = "vmrpc-density-";
    private static final int AGENT_HEAP = 128;
    /** Small, so that there are collections while it is measured. */
    private static final int COLLECTING_HEAP = 24;
    private static final int LOOPS_HEAP = 256;
    /** All compilers' threads from the start: one that a real-time thread starts later inherits its priority. */
    private static final String COMPILERS = "-XX:-UseDynamicNumberOfCompilerThreads";
    private final int loopsCpu;
    private final int othersCpu;
    private final ShmFolder regions = new ShmFolder(PREFIX);
    private final Path programs;
    private final Process peer;

    /** CPU -1: any. */
    DensityPlace(final int loopsCpu, final int othersCpu) throws IOException {
        this.loopsCpu = loopsCpu;
        this.othersCpu = othersCpu;
        programs = Files.createTempDirectory("vmrpc-density");
        peer = startPeer();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        final String said = new BufferedReader(new InputStreamReader(peer.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (!"ready".equals(said)) {
            close();
            throw new IOException("the peer did not start: " + said);
        }
    }

    private Process startPeer() throws IOException {
        final List<String> command = new ArrayList<>(List.of("setpriv", "--pdeathsig", "TERM", "chrt", "-f",
            Integer.toString(NetPeer.PRIORITY)));
        if (othersCpu >= 0) {
            command.addAll(List.of("taskset", "-c", Integer.toString(othersCpu)));
        }
        command.addAll(List.of(program("vmrpc-net-peer"), PEER, Integer.toString(PORT)));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** A program of native/. */
    String program(final String name) throws IOException {
        final Path program = programs.resolve(name);
        return (Files.exists(program) ? program : NativeProgram.extract(name, programs)).toString();
    }

    Path folder() {
        return regions.path();
    }

    long peerPid() {
        return peer.pid();
    }

    /** One agent of so many guests. If it shall collect garbage, its JVM tells of each collection in a file. */
    ScheduledProgram agent(final int guests, final boolean collects) throws IOException {
        final List<String> options = new ArrayList<>(List.of(COMPILERS));
        if (collects) {
            options.add(CollectionLog.option(collections()));
        }
        return new ScheduledProgram("the agent", WorkerCommand.of(CycleAgent.class, collects ? COLLECTING_HEAP : AGENT_HEAP, options,
            folder().toString(), Integer.toString(guests), PEER, Integer.toString(Agents.PRIORITY), Integer.toString(othersCpu),
            collects ? "garbage" : "clean"));
    }

    Path collections() {
        return programs.resolve("collections");
    }

    /** A JVM with so many loops, of {@link CycleLoops#PARKED} or {@link CycleLoops#HOST}. */
    ScheduledProgram loops(final String kind, final String variant, final int count) throws IOException {
        return new ScheduledProgram("the loops", WorkerCommand.of(CycleLoops.class, LOOPS_HEAP, List.of(COMPILERS), kind, variant,
            folder().toString(), Integer.toString(count), PEER, Integer.toString(PORT), Integer.toString(Scheduling.PRIORITY),
            Integer.toString(loopsCpu)));
    }

    @Override
    public void close() {
        peer.destroyForcibly();
        regions.close();
        IoUtil.delete(programs.toFile(), true);
    }
}
