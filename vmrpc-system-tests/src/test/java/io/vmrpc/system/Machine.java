package io.vmrpc.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vmrpc.layout.Protocol;
import io.vmrpc.vm.Accelerator;
import io.vmrpc.vm.FreestandingConfig;
import io.vmrpc.vm.FreestandingConfig.Image;
import io.vmrpc.vm.FreestandingGuest;
import io.vmrpc.vm.ParkMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a freestanding guest runs on, for tests that every machine must pass. Under KVM the tests are skipped only where /dev/kvm is missing. */
enum Machine {
    TCG_BOOT_SECTOR(Accelerator.TCG, Image.BOOT_SECTOR, ParkMode.AUTO),
    TCG_MULTIBOOT(Accelerator.TCG, Image.MULTIBOOT, ParkMode.AUTO),
    TCG_ROM(Accelerator.TCG, Image.ROM, ParkMode.AUTO),
    KVM_BOOT_SECTOR_HALTED(Accelerator.KVM, Image.BOOT_SECTOR, ParkMode.HALTED),
    KVM_MULTIBOOT_FUTEX(Accelerator.KVM, Image.MULTIBOOT, ParkMode.FUTEX),
    KVM_ROM_HALTED(Accelerator.KVM, Image.ROM, ParkMode.HALTED),
    KVM_ROM_FUTEX(Accelerator.KVM, Image.ROM, ParkMode.FUTEX);

    private static final int SHIM_TCG = 2;
    private static final int SHIM_KVM = 3;

    private final Accelerator accelerator;
    private final Image image;
    private final ParkMode park;

    Machine(Accelerator accelerator, Image image, ParkMode park) {
        this.accelerator = accelerator;
        this.image = image;
        this.park = park;
    }

    /** {@return the guest, started; or the test ends here, skipped, and says why} */
    FreestandingGuest start(Path region, int vcpus, String job) throws IOException {
        return FreestandingGuest.start(config(region, vcpus, job));
    }

    FreestandingConfig config(Path region, int vcpus, String job) {
        assumeThere();
        return FreestandingConfig.of(job).accelerator(accelerator).image(image).park(park).region(region).vcpus(vcpus);
    }

    void assumeThere() {
        boolean isThere = accelerator == Accelerator.TCG || Files.exists(Path.of("/dev/kvm"));
        if (!isThere) {
            System.out.println(this + " is not tested: there is no /dev/kvm");
        }
        assumeTrue(isThere, "there is no /dev/kvm");
    }

    int shimKind() {
        return accelerator == Accelerator.TCG ? SHIM_TCG : SHIM_KVM;
    }

    boolean isHalted() {
        return park == ParkMode.HALTED;
    }

    /** KVM's local APIC hides the guest's interrupts from a shim that waits in a futex, so its parks are sliced. */
    boolean isSliced() {
        return park == ParkMode.FUTEX;
    }

    int kickMode() {
        return isSliced() ? Protocol.KICK_SLICES : Protocol.KICK_HOOK;
    }
}
