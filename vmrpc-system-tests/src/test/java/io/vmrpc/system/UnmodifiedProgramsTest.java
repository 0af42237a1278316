package io.vmrpc.system;

import static io.vmrpc.system.ServedGuest.RUN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.system.guest.PlainTimers;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Programs that nobody here wrote, on a shared real-time vCPU: they do what they do elsewhere, and the service's own count shows that it served them. */
@Timeout(180)
class UnmodifiedProgramsTest {
    private static final int CYCLES = 300;
    private static ServedGuest guest;

    @BeforeAll
    @Timeout(240)
    static void boot() throws Exception {
        guest = ServedGuest.boot("programs");
    }

    @AfterAll
    static void end() throws IOException {
        if (guest != null) {
            guest.close();
        }
    }

    private static void served(int least, ServedGuest.Body body) throws Exception {
        System.out.println("UnmodifiedProgramsTest: " + guest.served(least, body));
    }

    /** Each thread's last line says how many cycles it counted. */
    private static void cyclictest(String run, String options, int threads) throws Exception {
        GuestProcess test = guest.run(run + " cyclictest --mlockall -q -l " + CYCLES + " -p 80 " + options);
        for (int i = 0; i < threads; i++) {
            String line = test.await("T:", 60).text();
            System.out.println("UnmodifiedProgramsTest: " + options + ": " + line);
            int cycles = Integer.parseInt(line.replaceAll(".*C: *(\\d+) .*", "$1"));
            assertTrue(cycles > 0 && (i > 0 || cycles >= CYCLES), line);
            assertTrue(Integer.parseInt(line.replaceAll(".*Min: *(-?\\d+) .*", "$1")) >= 0, () -> "woken early: " + line);
        }
        assertEquals(0, test.awaitExit(20));
    }

    @Test
    void cyclictestOnOneCpuWithSeveralThreads() throws Exception {
        served(4 * CYCLES / 2, () -> {
            cyclictest(RUN + "--", "-t 4 -a 1 -i 1000", 4);
            cyclictest(RUN + "--", "-t 2 -a 1 -i 10000", 2);
        });
    }

    @Test
    void cyclictestOnAllCpus() throws Exception { // taskset: an isolated CPU is none that a program has by itself
        served(CYCLES, () -> {
            cyclictest(RUN + "--any-cpu -- taskset -c 0,1", "--smp -i 1000", 2);
            cyclictest(RUN + "--any-cpu -- taskset -c 0,1", "--smp -i 10000", 2);
        });
    }

    @Test
    void cyclictestOwnsTheVcpu() throws Exception {
        served(0, () -> cyclictest(RUN + "--any-cpu --direct --", "-t 1 -a 1 -i 1000", 1));
    }

    @Test
    void aJvmThatKnowsItsOwnTimersOnly() throws Exception {
        served(200, () -> {
            GuestProcess java = guest.run(RUN + "-- " + JavaCommand.line(System.getProperty("java.home"), PlainTimers.class, "100"));
            assertEquals("timers early=0 parked=100 runs=100", java.await("timers ", 90).text());
            assertEquals(0, java.awaitExit(20));
        });
    }

    @Test
    void aVideoPlayerShowsEveryFrame() throws Exception {
        served(50, () -> {
            // 100 frames of 64x48, 50 a second: a header, then for each frame a line and 64 * 48 * 3 / 2 bytes
            guest.run("{ echo 'YUV4MPEG2 W64 H48 F50:1 Ip A1:1 C420jpeg'; for i in $(seq 100); do echo FRAME; head -c 4608 /dev/zero; done; } >/tmp/video.y4m")
                    .awaitExit(30);
            GuestProcess player = guest.run(RUN + "--fifo 50 -- mpv --no-config --vo=null --no-audio --really-quiet --load-scripts=no --dump-stats=/tmp/stats"
                    + " /tmp/video.y4m");
            assertEquals(0, player.awaitExit(90));
            GuestProcess count = guest.run("echo frames $(grep -c 'start video-flip' /tmp/stats)");
            int frames = Integer.parseInt(count.await("frames", 10).text().substring("frames ".length()));
            assertTrue(frames >= 90 && frames <= 101, "mpv showed " + frames + " of 100 frames"); // it drops those that a busy machine makes late
        });
    }

    @Test
    void whatCannotBePreloadedRunsAsBefore() throws Exception {
        served(0, () -> {
            GuestProcess fixed = guest.run(RUN + "-- /bin/busybox echo hello");
            assertTrue(fixed.await("vmrpc run: /bin/busybox is statically linked", 10).text().contains("with the kernel's timers"));
            fixed.await("hello", 10);
            assertEquals(0, fixed.awaitExit(10));
            guest.run("cp /bin/sleep /tmp/other && chown 65534 /tmp/other && chmod 4755 /tmp/other").awaitExit(10);
            GuestProcess other = guest.run(RUN + "-- /tmp/other 0.01");
            other.await("vmrpc run: /tmp/other runs with another user's or group's rights", 10);
            assertEquals(0, other.awaitExit(10));
        });
        GuestProcess alone = guest.run(RUN + "-- echo there");
        assertTrue(alone.await("vmrpc run: vmrpc-guestd does not answer", 10).text().contains("vmrpc guestd --daemon"));
        alone.await("there", 10);
        assertEquals(0, alone.awaitExit(10));
    }
}
