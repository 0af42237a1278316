package io.vmrpc.vm;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What one run tells the guest's init: shell variables, each quoted so that any byte but NUL arrives as it is. */
final class GuestScript {
    /** Folders that the guest gets as an empty tmpfs. */
    private static final List<Path> HIDDEN = List.of(Path.of("/tmp"), Path.of("/var/tmp"), Path.of("/run"));

    private GuestScript() {}

    static String of(VmConfig config, RootShare root, EndMark mark, @Nullable TapAddresses tap) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("END_MARK", mark.toString());
        variables.put("ROOT_TYPE", root.type);
        variables.put("ROOT_OPTIONS", root.options);
        variables.put("GUEST_NAME", "vmrpc-guest");
        variables.put("GUEST_ADDRESS", tap == null ? "" : tap.guest());
        variables.put("HOST_ADDRESS", tap == null ? "" : tap.host());
        variables.put("HOUSEKEEPING_MASK", config.rtCpu().isEmpty() ? "" : housekeepingMask(config));
        variables.put("COMMAND", command(config, tap));
        String assignments = variables.entrySet().stream().map(entry -> entry.getKey() + "=" + quote(entry.getValue()) + "\n")
                .collect(Collectors.joining());
        String shared = shared(config).stream().map(folder -> " \"$1\" " + quote(folder.toString()) + "\n").collect(Collectors.joining());
        return assignments + "for_each_shared() {\n :\n" + shared + "}\n";
    }

    private static String command(VmConfig config, @Nullable TapAddresses tap) {
        Map<String, String> environment = new LinkedHashMap<>(config.environment());
        environment.put("VMRPC_GUEST", "1");
        config.rtCpu().ifPresent(cpu -> environment.put("VMRPC_RT_CPU", Integer.toString(cpu)));
        if (tap != null) {
            environment.put("VMRPC_HOST_ADDRESS", tap.host());
            environment.put("VMRPC_GUEST_ADDRESS", tap.guest());
        }
        return "cd " + quote(config.workingFolder().toString()) + " && exec env -i "
                + Stream.concat(environment.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()), config.command().stream())
                        .map(GuestScript::quote).collect(Collectors.joining(" "));
    }

    /** {@return the folders to show that lie below a hidden one, outermost first, none within another} */
    static List<Path> shared(VmConfig config) {
        TreeSet<Path> wanted = new TreeSet<>(config.shared());
        wanted.add(config.workingFolder());
        return wanted.stream()
                .filter(folder -> HIDDEN.stream().anyMatch(hidden -> folder.startsWith(hidden) && !folder.equals(hidden)))
                .filter(folder -> wanted.stream().noneMatch(other -> !other.equals(folder) && folder.startsWith(other) && !HIDDEN.contains(other)
                        && other.getNameCount() > 1))
                .toList();
    }

    private static String housekeepingMask(VmConfig config) {
        long all = config.cpus() == 64 ? -1L : (1L << config.cpus()) - 1;
        String hex = Long.toHexString(all & ~(1L << config.rtCpu().getAsInt()));
        return hex.length() <= 8 ? hex : hex.substring(0, hex.length() - 8) + "," + hex.substring(hex.length() - 8);
    }

    /** {@return the text as one word for a POSIX shell} */
    static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
