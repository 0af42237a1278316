package io.vmrpc.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.system.guest.GuardProgram;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The guard on a host with a PREEMPT_RT kernel without fair server and with RT throttling off, which is a guest here: CPU 0 is an ordinary one with the
 * machine's interrupt threads, CPU 1 is isolated and has no tick. Without the guard that machine stands still, so there is no such run for comparison.
 */
@Timeout(180)
class GuardTest {
    private static final int SECONDS = 10;
    /** The guard leaves 5 and 20 %; without it nothing is left. */
    private static final double LEAST = 0.01;
    private static GuestVm vm;
    private static GuestProcess program;

    @BeforeAll
    static void boot() throws IOException, InterruptedException {
        vm = GuestVm.start(config -> config.cpus(2).rtCpu(1));
        GuestProcess host = vm.run("echo \"host $(uname -v) throttling=$(cat /proc/sys/kernel/sched_rt_runtime_us) nohz=$(cat /sys/devices/system/cpu/nohz_full)\"");
        String facts = host.await("host", 60).text();
        System.out.println(facts);
        assertTrue(facts.contains("PREEMPT_RT") && facts.contains("throttling=-1") && facts.contains("nohz=1"), facts);
        program = vm.run(JavaCommand.line(System.getProperty("java.home"), GuardProgram.class));
        program.await("ready", 90);
    }

    @AfterAll
    static void powerOff() {
        vm.close();
    }

    @Test
    void anIsolatedCpuWithoutTickIsShared() throws Exception {
        spin(1, 95);
    }

    @Test
    void theCpuOfInterruptThreadsIsSharedAndTheMachineAnswers() throws Exception {
        spin(0, 80);
    }

    private static void spin(int cpu, int share) throws Exception {
        long realTime = spinner(cpu);
        long ordinary = spinner(cpu);
        program.send(realTime + " " + ordinary + " " + cpu + " " + share + " " + SECONDS);
        program.await("applied", 60);
        long start = System.nanoTime();
        int answers = 0;
        while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(SECONDS)) {
            vm.run("echo here").await("here", 30); // a new process, told by an interrupt
            answers++;
            Thread.sleep(200);
        }
        Words done = program.await("done", 60);
        vm.run("kill -9 " + realTime + " " + ordinary + "; echo killed").await("killed", 60);
        double ticks = done.number("ticks");
        System.out.printf("PREEMPT_RT, CPU %d, share %d: SCHED_FIFO 80 that spins %.1f %%, an ordinary process %.1f %%, demoted %d times; %d commands answered%n",
                cpu, share, 100 * done.number("realtime") / ticks, 100 * done.number("ordinary") / ticks, done.number("demoted"), answers);
        assertTrue(done.number("realtime") / ticks > 0.3, "it does not spin: " + done.text());
        assertTrue(done.number("ordinary") / ticks > LEAST && done.number("demoted") > 0, done.text());
    }

    private static long spinner(int cpu) throws IOException, InterruptedException {
        return vm.run("taskset -c " + cpu + " sh -c 'echo up pid=$$; while :; do :; done'").await("up", 30).number("pid");
    }
}
