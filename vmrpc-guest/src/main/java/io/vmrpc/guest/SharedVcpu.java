package io.vmrpc.guest;

import com.sun.jna.NativeLibrary;
import io.vmrpc.error.ConnectException;
import io.vmrpc.layout.SlotDescriptor;
import io.vmrpc.park.Parker;
import io.vmrpc.region.Region;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.AtomicBuffer;

/**
 * The wait of a thread on a real-time vCPU that vmrpc-guestd shares among many: the thread sleeps in the guest kernel, and the service, which parks
 * the vCPU when nothing on it is runnable, wakes it for the agent's completion or its deadline. Made by {@link VmrpcGuest#share()} in a process that
 * {@code vmrpc run} has started. One instance belongs to one thread, any number of threads may have one.
 *
 * <p>The doorbell is rung by the caller before it waits. A thread that has left the shared CPU, or whose service is gone, waits as
 * {@link Waiting#sleeping()} does.
 */
public final class SharedVcpu implements Waiting {
    private static final int NOT_SERVED = -1;
    private final AtomicBuffer line;
    private final int slot;

    private SharedVcpu(final AtomicBuffer line, final int slot) {
        this.line = line;
        this.slot = slot;
    }

    static SharedVcpu of(final Region region) {
        final int slot = Service.slot();
        if (slot == NOT_SERVED || slot >= region.geometry().slotCount()) {
            throw new ConnectException("vmrpc-guestd does not serve this thread: start it with ./vmrpc guestd --daemon, and run the thread on its CPU");
        }
        return new SharedVcpu(region.slot(slot), slot);
    }

    @Override
    public boolean await(final Parker.Pending pending, final long deadlineNs, final boolean ring) {
        final int event = line.getIntAcquire(SlotDescriptor.EVENT); // G1; partner: A2, the agent's release of event + 1
        if (pending.isEmpty() && Service.vmrpc_shared_await(deadlineNs, event) == NOT_SERVED) { // G2; the service does G3 to G8
            LockSupport.parkNanos(Math.min(SLEEP_NS, deadlineNs - System.nanoTime()));
        }
        return false;
    }

    @Override
    public int slot() {
        return slot;
    }

    /** Functions of the library that {@code vmrpc run} preloads: they are in the process already, or not to be had. */
    private static final class Service {
        private static final boolean IS_THERE = isThere();

        private Service() {
        }

        private static boolean isThere() {
            try {
                com.sun.jna.Native.register(Service.class, NativeLibrary.getProcess());
                return true;
            } catch (final UnsatisfiedLinkError e) {
                return false;
            }
        }

        static int slot() {
            if (!IS_THERE) {
                throw new ConnectException("this process was not started with ./vmrpc run, which lets it share a real-time vCPU: start it so, or bind a vCPU of its own");
            }
            return vmrpc_shared_slot();
        }

        static native int vmrpc_shared_slot();

        static native int vmrpc_shared_await(long deadlineNs, int event);
    }
}
