package io.vmrpc.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CpuListTest {
    @Test
    void writesWhatTheKernelWrites() {
        for (final String text : new String[] {"", "0", "0-3", "1-2,5", "0,2,4-7,9"}) {
            assertEquals(text, CpuList.parse(text + "\n").toString());
        }
    }

    @Test
    void skipsWhatIsNoCpu() {
        assertTrue(CpuList.parse("(null)").isEmpty());
        assertEquals("1-2", CpuList.parse("nohz,domain,managed_irq,1-2").toString());
        assertEquals("", CpuList.parse("7-3").toString());
    }

    @Test
    void comparesSets() {
        final CpuList list = CpuList.parse("1-3");
        assertTrue(list.contains(3) && !list.contains(4) && !list.contains(-1));
        assertTrue(list.containsAll(CpuList.parse("2,3")));
        assertFalse(list.containsAll(CpuList.parse("3-4")));
        assertEquals("1", list.without(CpuList.parse("2-5")).toString());
        assertEquals(1, list.first());
        assertEquals(-1, CpuList.parse("").first());
        assertEquals(6, list.stream().sum());
    }

    @Test
    void usersAreToldWhatIsWrong() {
        assertEquals("2-3,6", CpuList.parseStrictly("2-3,6").toString());
        for (final String text : new String[] {"", "a", "1-", "3-1", "1,,2", "-1"}) {
            final IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> CpuList.parseStrictly(text), text);
            assertTrue(e.getMessage().contains("give it like"), e.getMessage());
        }
    }
}
