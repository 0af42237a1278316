package io.vmrpc.doctor;

import io.vmrpc.vm.KvmProbe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** What is found by running a program rather than by reading a file. */
interface Programs {
    /** {@return what the QEMU in PATH says of its version; empty if there is none} */
    String qemuVersion();

    /**
     * {@return what /dev/kvm can run}
     *
     * @throws IOException if it cannot be tried
     */
    KvmProbe kvm() throws IOException;

    /** Those of this machine. */
    Programs REAL = new Programs() {
        private static final long TIMEOUT_SECONDS = 10;

        @Override
        public String qemuVersion() {
            try {
                Process qemu = new ProcessBuilder("qemu-system-x86_64", "--version").redirectErrorStream(true).start();
                try {
                    return qemu.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) ? new String(qemu.getInputStream().readAllBytes(), StandardCharsets.UTF_8) : "";
                } finally {
                    qemu.destroyForcibly();
                }
            } catch (IOException e) {
                return "";
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return "";
            }
        }

        @Override
        public KvmProbe kvm() throws IOException {
            try {
                return KvmProbe.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("the probe was interrupted", e);
            }
        }
    };
}
