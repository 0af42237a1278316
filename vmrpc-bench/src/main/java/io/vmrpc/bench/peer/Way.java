package io.vmrpc.bench.peer;

import java.io.IOException;
import java.nio.file.Path;

/** One way of calling from one process into another: a request of some bytes, answered by as many when the server has all of them. */
interface Way {
    /** The longest request, bytes. */
    int LONGEST = 1 << 20;

    /** The server's end. Called on a thread whose affinity is set: whatever this starts inherits it. */
    interface Server extends AutoCloseable {
        /** Where callers find it, without spaces. */
        String address();

        @Override
        void close() throws IOException;
    }

    /** The caller's end; belongs to the thread that connected. */
    interface Caller extends AutoCloseable {
        /**
         * Sends the first bytes of {@link #request} and waits for the answer.
         *
         * @param length 1 to {@link #LONGEST}.
         * @return length of the answer.
         */
        int call(int length) throws Exception;

        /** A byte of the last answer. */
        byte answer(int index);

        @Override
        void close() throws IOException;
    }

    /** Its name in rows. */
    String variant();

    /** Serves requests of so many bytes until closed; files go into the folder, which is on a file system in memory. */
    Server serve(Path folder, int bytes) throws Exception;

    /** Connects to what {@link #serve} said. */
    Caller connect(String address) throws Exception;

    /** What all callers send: so the answer's byte says where in the request it was. */
    static byte request(final int index) {
        return (byte)(index * 31 + (index >> 8));
    }

    /** The same as an array. */
    static byte[] request() {
        final byte[] bytes = new byte[LONGEST];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = request(i);
        }
        return bytes;
    }
}
