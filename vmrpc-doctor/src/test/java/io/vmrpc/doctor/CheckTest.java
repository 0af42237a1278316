package io.vmrpc.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of cases: each check, on a machine of files, in each of its states. */
class CheckTest {
    /** Measured, or true of every JVM that gets here: {@link LoadTimeTest} judges the one, nothing can fail in the other. */
    private static final Set<String> NEVER_BAD_HERE = Set.of("load-time", "jdk");

    @TempDir
    Path root;

    static Stream<Case> cases() {
        return Stream.of(KernelCases.ALL, ProcessCases.ALL, VmCases.ALL).flatMap(List::stream);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void says(Case row) {
        FakeTree tree = row.change().apply(row.role() == Role.HOST ? FakeTree.host(root) : FakeTree.guest(root));
        Report report = Report.of(tree.machine());
        assertEquals(row.role(), report.role());
        List<Finding> findings = report.lines().stream().filter(line -> line.check().equals(row.check())).map(Report.Line::finding).toList();
        assertFalse(findings.isEmpty(), () -> "no finding of " + row.check());
        Finding worst = findings.stream().max((a, b) -> a.level().compareTo(b.level())).get();
        assertEquals(row.level(), worst.level(), worst::toString);
        assertTrue(findings.stream().anyMatch(each -> each.level() == row.level() && each.found().contains(row.found())
                && (each.remedy() == null ? row.remedy().isEmpty() : !row.remedy().isEmpty() && each.remedy().contains(row.remedy()))), findings::toString);
    }

    @Test
    void everyCheckHasAGoodAndABadCase() {
        for (Check check : Checks.ALL) {
            Set<Level> levels = cases().filter(row -> row.check().equals(check.name())).map(Case::level).collect(Collectors.toSet());
            assertTrue(levels.contains(Level.OK), check.name());
            assertTrue(levels.size() > 1 || NEVER_BAD_HERE.contains(check.name()), check.name());
            for (Role role : check.roles()) {
                assertTrue(cases().anyMatch(row -> row.check().equals(check.name()) && row.role() == role) || check.roles().size() > 1, check.name());
            }
        }
    }

    @Test
    void aGoodMachineHasNothingToComplainOf() {
        for (FakeTree tree : List.of(FakeTree.host(root.resolve("host")), FakeTree.guest(root.resolve("guest")))) {
            Report report = Report.of(tree.machine());
            assertEquals(List.of(), report.lines().stream().filter(line -> line.finding().level() != Level.OK).toList());
            report.lines().forEach(line -> assertNull(line.finding().remedy()));
        }
    }

    /** A machine without /proc and /sys: nothing is known, and nothing that must be read is called good. */
    @Test
    void whatCannotBeReadIsNeverTakenForGood() {
        for (Role role : Role.values()) {
            Machine machine = new Machine(new KernelTree(root.resolve("absent")), FakeTree.host(root), new Machine.Target(role, null, null, null, -1));
            for (Report.Line line : Report.of(machine).lines()) {
                boolean isGood = line.finding().level() == Level.OK;
                boolean saysWhy = line.finding().found().matches("no region is named.*|7\\.2\\.22|.*VM.*");
                assertTrue(!isGood || saysWhy, line::toString);
            }
        }
    }
}
