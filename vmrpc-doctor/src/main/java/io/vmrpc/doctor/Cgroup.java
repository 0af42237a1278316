package io.vmrpc.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The control group of a process as one controller sees it (cgroups(7)).
 *
 * @param isUnified whether it is of version 2
 * @param folder of the group, without leading slash
 * @param mount where the hierarchy begins
 */
record Cgroup(boolean isUnified, String folder, String mount) {
    /**
     * {@return the group; empty if the controller is mounted nowhere or the process is gone}
     *
     * @param process a number, or self
     * @param controller cpu or cpuset
     */
    static Optional<Cgroup> of(KernelTree tree, String process, String controller) {
        Optional<Cgroup> own = find(tree, process, controller, false);
        return own.isPresent() ? own : find(tree, process, "", true);
    }

    private static Optional<Cgroup> find(KernelTree tree, String process, String controller, boolean unified) {
        Optional<String> path = group(tree, process, controller);
        if (path.isEmpty()) {
            return Optional.empty();
        }
        for (String line : lines(tree.read("proc/self/mountinfo"))) {
            String[] words = line.split(" "); // proc(5): 4 root, 5 mount point, after "-" type, source, options
            int dash = List.of(words).indexOf("-");
            if (dash < 5 || words.length < dash + 4) {
                continue;
            }
            boolean fits = unified ? words[dash + 1].equals("cgroup2")
                    : words[dash + 1].equals("cgroup") && List.of(words[dash + 3].split(",")).contains(controller);
            if (fits) {
                String mount = words[4].substring(1);
                return Optional.of(new Cgroup(unified, mount + below(words[3], path.get()), mount));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> group(KernelTree tree, String process, String controller) {
        for (String line : lines(tree.read("proc/" + process + "/cgroup"))) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && List.of(parts[1].split(",")).contains(controller)) {
                return Optional.of(parts[2]);
            }
        }
        return Optional.empty();
    }

    /** In a container the mount may begin in the middle of the hierarchy. */
    private static String below(String root, String path) {
        String rest = root.equals("/") ? path : path.startsWith(root) ? path.substring(root.length()) : "/";
        return rest.equals("/") ? "" : rest;
    }

    private static List<String> lines(Reading reading) {
        return reading.isKnown() ? reading.text().lines().toList() : List.of();
    }

    String file(String name) {
        return folder + "/" + name;
    }

    /** {@return that file in this group and in each group above it, innermost first} */
    List<String> chain(String name) {
        List<String> files = new ArrayList<>();
        for (String each = folder; each.length() >= mount.length(); each = each.substring(0, Math.max(0, each.lastIndexOf('/')))) {
            files.add(each + "/" + name);
            if (each.isEmpty()) {
                break;
            }
        }
        return files;
    }

    /** {@return whether no group is above this one} */
    boolean isRoot() {
        return folder.equals(mount);
    }
}
