package io.vmrpc.filetests;

import com.carrotsearch.randomizedtesting.ThreadFilter;

/** Threads that end by themselves when they have been idle, and those of the agent in this process. */
public final class OwnThreads implements ThreadFilter {
    @Override
    public boolean reject(final Thread thread) {
        return thread.getName().startsWith("vmrpc-") || thread.getName().startsWith("JNA");
    }
}
