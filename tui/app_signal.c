/*
 * What came of a scan, for people who look at the goods: a bell for each kind, told apart by how often
 * it rings, and the message line inverted for a moment.
 *
 * A terminal makes one sound of bells that follow at once, so they are rung apart. Scans may come faster
 * than that: what still has to ring is then the more of both, so that an alarm is never cut short.
 */
#include "tui/app_parts.h"

#define SIGNAL_STEP_MS 160
#define SIGNAL_FLASH_STEPS 4

static const struct {
	int bells;
	enum role role;
} kinds[] = {
	[APP_SIGNAL_GOOD] = {1, ROLE_FLASH_OK},
	[APP_SIGNAL_ODD] = {2, ROLE_FLASH_WARN},
	[APP_SIGNAL_BAD] = {3, ROLE_FLASH_ERROR},
};

/* One bell, and one step nearer to the end of the flash. */
static void step(void *ctx)
{
	struct app_signalling *now = ctx;

	now->is_running = false;
	if (now->bells_left > 0) {
		now->bells_left--;
		app_bell(now->app);
	}
	if (now->flash_steps > 0)
		now->flash_steps--;
	if (now->bells_left == 0 && now->flash_steps == 0)
		return;
	now->is_running = true;
	app_timer(now->app, app_now_ms() + SIGNAL_STEP_MS, step, now);
}

void app_signal(struct app *app, enum app_signal_kind kind)
{
	struct app_signalling *now = &app->signalling;

	now->app = app;
	now->role = kinds[kind].role;
	now->flash_steps = SIGNAL_FLASH_STEPS;
	if (now->bells_left < kinds[kind].bells)
		now->bells_left = kinds[kind].bells;
	if (!now->is_running)
		step(now);
}
