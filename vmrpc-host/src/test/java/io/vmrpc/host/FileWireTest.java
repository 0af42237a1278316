package io.vmrpc.host;

import static io.vmrpc.file.FileProtocol.*;
import static org.junit.jupiter.api.Assertions.*;

import io.vmrpc.error.Status;
import io.vmrpc.host.RawGuest.Completion;
import io.vmrpc.host.file.FileService;
import io.vmrpc.host.policy.Export;
import io.vmrpc.host.policy.GuestPolicy;
import io.vmrpc.host.policy.Policy;
import io.vmrpc.layout.Geometry;
import io.vmrpc.layout.Protocol;
import io.vmrpc.natives.Errno;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The service "file" by the wire alone, from a guest that breaks every rule of it. */
@Timeout(120)
class FileWireTest {
    @TempDir
    Path folder;
    private Agent agent;
    private RawGuest guest;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/file"), "content");
        Files.writeString(folder.resolve("outside"), "secret");
        final Policy policy = Policy.forAll(GuestPolicy.ofExports(Export.readWrite("data", folder.resolve("data")).withHandles(8),
            Export.readOnly("ro", folder.resolve("data"))));
        agent = Agent.invoker(new AgentContext().region(folder.resolve("region")).geometry(new Geometry(2, 4, 16, 8192))
            .service(new FileService(policy)).removeRegionsOnClose(true));
        guest = new RawGuest(folder.resolve("region"));
        guest.hello();
        work();
    }

    @AfterEach
    void close() {
        guest.close();
        agent.close();
    }

    private void work() {
        for (int i = 0; agent.doWork() > 0; i++) {
            assertTrue(i < 10_000, "the agent finds work for ever");
        }
    }

    private Completion call(final int method, final byte... payload) {
        final long id = guest.submit(0, Protocol.operation(1, method), 0, payload);
        return answer(id);
    }

    private Completion answer(final long id) {
        for (final long until = System.nanoTime() + 20_000_000_000L; ; ) {
            work();
            for (final Completion each : guest.poll(0)) {
                if (each.correlation() == id) {
                    return each;
                }
            }
            assertTrue(System.nanoTime() - until < 0, "no answer in 20 s");
            Thread.onSpinWait();
        }
    }

    private static byte[] bytes(final int first, final int second, final byte... rest) {
        return ByteBuffer.allocate(8 + rest.length).order(ByteOrder.LITTLE_ENDIAN).putInt(first).putInt(second).put(rest).array();
    }

    private static byte[] path(final int first, final int second, final String path) {
        return bytes(first, second, path.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] longs(final int first, final int second, final long... numbers) {
        final ByteBuffer buffer = ByteBuffer.allocate(8 + 8 * numbers.length).order(ByteOrder.LITTLE_ENDIAN).putInt(first).putInt(second);
        for (final long each : numbers) {
            buffer.putLong(each);
        }
        return buffer.array();
    }

    private int opened(final int flags, final String path) {
        final Completion answer = call(OPEN, path(flags, 0600, path));
        assertEquals(Status.OK, answer.status(), answer::text);
        return ByteBuffer.wrap(answer.payload()).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
    }

    private void refused(final int errno, final int method, final byte... payload) {
        final Completion answer = call(method, payload);
        assertNotEquals(Status.OK, answer.status(), () -> "method " + method + " was carried out");
        assertEquals(errno, answer.detail(), answer::text);
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    @Test
    void requestsThatAreTooShortAreRefused() {
        final int[] needs = {0, 8, 8, 16, 16, 4, 8, 16, 4, 8, 8, 8, 8, 8, 8, 8, 8, 24, 8, 32, 24, 32, 8, 0, 8, 8, 4, 4};
        for (int method = 1; method < needs.length; method++) {
            for (int length = 0; length < needs[method]; length++) {
                final Completion answer = call(method, new byte[length]);
                assertNotEquals(Status.OK, answer.status(), "method " + method + " with " + length + " bytes");
                assertTrue(answer.detail() == Errno.EINVAL || answer.detail() == Errno.ESTALE || answer.detail() == Errno.ENOENT,
                    () -> "method " + answer.detail() + answer.text());
            }
        }
        assertTrue(guest.isOpen());
    }

    @Test
    void unknownMethodsAndHandlesAreRefused() {
        refused(Errno.ENOSYS, 28);
        refused(Errno.ENOSYS, 65_535);
        for (final int handle : new int[] {0, 1, -1, 0x10000, 0x7fff_ffff, Integer.MIN_VALUE}) {
            for (final int method : new int[] {READ, WRITE, CLOSE, SYNC, TRUNCATE, ATTRIBUTES, LIST, LOCK, UNLOCK, COPY, UNWATCH, CHANGES, CLOSE_WATCHER}) {
                refused(Errno.ESTALE, method, longs(handle, handle, 0, 0, 0));
            }
        }
    }

    @Test
    void aHandleThatWasClosedNamesNothing() {
        final int handle = opened(OPEN_READ, "data/file");
        assertEquals(Status.OK, call(CLOSE, bytes(handle, 0)).status());
        refused(Errno.ESTALE, READ, longs(handle, 10, 0));
        assertNotEquals(handle, opened(OPEN_READ, "data/file"));
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        final int handle = opened(OPEN_READ | OPEN_WRITE, "data/file");
        refused(Errno.EINVAL, READ, longs(handle, -1, 0));
        refused(Errno.EINVAL, READ, longs(handle, 1, -1));
        refused(Errno.EINVAL, READ, longs(handle, 1, Long.MIN_VALUE));
        refused(Errno.EINVAL, WRITE, longs(handle, 0, -1, 0));
        refused(Errno.EINVAL, WRITE, longs(handle, 0, Long.MAX_VALUE - 4, 7));
        refused(Errno.EINVAL, TRUNCATE, longs(handle, 0, -1));
        refused(Errno.EINVAL, LOCK, longs(handle, 0, -1, 1, 0));
        refused(Errno.EINVAL, LOCK, longs(handle, 0, Long.MAX_VALUE, Long.MAX_VALUE, 0));
        refused(Errno.EINVAL, LOCK, longs(handle, 0, 0, 1, 5000));
        refused(Errno.EINVAL, COPY, longs(handle, handle, -1, 0, 1));
        refused(Errno.EINVAL, OPEN, path(1 << 20 | OPEN_READ, 0, "data/file"));
        refused(Errno.EINVAL, OPEN, path(0, 0, "data/file"));
        refused(Errno.EINVAL, OPEN, path(OPEN_READ | OPEN_TRUNCATE, 0, "data/file"));
        assertEquals(7, call(READ, longs(handle, Integer.MAX_VALUE, 0)).payload().length);
        assertEquals(0, call(READ, longs(handle, 100, Long.MAX_VALUE / 2)).payload().length);
    }

    @Test
    void pathsThatLeadOutAreRefused() throws IOException {
        Files.createSymbolicLink(folder.resolve("data/link"), folder.resolve("outside"));
        Files.createSymbolicLink(folder.resolve("data/up"), Path.of("../outside"));
        for (final String each : List.of("data/../outside", "data//etc/passwd", "data/link", "data/up", "data/./../outside", "data/..")) {
            for (final int method : new int[] {STAT, OPEN, ACCESS, REAL_PATH}) {
                refused(Errno.EXDEV, method, path(method == OPEN ? OPEN_READ : method == ACCESS ? 4 : 0, 0, each));
            }
        }
        for (final String each : List.of("", "/", "/data/file", "other/file", "dat", "data2", "../data/file", "DATA/file")) {
            refused(Errno.ENOENT, STAT, path(0, 0, each));
        }
        refused(Errno.EINVAL, STAT, path(0, 0, "data/a\0b"));
        refused(Errno.EINVAL, STAT, path(0, 0, "data/file\0"));
        refused(Errno.ENAMETOOLONG, STAT, path(0, 0, "data/" + "x".repeat(256)));
        refused(Errno.ENAMETOOLONG, STAT, path(0, 0, "data/" + "x/".repeat(2100)));
        refused(Errno.EBUSY, REMOVE, path(0, 0, "data"));
        refused(Errno.EBUSY, REMOVE, path(0, 0, "data/.."));
        refused(Errno.EPERM, MAKE_LINK, path(0, 11, "/etc/passwddata/made"));
        assertEquals("secret", Files.readString(folder.resolve("outside")));
    }

    @Test
    void lengthsWithinRequestsAreChecked() {
        for (final int method : new int[] {RENAME, LINK, MAKE_LINK}) {
            for (final int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 100}) {
                refused(Errno.EINVAL, method, path(0, length, "data/filedata/other"));
            }
        }
    }

    @Test
    void whatIsReadOnlyIsNotChanged() throws IOException {
        refused(Errno.EROFS, OPEN, path(OPEN_WRITE, 0, "ro/file"));
        refused(Errno.EROFS, OPEN, path(OPEN_WRITE | OPEN_CREATE, 0, "ro/new"));
        refused(Errno.EROFS, MAKE_FOLDER, path(0, 0777, "ro/new"));
        refused(Errno.EROFS, REMOVE, path(0, 0, "ro/file"));
        refused(Errno.EROFS, RENAME, path(0, 7, "ro/filero/other"));
        refused(Errno.EROFS, RENAME, path(0, 9, "data/filero/other"));
        refused(Errno.EROFS, LINK, path(0, 7, "ro/filedata/other"));
        refused(Errno.EROFS, MAKE_LINK, path(0, 4, "filero/link"));
        refused(Errno.EROFS, ACCESS, path(2, 0, "ro/file"));
        final ByteBuffer change = ByteBuffer.allocate(31).order(ByteOrder.LITTLE_ENDIAN).putInt(0).putInt(0).putLong(0).putLong(0);
        refused(Errno.EROFS, CHANGE, change.put("ro/file".getBytes(StandardCharsets.UTF_8)).array());
        final int handle = opened(OPEN_READ, "ro/file");
        refused(Errno.EBADF, WRITE, longs(handle, 0, 0, 0));
        refused(Errno.EBADF, TRUNCATE, longs(handle, 0, 0));
        assertEquals("content", Files.readString(folder.resolve("data/file")));
    }

    @Test
    void handlesAreLimitedAndComeBack() {
        for (int round = 0; round < 3; round++) {
            final int[] handles = new int[8];
            for (int i = 0; i < handles.length; i++) {
                handles[i] = opened(OPEN_READ, "data/file");
            }
            refused(Errno.EMFILE, OPEN, path(OPEN_READ, 0, "data/file"));
            for (final int each : handles) {
                assertEquals(Status.OK, call(CLOSE, bytes(each, 0)).status());
            }
        }
    }

    @Test
    void aFloodIsRefusedAndNothingIsLost() {
        final int handle = opened(OPEN_READ | OPEN_WRITE | OPEN_CREATE, "data/flood");
        int answered = 0;
        for (int i = 0; i < 1000; i++) {
            while (!guest.offer(0, 1_000_000 + i, Protocol.operation(1, WRITE), 0, Protocol.NO_DEADLINE, longs(handle, 0, i, 'x'))) {
                work();
                answered += guest.poll(0).size();
            }
        }
        for (final long until = System.nanoTime() + 20_000_000_000L; answered < 1000 && System.nanoTime() - until < 0; ) {
            work();
            answered += guest.poll(0).size();
        }
        assertEquals(1000, answered);
        assertTrue(guest.isOpen());
    }

    @Test
    void theEndOfASessionClosesWhatItHad() throws IOException, InterruptedException {
        call(STAT, path(0, 0, "data/file")); // opens the export's folder, loads classes
        opened(OPEN_READ, "data/file");
        guest.leave();
        work();
        final long before = descriptors();
        guest.hello();
        work();
        for (int i = 0; i < 8; i++) {
            opened(OPEN_READ | OPEN_WRITE, "data/file");
        }
        assertTrue(descriptors() >= before + 8);
        guest.leave();
        work();
        for (final long until = System.nanoTime() + 20_000_000_000L; descriptors() > before && System.nanoTime() - until < 0; work()) {
            Thread.sleep(1);
        }
        assertEquals(before, descriptors());
    }

    @Test
    void randomRequestsHarmNobody() throws IOException {
        final Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            final byte[] payload = new byte[random.nextInt(64)];
            random.nextBytes(payload);
            if (random.nextBoolean() && payload.length > 20) {
                System.arraycopy("data/f".getBytes(StandardCharsets.US_ASCII), 0, payload, 8, 6);
            }
            final int flags = random.nextInt(8) == 0 ? Protocol.SUBMIT_ONE_WAY : 0;
            if (!guest.offer(0, 10_000 + i, Protocol.operation(1, random.nextInt(30)), flags, Protocol.NO_DEADLINE, payload)) {
                work();
                guest.poll(0);
            }
        }
        work();
        assertTrue(guest.isOpen());
        assertEquals("secret", Files.readString(folder.resolve("outside")));
    }
}
