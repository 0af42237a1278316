package io.vmrpc.bench.worker;

import java.io.IOException;

/** stress-ng on the guest's ordinary CPUs: two CPU hogs and a memory hog. */
final class GuestLoad {
    private Process process;

    void set(final boolean on) throws IOException {
        if (on == (process != null)) {
            return;
        }
        if (on) {
            process = new ProcessBuilder("stress-ng", "--cpu", "2", "--vm", "1", "--vm-bytes", "64m", "--quiet")
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } else {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process = null;
        }
    }
}
