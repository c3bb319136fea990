/* HQ in the simulator: how it begins, dies and comes back, and what its people do. */
#include "model/json.h"
#include "model/uuid.h"
#include "model/when.h"
#include "tests/sim.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DOWN_MOST_MS 30000
#define LINES_SIZE 400

static const char *const store_names[SIM_STORES_MAX] = {"north", "south", "east", "west"};

/* ---- the process ---- */

bool sim_hq_open(struct sim *sim, bool create)
{
	char error[200], url[SIM_PATH + 16];
	int before = sim_enter(sim, SIM_HQ);
	struct hq_options options = {
		.url = url, .vfs = disk_vfs(), .create = create, .random = sim_random_bytes};

	snprintf(url, sizeof url, "sqlite:%s", sim->hq_file);
	sim->hq = hq_open(&options, error, sizeof error);
	bool started = sim->hq && hq_start(sim->hq);
	sim_enter(sim, before);
	if (!started)
		sim_fail(sim, "HQ does not start: %s", sim->hq ? "hq_start" : error);
	return started;
}

void sim_hq_close(struct sim *sim)
{
	int before = sim_enter(sim, SIM_NOBODY);

	db_close(sim->hq_look);
	sim->hq_look = NULL;
	sim_enter(sim, SIM_HQ);
	hq_close(sim->hq);
	sim->hq = NULL;
	sim_enter(sim, before);
}

static uint32_t draw_of(void *ctx, uint32_t below)
{
	return sim_draw(ctx, below);
}

void sim_hq_reap(struct sim *sim)
{
	struct sim_process *process = &sim->processes[SIM_HQ];

	if (process->dead) {
		sim_hq_close(sim);
		if (process->power)
			disk_power_cut(sim->hq_folder, draw_of, sim);
		*process = (struct sim_process){0};
		sim->deaths++;
		sim_tell(sim, "HQ dies%s", process->power ? " of the power" : "");
		if (!sim->bad_home)
			sim->bad_file = NULL; /* it finds a good disk when it comes back */
		sim->hq_up_ms = sim->now_ms + sim_draw(sim, DOWN_MOST_MS);
	}
	if (!sim->hq && sim->now_ms >= sim->hq_up_ms)
		sim_hq_open(sim, false);
}

void sim_ask(struct sim *sim, const struct hq_request *request, struct hq_answer *answer)
{
	int before;

	memset(answer, 0, sizeof *answer);
	if (!sim->hq || sim->processes[SIM_HQ].dead)
		return;
	before = sim_enter(sim, SIM_HQ);
	hq_handle(sim->hq, request, answer, sim->now_ms);
	sim_enter(sim, before);
	if (!sim->processes[SIM_HQ].dead)
		return;
	hq_answer_free(answer);
	answer->wait_ms = 0;
}

void sim_get(struct sim *sim, const char *path, struct hq_answer *answer)
{
	struct text token = TEXT_INIT(TEXT_SMALL);

	text_addf(&token, "Bearer %s", sim->token);
	sim_ask(sim,
		&(struct hq_request){
			.method = "GET", .path = path, .authorization = text_get(&token)},
		answer);
	text_free(&token);
}

struct db *sim_hq_db(struct sim *sim)
{
	struct db_options options = {.must_exist = true, .busy_ms = 1000, .vfs = disk_vfs()};
	char error[200];
	int before = sim_enter(sim, SIM_NOBODY);

	if (!sim->hq_look)
		sim->hq_look = db_open(sim->hq_file, &options, error, sizeof error);
	if (!sim->hq_look)
		sim_fail(sim, "HQ's database: %s", error);
	sim_enter(sim, before);
	return sim->hq_look;
}

/* ---- backups ---- */

void sim_hq_back_up(struct sim *sim)
{
	char error[200] = "";

	if (!sim->bad_home)
		sim->bad_file = NULL;
	snprintf(sim->backup, sizeof sim->backup, "%s/backup.db", sim->folder);
	sim->backed_up = true;
	if (!hq_backup(sim->hq, sim->backup, error, sizeof error))
		sim_fail(sim, "the backup failed: %s", error);
}

