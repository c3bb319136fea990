/* A store's machine in the simulator: its processes begin, die and come back, and people meddle. */
#include "model/json.h"
#include "tests/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *const database_files[] = {"outbox.db", "cache.db", "cache.new"};

int sim_seat(const struct sim_home *home, int seat)
{
	return 1 + home->index * (SIM_SEATS_MAX + 1) + seat;
}

int sim_syncer(const struct sim_home *home)
{
	return sim_seat(home, SIM_SEATS_MAX);
}

static void home_path(const struct sim_home *home, const char *name, char path[SIM_PATH + 16])
{
	snprintf(path, SIM_PATH + 16, "%s/%s", home->folder, name);
}

/* ---- processes ---- */

static void env_random(void *ctx, void *bytes, size_t size)
{
	(void)ctx;
	sim_random_bytes(bytes, size);
}

static int64_t env_boot_ms(void *ctx)
{
	const struct sim_home *home = ctx;

	return home->sim->now_ms - home->boot_base_ms;
}

static void env_changed(void *ctx)
{
	(void)ctx; /* the screens look by themselves before they act */
}

static bool open_console(struct sim_home *home, struct console *console, int process)
{
	struct sim *sim = home->sim;
	char error[300];
	int before = sim_enter(sim, process);

	console->random = sim_random_bytes;
	bool opened = console_open(console, home->folder, disk_vfs(), error, sizeof error);
	if (!opened && sim_disk_bad(home)) {
		/* It starts when its disk is well again. */
		sim->bad_file = NULL;
		opened = console_open(console, home->folder, disk_vfs(), error, sizeof error);
	}
	sim_enter(sim, before);
	if (!opened)
		sim_fail(sim, "%s: %s", home->store, error);
	return opened;
}

static void close_console(struct sim_home *home, struct console *console, int process)
{
	int before = sim_enter(home->sim, process);

	if (console->outbox)
		console_close(console);
	sim_enter(home->sim, before);
}

static bool open_syncer(struct sim_home *home)
{
	struct sync_env env = {.transport = sim_transport(home),
		.ctx = home,
		.random = env_random,
		.boot_ms = env_boot_ms,
		.changed = env_changed};
	int before;

	if (!open_console(home, &home->behind, sim_syncer(home)))
		return false;
	before = sim_enter(home->sim, sim_syncer(home));
	sync_init(&home->syncer, &home->behind, &env);
	sim_enter(home->sim, before);
	home->wake_ms = home->sim->now_ms;
	return true;
}

static void close_syncer(struct sim_home *home)
{
	int before = sim_enter(home->sim, sim_syncer(home));

	if (home->syncer.console)
		sync_free(&home->syncer);
	sim_abandon(home);
	sim_enter(home->sim, before);
	close_console(home, &home->behind, sim_syncer(home));
}

bool sim_home_open(struct sim_home *home)
{
	int seats = home->seat_count;
	bool opened = true;

	for (int i = 0; i < seats && opened; i++)
		opened = open_console(home, &home->seats[i], sim_seat(home, i));
	return opened && open_syncer(home);
}

void sim_home_close(struct sim_home *home)
{
	close_syncer(home);
	for (int i = 0; i < home->seat_count; i++)
		close_console(home, &home->seats[i], sim_seat(home, i));
}

void sim_home_free(struct sim_home *home)
{
	for (int slot = 0; slot < SLOT_COUNT; slot++)
		text_free(&home->last_answer[slot]);
	disk_image_free(&home->old_outbox);
}

int64_t sim_landed_ms(const struct sim_home *home)
{
	return home->syncer.landed_ms > 0 ? home->syncer.landed_ms + home->boot_base_ms : 0;
}

/* ---- death ---- */

static uint32_t draw_of(void *ctx, uint32_t below)
{
	return sim_draw(ctx, below);
}

