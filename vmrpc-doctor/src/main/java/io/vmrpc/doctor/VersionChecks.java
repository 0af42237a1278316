package io.vmrpc.doctor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Programs that VMRPC stands on. */
final class VersionChecks {
    private static final Pattern VERSION = Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})(\\.[0-9]{1,3})?");
    /** Debian's QEMU whose plugin API this build has; the API changed incompatibly by this version. */
    private static final int OTHER_PLUGIN_API = 9;

    private VersionChecks() {}

    static Finding qemu(Machine machine) {
        String told = machine.target().monitor() == null ? machine.programs().qemuVersion() : machine.target().monitor().version();
        Matcher version = VERSION.matcher(told);
        if (!version.find()) {
            return Finding.warning("no qemu-system-x86_64 in PATH", "apt-get install qemu-system-x86, or name a running VM with --qmp SOCKET");
        }
        return Integer.parseInt(version.group(1)) < OTHER_PLUGIN_API ? Finding.ok(version.group())
                : Finding.warning(version.group() + ": its plugin API is not the one that this build's TCG shim has; KVM's shim does not use it",
                        "under TCG use QEMU 7.2 to 8.2");
    }

    static Finding jdk(Machine machine) {
        return Finding.ok(System.getProperty("java.vm.name") + " " + Runtime.version());
    }
}
