/* SPDX-License-Identifier: Apache-2.0
 *
 * Writes the seeds: what honest guests, agents and files look like in the languages of the targets, and what has bitten before.
 */
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "link_steps.h"
#include "park_steps.h"

#define BYTES(...) ((const uint8_t[]){__VA_ARGS__})
#define SEED(target, name, ...) seed(folder, target, name, BYTES(__VA_ARGS__), sizeof BYTES(__VA_ARGS__))

static void seed(const char *folder, const char *target, const char *name, const uint8_t *bytes, size_t n)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s/%s", folder, target, name);
    FILE *file = fopen(path, "wb");
    MUST(file && fwrite(bytes, 1, n, file) == n && fclose(file) == 0, "%s: %m", path);
}

#define US(n) (n) & 255, (n) >> 8
#define ARMED(slot, kind, us) STEP_ARM, slot, 1, 0, 0, kind, US(us)
#define ARMED_TO_RING(slot, kind, us) STEP_ARM, slot, 1, 0, VMRPC_SLOT_DOORBELL, kind, US(us)

static void park_seeds(const char *folder)
{
    SEED("park_fuzz", "timer", 0, ARMED(0, DEADLINE_AFTER, 300), STEP_PARK, 0, ARMED(0, DEADLINE_AFTER, 100), STEP_PARK, 128);
    SEED("park_fuzz", "bound", 0, ARMED(1, DEADLINE_NONE, 0), STEP_PARK, 1, ARMED(1, DEADLINE_LAST, 0), STEP_PARK, 1);
    SEED("park_fuzz", "past", 0, ARMED(0, DEADLINE_BEFORE, 9), STEP_PARK, 0, ARMED(0, DEADLINE_LEAST, 0), STEP_PARK, 0, ARMED(0, DEADLINE_ZERO, 0), STEP_PARK, 0);
    SEED("park_fuzz", "event", 0, ARMED(2, DEADLINE_NONE, 0), STEP_EVENT, 2, 1, STEP_PARK, 2, ARMED(2, DEADLINE_NONE, 0), STEP_LATER, LATER_EVENT, 2, 20);
    SEED("park_fuzz", "kick", 0, STEP_KICK, 0, 11, ARMED(0, DEADLINE_NONE, 0), STEP_PARK, 0, STEP_PARK, 0, STEP_PARK, 0, STEP_LATER, LATER_KICK, 0, 20);
    SEED("park_fuzz", "doorbell", 0, STEP_SLEEPING, 1, STEP_DOORBELL, STEP_LINK, 1, ARMED_TO_RING(0, DEADLINE_NONE, 0), STEP_PARK, 0, STEP_SLEEPING, 0,
         STEP_DOORBELL, STEP_PARK, 0);
    SEED("park_fuzz", "agent_lost", 0, STEP_LINK, 1, ARMED_TO_RING(0, DEADLINE_NONE, 0), STEP_PARK, 0, STEP_LINK, 0, STEP_PARK, 0, STEP_PARK, 0,
         ARMED(0, DEADLINE_NONE, 0), STEP_LATER, LATER_LOST, 0, 20);
    SEED("park_fuzz", "slices", CONFIG_SLICES, ARMED(0, DEADLINE_NONE, 0), STEP_PARK, 0, ARMED(0, DEADLINE_AFTER, 50), STEP_PARK, 0);
    SEED("park_fuzz", "without_waitv", CONFIG_WITHOUT_WAITV, ARMED(0, DEADLINE_NONE, 0), STEP_PARK, 0, STEP_LATER, LATER_EVENT, 0, 20, STEP_KICK, 0, 0, STEP_PARK, 0);
    SEED("park_fuzz", "refused", 2 << CONFIG_SLOTS_SHIFT, ARMED(0, DEADLINE_NONE, 0), STEP_REFUSE, 1, STEP_PARK, 0, STEP_PARK, 2, STEP_PARK, 3, STEP_PARK, 255);
    SEED("park_fuzz", "fall_back", 0, STEP_FALL_BACK, ARMED(3, DEADLINE_NONE, 0), STEP_PARK, 3, STEP_PARK, 3);
    SEED("park_fuzz", "halted", CONFIG_WAKER, ARMED(0, DEADLINE_NONE, 0), STEP_BEGIN, 0, STEP_FORETELL, 0, STEP_IS_OVER, 0, STEP_EVENT, 0, 1, STEP_IS_OVER, 0,
         STEP_END, 0, 0, STEP_BEGIN, 0, STEP_END, 0, VMRPC_WAKE_INTERRUPT);
    SEED("park_fuzz", "marked", CONFIG_KICK_WORD, ARMED(0, DEADLINE_NONE, 0), STEP_MARK, 0, 1, STEP_PARK, 0, STEP_PARK, 0, STEP_MARK, 0, 0, STEP_PARK, 0);
    SEED("park_fuzz", "dirty", CONFIG_DIRTY, STEP_PARK, 0, STEP_PARK, 1, STEP_STORE, US(4096), 3, 1, 0, 0, 0, STEP_PARK, 0);
    SEED("park_fuzz", "meanwhile", 0, ARMED(0, DEADLINE_NONE, 0), STEP_MEANWHILE, 1, US(4096 + 64), 9, 0, 0, 0, 0, 0, 0, 0, STEP_PARK, 0);
    SEED("park_fuzz", "event_to_and_fro", 0, STEP_FLIP, 0, STEP_FLIP, 1);
}