/* The power of the machine is gone, and comes back. */
static void power_fails(struct sim_home *home)
{
	struct sim *sim = home->sim;

	for (int i = 0; i <= SIM_SEATS_MAX; i++)
		sim->processes[sim_seat(home, i)].dead = true;
	sim_home_close(home);
	disk_power_cut(home->folder, draw_of, sim);
	for (int i = 0; i <= SIM_SEATS_MAX; i++)
		sim->processes[sim_seat(home, i)] = (struct sim_process){0};
	home->boot_base_ms = sim->now_ms;
	sim_home_open(home);
}

static void process_died(struct sim_home *home, int seat)
{
	struct sim *sim = home->sim;
	struct sim_process *process = &sim->processes[sim_seat(home, seat)];

	if (seat == SIM_SEATS_MAX)
		close_syncer(home);
	else
		close_console(home, &home->seats[seat], sim_seat(home, seat));
	*process = (struct sim_process){0};
	if (seat == SIM_SEATS_MAX)
		open_syncer(home);
	else
		open_console(home, &home->seats[seat], sim_seat(home, seat));
}

void sim_home_reap(struct sim_home *home)
{
	struct sim *sim = home->sim;

	for (int i = 0; i <= SIM_SEATS_MAX && sim->failure[0] == '\0'; i++) {
		const struct sim_process *process = &sim->processes[sim_seat(home, i)];

		if (!process->dead)
			continue;
		sim->deaths++;
		if (home->shaken_ms < sim->now_ms)
			home->shaken_ms = sim->now_ms;
		sim_tell(sim, "%s: process %d dies%s", home->folder, i,
			process->power ? " of the power" : "");
		if (process->power)
			power_fails(home);
		else
			process_died(home, i);
		sim_rule_9_kept(home);
	}
}

/* ---- enrolment ---- */

static bool token_good(struct sim_home *home)
{
	struct db *db = sim_hq_db(home->sim);
	bool good = db && home->seats[0].device[0] != '\0' &&
		db_has(db, "SELECT 1 FROM token WHERE device = $1 AND revoked_at = 0", "t",
			home->seats[0].device);

	return good;
}

static void take_enrolment(struct sim_home *home, const struct hq_answer *answer)
{
	struct sim *sim = home->sim;
	char error[100];
	cJSON *json = json_parse(text_get(&answer->body), answer->body.length, error, sizeof error);
	int before = sim_enter(sim, sim_seat(home, 0));
	bool taken = json &&
		console_enrol(&home->seats[0], "http://127.0.0.1", json_text(json, "token"),
			json_text(json, "device"), &home->store, 1);

	sim_enter(sim, before);
	if (taken)
		home->shut_out = false;
	else if (!sim_disk_bad(home) && !sim->processes[sim_seat(home, 0)].dead)
		sim_fail(sim, "%s cannot be enrolled", home->store);
	cJSON_Delete(json);
	sim_home_reap(home);
}

void sim_home_enrol(struct sim_home *home)
{
	struct sim *sim = home->sim;
	char code[HQ_SECRET_SIZE], error[200], body[200];
	struct hq_answer answer;

	if (!sim->hq || token_good(home))
		return;
	/* While HQ's disk is bad there is no code. */
	int before = sim_enter(sim, SIM_HQ);
	bool made = hq_make_enrol_code(
		sim->hq, &home->store, 1, sim->now_ms, code, error, sizeof error);
	sim_enter(sim, before);
	if (!made) {
		if (!sim_disk_bad(NULL) && !sim->processes[SIM_HQ].dead)
			sim_fail(sim, "no code: %s", error);
		return;
	}
	snprintf(body, sizeof body, "{\"code\":\"%s\"}", code);
	sim_ask(sim,
		&(struct hq_request){.method = "POST",
			.path = "/v1/enrol",
			.content_type = "application/json",
			.body = body,
			.body_length = strlen(body)},
		&answer);
	if (answer.status == 200)
		take_enrolment(home, &answer);
	else if (answer.status != 0 && !sim_disk_bad(NULL))
		sim_fail(sim, "enrolling answers %d %.200s", answer.status, text_get(&answer.body));
	hq_answer_free(&answer);
}

