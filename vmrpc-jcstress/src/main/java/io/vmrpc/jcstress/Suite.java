package io.vmrpc.jcstress;

import java.util.Collection;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.GradingResult;
import org.openjdk.jcstress.infra.grading.ReportUtils;

/**
 * Runs the tests with the options of jcstress and closes with one line of counts. The process's exit code is 0 only if every test ran
 * and none saw an outcome that is forbidden.
 */
public final class Suite {
    private int passed;
    private int failed;
    private int controls;
    private int telling;

    private Suite() {
    }

    /**
     * Runs.
     *
     * @param args options of jcstress; {@code -h} names them.
     * @throws Exception if jcstress cannot run.
     */
    public static void main(final String[] args) throws Exception {
        final Options options = new Options(args);
        if (!options.parse()) {
            System.exit(2);
        }
        final JCStress jcstress = new JCStress(options);
        final int expected = jcstress.getTests().size();
        try {
            jcstress.run();
        } catch (final AssertionError e) { // how jcstress reports a failed test
            System.out.println(e.getMessage());
        }
        final InProcessCollector results = new InProcessCollector();
        final DiskReadCollector file = new DiskReadCollector(options.getResultFile(), results);
        file.dump();
        file.close();
        final boolean isGood = new Suite().report(ReportUtils.mergedByName(results.getTestResults()), expected);
        System.exit(isGood ? 0 : 1);
    }

    private boolean report(final Collection<TestResult> results, final int expected) {
        results.forEach(this::judge);
        final int missing = expected - passed - failed;
        System.out.printf("jcstress: %d tests passed, %d failed, %d did not run; %d of %d controls saw what they are there to show%n",
            passed, failed, missing, telling, controls);
        return failed == 0 && missing == 0 && passed > 0;
    }

    private void judge(final TestResult result) {
        if (ReportUtils.statusToPassed(result) && result.grading().isPassed) {
            passed++;
        } else {
            failed++;
            System.out.println("jcstress: FAILED " + result.getName() + " " + result.grading().failureMessages);
        }
        long interesting = 0;
        boolean isControl = false;
        for (final GradingResult outcome : result.grading().gradingResults.values()) {
            if (outcome.expect == Expect.ACCEPTABLE_INTERESTING) {
                isControl = true;
                interesting += outcome.count;
            }
        }
        if (isControl) {
            controls++;
            telling += interesting > 0 ? 1 : 0;
            System.out.printf("jcstress: control %s saw its outcome %,d times in %,d%n",
                result.getName().substring(result.getName().lastIndexOf('.') + 1), interesting, result.getTotalCount());
        }
    }
}
