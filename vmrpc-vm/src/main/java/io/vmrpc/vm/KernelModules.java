package io.vmrpc.vm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The modules that a guest loads, in an order in which each finds what it depends on. */
final class KernelModules {
    /** Where {@code MODULE_INFO(depends, ...)} stands in the .modinfo section; the value ends with a NUL. */
    private static final byte[] DEPENDS = "\0depends=".getBytes(StandardCharsets.US_ASCII);

    private final KernelPackage kernel;
    private final Map<String, Path> files = new HashMap<>();
    private final Map<String, byte[]> ordered = new LinkedHashMap<>();

    private KernelModules(KernelPackage kernel) {
        this.kernel = kernel;
    }

    /** {@return whether the kernel has it, as a module or built in; a kernel without modules is taken to have everything} */
    static boolean has(KernelPackage kernel, String name) throws IOException {
        if (kernel.modules().isEmpty()) {
            return true;
        }
        KernelModules modules = new KernelModules(kernel);
        modules.index(kernel.modules().get());
        return modules.files.containsKey(name);
    }

    /**
     * @param wanted names of modules; what is built in or unknown to a kernel without modules is left out
     * @return file name to content, in loading order
     */
    static Map<String, byte[]> inLoadingOrder(KernelPackage kernel, List<String> wanted) throws IOException {
        if (kernel.modules().isEmpty()) {
            return Map.of();
        }
        KernelModules modules = new KernelModules(kernel);
        modules.index(kernel.modules().get());
        for (String name : wanted) {
            modules.add(name, new ArrayList<>());
        }
        return modules.ordered;
    }

    private void index(Path folder) throws IOException {
        Path builtin = folder.resolve("modules.builtin");
        if (Files.exists(builtin)) {
            Files.readAllLines(builtin).forEach(line -> files.put(nameOf(Path.of(line)), Path.of("")));
        }
        try (Stream<Path> all = Files.walk(folder.resolve("kernel"))) {
            all.filter(file -> file.getFileName().toString().contains(".ko")).forEach(file -> files.put(nameOf(file), file));
        }
    }

    private void add(String name, List<String> path) throws IOException {
        Path file = files.get(name);
        if (file == null) {
            throw new VmException("kernel " + kernel.version() + " has no module " + name + ", which the guest needs: use --kernel rt");
        }
        String target = name + ".ko";
        if (file.toString().isEmpty() || ordered.containsKey(target) || path.contains(name)) {
            return;
        }
        if (!file.toString().endsWith(".ko")) {
            throw new VmException("module " + file + " is compressed, which is not supported: use --kernel rt");
        }
        byte[] content = Files.readAllBytes(file);
        path.add(name);
        for (String dependency : dependenciesOf(content)) {
            add(dependency, path);
        }
        ordered.put(target, content);
    }

    static List<String> dependenciesOf(byte[] module) {
        for (int i = 0; i + DEPENDS.length < module.length; i++) {
            int matched = 0;
            while (matched < DEPENDS.length && module[i + matched] == DEPENDS[matched]) {
                matched++;
            }
            if (matched == DEPENDS.length) {
                int start = i + matched;
                int end = start;
                while (module[end] != 0) {
                    end++;
                }
                String list = new String(module, start, end - start, StandardCharsets.US_ASCII);
                return Stream.of(list.split(",")).filter(name -> !name.isEmpty()).map(KernelModules::canonical).collect(Collectors.toList());
            }
        }
        return List.of();
    }

    private static String nameOf(Path file) {
        String name = file.getFileName().toString();
        int end = name.indexOf(".ko");
        return canonical(end < 0 ? name : name.substring(0, end));
    }

    private static String canonical(String name) {
        return name.replace('-', '_');
    }
}
