package io.vmrpc.cli;

import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.layout.Geometry;
import io.vmrpc.vm.RegionSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An agent in this process for the one guest that {@code vm run} boots. */
final class AgentRegion implements RegionSource {
    private final Path region;
    private final Agent agent;

    private AgentRegion(final Path region, final Agent agent) {
        this.region = region;
        this.agent = agent;
    }

    static RegionSource open(final Path region, final int vcpus) throws IOException {
        Files.deleteIfExists(region);
        final Geometry usual = Geometry.DEFAULT;
        final Geometry geometry = new Geometry(Math.max(vcpus, usual.slotCount()), usual.channelCount(), usual.ringCapacity(), usual.payloadCapacity());
        return new AgentRegion(region, Agent.launch(new AgentContext().region(region).geometry(geometry).service(new EchoService())));
    }

    @Override
    public Path region() {
        return region;
    }

    @Override
    public void close() throws IOException {
        agent.close();
        Files.deleteIfExists(region);
    }
}
