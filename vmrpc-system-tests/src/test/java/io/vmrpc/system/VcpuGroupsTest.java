package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.system.guest.ControlProgram;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * The control with cgroup v2, all of whose controllers this test needs for itself: in a guest, where nobody has mounted another version. The VM
 * that is controlled is a QEMU inside that guest, in a group with a quota; one JVM there controls it for the whole class.
 */
@Timeout(180)
@TestMethodOrder(OrderAnnotation.class)
class VcpuGroupsTest {
    private static final String VM = "/sys/fs/cgroup/vm";
    private static final String QEMU = "exec qemu-system-x86_64 -S -accel tcg,thread=multi -m 16 -display none -nodefaults " +
            "-qmp unix:/tmp/qmp,server=on,wait=off -sandbox on,resourcecontrol=deny";
    private static GuestVm vm;
    private static GuestProcess control;
    private static long pid;
    private static long tid;

    @BeforeAll
    static void boot() throws IOException, InterruptedException {
        vm = GuestVm.start(config -> config.cpus(3).rtCpu(2));
        shell("mount -t cgroup2 none /sys/fs/cgroup && echo '+cpuset +cpu +memory' >/sys/fs/cgroup/cgroup.subtree_control && mkdir " + VM);
        shell("echo '50000 100000' >" + VM + "/cpu.max");
        vm.run("sh -c 'echo $$ >" + VM + "/cgroup.procs; " + QEMU + "'");
        shell("until [ -S /tmp/qmp ]; do sleep 0.1; done");
        control = vm.run("sh -c 'echo $$ >/tmp/control; exec " + JavaCommand.line(System.getProperty("java.home"), ControlProgram.class, "/tmp/qmp") + "'");
        Words found = control.await("found", 90);
        pid = found.number("pid");
        tid = found.number("tid");
    }

    @AfterAll
    static void powerOff() {
        vm.close();
    }

    /** {@return the output lines of a command in the guest} */
    private static List<String> shell(String command) throws IOException, InterruptedException {
        GuestProcess process = vm.run("{ " + command + " ; } 2>&1 | sed 's/^/out /'; echo end");
        process.await("end", 60);
        return process.toString().lines().filter(line -> line.contains(" s: out ")).map(line -> line.substring(line.indexOf(" s: out ") + 8)).toList();
    }

    /** What a control may change: policy, CPUs and group of the vCPU's thread and of QEMU's first one, and QEMU's group. */
    private static List<String> state() throws IOException, InterruptedException {
        return shell("for t in " + tid + " " + pid + "; do chrt -p $t; taskset -cp $t; cat /proc/" + pid + "/task/$t/cgroup; done; " +
                "ls -d " + VM + "/*/; cat " + VM + "/cgroup.type " + VM + "/cgroup.subtree_control " + VM + "/memory.swap.max");
    }

    private static String file(String name) throws IOException, InterruptedException {
        return String.join(" ", shell("cat " + VM + "/vmrpc-vcpu-" + tid + "/" + name));
    }

    private static String answer(String line) throws IOException, InterruptedException {
        control.send(line);
        return control.await("d", 60).text(); // done, declined
    }

    @Test
    @Order(1)
    void oneThreadGetsAThreadedGroupAndAllComesBack() throws Exception {
        List<String> before = state();
        String facts = answer("apply 2");
        assertTrue(facts.contains("threaded cgroup " + VM + "/vmrpc-vcpu-" + tid + ": CPUs 2, no quota of its own"), facts);
        assertEquals("threaded", file("cgroup.type"));
        assertEquals(Long.toString(tid), file("cgroup.threads"), "the one thread");
        assertEquals("2", file("cpuset.cpus.effective"));
        assertEquals("max 100000", file("cpu.max"));
        String during = String.join("\n", state());
        assertTrue(during.contains("pid " + tid + "'s current scheduling policy: SCHED_FIFO\npid " + tid + "'s current scheduling priority: 80"), during);
        assertTrue(during.contains("pid " + pid + "'s current scheduling policy: SCHED_OTHER"), during);
        assertTrue(during.contains("pid " + tid + "'s current affinity list: 2"), during);
        assertEquals("done closed", answer("close"));
        assertEquals(before, state());
    }

    @Test
    @Order(2)
    void memoryOfAVmAloneInItsGroupIsKeptFromSwap() throws Exception {
        List<String> before = state();
        String facts = answer("apply any memory");
        assertTrue(facts.contains("memory.swap.max of " + VM + " is 0 (for all of QEMU)"), facts);
        assertEquals(List.of("0"), shell("cat " + VM + "/memory.swap.max"));
        assertEquals("done closed", answer("close"));
        assertEquals(before, state());
    }

    @Test
    @Order(3)
    void anIsolatedPartitionIsMadeOrRefusedInTheKernelsWords() throws Exception {
        List<String> before = state();
        String refusal = answer("apply 2 isolated");
        assertTrue(refusal.startsWith("declined") && refusal.contains("isolated invalid (Parent is not a partition root)"), refusal);
        assertEquals(before, state(), "all or nothing");
        shell("echo 1-2 >" + VM + "/cpuset.cpus; echo root >" + VM + "/cpuset.cpus.partition");
        String facts = answer("apply 2 isolated");
        assertTrue(facts.contains("CPUs 2 are an isolated partition"), facts);
        assertEquals("isolated", file("cpuset.cpus.partition"));
        assertEquals("done closed", answer("close"));
        shell("echo member >" + VM + "/cpuset.cpus.partition");
    }

    @Test
    @Order(4)
    void cpusOutsideTheGroupAreRefused() throws Exception {
        shell("echo 1 >" + VM + "/cpuset.cpus");
        List<String> before = state();
        String refusal = answer("apply 2");
        assertTrue(refusal.startsWith("declined CPUs 2 are not all in cgroup " + VM + " (1)"), refusal);
        assertEquals(before, state());
        shell("echo 0-2 >" + VM + "/cpuset.cpus");
    }

    @Test
    @Order(5)
    void killedItUndoesAllAsWell() throws Exception {
        answer("apply 2");
        shell("kill -9 $(cat /tmp/control)");
        shell("until chrt -p " + tid + " | grep -q OTHER && [ ! -e " + VM + "/vmrpc-vcpu-" + tid + " ]; do sleep 0.1; done");
        String after = String.join("\n", state());
        assertTrue(after.contains("pid " + tid + "'s current affinity list: 0-2\n0::/vm\n"), after);
        assertTrue(after.endsWith("domain\nmax"), after);
    }
}
