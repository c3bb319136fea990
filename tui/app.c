#include "tui/app.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/i18n.h"
#include "tui/app_parts.h"
#include "tui/term.h"

#define APP_TICK_MS 1000
#define APP_EVENTS_AT_ONCE 256
/* Changes of others are followed at once, but not again before this: where many are busy each would
 * otherwise spend its time repainting what the others do. */
#define APP_REST_US 100000
#define APP_REST_FACTOR 10 /* nor for more than a tenth of the time */

static int64_t app_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t app_now_ms(void)
{
	return app_now_us() / 1000;
}

static unsigned app_wait(struct app *app, int wake_fd, int64_t timeout_ms)
{
	int64_t from_us = app_now_us();
	unsigned ready = term_wait(wake_fd, timeout_ms);

	scan_clock_waited(&app->clock,
		&(struct scan_wait){.from_us = from_us,
			.until_us = app_now_us(),
			.timeout_us = timeout_ms * 1000,
			.has_keys = ready & TERM_READY_INPUT});
	return ready;
}

struct app *app_new(const struct app_config *config)
{
	struct app *app = calloc(1, sizeof(*app));

	if (app)
		app->config = *config;
	return app;
}

void app_free(struct app *app)
{
	if (!app)
		return;
	app_close_all(app);
	free(app);
}

/* ------------------------------------------------------------------ saying things */

void app_say(struct app *app, enum role role, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(app->message, sizeof(app->message), format, args);
	va_end(args);
	app->message_role = role;
	app->signalling.flash_steps = 0;
	app->is_dirty = true;
}

void app_bell(struct app *app)
{
	app->has_bell = true;
	app->is_dirty = true;
}

void app_changed(struct app *app)
{
	app->is_changed = true;
	app->is_dirty = true;
}

void app_hurry(struct app *app, const void *ctx)
{
	app->hurried_by = ctx;
}

void app_quit(struct app *app)
{
	app->has_ended = true;
	app->end = APP_END_QUIT;
}

const char *app_error(const struct app *app)
{
	return app->error;
}

/* ------------------------------------------------------------------ timers */

void app_timer(struct app *app, int64_t at_ms, void (*run)(void *ctx), void *ctx)
{
	int index = 0;

	while (index < app->timer_count && app->timers[index].ctx != ctx)
		index++;
	if (index == APP_TIMERS_MAX)
		return;
	if (index == app->timer_count)
		app->timer_count++;
	app->timers[index] = (struct app_timer){at_ms, run, ctx};
}

void app_timer_drop(struct app *app, const void *ctx)
{
	for (int i = 0; i < app->timer_count; i++)
		if (app->timers[i].ctx == ctx)
			app->timers[i--] = app->timers[--app->timer_count];
}

/* A timer may set another one, so each is taken out before it runs. */
static void app_run_timers(struct app *app, int64_t now_ms)
{
	for (int i = 0; i < app->timer_count;) {
		struct app_timer timer = app->timers[i];

		if (timer.at_ms > now_ms) {
			i++;
			continue;
		}
		app->timers[i] = app->timers[--app->timer_count];
		timer.run(timer.ctx);
		app->is_dirty = true;
	}
}

static int64_t app_timeout_ms(struct app *app)
{
	int64_t now_ms = app_now_ms();
	int64_t next_ms = app->next_tick_ms;
	int64_t rest_ms = app->rest_until_us / 1000 + 1;
	int64_t scan_us = scan_deadline_us(&app->scan);
	int64_t scan_ms = now_ms + (scan_us - app->clock.now_us) / 1000 + 1;

	if (app->rest_until_us > 0 && rest_ms < next_ms)
		next_ms = rest_ms;
	for (int i = 0; i < app->timer_count; i++)
		if (app->timers[i].at_ms < next_ms)
			next_ms = app->timers[i].at_ms;
	/* Up to the next whole millisecond, so that the deadline has passed on waking. */
	if (scan_us >= 0 && scan_ms < next_ms)
		next_ms = scan_ms;
	return next_ms > now_ms ? next_ms - now_ms : 0;
}

/* ------------------------------------------------------------------ recalculate */

static void app_tell_changed(struct app *app)
{
	app->is_changed = false;
	for (int i = 0; i < app->top_count; i++)
		for (int depth = 0; depth < app->tops[i].depth; depth++) {
			struct pane *pane = &app->tops[i].panes[depth];

			if (pane->ops->on_change)
				pane->ops->on_change(pane->self);
		}
	for (int i = 0; i < app->box_count; i++)
		if (app->boxes[i].ops->on_change)
			app->boxes[i].ops->on_change(app->boxes[i].self);
}

static void app_recalc_pane(struct app *app, const struct pane *pane)
{
	if (pane->ops->recalc)
		pane->ops->recalc(pane->self, &app->layout);
}

void app_recalc(struct app *app)
{
	int page;
	int rows;
	int cols;

	if (app->is_changed)
		app_tell_changed(app);
	app_leave_hidden(app);
	term_size(&rows, &cols);
	app->layout = layout_of(rows, cols);
	page = app_page_at(app, &app->tops[app->now]);
	if (page >= 0)
		app_recalc_pane(app, &app->tops[app->now].panes[page]);
	for (int i = 0; i < app->box_count; i++)
		if (app_box_is_shown(app, i))
			app_recalc_pane(app, &app->boxes[i]);
}

