package io.vmrpc.filetests;

import com.carrotsearch.randomizedtesting.annotations.ThreadLeakFilters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.NIOFSDirectory;
import org.apache.lucene.tests.store.BaseDirectoryTestCase;
import org.apache.lucene.tests.util.TestUtil;
import org.junit.runner.Description;
import org.junit.runner.JUnitCore;
import org.junit.runner.Request;
import org.junit.runner.Result;
import org.junit.runner.manipulation.Filter;

/** Lucene's own test of a directory, over a folder of an export. */
@ThreadLeakFilters(filters = OwnThreads.class)
public class DirectoryCases extends BaseDirectoryTestCase {
    /** What runs in a real guest, where a JVM is slow: all that take no randomized volume. */
    public static final Set<String> SOME = Set.of("testCopyFrom", "testRename", "testDeleteFile", "testByte", "testShort", "testInt", "testLong",
        "testString", "testVInt", "testVLong", "testZInt", "testZLong", "testSetOfStrings", "testMapOfStrings", "testChecksum", "testDetectClose",
        "testFileExistsInListAfterCreated", "testSeekToEOFThenBack", "testIllegalEOF", "testSeekPastEOF", "testSliceOutOfBounds", "testNoDir",
        "testCopyBytes", "testIndexOutputToString", "testDoubleCloseOutput", "testDoubleCloseInput", "testCreateOutputForExistingFile",
        "testSeekToEndOfFile", "testSeekBeyondEndOfFile", "testListAllIsSorted", "testDataTypes");
    private static volatile Path root;

    /** For JUnit. */
    public DirectoryCases() {
    }

    /**
     * Says where the folders of the cases are.
     *
     * @param folder of an export.
     */
    public static void root(final Path folder) {
        root = folder;
    }

    /**
     * Runs {@link #SOME}.
     *
     * @param folder of an export.
     * @return how many passed.
     * @throws IllegalStateException with what failed.
     */
    public static int runSome(final Path folder) {
        System.setProperty("tests.asserts", "false"); // the JVM runs without -ea
        root(folder);
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

    @Override
    protected Directory getDirectory(final Path path) throws IOException {
        final Path here = root.resolve(path.getFileName().toString());
        return new NIOFSDirectory(TestUtil.hasVirusChecker(path) ? addVirusChecker(here) : here); // a case asks for deletes that fail
    }
}
