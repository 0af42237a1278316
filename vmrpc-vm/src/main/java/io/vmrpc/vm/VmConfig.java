package io.vmrpc.vm;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What to boot and what to run in it; made by {@link #builder()}. A wrong value is refused with an {@link IllegalArgumentException}
 * that names the option and the remedy.
 *
 * @param cpus number of virtual CPUs, 1 to 64
 * @param rtCpu the CPU that is kept for real-time threads, 1 to cpus - 1, or empty
 * @param kernel rt, cloud or the path of a bzImage
 * @param memory as QEMU takes it: a number with M or G
 * @param network the guest's network
 * @param accelerator what executes the guest's code; empty: what can run it here, KVM rather than TCG
 * @param park how a vCPU waits under KVM
 * @param command program and arguments, found by PATH in the guest
 * @param environment the command's whole environment
 * @param workingFolder the command's working folder, absolute
 * @param shared host folders that the guest must see although they lie below one that it gets as an empty tmpfs
 * @param exchange a host folder that the guest can mount by 9p (tag {@code exchange}) and write to, or null
 * @param region the region's file, made by an agent, or null: then the guest has no VMRPC device
 * @param shim what serves the region in QEMU
 * @param removeAtEnd files that go with the guest, however it ends
 * @param kernelOptions more words for the guest kernel's command line, may be empty
 * @param bootTimeout longest time from power-on to the command's start
 * @param stdin source of the command's input, read by a thread of its own, or null: it reads end of file
 * @param stdout where the command's output goes; written by one thread, never closed
 * @param stderr where the command's errors go, likewise
 * @param progress gets one line for each step of booting
 */
public record VmConfig(int cpus, OptionalInt rtCpu, String kernel, String memory, Network network, Optional<Accelerator> accelerator, ParkMode park,
        List<String> command, Map<String, String> environment, Path workingFolder, List<Path> shared, @Nullable Path exchange, @Nullable Path region, QemuShim.Kind shim,
        List<Path> removeAtEnd, String kernelOptions, Duration bootTimeout, @Nullable InputStream stdin, OutputStream stdout, OutputStream stderr,
        Consumer<String> progress) {

    /** The guest's network: none, or a tap device with one address at each end. */
    public enum Network { NONE, TAP }

    /** Checks what it is given, and copies the collections. */
    public VmConfig {
        check(cpus >= 1 && cpus <= 64, "--cpus " + cpus + ": give a number from 1 to 64");
        rtCpu.ifPresent(cpu -> {
            check(cpu != 0, "--rt-cpu 0: CPU 0 takes the guest's interrupts; give 1 to " + (cpus - 1) + ", or none");
            check(cpu < cpus, "--rt-cpu " + cpu + ": the guest has CPUs 0 to " + (cpus - 1) + "; give more with --cpus, or --rt-cpu none");
        });
        check(memory.matches("[1-9][0-9]{0,6}[MG]"), "--mem " + memory + ": give a size such as 2G or 512M");
        check(megabytes(memory) >= 256, "--mem " + memory + ": a guest needs at least 256M");
        check(!command.isEmpty(), "there is no command to run in the guest: give it after --, for example -- uname -a");
        check(park == ParkMode.AUTO || !accelerator.filter(Accelerator.TCG::equals).isPresent(),
                "--park " + park.word() + ": TCG has one way to park; leave it out, or use --accel kvm");
        check(shim != QemuShim.Kind.SLICES || accelerator.filter(Accelerator.TCG::equals).isPresent(), "shim kind SLICES is TCG's: ask for that accelerator");
        command.forEach(word -> check(word.indexOf('\0') < 0, "the command contains a NUL character"));
        environment.keySet().forEach(name -> check(name.matches("[A-Za-z_][A-Za-z0-9_]*"), "--env " + name + ": not the name of a variable"));
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        shared = List.copyOf(shared);
        removeAtEnd = List.copyOf(removeAtEnd);
    }

    /** {@return a builder: 2 virtual CPUs, CPU 1 for real time, 2 GiB, kernel rt, no network, no region, output to this process's} */
    public static Builder builder() {
        return new Builder();
    }

    private static long megabytes(String memory) {
        long number = Long.parseLong(memory.substring(0, memory.length() - 1));
        return memory.endsWith("G") ? number * 1024 : number;
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    /** Collects the settings of one guest; what they mean is said at {@link VmConfig}. Not thread-safe. */
    public static final class Builder {
        private int cpus = 2;
        private OptionalInt rtCpu = OptionalInt.of(1);
        private String kernel = "rt";
        private String memory = "2G";
        private Network network = Network.NONE;
        private Optional<Accelerator> accelerator = Optional.empty();
        private ParkMode park = ParkMode.AUTO;
        private List<String> command = List.of();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private Path workingFolder = Path.of("").toAbsolutePath();
        private final List<Path> shared = new ArrayList<>();
        private @Nullable Path exchange;
        private @Nullable Path region;
        private QemuShim.Kind shim = QemuShim.Kind.HOOK;
        private final List<Path> removeAtEnd = new ArrayList<>();
        private String kernelOptions = "";
        private Duration bootTimeout = Duration.ofSeconds(120);
        private @Nullable InputStream stdin;
        private OutputStream stdout = System.out;
        private OutputStream stderr = System.err;
        private Consumer<String> progress = line -> { };

        private Builder() {
            for (String name : List.of("PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "JAVA_HOME")) {
                String value = System.getenv(name);
                if (value != null) {
                    environment.put(name, value);
                }
            }
            environment.putIfAbsent("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        }

        /** {@return this} */
        public Builder cpus(int count) {
            cpus = count;
            return this;
        }

        /**
         * @param cpu the real-time CPU, or -1 for none
         * @return this
         */
        public Builder rtCpu(int cpu) {
            rtCpu = cpu < 0 ? OptionalInt.empty() : OptionalInt.of(cpu);
            return this;
        }

        /** {@return this} */
        public Builder kernel(String rtCloudOrFile) {
            kernel = rtCloudOrFile;
            return this;
        }

        /** {@return this} */
        public Builder memory(String size) {
            memory = size;
            return this;
        }

        /** {@return this} */
        public Builder network(Network kind) {
            network = kind;
            return this;
        }

        /**
         * @param kind what executes the guest's code; null: what can run it here
         * @return this
         */
        public Builder accelerator(@Nullable Accelerator kind) {
            accelerator = Optional.ofNullable(kind);
            return this;
        }

        /** {@return this} */
        public Builder park(ParkMode mode) {
            park = mode;
            return this;
        }

        /** {@return this} */
        public Builder command(List<String> programAndArguments) {
            command = programAndArguments;
            return this;
        }

        /**
         * Adds to the command's environment, which begins with PATH, HOME, USER, LANG, LC_ALL, TZ and JAVA_HOME of this process.
         *
         * @param name variable
         * @param value its value
         * @return this
         */
        public Builder environment(String name, String value) {
            environment.put(name, value);
            return this;
        }

        /**
         * @param folder where the command starts; made absolute
         * @return this
         */
        public Builder workingFolder(Path folder) {
            workingFolder = folder.toAbsolutePath().normalize();
            return this;
        }

        /**
         * @param folder a host folder that the guest must see even if it lies below /tmp, /var/tmp or /run
         * @return this
         */
        public Builder share(Path folder) {
            shared.add(folder.toAbsolutePath().normalize());
            return this;
        }

        /** {@return this; a host folder that the guest can mount by 9p, tag {@code exchange}, and write to} */
        public Builder exchange(Path folder) {
            exchange = folder.toAbsolutePath().normalize();
            return this;
        }

        /** {@return this} */
        public Builder region(@Nullable Path file) {
            region = file;
            return this;
        }

        /** {@return this} */
        public Builder shim(QemuShim.Kind kind) {
            shim = kind;
            return this;
        }

        /**
         * @param file removed when the guest has ended, also if this process is killed
         * @return this
         */
        public Builder removeAtEnd(Path file) {
            removeAtEnd.add(file.toAbsolutePath());
            return this;
        }

        /** {@return this} */
        public Builder kernelOptions(String words) {
            kernelOptions = words;
            return this;
        }

        /** {@return this} */
        public Builder bootTimeout(Duration longest) {
            bootTimeout = longest;
            return this;
        }

        /** {@return this} */
        public Builder stdin(@Nullable InputStream source) {
            stdin = source;
            return this;
        }

        /** {@return this} */
        public Builder stdout(OutputStream target) {
            stdout = target;
            return this;
        }

        /** {@return this} */
        public Builder stderr(OutputStream target) {
            stderr = target;
            return this;
        }

        /** {@return this} */
        public Builder progress(Consumer<String> listener) {
            progress = listener;
            return this;
        }

        /**
         * {@return the settings, checked}
         *
         * @throws IllegalArgumentException naming the option and the remedy
         */
        public VmConfig build() {
            return new VmConfig(cpus, rtCpu, kernel, memory, network, accelerator, park, command, environment, workingFolder, shared, exchange, region, shim,
                    removeAtEnd, kernelOptions, bootTimeout, stdin, stdout, stderr, progress);
        }
    }
}
