/* SPDX-License-Identifier: Apache-2.0 */
#include "schedule.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

int schedule_begin(struct schedule *schedule, const struct plan *plan, int64_t start_ns)
{
    memset(schedule, 0, sizeof *schedule);
    schedule->plan = *plan;
    schedule->start_ns = start_ns;
    schedule->fates = calloc(plan->count, sizeof *schedule->fates);
    return schedule->fates ? 0 : -1;
}

static int64_t due(const struct schedule *schedule, uint64_t number)
{
    return schedule->start_ns + (int64_t)number * schedule->plan.interval_ns;
}

int64_t schedule_due(const struct schedule *schedule)
{
    return schedule->sent == schedule->plan.count ? INT64_MAX : due(schedule, schedule->sent);
}

void schedule_looked(struct schedule *schedule, int64_t now_ns)
{
    schedule->pause_ns = schedule->looked_ns ? now_ns - schedule->looked_ns : 0;
    schedule->looked_ns = now_ns;
    if (schedule->pause_ns > schedule->longest_pause_ns)
        schedule->longest_pause_ns = schedule->pause_ns;
}

void schedule_sent(struct schedule *schedule, int64_t now_ns)
{
    int64_t late_ns = now_ns - schedule_due(schedule);
    struct fate *fate = &schedule->fates[schedule->sent++];
    fate->is_sent = 1;
    schedule->sent_ns = now_ns;
    fate->is_unseen = late_ns > schedule->plan.blind_ns;
    if (late_ns > schedule->latest_send_ns)
        schedule->latest_send_ns = late_ns;
}

void schedule_answered(struct schedule *schedule, uint32_t run, uint64_t number, int64_t time_ns)
{
    if (run != schedule->plan.run)
        return;
    if (number >= schedule->sent || time_ns != due(schedule, number)) {
        schedule->damaged++;
        return;
    }
    struct fate *fate = &schedule->fates[number];
    if (fate->answer_ns) {
        schedule->twice++;
        return;
    }
    fate->answer_ns = schedule->looked_ns - time_ns;
    fate->is_unseen |= schedule->pause_ns > schedule->plan.blind_ns;
    schedule->answered++;
}

int schedule_is_over(const struct schedule *schedule)
{
    return schedule->answered == schedule->plan.count;
}

void schedule_tell(const struct schedule *schedule, FILE *out)
{
    uint64_t sent = 0, lost = 0, unseen = 0, late = 0;
    for (uint64_t number = schedule->plan.skip; number < schedule->plan.count; number++) {
        const struct fate *fate = &schedule->fates[number];
        sent += fate->is_sent;
        if (!fate->answer_ns) {
            lost++;
            fprintf(out, "lost %" PRIu64 "\n", number);
            continue;
        }
        unseen += fate->is_unseen;
        late += !fate->is_unseen && fate->answer_ns > schedule->plan.late_ns;
        fprintf(out, "%s %" PRIu64 " %" PRId64 "\n", fate->is_unseen ? "unseen" : "answer", number, fate->answer_ns);
    }
    fprintf(out, "end sent=%" PRIu64 " lost=%" PRIu64 " unseen=%" PRIu64 " late=%" PRIu64 " twice=%" PRIu64 " damaged=%" PRIu64 " pause_ns=%" PRId64
        " send_late_ns=%" PRId64 "\n", sent, lost, unseen, late, schedule->twice, schedule->damaged, schedule->longest_pause_ns, schedule->latest_send_ns);
}

void schedule_end(struct schedule *schedule)
{
    free(schedule->fates);
    schedule->fates = NULL;
}
