package io.vmrpc.natives;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CpuSetTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0|0", "3,1,2|1-3", "0-2,5|0-2,5", "63-65|63-65", "8191|8191", "1-1,1|1", " 4 |4"})
    void aListIsReadAndWritten(final String list, final String canonical) {
        assertEquals(canonical, CpuSet.parse(list).toString());
        assertEquals(CpuSet.parse(canonical), CpuSet.parse(list));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "1-", "-1", "1,,2", "1-2-3", "3-1", "8192", "99999999999", "1;2"})
    void whatIsNoListIsRefusedInOneSentence(final String list) {
        final String message = assertThrows(IllegalArgumentException.class, () -> CpuSet.parse(list)).getMessage();
        assertTrue(message.contains("give "), message);
    }

    @Test
    void containsComparesEveryCpu() {
        assertTrue(CpuSet.parse("0-100").contains(CpuSet.parse("64,100")));
        assertFalse(CpuSet.parse("0-100").contains(CpuSet.parse("64,101")));
        assertTrue(CpuSet.parse("").isEmpty());
        assertEquals("0500000000000000" + "01", CpuSet.parse("0,2,64").maskHex());
    }

    @Test
    void kernelFilesMayHoldSomethingElse() {
        final CpuSet set = CpuSet.parseOrEmpty("1-3\n");
        assertTrue(set.contains(3) && !set.contains(4) && !set.contains(-1));
        assertEquals(1, set.first());
        assertEquals(6, set.stream().sum());
        assertEquals("1", set.without(CpuSet.parse("2-5")).toString());
        assertEquals(-1, CpuSet.parseOrEmpty("(null)").first());
    }

    @Test
    void theCallingThreadMovesAndComesBack() throws IOException {
        final CpuSet former = CpuSet.ofThread(0);
        final CpuSet one = CpuSet.of(Integer.parseInt(former.toString().split("[-,]")[0]));
        try {
            assertEquals(0, one.applyTo(0));
            assertEquals(one, CpuSet.ofThread(0));
            assertEquals(-Errno.EINVAL, CpuSet.parse("").applyTo(0));
            assertEquals(0, CpuSet.all().applyTo(0), "CPUs beyond the machine's are no error");
        } finally {
            assertEquals(0, former.applyTo(0));
        }
    }
}
