package io.vmrpc.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A QEMU that runs on this host, as /proc shows it.
 *
 * @param words of its command line
 * @param environment variables that begin with VMRPC_, and LD_PRELOAD
 */
record RunningQemu(int pid, List<String> words, List<String> environment) {
    private static final Pattern PROGRAM = Pattern.compile(".*/?(qemu-system-.*|qemu-kvm|kvm)");

    static List<RunningQemu> all(KernelTree tree) {
        List<RunningQemu> found = new ArrayList<>();
        for (String name : tree.names("proc")) {
            if (name.matches("[0-9]{1,9}")) {
                of(tree, Integer.parseInt(name)).filter(qemu -> PROGRAM.matcher(qemu.words.get(0)).matches()).ifPresent(found::add);
            }
        }
        return found;
    }

    static Optional<RunningQemu> of(KernelTree tree, int pid) {
        Reading line = tree.read("proc/" + pid + "/cmdline");
        if (!line.isKnown() || line.text().isEmpty()) {
            return Optional.empty();
        }
        Reading variables = tree.read("proc/" + pid + "/environ");
        List<String> environment = variables.isKnown()
                ? List.of(variables.text().split("\0")).stream().filter(each -> each.startsWith("VMRPC_") || each.startsWith("LD_PRELOAD=")).toList()
                : List.of();
        return Optional.of(new RunningQemu(pid, List.of(line.text().split("\0")), environment));
    }

    /** {@return how reports call it} */
    String name() {
        String name = after("-name").map(word -> value(word, "guest").orElse(word.split(",")[0])).orElse("");
        return "QEMU " + pid + (name.isEmpty() ? "" : " (" + name + ")");
    }

    /** {@return the region that this VM was given, by its shim's configuration or as an ivshmem device} */
    Optional<String> region() {
        return environment.stream().filter(each -> each.startsWith("VMRPC_REGION=")).map(each -> each.substring("VMRPC_REGION=".length())).findFirst()
                .or(() -> all("-plugin").flatMap(word -> value(word, "region").stream()).findFirst())
                .or(() -> all("-device").filter(word -> word.contains("ivshmem-plain")).flatMap(word -> value(word, "memdev").stream())
                        .flatMap(this::backend).findFirst());
    }

    private java.util.stream.Stream<String> backend(String id) {
        return all("-object").filter(word -> value(word, "id").filter(id::equals).isPresent()).flatMap(word -> value(word, "mem-path").stream());
    }

    Optional<String> after(String option) {
        return all(option).findFirst();
    }

    private java.util.stream.Stream<String> all(String option) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i + 1 < words.size(); i++) {
            if (words.get(i).equals(option) || words.get(i).equals("-" + option)) {
                values.add(words.get(i + 1));
            }
        }
        return values.stream();
    }

    /** {@return a value of an option list, written as key=value,... or as JSON} */
    static Optional<String> value(String word, String key) {
        Matcher found = word.startsWith("{") ? Pattern.compile("\"" + key + "\":\\s*\"([^\"]*)\"").matcher(word)
                : Pattern.compile("(?:^|,)" + key + "=((?:[^,]|,,)*)").matcher(word);
        return found.find() ? Optional.of(found.group(1).replace(",,", ",")) : Optional.empty();
    }

    List<QemuThread> threads(KernelTree tree) {
        return tree.names("proc/" + pid + "/task").stream().flatMap(tid -> QemuThread.read(tree, "proc/" + pid + "/task/" + tid).stream()).toList();
    }
}
