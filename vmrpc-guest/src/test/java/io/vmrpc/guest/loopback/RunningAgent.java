package io.vmrpc.guest.loopback;

import io.vmrpc.host.Agent;
import io.vmrpc.host.AgentContext;
import io.vmrpc.layout.Geometry;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An agent with the {@link TestService}, here or in a process of its own. */
interface RunningAgent extends AutoCloseable {
    Geometry GEOMETRY = new Geometry(4, 8, 16, 256);

    @Override
    void close();

    /** Where an agent runs. */
    enum Place {
        /** In this process: closed in good order. */
        HERE {
            @Override
            RunningAgent start(final Path region) throws IOException {
                return launch(region)::close;
            }
        },
        /** In a child JVM: closed by SIGKILL. */
        CHILD {
            @Override
            RunningAgent start(final Path region) throws IOException {
                return child(region);
            }
        };

        abstract RunningAgent start(Path region) throws IOException;
    }

    static Agent launch(final Path region) throws IOException {
        return Agent.launch(new AgentContext().region(region).geometry(GEOMETRY).service(new TestService()));
    }

    private static RunningAgent child(final Path region) throws IOException {
        final List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream().filter(arg -> !arg.startsWith("-agentlib")).toList());
        command.addAll(List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Main.class.getName(), region.toString()));
        final Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        if (process.getInputStream().read() != '!') {
            process.destroyForcibly();
            throw new IOException("the child agent did not start: " + command);
        }
        return () -> process.destroyForcibly().onExit().join();
    }

    /** The child's program. Ends with its parent. */
    final class Main {
        private Main() {
        }

        /**
         * Serves one region.
         *
         * @param args its path.
         * @throws IOException if it cannot be served.
         */
        public static void main(final String[] args) throws IOException {
            final Agent agent = launch(Path.of(args[0]));
            System.out.print('!');
            System.out.flush();
            while (System.in.read() >= 0) {
                continue; // the parent writes nothing: this waits for the end of the pipe
            }
            agent.close();
        }
    }
}