/* ---- what people do to a home ---- */

static void delete_cache(struct sim_home *home)
{
	char path[SIM_PATH + 16];

	home_path(home, "cache.db", path);
	db_remove(path, disk_vfs());
}

static void reboot(struct sim_home *home)
{
	home->boot_base_ms = home->sim->now_ms;
}

/* Somebody keeps the outbox, and later puts it back where a newer one is. */
static void keep_or_put_back(struct sim_home *home)
{
	char path[SIM_PATH + 16];

	home_path(home, "outbox.db", path);
	if (!home->old_outbox.bytes) {
		disk_save(path, &home->old_outbox);
		return;
	}
	db_remove(path, disk_vfs());
	disk_load(path, &home->old_outbox);
	disk_image_free(&home->old_outbox);
	home->outbox_rows = 0;
	home->strange_ms = home->sim->now_ms;
	home->late.id[0] = '\0';
}

/* What was only in the outbox that is gone can be asked of nobody. */
static void find_orphans(struct sim_home *home)
{
	struct sim *sim = home->sim;

	for (int i = 0; i < sim->command_count; i++)
		if (sim->commands[i].home == home->index &&
			!db_has(home->behind.outbox, "SELECT 1 FROM command WHERE id = $1", "t",
				sim->commands[i].id))
			sim->commands[i].orphan = true;
}

/* The home is copied to another machine, and both go on. */
static void copy_home(struct sim_home *from)
{
	struct sim *sim = from->sim;
	struct sim_home *to = &sim->homes[sim->home_count];

	if (sim->home_count > sim->store_count)
		return;
	*to = (struct sim_home){.sim = sim,
		.index = sim->home_count++,
		.store = from->store,
		.seat_count = 1,
		.skew_ms = from->skew_ms,
		.boot_base_ms = from->boot_base_ms,
		.tainted = from->tainted,
		.tainted_ms = from->tainted_ms,
		.shut_out = from->shut_out,
		.shaken_ms = sim->now_ms,
		.strange_ms = from->strange_ms,
		.next_command_ms = sim->now_ms + 1000};
	snprintf(to->folder, sizeof to->folder, "%.4000s-copy", from->folder);
	mkdir(to->folder, 0700);
	for (size_t i = 0; i < sizeof database_files / sizeof *database_files; i++) {
		char path[SIM_PATH + 16];
		struct disk_image image;

		home_path(from, database_files[i], path);
		if (!disk_save(path, &image))
			continue;
		home_path(to, database_files[i], path);
		disk_load(path, &image);
		disk_image_free(&image);
	}
	sim_home_open(to);
}

static const struct {
	uint32_t weight;
	void (*happens)(struct sim_home *home);
} mishaps[] = {{30, delete_cache}, {20, reboot}, {35, keep_or_put_back}, {15, copy_home}};

void sim_home_mishap(struct sim_home *home)
{
	uint32_t drawn = sim_draw(home->sim, 100);
	size_t i = 0;
	bool kept;

	for (; drawn >= mishaps[i].weight; i++)
		drawn -= mishaps[i].weight;
	if (home->sim->bad_home == home)
		home->sim->bad_file = NULL;
	/* A log that a dying process left would belong to what is copied. */
	for (int seat = 0; seat <= SIM_SEATS_MAX; seat++)
		home->sim->processes[sim_seat(home, seat)] = (struct sim_process){0};
	sim_home_close(home);
	kept = home->old_outbox.bytes != NULL;
	home->shaken_ms = home->sim->now_ms;
	sim_tell(home->sim, "%s: mishap %zu of a home", home->folder, i);
	mishaps[i].happens(home);
	if (!sim_home_open(home))
		return;
	if (kept && !home->old_outbox.bytes)
		find_orphans(home);
	sim_rule_9_kept(home);
}
