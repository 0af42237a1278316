package io.vmrpc.examples;

import io.vmrpc.guest.Channel;
import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.VmrpcGuest;
import io.vmrpc.guest.Waiting;
import io.vmrpc.layout.Protocol;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/** The smallest guest: one call from an ordinary thread. Tells whether region, shim and agent work. */
public final class FirstCall {
    private FirstCall() {
    }

    /**
     * Calls echo.
     *
     * @param args nothing in a VM; the region's file in loopback.
     */
    public static void main(final String[] args) {
        final GuestContext where = args.length > 0 ? new GuestContext().region(Path.of(args[0])) : new GuestContext();
        try (VmrpcGuest guest = VmrpcGuest.connect(where); Channel channel = guest.openChannel(Waiting.sleeping())) {
            final UnsafeBuffer text = new UnsafeBuffer("hello".getBytes(StandardCharsets.US_ASCII));
            final UnsafeBuffer reply = new UnsafeBuffer(new byte[text.capacity()]);
            final int length = channel.call(Protocol.operation(guest.resolve("echo"), 0), text, 0, text.capacity(), reply);
            System.out.println(reply.getStringWithoutLengthAscii(0, length) + " by " + guest.shim() + ", " + guest.region());
        }
    }
}
