package io.vmrpc.host.session;

import io.netty.channel.IoEventLoop;
import io.vmrpc.host.service.Service;
import java.util.List;
import java.util.concurrent.Executor;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * What a shard gives to its regions.
 *
 * @param services in the order of their numbers: the first is service 1.
 * @param quotas of each guest.
 * @param clock host CLOCK_MONOTONIC in ns.
 * @param deadlines of the shard's outstanding requests.
 * @param copy where the payload of the submission at hand is copied to; as long as the largest payload capacity, and outside the heap, so
 *     that system calls can read it.
 * @param shard runs tasks on the shard's thread.
 * @param loop of the shard.
 */
public record SessionContext(List<Service> services, Quotas quotas, NanoClock clock, Deadlines deadlines, MutableDirectBuffer copy,
    Executor shard, IoEventLoop loop) {
}
