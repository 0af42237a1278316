package io.vmrpc.vm;

/** Closes something when this process ends, unless it has been closed before. */
final class ShutdownHook {
    private final Thread thread;

    ShutdownHook(Runnable close, String name) {
        thread = new Thread(close, name);
    }

    void add() {
        Runtime.getRuntime().addShutdownHook(thread);
    }

    /** For what closes, by whatever thread: also by the hook itself. */
    void remove() {
        if (Thread.currentThread() == thread) {
            return;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException e) {
            // the process is ending: the hook waits for who closes and then finds nothing to do
        }
    }
}
