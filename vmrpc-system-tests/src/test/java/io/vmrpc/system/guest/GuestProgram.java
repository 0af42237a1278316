package io.vmrpc.system.guest;

import io.vmrpc.error.ConnectException;
import io.vmrpc.guest.GuestContext;
import io.vmrpc.guest.VmrpcGuest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Connects, then does what its standard input says, a line for each task, and answers each with a line that begins with
 * {@code done} or {@code failed}. Argument: a region file for loopback; none in a VM.
 */
public final class GuestProgram {
    /** Exit status of a program that could not connect. */
    public static final int REFUSED = 3;

    private GuestProgram() {}

    /** The program. */
    public static void main(String[] arguments) throws IOException {
        GuestContext context = new GuestContext().timeout(Duration.ofSeconds(Long.parseLong(System.getenv().getOrDefault("VMRPC_TEST_TIMEOUT", "20"))));
        if (arguments.length > 0) {
            context.region(Path.of(arguments[0]));
        }
        try (VmrpcGuest guest = VmrpcGuest.connect(context)) {
            say("connected %s", guest.shim());
            obey(guest);
        } catch (ConnectException e) {
            say("refused %s", e.getMessage());
            System.exit(REFUSED);
        }
    }

    private static void obey(VmrpcGuest guest) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line; (line = lines.readLine()) != null && !line.equals("quit");) {
            String[] words = line.strip().split(" +");
            try {
                say("done %s", task(words[0]).run(guest, words));
            } catch (Exception e) {
                say("failed %s", e);
            }
        }
    }

    private static Task task(String name) {
        return switch (name) {
            case "park" -> new Park();
            case "mprotect" -> new Shootdown();
            case "timers" -> new Timers();
            case "scheduler" -> new Scheduler();
            case "call" -> new Call();
            case "typed" -> new TypedCalls();
            case "shared" -> new Shared();
            case "net" -> new Network();
            case "files" -> new HostFiles();
            case "withhold" -> new WithheldCall();
            case "outage" -> new Outage();
            case "shim" -> (guest, words) -> guest.shim();
            default -> throw new IllegalArgumentException("no task " + name);
        };
    }

    /** Writes a line for the test; whole and at once, as several threads may. */
    static void say(String format, Object... values) {
        System.out.print(String.format(format, values) + "\n");
        System.out.flush();
    }
}
