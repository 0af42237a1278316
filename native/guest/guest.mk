# SPDX-License-Identifier: Apache-2.0
# The freestanding guest: one set of sources, once for protected (-m32) and once for real mode (-m16); the latter as disk and as ROM. Nothing of the host's: no libc,
# no start files, and no SSE, which KVM's emulator does not know.
GUEST = $(wildcard guest/*.c)
GUEST_CLIENT = $(wildcard client/*.c)
GUEST_HEADERS = $(wildcard guest/*.h client/*.h include/*.h) Makefile guest/guest.mk
GUEST_IMAGES = $(OUT)/vmrpc-guest-multiboot.elf $(OUT)/vmrpc-guest-boot.img $(OUT)/vmrpc-guest-rom.bin
GUEST_OBJECTS = $(OUT)/../../native-guest
GUEST_CFLAGS = -std=gnu11 -Os -march=i586 -mno-sse -Wall -Wextra -Wshadow -Wconversion -Werror -ffreestanding -fno-pic -fno-pie \
	-fno-stack-protector -fno-asynchronous-unwind-tables -fno-strict-aliasing -Iinclude -Iclient -Iguest
GUEST_LD = ld -m elf_i386 -nostdlib --build-id=none --fatal-warnings --no-warn-rwx-segments

all: $(GUEST_IMAGES)

$(GUEST_OBJECTS):
	mkdir -p $@

$(GUEST_OBJECTS)/%-16.o: guest/%.c $(GUEST_HEADERS) | $(GUEST_OBJECTS)
	$(CC) -m16 -DIMAGE='"boot"' $(GUEST_CFLAGS) -c -o $@ $<

$(GUEST_OBJECTS)/%-16.o: client/%.c $(GUEST_HEADERS) | $(GUEST_OBJECTS)
	$(CC) -m16 $(GUEST_CFLAGS) -c -o $@ $<

$(GUEST_OBJECTS)/%-16.o: guest/%.S guest/guest.mk | $(GUEST_OBJECTS)
	$(CC) -m16 -DREAL_MODE -c -o $@ $<

$(GUEST_OBJECTS)/%-32.o: guest/%.c $(GUEST_HEADERS) | $(GUEST_OBJECTS)
	$(CC) -m32 -DIMAGE='"multiboot"' $(GUEST_CFLAGS) -c -o $@ $<

$(GUEST_OBJECTS)/%-32.o: client/%.c $(GUEST_HEADERS) | $(GUEST_OBJECTS)
	$(CC) -m32 $(GUEST_CFLAGS) -c -o $@ $<

$(GUEST_OBJECTS)/%-32.o: guest/%.S guest/guest.mk | $(GUEST_OBJECTS)
	$(CC) -m32 -c -o $@ $<

GUEST_16 = $(patsubst guest/%.c,$(GUEST_OBJECTS)/%-16.o,$(filter-out guest/vectors32.c,$(GUEST)))
GUEST_16 += $(patsubst client/%.c,$(GUEST_OBJECTS)/%-16.o,$(GUEST_CLIENT))
GUEST_16 += $(patsubst %,$(GUEST_OBJECTS)/%-16.o,boot_sector entry16 irq_stubs)
GUEST_32 = $(patsubst guest/%.c,$(GUEST_OBJECTS)/%-32.o,$(filter-out guest/vectors16.c,$(GUEST)))
GUEST_32 += $(patsubst client/%.c,$(GUEST_OBJECTS)/%-32.o,$(GUEST_CLIENT))
GUEST_32 += $(patsubst %,$(GUEST_OBJECTS)/%-32.o,entry32 irq_stubs)

$(OUT)/vmrpc-guest-multiboot.elf: $(GUEST_32) guest/multiboot.ld | $(OUT)
	$(GUEST_LD) -T guest/multiboot.ld -o $@ $(GUEST_32)

# Code and data have addresses of their own, from 0: a segment for each.
$(GUEST_OBJECTS)/boot.elf: $(GUEST_16) guest/boot.ld
	$(GUEST_LD) --no-check-sections -T guest/boot.ld -o $@ $(GUEST_16)

$(GUEST_OBJECTS)/boot.bin: $(GUEST_OBJECTS)/boot.elf
	objcopy -O binary $< $@

# The boot sector reads 16 KiB at once, also where less is left.
$(OUT)/vmrpc-guest-boot.img: $(GUEST_OBJECTS)/boot.bin | $(OUT)
	cp $< $@.part
	truncate -s +16384 $@.part
	truncate -s %512 $@.part
	mv $@.part $@

$(GUEST_OBJECTS)/rom-end.bin: $(GUEST_OBJECTS)/rom-16.o
	objcopy -O binary -j .text $< $@

# What begins with the third sector of the disk, and rom.S as the last 512 of 128 KiB.
$(OUT)/vmrpc-guest-rom.bin: $(GUEST_OBJECTS)/boot.bin $(GUEST_OBJECTS)/rom-end.bin | $(OUT)
	tail -c +1025 $< > $@.part
	truncate -s 130560 $@.part
	cat $(GUEST_OBJECTS)/rom-end.bin >> $@.part
	mv $@.part $@
