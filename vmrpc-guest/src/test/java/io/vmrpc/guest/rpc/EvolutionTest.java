package io.vmrpc.guest.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmrpc.error.Status;
import io.vmrpc.host.rpc.RpcService;
import io.vmrpc.host.service.Service;
import io.vmrpc.rpc.RpcException;
import io.vmrpc.rpc.VmService;
import io.vmrpc.rpc.stub.ServiceDispatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers that were compiled with different versions of an interface. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EvolutionTest {
    @TempDir
    Path folder;
    private RpcLoopback loopback;

    /** As it was. */
    static final class Old {
        private Old() {
        }

        /** The service. */
        @VmService(name = "evolving")
        interface Evolving {
            String describe(Item item, int count);

            List<Item> items();

            int removed();
        }

        /** Its record. */
        record Item(String name, Colour colour) {
        }

        /** Its enum. */
        enum Colour { RED, GREEN }
    }

    /** With a parameter, two fields, a constant and a method more. */
    static final class New {
        private New() {
        }

        /** The service. */
        @VmService(name = "evolving")
        interface Evolving {
            String describe(Item item, int count, Optional<String> prefix, long weight);

            List<Item> items();

            int added(int value);
        }

        /** Its record. */
        record Item(String name, Colour colour, List<Integer> sizes, Colour border, Place place) {
        }

        /** A record in its record. */
        record Place(int x, String label) {
        }

        /** Its enum. */
        enum Colour { RED, GREEN, BLUE }
    }

    /** With other things in the same places. */
    static final class Different {
        private Different() {
        }

        /** The service. */
        @VmService(name = "evolving")
        interface Evolving {
            String describe(Item item, int number);
        }

        /** Another service of the same name. */
        @VmService(name = "evolving")
        interface Inner {
            List<Item> items();
        }

        /** Its record. */
        record Item(String name, int colour) {
        }
    }

    /** The old host. */
    private static final class OldHost implements Old.Evolving {
        @Override
        public String describe(final Old.Item item, final int count) {
            return item + " x " + count;
        }

        @Override
        public List<Old.Item> items() {
            return List.of(new Old.Item("a", Old.Colour.GREEN), new Old.Item("b", Old.Colour.RED));
        }

        @Override
        public int removed() {
            return 1;
        }
    }

    /** The new host. */
    private static final class NewHost implements New.Evolving {
        private New.Colour colour = New.Colour.GREEN;

        @Override
        public String describe(final New.Item item, final int count, final Optional<String> prefix, final long weight) {
            return prefix.orElse("-") + item + " x " + count + ", " + weight;
        }

        @Override
        public List<New.Item> items() {
            return List.of(new New.Item("a", colour, List.of(1, 2), New.Colour.BLUE, new New.Place(3, "c")),
                new New.Item("b", New.Colour.RED, List.of(), New.Colour.RED, new New.Place(4, "d")));
        }

        @Override
        public int added(final int value) {
            return value + 1;
        }
    }

    private void serve(final ServiceDispatcher dispatcher) throws IOException {
        final Service service = RpcService.of(dispatcher);
        loopback = new RpcLoopback(folder, RpcLoopback.SMALL, service);
    }

    @AfterEach
    void close() {
        CloseHelper.close(loopback);
    }

    @Test
    void oldGuestAndNewHost() throws IOException {
        final NewHost host = new NewHost();
        serve(EvolutionTest_New_EvolvingDispatcher.of(host));
        final Old.Evolving stub = EvolutionTest_Old_EvolvingStub.of(loopback.rpc);
        assertEquals("-Item[name=n, colour=GREEN, sizes=[], border=RED, place=Place[x=0, label=]] x 3, 0",
            stub.describe(new Old.Item("n", Old.Colour.GREEN), 3));
        assertEquals(new OldHost().items(), stub.items());
        final RpcException removed = assertThrows(RpcException.class, stub::removed);
        assertEquals(Status.UNIMPLEMENTED, removed.status());
        assertTrue(removed.getMessage().contains("evolving@1 has no method removed"), removed.getMessage());
        host.colour = New.Colour.BLUE;
        assertTrue(assertThrows(IllegalArgumentException.class, stub::items).getMessage()
            .contains("the results of evolving@1.items do not decode: Item.colour has ordinal 2, but Colour has only 2 constants here: the peer is newer"));
    }

    @Test
    void newGuestAndOldHost() throws IOException {
        serve(EvolutionTest_Old_EvolvingDispatcher.of(new OldHost()));
        final New.Evolving stub = EvolutionTest_New_EvolvingStub.of(loopback.rpc);
        final New.Item item = new New.Item("n", New.Colour.GREEN, List.of(1, 2, 3), New.Colour.BLUE, new New.Place(1, "somewhere"));
        assertEquals("Item[name=n, colour=GREEN] x 3", stub.describe(item, 3, Optional.of("prefix"), 5));
        assertEquals(List.of(new New.Item("a", New.Colour.GREEN, List.of(), New.Colour.RED, new New.Place(0, "")),
            new New.Item("b", New.Colour.RED, List.of(), New.Colour.RED, new New.Place(0, ""))), stub.items());
        assertEquals(Status.UNIMPLEMENTED, assertThrows(RpcException.class, () -> stub.added(1)).status());
        final New.Item blue = new New.Item("n", New.Colour.BLUE, List.of(), New.Colour.RED, new New.Place(1, ""));
        final RpcException unknown = assertThrows(RpcException.class, () -> stub.describe(blue, 1, Optional.empty(), 0));
        assertEquals(Status.INVALID_ARGUMENT, unknown.status());
        assertTrue(unknown.getMessage().contains("Item.colour has ordinal 2"), unknown.getMessage());
    }

    @Test
    void mismatchIsFoundAtConnectAndNamesTheMethod() throws IOException {
        serve(EvolutionTest_Old_EvolvingDispatcher.of(new OldHost()));
        final RpcException type = assertThrows(RpcException.class, () -> EvolutionTest_Different_InnerStub.of(loopback.rpc));
        assertEquals(Status.FAILED_PRECONDITION, type.status());
        assertEquals("guest and host differ in method evolving@1.items: its result, element, field colour is int for the guest and Colour(RED|GREEN) for " +
            "the host; compile both from the same interface, or give the changed one a new version", type.getMessage());
        final RpcException name = assertThrows(RpcException.class, () -> EvolutionTest_Different_EvolvingStub.of(loopback.rpc));
        assertTrue(name.getMessage().startsWith("guest and host differ in method evolving@1.describe: parameter item, field colour is int"), name.getMessage());
    }
}
