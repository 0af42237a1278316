package io.vmrpc.guest.file;

import io.vmrpc.file.FileNames;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Paths as URIs: {@code vmrpc:/export/path}, each byte that is no letter, digit or one of {@code -._~/} as {@code %XX}. */
final class FileUris {
    private static final String PLAIN = "-._~/";

    private FileUris() {
    }

    static URI of(final String absolutePath) {
        final StringBuilder uri = new StringBuilder(VmFileSystemProvider.SCHEME + ":");
        for (final byte each : FileNames.bytes(absolutePath)) {
            final char letter = (char)(each & 0xff);
            if (letter < 0x80 && (Character.isLetterOrDigit(letter) || PLAIN.indexOf(letter) >= 0)) {
                uri.append(letter);
            } else {
                uri.append('%').append(String.format("%02X", (int)letter));
            }
        }
        return URI.create(uri.toString());
    }

    static String path(final URI uri) {
        check(uri);
        final byte[] raw = uri.getRawPath().getBytes(StandardCharsets.UTF_8);
        final byte[] bytes = new byte[raw.length];
        int length = 0;
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == '%') {
                bytes[length++] = (byte)Integer.parseInt(new String(raw, i + 1, 2, StandardCharsets.US_ASCII), 16); // URI has checked it
                i += 2;
            } else {
                bytes[length++] = raw[i];
            }
        }
        return FileNames.text(java.util.Arrays.copyOf(bytes, length));
    }

    static void check(final URI uri) {
        if (!VmFileSystemProvider.SCHEME.equalsIgnoreCase(uri.getScheme()) || uri.getRawPath() == null || !uri.getRawPath().startsWith("/") ||
            uri.getRawAuthority() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("'" + uri + "' must be like vmrpc:/export/path");
        }
    }
}
