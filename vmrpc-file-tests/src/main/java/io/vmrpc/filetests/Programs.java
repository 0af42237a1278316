package io.vmrpc.filetests;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.NIOFSDirectory;

/** What programs do with a folder, whatever file system it is of: the results on an export must be those on a local disk. */
public final class Programs {
    private Programs() {
    }

    /**
     * Unpacks a jar with the JDK's own file system of it.
     *
     * @param jar of the default file system.
     * @param target folder to make.
     * @return digest of all names and contents.
     * @throws IOException if something cannot be read or written.
     */
    public static String unzip(final Path jar, final Path target) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(jar, Map.of()); Stream<Path> entries = Files.walk(zip.getPath("/"))) {
            for (final Path each : (Iterable<Path>)entries::iterator) {
                final Path to = target.resolve(each.toString().substring(1));
                if (Files.isDirectory(each)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(each, to);
                }
            }
        }
        return digest(target);
    }

    /**
     * Digest of a folder.
     *
     * @param folder of any file system.
     * @return of all names and contents in their order.
     * @throws IOException if something cannot be read.
     */
    public static String digest(final Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            final MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (final Path each : (Iterable<Path>)all.sorted(java.util.Comparator.comparing(Path::toString))::iterator) {
                digest.update(folder.relativize(each).toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                if (Files.isRegularFile(each)) {
                    try (InputStream in = new DigestInputStream(Files.newInputStream(each), digest)) {
                        in.transferTo(java.io.OutputStream.nullOutputStream());
                    }
                }
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Indexes lines with Lucene, opens the index again, and searches it.
     *
     * @param folder of any file system.
     * @return how many lines have each word.
     * @throws IOException if the index cannot be written or read.
     */
    public static String index(final Path folder) throws IOException {
        final List<String> words = List.of("alpha", "beta", "gamma");
        try (NIOFSDirectory directory = new NIOFSDirectory(folder);
             IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(new StandardAnalyzer()))) {
            for (int i = 0; i < 300; i++) {
                final Document document = new Document();
                document.add(new TextField("line", words.get(i % 3) + " " + words.get(i % 2) + " n" + i, Field.Store.YES));
                writer.addDocument(document);
                if (i % 100 == 99) {
                    writer.commit();
                }
            }
            writer.deleteDocuments(new Term("line", "n7"));
        }
        final StringBuilder found = new StringBuilder();
        try (NIOFSDirectory directory = new NIOFSDirectory(folder); DirectoryReader reader = DirectoryReader.open(directory)) {
            for (final String word : words) {
                found.append(word).append('=').append(new IndexSearcher(reader).count(new TermQuery(new Term("line", word)))).append(' ');
            }
        }
        return found.toString().strip();
    }

    /**
     * The jar that a class came in.
     *
     * @param type from a jar.
     * @return its path.
     */
    public static Path jarOf(final Class<?> type) {
        return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
    }
}