/* HQ's machine is replaced by one restored from last night's backup. */
void sim_hq_restore(struct sim *sim)
{
	sim_enter(sim, SIM_NOBODY);
	sim_hq_close(sim);
	sim->processes[SIM_HQ] = (struct sim_process){0};
	if (!sim->bad_home)
		sim->bad_file = NULL;
	if (!db_remove(sim->hq_file, disk_vfs()) || rename(sim->backup, sim->hq_file) != 0)
		sim_fail(sim, "the backup is gone");
	sim->backup[0] = '\0';
	sim->restores++;
	/* A proxy that kept answers of the HQ that was would be one that lies for ever. */
	for (int i = 0; i < sim->home_count; i++)
		for (int slot = 0; slot < SLOT_COUNT; slot++)
			text_clear(&sim->homes[i].last_answer[slot]);
	sim_hq_open(sim, false);
}

/* ---- commands of HQ's people ---- */

static void post(struct sim *sim, const struct text *lines, struct hq_answer *answer)
{
	struct text token = TEXT_INIT(TEXT_SMALL);

	text_addf(&token, "Bearer %s", sim->token);
	sim_ask(sim,
		&(struct hq_request){.method = "POST",
			.path = "/v1/commands",
			.authorization = text_get(&token),
			.content_type = "application/x-ndjson",
			.body = text_get(lines),
			.body_length = lines->length},
		answer);
	text_free(&token);
}

static void add_line(struct sim *sim, struct text *lines, const char *op, const char *data)
{
	char id[UUID_SIZE], at[WHEN_SIZE];
	uint8_t random[10];

	sim_random_bytes(random, sizeof random);
	uuid_make(&sim->office_ids, sim->now_ms, random, id);
	when_format(sim->now_ms, at);
	text_addf(lines,
		"{\"id\":\"%s\",\"op\":\"%s\",\"v\":1,\"at\":\"%s\",\"actor\":\"office\",\"data\":%s}\n",
		id, op, at, data);
	if (sim->command_count < SIM_COMMANDS_MAX)
		memcpy(sim->commands[sim->command_count].id, id, UUID_SIZE);
}

/* The stores from the first to the given number, as a JSON list. */
static const char *store_list(int count)
{
	static char list[100];
	size_t used = 0;

	for (int i = 0; i < count; i++)
		used += (size_t)snprintf(
			list + used, sizeof list - used, "%s\"%s\"", i ? "," : "[", store_names[i]);
	snprintf(list + used, sizeof list - used, count ? "]" : "[]");
	return list;
}

static void write_staff(struct sim *sim, char data[LINES_SIZE], bool boss)
{
	const char *role = sim_chance(sim, boss ? 70 : 0) ? "manager"
		: sim_chance(sim, 70)                     ? "clerk"
							  : "ticket_clerk";
	int stores = boss ? sim->store_count : 1 + (int)sim_draw(sim, (uint32_t)sim->store_count);

	snprintf(data, LINES_SIZE,
		"{\"id\":\"%s\",\"name\":\"%s %u\",\"role\":\"%s\",\"stores\":%s,\"active\":%s}",
		boss ? "boss" : "anna", boss ? "Boss" : "Anna", sim_draw(sim, 9), role,
		store_list(stores), sim_chance(sim, 90) ? "true" : "false");
}

static void write_product(struct sim *sim, char data[LINES_SIZE])
{
	uint32_t sku = sim_draw(sim, SIM_SKUS);

	snprintf(data, LINES_SIZE,
		"{\"sku\":\"S%u\",\"name\":\"Thing %u-%u\",\"category\":\"c%u\"}", sku, sku,
		sim_draw(sim, 99), sku % 2);
}

/* A new order of one ticket, bound to the first store or to none. */
static void write_ticket(char data[LINES_SIZE], const char *code, bool bound)
{
	snprintf(data, LINES_SIZE,
		"{\"order\":\"O-%s\",\"buyer\":\"Wu\",\"lines\":[{\"code\":\"%s\",\"product\":\"S0\",\"units\":6,"
		"\"valid_from\":\"2026-01-01\",\"valid_until\":\"2027-12-31\",\"stores\":%s,"
		"\"offline\":{\"allowed\":true,\"most\":3,\"cache_hours\":48}}]}",
		code, code, bound ? "[\"north\"]" : "[]");
}