static void app_refresh_status(struct app *app)
{
	struct app_status status;

	memset(&status, 0, sizeof(status));
	status.link_role = ROLE_STATUS;
	if (app->config.status)
		app->config.status(app->config.ctx, &status);
	if (memcmp(&status, &app->status, sizeof(status)) == 0)
		return;
	app->status = status;
	app->is_dirty = true;
}

/* ------------------------------------------------------------------ the loop */

static void app_take_scan_events(struct app *app)
{
	struct scan_event event;

	while (scan_next(&app->scan, &event)) {
		struct pane *top;

		app->is_dirty = true;
		if (event.kind == SCAN_EVENT_CODE) {
			app->message[0] = '\0';
			app_scan(app, event.code);
		} else if (event.kind == SCAN_EVENT_TOO_LONG) {
			app_refuse_flood(app);
		} else {
			app_handle_key(app, event.key);
		}
		/* The next key may already be for what this one opened. */
		app_recalc(app);
		top = app_top(app);
		app->scan.is_counting = top && top->ops->is_counting &&
			top->ops->is_counting(top->self);
	}
}

static void app_read_input(struct app *app)
{
	struct term_event events[APP_EVENTS_AT_ONCE];
	size_t count;

	while ((count = term_read(events, APP_EVENTS_AT_ONCE)) > 0) {
		for (size_t i = 0; i < count; i++) {
			if (events[i].kind == TERM_PASTE) {
				scan_flush(&app->scan);
				app_take_scan_events(app);
				app_handle_paste(app, term_paste_text());
				app_recalc(app);
				continue;
			}
			scan_feed(&app->scan, events[i].key, app->clock.now_us);
			app_take_scan_events(app);
		}
	}
}

static void app_handle_signals(struct app *app, unsigned ready)
{
	if (ready & TERM_READY_SUSPEND)
		term_suspend();
	if (ready & TERM_READY_CONTINUED)
		term_redraw();
	if (ready & (TERM_READY_RESIZE | TERM_READY_CONTINUED))
		term_resize();
	if (ready & (TERM_READY_RESIZE | TERM_READY_CONTINUED | TERM_READY_SUSPEND))
		app->is_dirty = true;
	if (ready & (TERM_READY_END | TERM_READY_GONE)) {
		app->has_ended = true;
		app->end = ready & TERM_READY_END ? APP_END_SIGNAL : APP_END_TTY_GONE;
	}
}

static void app_handle_time(struct app *app)
{
	int64_t now_ms = app_now_ms();

	app_run_timers(app, now_ms);
	if (now_ms < app->next_tick_ms)
		return;
	app->next_tick_ms = now_ms + APP_TICK_MS;
	if (app->config.tick && app->config.tick(app->config.ctx))
		app_changed(app);
	app_refresh_status(app);
}

/* Where others say that they changed something; -1 while the rest after the last time lasts. */
static int app_wake_fd(struct app *app)
{
	if (app->rest_until_us > app_now_us() && !app->hurried_by)
		return -1;
	app->rest_until_us = 0;
	return app->config.wake.fd;
}

static void app_round(struct app *app)
{
	int wake_fd = app_wake_fd(app);
	unsigned ready = app_wait(app, wake_fd, app_timeout_ms(app));

	app_handle_signals(app, ready);
	if (ready & TERM_READY_INPUT)
		app_read_input(app);
	scan_tick(&app->scan, app->clock.now_us);
	app_take_scan_events(app);
	if ((ready & TERM_READY_WAKE) && app->config.wake.drain) {
		app->follows_since_us = app_now_us();
		app->config.wake.drain(app->config.wake.ctx);
		app_changed(app);
	}
	app_handle_time(app);
	app_close_graves(app);
}

/* What others changed is on the screen. */
static void app_rest(struct app *app)
{
	int64_t now_us = app_now_us();
	int64_t rest_us = (now_us - app->follows_since_us) * APP_REST_FACTOR;

	app->rest_until_us = now_us + (rest_us > APP_REST_US ? rest_us : APP_REST_US);
	app->follows_since_us = 0;
}

static void app_frame(struct app *app)
{
	app_recalc(app);
	app_refresh_status(app);
	app_paint(app);
	app->is_dirty = false;
	if (app->follows_since_us > 0)
		app_rest(app);
}

enum app_end app_run(struct app *app)
{
	const char *why_not = term_start(app->config.theme);

	if (why_not) {
		snprintf(app->error, sizeof(app->error), "%s", why_not);
		return APP_END_NO_TERMINAL;
	}
	scan_init(&app->scan, term_is_remote());
	app->next_tick_ms = app_now_ms() + APP_TICK_MS;
	app_opened(app);
	while (!app->has_ended) {
		if (app->is_dirty)
			app_frame(app);
		app_round(app);
	}
	app_close_all(app);
	term_stop();
	return app->end;
}
