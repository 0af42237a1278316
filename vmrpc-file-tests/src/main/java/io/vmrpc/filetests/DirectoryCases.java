package io.vmrpc.filetests;

import com.carrotsearch.randomizedtesting.annotations.ThreadLeakFilters;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.NIOFSDirectory;
import org.apache.lucene.tests.store.BaseDirectoryTestCase;
import org.apache.lucene.tests.util.TestUtil;

/** Lucene's own test of a directory, over a folder of an export. */
@ThreadLeakFilters(filters = OwnThreads.class)
public class DirectoryCases extends BaseDirectoryTestCase {
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

    @Override
    protected Directory getDirectory(final Path path) throws IOException {
        final Path here = root.resolve(path.getFileName().toString());
        return new NIOFSDirectory(TestUtil.hasVirusChecker(path) ? addVirusChecker(here) : here); // a case asks for deletes that fail
    }
}
