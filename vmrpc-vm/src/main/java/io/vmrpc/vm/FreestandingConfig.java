package io.vmrpc.vm;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link FreestandingGuest} runs, and how. Made from {@link #of} and changed copy by copy.
 *
 * @param job what the guest does: {@code NAME key=value ...; NAME ...}, at most 1000 bytes; native/guest/job.c names the jobs
 * @param image which of the images
 * @param accelerator what executes the guest's code
 * @param park how a vCPU waits under KVM
 * @param shim what serves the region
 * @param region its file, made by an agent, or null: then the guest has no VMRPC device
 * @param vcpus virtual CPUs, 1 to 64; the guest uses two at most
 * @param environment more variables for QEMU, for example VMRPC_SLICE_US
 * @param arguments more words of QEMU's command line, for example {@code -sandbox on}
 */
public record FreestandingConfig(String job, Image image, Accelerator accelerator, ParkMode park, QemuShim.Kind shim, @Nullable Path region, int vcpus,
        Map<String, String> environment, List<String> arguments) {
    private static final int LONGEST_JOB = 1000;
    private static final int MOST_VCPUS = 64;

    /** How the guest is loaded, and the mode in which it runs. */
    public enum Image {
        /** QEMU's {@code -kernel}: 32-bit protected mode. */
        MULTIBOOT(NativeFiles.GUEST_MULTIBOOT) {
            @Override
            List<String> arguments(Path file) {
                return List.of("-kernel", file.toString());
            }
        },
        /** A disk that the BIOS boots: real mode with data segments of 4 GiB. */
        BOOT_SECTOR(NativeFiles.GUEST_BOOT_SECTOR) {
            @Override
            List<String> arguments(Path file) {
                return List.of("-drive", "file=" + QemuCommand.escape(file) + ",format=raw,if=ide");
            }
        },
        /** As {@link #BOOT_SECTOR}, in place of the BIOS: starts in a tenth of a second also where KVM interprets the guest. */
        ROM(NativeFiles.GUEST_ROM) {
            @Override
            List<String> arguments(Path file) {
                return List.of("-bios", file.toString());
            }
        };

        private final String file;

        Image(String file) {
            this.file = file;
        }

        String file() {
            return file;
        }

        abstract List<String> arguments(Path image);
    }

    /** Checks what it is given. */
    public FreestandingConfig {
        if (job.length() > LONGEST_JOB) {
            throw new IllegalArgumentException("the job has " + job.length() + " characters; the guest reads " + LONGEST_JOB);
        }
        if (vcpus < 1 || vcpus > MOST_VCPUS) {
            throw new IllegalArgumentException("vcpus=" + vcpus + ": give 1 to " + MOST_VCPUS);
        }
        environment = Map.copyOf(environment);
        arguments = List.copyOf(arguments);
    }

    /** {@return the ROM under TCG, with one vCPU and without a region} */
    public static FreestandingConfig of(String job) {
        return new FreestandingConfig(job, Image.ROM, Accelerator.TCG, ParkMode.AUTO, QemuShim.Kind.HOOK, null, 1, Map.of(), List.of());
    }

    /** {@return a copy with that image} */
    public FreestandingConfig image(Image which) {
        return new FreestandingConfig(job, which, accelerator, park, shim, region, vcpus, environment, arguments);
    }

    /** {@return a copy with that accelerator} */
    public FreestandingConfig accelerator(Accelerator which) {
        return new FreestandingConfig(job, image, which, park, shim, region, vcpus, environment, arguments);
    }

    /** {@return a copy with that way to park} */
    public FreestandingConfig park(ParkMode mode) {
        return new FreestandingConfig(job, image, accelerator, mode, shim, region, vcpus, environment, arguments);
    }

    /** {@return a copy with that shim} */
    public FreestandingConfig shim(QemuShim.Kind kind) {
        return new FreestandingConfig(job, image, accelerator, park, kind, region, vcpus, environment, arguments);
    }

    /** {@return a copy with that region} */
    public FreestandingConfig region(@Nullable Path file) {
        return new FreestandingConfig(job, image, accelerator, park, shim, file, vcpus, environment, arguments);
    }

    /** {@return a copy with so many vCPUs} */
    public FreestandingConfig vcpus(int count) {
        return new FreestandingConfig(job, image, accelerator, park, shim, region, count, environment, arguments);
    }

    /** {@return a copy with that environment} */
    public FreestandingConfig environment(Map<String, String> variables) {
        return new FreestandingConfig(job, image, accelerator, park, shim, region, vcpus, variables, arguments);
    }

    /** {@return a copy with those words behind all others of QEMU's command line} */
    public FreestandingConfig arguments(List<String> words) {
        return new FreestandingConfig(job, image, accelerator, park, shim, region, vcpus, environment, words);
    }
}