static void region_seed(const char *folder, const char *name, uint8_t length, struct vmrpc_identity identity)
{
    uint8_t bytes[2 + sizeof identity] = {length, 255};
    memcpy(bytes + 2, &identity, sizeof identity);
    seed(folder, "region_fuzz", name, bytes, sizeof bytes);
}

static void region_seeds(const char *folder)
{
    struct vmrpc_identity identity = small_identity();
    region_seed(folder, "smallest", 3, identity); /* 2^(3 + 13) bytes */
    identity.version |= 9;
    region_seed(folder, "later_minor", 3, identity);
    identity.region_length = 1 << 20;
    region_seed(folder, "spare_room", 7, identity);
    identity.channel_count = 8;
    identity.slot_count = 17;
    identity.channel_offset = 3 * VMRPC_PAGE;
    identity.ring_capacity = 256;
    identity.channel_stride = (256 + 2 * 256 * (64 + 64) + VMRPC_PAGE - 1) / VMRPC_PAGE * VMRPC_PAGE;
    region_seed(folder, "larger", 7, identity);
    identity.channel_count = 16;
    region_seed(folder, "does_not_fit", 7, identity);
    identity.magic = 0;
    region_seed(folder, "not_yet", 7, identity);
}

#define ALL_OF_IT LINK_WELCOME, 0, 32, 0, 0

static void link_seeds(const char *folder)
{
    SEED("link_fuzz", "honest", ALL_OF_IT, 1, DESCRIPTOR_EVENTFD, LINK_PAUSE, 30, LINK_RING, LINK_HANG_UP);
    SEED("link_fuzz", "pieces", LINK_WELCOME, 0, 5, 0, 0, 1, DESCRIPTOR_EVENTFD, LINK_PAUSE, 9, LINK_WELCOME, 5, 32, 0, 0, 0, 0, LINK_PAUSE, 20);
    SEED("link_fuzz", "busy", LINK_WELCOME, 0, 32, 12, VMRPC_LINK_BUSY, 0, 0, LINK_HANG_UP, LINK_WELCOME, 0, 32, 12, VMRPC_LINK_FOREIGN_REGION, 0, 0);
    SEED("link_fuzz", "no_doorbell", ALL_OF_IT, 0, 0, LINK_PAUSE, 20, LINK_HANG_UP, LINK_HANG_UP);
    SEED("link_fuzz", "speaks_on", ALL_OF_IT, 1, DESCRIPTOR_EVENTFD, LINK_SEND, 3, 1, 2, 3, 2, DESCRIPTOR_EVENTFD, LINK_PAUSE, 20);
    SEED("link_fuzz", "two_descriptors", ALL_OF_IT, 2, DESCRIPTOR_EVENTFD, LINK_PAUSE, 20);
    SEED("link_fuzz", "full_pipe", ALL_OF_IT, 1, DESCRIPTOR_FULL_PIPE, LINK_PAUSE, 30, LINK_RING);
    SEED("link_fuzz", "closed_pipe", ALL_OF_IT, 1, DESCRIPTOR_CLOSED_PIPE, LINK_PAUSE, 30, LINK_RING);
    SEED("link_fuzz", "full_eventfd", ALL_OF_IT, 1, DESCRIPTOR_FULL_EVENTFD, LINK_PAUSE, 30, LINK_RING);
}


static void settings_seeds(const char *folder)
{
    static const char full[] = "halted\0001000\0/dev/shm/vmrpc\0/run/vmrpc.sock\0\377", none[] = "\0\0\0\0\377";
    seed(folder, "settings_fuzz", "full", (const uint8_t *)full, sizeof full - 1);
    seed(folder, "settings_fuzz", "none", (const uint8_t *)none, sizeof none - 1);
}

int main(int argc, char **argv)
{
    MUST(argc == 2, "usage: seeds FOLDER");
    park_seeds(argv[1]);
    region_seeds(argv[1]);
    link_seeds(argv[1]);
    settings_seeds(argv[1]);
    return 0;
}
