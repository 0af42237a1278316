package io.vmrpc.doctor;

import java.io.PrintStream;
import picocli.CommandLine.Help.Ansi;

/** One line for each finding, aligned, with its remedy below; in colour on a terminal. */
final class TerminalReport {
    private static final int CHECK = Checks.ALL.stream().mapToInt(check -> check.name().length()).max().orElse(0);
    private static final int LEVEL = Level.WARNING.word().length();

    private TerminalReport() {}

    static void print(Report report, PrintStream out, Ansi ansi) {
        out.printf("VMRPC doctor: this machine as %s, Linux %s%n", report.role().word(), report.kernel().isEmpty() ? "of an unknown version" : report.kernel());
        for (Report.Line line : report.lines()) {
            Finding finding = line.finding();
            out.printf("%s  %-" + CHECK + "s  %s%n", paint(finding.level(), ansi), line.check(), finding.found());
            if (finding.remedy() != null) {
                out.printf("%" + (LEVEL + CHECK + 4) + "s> %s%n", "", finding.remedy());
            }
        }
        out.printf("%d ok, %s, %s%n", report.count(Level.OK), counted(report, Level.WARNING), counted(report, Level.PROBLEM));
    }

    private static String counted(Report report, Level level) {
        long count = report.count(level);
        return count + " " + level.word() + (count == 1 ? "" : "s");
    }

    private static String paint(Level level, Ansi ansi) {
        String style = switch (level) {
            case OK -> "green";
            case WARNING -> "yellow";
            case PROBLEM -> "bold,red";
        };
        return ansi.string("@|" + style + " " + level.word() + "|@") + " ".repeat(LEVEL - level.word().length());
    }
}
