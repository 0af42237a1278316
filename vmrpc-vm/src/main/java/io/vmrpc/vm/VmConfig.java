package io.vmrpc.vm;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What to boot and what to run in it. Immutable; made by {@link #builder()}. A wrong value is refused by
 * {@link Builder#build()} with an {@link IllegalArgumentException} that names the option and the remedy.
 */
public final class VmConfig {
    /** The guest's network: none, or a tap device with one address at each end. */
    public enum Network { NONE, TAP }

    /** What executes the guest's code: AUTO picks what works here. */
    public enum Accelerator { AUTO, TCG }

    private final Builder from;
    private final List<String> command;
    private final Map<String, String> environment;
    private final List<Path> shared;
    private final List<Path> removeAtEnd;

    private VmConfig(Builder from) {
        this.from = from.copy();
        this.command = List.copyOf(from.command);
        this.environment = Map.copyOf(from.environment);
        this.shared = List.copyOf(from.shared);
        this.removeAtEnd = List.copyOf(from.removeAtEnd);
    }

    /** {@return a builder: 2 virtual CPUs, CPU 1 for real time, 2 GiB, kernel rt, no network, no region, output to this process's} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return number of virtual CPUs} */
    public int cpus() {
        return from.cpus;
    }

    /** {@return the CPU that is kept for real-time threads, or empty} */
    public OptionalInt rtCpu() {
        return from.rtCpu < 0 ? OptionalInt.empty() : OptionalInt.of(from.rtCpu);
    }

    /** {@return rt, cloud or the path of a bzImage} */
    public String kernel() {
        return from.kernel;
    }

    /** {@return memory as QEMU takes it: a number with M or G} */
    public String memory() {
        return from.memory;
    }

    /** {@return the network} */
    public Network network() {
        return from.network;
    }

    /** {@return the accelerator} */
    public Accelerator accelerator() {
        return from.accelerator;
    }

    /** {@return program and arguments, found by PATH in the guest} */
    public List<String> command() {
        return command;
    }

    /** {@return the command's whole environment} */
    public Map<String, String> environment() {
        return environment;
    }

    /** {@return the command's working folder, absolute} */
    public Path workingFolder() {
        return from.workingFolder;
    }

    /** {@return host folders that the guest must see although they lie below one that it gets as an empty tmpfs} */
    public List<Path> shared() {
        return shared;
    }

    /** {@return the region's file, or null: then the guest has no VMRPC device} */
    public @Nullable Path region() {
        return from.region;
    }

    /** {@return what serves the region in QEMU} */
    public QemuShim.Kind shim() {
        return from.shim;
    }

    /** {@return files that go with the guest, however it ends} */
    public List<Path> removeAtEnd() {
        return removeAtEnd;
    }

    /** {@return more words for the guest kernel's command line, may be empty} */
    public String kernelOptions() {
        return from.kernelOptions;
    }

    /** {@return longest time from power-on to the command's start} */
    public Duration bootTimeout() {
        return from.bootTimeout;
    }

    /** {@return source of the command's input, or null: it reads end of file} */
    public @Nullable InputStream stdin() {
        return from.stdin;
    }

    /** {@return where the command's output goes} */
    public OutputStream stdout() {
        return from.stdout;
    }

    /** {@return where the command's errors go} */
    public OutputStream stderr() {
        return from.stderr;
    }

    /** {@return gets one line for each step of booting} */
    public Consumer<String> progress() {
        return from.progress;
    }

    /** Collects the settings of one guest. Not thread-safe. */
    public static final class Builder {
        private int cpus = 2;
        private int rtCpu = 1;
        private String kernel = "rt";
        private String memory = "2G";
        private Network network = Network.NONE;
        private Accelerator accelerator = Accelerator.AUTO;
        private List<String> command = List.of();
        private Map<String, String> environment = new LinkedHashMap<>();
        private Path workingFolder = Path.of("").toAbsolutePath();
        private List<Path> shared = new ArrayList<>();
        private @Nullable Path region;
        private QemuShim.Kind shim = QemuShim.Kind.HOOK;
        private List<Path> removeAtEnd = new ArrayList<>();
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

        private Builder copy() {
            Builder copy = new Builder();
            copy.cpus = cpus;
            copy.rtCpu = rtCpu;
            copy.kernel = kernel;
            copy.memory = memory;
            copy.network = network;
            copy.accelerator = accelerator;
            copy.workingFolder = workingFolder;
            copy.region = region;
            copy.shim = shim;
            copy.kernelOptions = kernelOptions;
            copy.bootTimeout = bootTimeout;
            copy.stdin = stdin;
            copy.stdout = stdout;
            copy.stderr = stderr;
            copy.progress = progress;
            return copy;
        }

        /**
         * @param count virtual CPUs, 1 to 64
         * @return this
         */
        public Builder cpus(int count) {
            cpus = count;
            return this;
        }

        /**
         * @param cpu the CPU to keep for real-time threads, 1 to cpus - 1, or -1 for none
         * @return this
         */
        public Builder rtCpu(int cpu) {
            rtCpu = cpu;
            return this;
        }

        /**
         * @param rtCloudOrFile rt, cloud or the path of a bzImage
         * @return this
         */
        public Builder kernel(String rtCloudOrFile) {
            kernel = rtCloudOrFile;
            return this;
        }

        /**
         * @param size for example 2G or 512M
         * @return this
         */
        public Builder memory(String size) {
            memory = size;
            return this;
        }

        /**
         * @param kind the guest's network
         * @return this
         */
        public Builder network(Network kind) {
            network = kind;
            return this;
        }

        /**
         * @param kind what executes the guest's code
         * @return this
         */
        public Builder accelerator(Accelerator kind) {
            accelerator = kind;
            return this;
        }

        /**
         * @param programAndArguments what to run
         * @return this
         */
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

        /**
         * @param file the region, created by an agent; null for none
         * @return this
         */
        public Builder region(@Nullable Path file) {
            region = file;
            return this;
        }

        /**
         * @param kind what serves the region in QEMU
         * @return this
         */
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

        /**
         * @param words appended to the guest kernel's command line
         * @return this
         */
        public Builder kernelOptions(String words) {
            kernelOptions = words;
            return this;
        }

        /**
         * @param longest from power-on to the command's start
         * @return this
         */
        public Builder bootTimeout(Duration longest) {
            bootTimeout = longest;
            return this;
        }

        /**
         * @param source the command's input, read by a thread of its own; null for none
         * @return this
         */
        public Builder stdin(@Nullable InputStream source) {
            stdin = source;
            return this;
        }

        /**
         * @param target the command's output; written by one thread, never closed
         * @return this
         */
        public Builder stdout(OutputStream target) {
            stdout = target;
            return this;
        }

        /**
         * @param target the command's errors; written by one thread, never closed
         * @return this
         */
        public Builder stderr(OutputStream target) {
            stderr = target;
            return this;
        }

        /**
         * @param listener gets one line for each step of booting
         * @return this
         */
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
            Objects.requireNonNull(kernel, "kernel");
            check(cpus >= 1 && cpus <= 64, "--cpus " + cpus + ": give a number from 1 to 64");
            check(rtCpu != 0, "--rt-cpu 0: CPU 0 takes the guest's interrupts; give 1 to " + (cpus - 1) + ", or none");
            check(rtCpu < cpus, "--rt-cpu " + rtCpu + ": the guest has CPUs 0 to " + (cpus - 1) + "; give more with --cpus, or --rt-cpu none");
            check(memory.matches("[1-9][0-9]{0,6}[MG]"), "--mem " + memory + ": give a size such as 2G or 512M");
            check(megabytes() >= 256, "--mem " + memory + ": a guest needs at least 256M");
            check(!command.isEmpty(), "there is no command to run in the guest: give it after --, for example -- uname -a");
            command.forEach(word -> check(word.indexOf('\0') < 0, "the command contains a NUL character"));
            environment.keySet().forEach(name -> check(name.matches("[A-Za-z_][A-Za-z0-9_]*"), "--env " + name + ": not the name of a variable"));
            return new VmConfig(this);
        }

        private long megabytes() {
            long number = Long.parseLong(memory.substring(0, memory.length() - 1));
            return memory.endsWith("G") ? number * 1024 : number;
        }

        private static void check(boolean holds, String message) {
            if (!holds) {
                throw new IllegalArgumentException(message);
            }
        }
    }
}