/* All tickets are of one product; those sold already are bound too, or kept as they are. */
static void write_binding(struct sim *sim, char data[LINES_SIZE])
{
	snprintf(data, LINES_SIZE, "{\"product\":\"S0\",\"stores\":%s,\"sold\":\"%s\"}",
		store_list((int)sim_draw(sim, (uint32_t)sim->store_count + 1)),
		sim_chance(sim, 70) ? "bind" : "keep");
}

void sim_office(struct sim *sim)
{
	static const char *const ops[] = {"staff.put", "staff.put", "product.put", "ticket.block",
		"ticket.unblock", "ticket.bind"};
	struct text lines = TEXT_INIT(TEXT_LARGE);
	uint32_t act = sim_draw(sim, 12);
	char data[LINES_SIZE];
	struct hq_answer answer;

	act = act < 3 ? 0 : act < 5 ? 1 : act < 8 ? 2 : act < 9 ? 3 : act < 10 ? 4 : 5;
	if (act < 2)
		write_staff(sim, data, act == 0);
	else if (act == 2)
		write_product(sim, data);
	else if (act == 5)
		write_binding(sim, data);
	else
		snprintf(data, sizeof data, "{\"code\":\"TICKET-%u\"}", sim_draw(sim, SIM_TICKETS));
	if (!sim->hq || sim->command_count == SIM_COMMANDS_MAX)
		return;
	add_line(sim, &lines, ops[act], data);
	/* Nobody offers it again where HQ forgets it. */
	sim->commands[sim->command_count].home = -1;
	sim->commands[sim->command_count++].orphan = true;
	post(sim, &lines, &answer);
	sim_tell(sim, "office: %s %s", text_get(&lines), text_get(&answer.body));
	hq_answer_free(&answer);
	text_free(&lines);
}

void sim_shut_out(struct sim_home *home, bool out)
{
	struct db *db = sim_hq_db(home->sim);

	if (db &&
		!db_run(db, "UPDATE token SET revoked_at = $1 WHERE device = $2", "it",
			out ? home->sim->now_ms : INT64_C(0), home->seats[0].device))
		sim_fail(home->sim, "the token cannot be changed: %s", db_message(db));
	home->shut_out = out;
}

/* ---- the beginning ---- */

/* One for each number of stores, made by the first seed of this process that needs it. */
static struct template
{
	bool made;
	struct disk_image hq, outboxes[SIM_STORES_MAX], caches[SIM_STORES_MAX];
	char token[HQ_SECRET_SIZE];
	struct uuid_source office_ids;
}
templates[SIM_STORES_MAX + 1];

static void add_goods(struct sim *sim, struct text *lines)
{
	char data[LINES_SIZE];

	for (int i = 0; i < SIM_SKUS; i++) {
		snprintf(data, sizeof data,
			"{\"sku\":\"S%d\",\"name\":\"Thing %d\",\"category\":\"c%d\"}", i, i,
			i % 2);
		add_line(sim, lines, "product.put", data);
		for (int j = 0; j < sim->store_count; j++) {
			snprintf(data, sizeof data,
				"{\"store\":\"%s\",\"lines\":[{\"sku\":\"S%d\",\"qty\":%d}]}",
				store_names[j], i, 20 + i);
			add_line(sim, lines, "stock.open", data);
		}
	}
}

