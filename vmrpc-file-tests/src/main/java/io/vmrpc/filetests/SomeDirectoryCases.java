package io.vmrpc.filetests;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.runner.Description;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.Result;
import org.junit.runner.manipulation.Filter;

/** Cases of {@link DirectoryCases} for a real guest. Loads nothing of Lucene's until they run. */
public final class SomeDirectoryCases {
    /** Names: those that take no randomized volume, since a JVM is slow there. */
    public static final Set<String> SOME = Set.of("testCopyFrom", "testRename", "testDeleteFile", "testByte", "testShort", "testInt",
        "testLong", "testString", "testVInt", "testVLong", "testZInt", "testZLong", "testSetOfStrings", "testMapOfStrings", "testChecksum",
        "testDetectClose", "testFileExistsInListAfterCreated", "testSeekToEOFThenBack", "testIllegalEOF", "testSeekPastEOF",
        "testSliceOutOfBounds", "testNoDir", "testCopyBytes", "testIndexOutputToString", "testDoubleCloseOutput", "testDoubleCloseInput",
        "testCreateOutputForExistingFile", "testSeekToEndOfFile", "testSeekBeyondEndOfFile", "testListAllIsSorted", "testDataTypes");

    private SomeDirectoryCases() {
    }

    /**
     * Runs {@link #SOME}.
     *
     * @param folder of an export.
     * @return how many passed.
     * @throws IllegalStateException with what failed.
     */
    public static int run(final Path folder) {
        System.setProperty("tests.asserts", "false"); // before Lucene's classes are there: this JVM runs without -ea
        DirectoryCases.root(folder);
        final Result result = new JUnitCore().run(Request.aClass(DirectoryCases.class).filterWith(new Filter() {
            @Override
            public boolean shouldRun(final Description description) {
                return !description.isTest() || SOME.contains(description.getMethodName().replaceFirst(" .*", ""));
            }

            @Override
            public String describe() {
                return SOME.toString();
            }
        }));
        if (!result.wasSuccessful()) {
            throw new IllegalStateException("cases failed: " + List.copyOf(result.getFailures()));
        }
        return result.getRunCount() - result.getIgnoreCount();
    }
}
