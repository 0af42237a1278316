package io.vmrpc.bench.run;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.IOException;

/** CPU time of a whole process, those of its threads that have ended included, to the nanosecond: clock_getcpuclockid(3). For any thread. */
final class ProcessClock {
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private final int clock;

    static {
        Native.register(ProcessClock.class, NativeLibrary.getProcess());
    }

    ProcessClock(final long pid) throws IOException {
        final int[] id = new int[1];
        final int error = clock_getcpuclockid((int)pid, id);
        if (error != 0) {
            throw new IOException("clock_getcpuclockid of process " + pid + " failed with error " + error + ": has it ended?");
        }
        clock = id[0];
    }

    /** ns since the process began. */
    long ns() throws IOException {
        final long[] time = new long[2];
        if (clock_gettime(clock, time) != 0) {
            throw new IOException("a process whose CPU time is measured has ended");
        }
        return time[0] * NS_PER_SECOND + time[1];
    }

    private static native int clock_getcpuclockid(int pid, int[] clock);

    private static native int clock_gettime(int clock, long[] time);
}
