package io.vmrpc.doctor;

import java.util.List;

/** All findings of one look. */
record Report(Role role, String kernel, List<Line> lines) {
    /** A finding, and the check that made it. */
    record Line(String check, Finding finding) {}

    static Report of(Machine machine) {
        return new Report(machine.role(), machine.release(), Checks.ALL.stream().filter(check -> check.roles().contains(machine.role()))
                .flatMap(check -> check.look().apply(machine).stream().map(finding -> new Line(check.name(), finding))).toList());
    }

    long count(Level level) {
        return lines.stream().filter(line -> line.finding().level() == level).count();
    }

    /** {@return the worst of all} */
    Level level() {
        return lines.stream().map(line -> line.finding().level()).max(Level::compareTo).orElse(Level.OK);
    }
}
