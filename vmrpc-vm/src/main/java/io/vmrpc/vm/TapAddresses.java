package io.vmrpc.vm;

/**
 * The network of one guest: a tap device and both ends of its /30.
 *
 * @param device the host's tap device; QEMU creates it, and the kernel removes it when QEMU ends
 * @param host address of the host's end
 * @param guest address of the guest's end
 */
public record TapAddresses(String device, String host, String guest) {
    static final int PREFIX_LENGTH = 30;

    /** {@return the n-th pair, n from 0 to 16383: 10.213.0.1 and .2, then .5 and .6, and so on} */
    static TapAddresses numbered(int n) {
        int first = n * 4;
        String network = "10.213." + (first >> 8 & 0xff) + ".";
        return new TapAddresses("vmrpc" + n, network + ((first & 0xff) + 1), network + ((first & 0xff) + 2));
    }
}
