package io.vmrpc.host.link;

import io.vmrpc.layout.LinkDescriptor;
import io.vmrpc.layout.Protocol;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What the agent tells a shim, and what it expects of its hello.
 *
 * @param regionId that the shim must map.
 * @param agentEpoch of this agent start.
 * @param doorbell descriptor of the eventfd.
 */
public record Welcome(long regionId, long agentEpoch, int doorbell) {
    /** Status for a hello, whoever else is linked. */
    int judge(final DirectBuffer hello) {
        if (hello.getLong(LinkDescriptor.MAGIC, ByteOrder.LITTLE_ENDIAN) != Protocol.MAGIC ||
            hello.getInt(LinkDescriptor.VERSION, ByteOrder.LITTLE_ENDIAN) >>> 16 != Protocol.VERSION_MAJOR) {
            return Protocol.LINK_VERSION;
        }
        return hello.getLong(LinkDescriptor.HELLO_REGION_ID, ByteOrder.LITTLE_ENDIAN) == regionId ? Protocol.LINKED :
            Protocol.LINK_FOREIGN_REGION;
    }

    byte[] bytes(final int status) {
        final byte[] bytes = new byte[LinkDescriptor.LENGTH];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        buffer.putLong(LinkDescriptor.MAGIC, Protocol.MAGIC, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(LinkDescriptor.VERSION, Protocol.VERSION, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(LinkDescriptor.WELCOME_STATUS, status, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(LinkDescriptor.WELCOME_AGENT_EPOCH, agentEpoch, ByteOrder.LITTLE_ENDIAN);
        return bytes;
    }
}
