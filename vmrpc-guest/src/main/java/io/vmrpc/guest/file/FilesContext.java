package io.vmrpc.guest.file;

import io.vmrpc.guest.Waiting;
import java.util.function.Supplier;

/** Settings of a {@link VmFileSystem}. Fluent. */
public final class FilesContext {
    private int channels = 4;
    private int depth = 16;
    private Supplier<Waiting> waiting = SpinThenSleep::new;

    /**
     * How many threads can be in calls at a time; each takes a channel of the region. A thread more waits until one is free.
     *
     * @param count 1 to 255; unless set, 4.
     * @return this.
     */
    public FilesContext channels(final int count) {
        require("channels", count, 255);
        channels = count;
        return this;
    }

    /**
     * How many requests of one large read or write are under way at a time.
     *
     * @param requests 1 to 128; at most half of the ring is used. Unless set, 16.
     * @return this.
     */
    public FilesContext depth(final int requests) {
        require("depth", requests, 128);
        depth = requests;
        return this;
    }

    /**
     * How threads wait that have not bound a way of their own ({@link VmFileSystem#bind}).
     *
     * @param each called for each channel; must not depend on the thread. Unless set, a thread looks for 50 us and then sleeps between looks.
     * @return this.
     */
    public FilesContext waiting(final Supplier<Waiting> each) {
        waiting = each;
        return this;
    }

    private static void require(final String name, final int value, final int to) {
        if (value < 1 || value > to) {
            throw new IllegalArgumentException(name + "=" + value + " must be 1 to " + to);
        }
    }

    int channels() {
        return channels;
    }

    int depth() {
        return depth;
    }

    Waiting newWaiting() {
        return waiting.get();
    }
}
