package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.system.guest.GuestProgram;
import io.vmrpc.vm.QemuShim;
import java.nio.file.Path;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What connect says of each thing that is missing. */
@Timeout(240)
class ConnectTest {
    @Test
    void withoutADevice() throws Exception {
        try (GuestVm vm = GuestVm.start(UnaryOperator.identity())) {
            refused(vm.program(""), "this machine has no ivshmem device (PCI 1af4:1110): start the VM with -object memory-backend-file");
        }
    }

    @Test
    void withoutAShimOrPrivilege() throws Exception {
        Path region = TestAgent.region("connect");
        try (TestAgent agent = new TestAgent(region); GuestVm vm = GuestVm.start(config -> config.region(region).shim(QemuShim.Kind.NONE))) {
            refused(vm.program(""), "no shim serves this VM's region: start QEMU with the plugin libvmrpc-qemu-tcg.so");
            refused(nobody(vm), "no permission to write");
            assertEquals(0, agent.counters(region).sessions().get());
        }
    }

    @Test
    void withoutAnAgentAndWithOneThatComesLater() throws Exception {
        Path region = TestAgent.region("connect");
        new TestAgent(region).stop(); // leaves the region
        try (GuestVm vm = GuestVm.start(region)) {
            refused(vm.program("VMRPC_TEST_TIMEOUT=3"), "no agent serves this region: start one on the host");
            try (TestAgent agent = new TestAgent(region)) {
                vm.connect().task("call 10 80", 30);
                assertEquals(1, agent.counters(region).sessions().get());
            }
        }
    }

    private static void refused(GuestProcess program, String reason) throws InterruptedException {
        String message = program.await("refused", 60).text();
        System.out.println("ConnectTest: " + message);
        assertTrue(message.contains(reason), message);
        assertEquals(GuestProgram.REFUSED, program.awaitExit(20));
    }

    /** The program as a user without rights. What it is made of is copied for it, as root's home may be closed to it. */
    private static GuestProcess nobody(GuestVm vm) throws Exception {
        List<String> parts = List.of(System.getProperty("java.class.path").split(":"));
        StringJoiner copies = new StringJoiner(":");
        StringJoiner commands = new StringJoiner("; ");
        for (String part : parts) {
            if (part.matches(".*(/vmrpc-|/jna|/agrona|/native/|classes).*")) {
                copies.add("/tmp/copy" + copies.length());
                commands.add("cp -r " + part + " " + copies.toString().replaceFirst(".*:", ""));
            }
        }
        String java = JavaCommand.line(System.getProperty("java.home"), GuestProgram.class).replace(System.getProperty("java.class.path"), copies.toString());
        return vm.run(commands + "; chmod -R a+rX /tmp/copy*; HOME=/tmp setpriv --reuid=65534 --regid=65534 --clear-groups " + java);
    }
}