static void populate(struct sim *sim)
{
	struct text lines = TEXT_INIT(TEXT_LARGE);
	char data[LINES_SIZE], code[16];
	struct hq_answer answer;

	for (int i = 0; i < sim->store_count; i++) {
		snprintf(data, sizeof data, "{\"id\":\"%s\",\"name\":\"%s\",\"kind\":\"shop\"}",
			store_names[i], store_names[i]);
		add_line(sim, &lines, "store.put", data);
	}
	for (int i = 0; i < 2; i++) {
		snprintf(data, sizeof data,
			"{\"id\":\"%s\",\"name\":\"%s\",\"role\":\"%s\",\"stores\":%s}",
			i ? "anna" : "boss", i ? "Anna" : "Boss", i ? "clerk" : "manager",
			store_list(sim->store_count));
		add_line(sim, &lines, "staff.put", data);
	}
	add_goods(sim, &lines);
	snprintf(data, sizeof data, "{\"id\":\"%s\",\"name\":\"Web\",\"stores\":%s}", SIM_CHANNEL,
		store_list(sim->store_count));
	add_line(sim, &lines, "channel.put", data);
	for (int i = 0; i < SIM_TICKETS; i++) {
		snprintf(code, sizeof code, "TICKET-%d", i);
		write_ticket(data, code, i % 2);
		add_line(sim, &lines, "ticket.issue", data);
	}
	post(sim, &lines, &answer);
	if (answer.status != 200 || strstr(text_get(&answer.body), "\"rejected\"") ||
		strstr(text_get(&answer.body), "\"error\""))
		sim_fail(sim, "setup: %d %.300s", answer.status, text_get(&answer.body));
	hq_answer_free(&answer);
	text_free(&lines);
}

static void save_home(struct sim_home *home, struct template *template)
{
	char path[SIM_PATH + 16];

	snprintf(path, sizeof path, "%s/outbox.db", home->folder);
	disk_save(path, &template->outboxes[home->index]);
	snprintf(path, sizeof path, "%s/cache.db", home->folder);
	disk_save(path, &template->caches[home->index]);
}

/* Not of the seed: every seed begins with the same. */
static void make_template(struct sim *sim, struct template *template)
{
	uint64_t random = sim->random;
	char error[200];

	sim->random = UINT64_C(12345);
	if (!sim_hq_open(sim, true))
		return;
	if (!hq_make_token(sim->hq, &(struct hq_token_wish){.role = "hq"}, sim->now_ms, sim->token,
		    error, sizeof error))
		sim_fail(sim, "token: %s", error);
	populate(sim);
	for (int i = 0; i < sim->store_count && sim->failure[0] == '\0'; i++) {
		if (sim_home_open(&sim->homes[i]))
			sim_home_enrol(&sim->homes[i]);
		sim_home_close(&sim->homes[i]);
		save_home(&sim->homes[i], template);
	}
	sim_hq_close(sim);
	disk_save(sim->hq_file, &template->hq);
	memcpy(template->token, sim->token, sizeof template->token);
	template->office_ids = sim->office_ids;
	template->made = sim->failure[0] == '\0';
	sim->random = random;
}

static void make_folders(struct sim *sim)
{
	snprintf(sim->hq_folder, sizeof sim->hq_folder, "%s/hq", sim->folder);
	snprintf(sim->hq_file, sizeof sim->hq_file, "%s/hq/hq.db", sim->folder);
	mkdir(sim->hq_folder, 0700);
	for (int i = 0; i < sim->store_count; i++) {
		struct sim_home *home = &sim->homes[i];

		home->sim = sim;
		home->index = i;
		home->store = store_names[i];
		snprintf(home->folder, sizeof home->folder, "%s/%s", sim->folder, home->store);
		mkdir(home->folder, 0700);
	}
}

void sim_begin_world(struct sim *sim)
{
	struct template *template = &templates[sim->store_count];
	char path[SIM_PATH + 16];
	struct db *db;

	make_folders(sim);
	if (!template->made)
		make_template(sim, template);
	sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, (int)(sim->seed % 1000000) + 1, NULL);
	disk_load(sim->hq_file, &template->hq);
	memcpy(sim->token, template->token, sizeof sim->token);
	sim->office_ids = template->office_ids;
	if (!sim_hq_open(sim, false))
		return;
	db = sim_hq_db(sim);
	sim->setup_rows = db ? db_get_int(db, 0, "SELECT count(*) FROM command", "") : 0;
	snprintf(sim->first_epoch, sizeof sim->first_epoch, "%s", hq_epoch(sim->hq));
	for (int i = 0; i < sim->store_count; i++) {
		struct sim_home *home = &sim->homes[i];

		snprintf(path, sizeof path, "%s/outbox.db", home->folder);
		disk_load(path, &template->outboxes[i]);
		snprintf(path, sizeof path, "%s/cache.db", home->folder);
		disk_load(path, &template->caches[i]);
		sim_home_open(home);
	}
}
