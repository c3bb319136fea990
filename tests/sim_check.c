/* The rules of design.md §4, once everything has come to rest: what became of the commands. */
#include "model/json.h"
#include "tests/sim.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- 1: no loss ---- */

static void check_hash(struct sim *sim, const struct sim_command *command, const char *theirs)
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	char hash[2 * sizeof digest + 1];

	crypto_hash_sha256(digest, (const unsigned char *)command->line, strlen(command->line));
	sodium_bin2hex(hash, sizeof hash, digest, sizeof digest);
	if (strcmp(hash, theirs) != 0)
		sim_fail(sim, "rule 1: HQ has other bytes of %s", command->id);
}

/* What the store holds for HQ's answer is HQ's answer. */
static void check_status(struct sim *sim, const struct sim_command *command, const char *theirs)
{
	struct db *outbox = sim->homes[command->home].seats[0].outbox;
	char *ours = db_get_text(
		outbox, "SELECT status FROM command WHERE id = $1", "t", command->id);

	if (!ours || strcmp(ours, theirs) != 0)
		sim_fail(sim, "rule 1: %s is %s at %s, and %s at HQ", command->id,
			ours ? ours : "nothing", sim->homes[command->home].store, theirs);
	free(ours);
}

/* True if HQ knows it. */
static bool check_command(struct sim *sim, struct db *db, const struct sim_command *command)
{
	struct db_rows *rows = db_query(
		db, "SELECT status, hash FROM command WHERE id = $1", "t", command->id);
	bool there = db_next(rows);

	if (!there && command->saved && !command->orphan)
		sim_fail(sim, "rule 1: %s has no verdict at HQ", command->id);
	if (there && command->line)
		check_hash(sim, command, db_text(rows, 1));
	if (there && command->saved && !command->orphan)
		check_status(sim, command, db_text(rows, 0));
	db_done(rows);
	return there;
}

static void rule_1_no_loss(struct sim *sim)
{
	struct db *db = sim_hq_db(sim);
	int64_t known = sim->setup_rows, all;

	for (int i = 0; db && i < sim->command_count && sim->failure[0] == '\0'; i++)
		known += check_command(sim, db, &sim->commands[i]);
	all = db ? db_get_int(db, 0, "SELECT count(*) FROM command", "") : 0;
	if (sim->failure[0] == '\0' && known != all)
		sim_fail(sim, "rule 1: HQ has %lld commands, and %lld were made", (long long)all,
			(long long)known);
}

static void rule_1_all_done(struct sim_home *home)
{
	struct console_counts counts;
	struct console *seat = &home->seats[0];
	int64_t open;

	console_count(seat, home->store, &counts);
	if (counts.unsent > 0 || counts.amber > 0)
		sim_fail(home->sim, "rule 1: %s still has %d unsent and %d amber commands",
			home->store, counts.unsent, counts.amber);
	open = db_get_int(
		seat->outbox, -1, "SELECT count(*) FROM command WHERE state <> 'done'", "");
	if (open != 0)
		sim_fail(home->sim, "rule 1: %s has %lld commands that are not done", home->store,
			(long long)open);
}

/* ---- 7: no clock decides ---- */

static void rule_7_clocks(struct sim *sim)
{
	struct db *db = sim_hq_db(sim);
	bool all_right = true;

	for (int i = 0; i < sim->home_count; i++)
		all_right = all_right && sim->homes[i].skew_ms == 0;
	/* Every ticket here is valid for a year. */
	if (db &&
		db_has(db,
			"SELECT 1 FROM command WHERE verdict LIKE '%\"code\":\"expired\"%'"
			" OR verdict LIKE '%\"code\":\"not_yet\"%'",
			""))
		sim_fail(sim, "rule 7: HQ refused a ticket for a terminal's clock");
	if (db && all_right &&
		db_has(db,
			"SELECT 1 FROM exception WHERE kind IN ('clock', 'offline_expired', 'offline_not_yet')",
			""))
		sim_fail(sim, "rule 7: an exception for clocks that are all right");
}

/* ---- 8: a restored HQ heals ---- */

static void rule_8_healed(struct sim *sim)
{
	if (sim->restores > 0 && strcmp(sim->first_epoch, hq_epoch(sim->hq)) == 0)
		sim_fail(sim, "rule 8: a restored HQ kept its epoch");
	for (int i = 0; i < sim->home_count; i++) {
		struct console_device device;

		console_device(&sim->homes[i].seats[0], &device);
		if (strcmp(device.epoch, hq_epoch(sim->hq)) != 0)
			sim_fail(sim, "rule 8: %s knows another epoch than HQ's",
				sim->homes[i].store);
		console_device_free(&device);
	}
}

/* ---- 9: nobody else's ---- */

/* The line of a command; the caller frees it. */
static char *line_of(struct sim *sim, const struct sim_command *command)
{
	return command->line ? text_copy(command->line)
			     : db_get_text(sim->homes[command->home].seats[0].outbox,
				       "SELECT line FROM command WHERE id = $1", "t", command->id);
}

static void rule_9_actors(struct sim *sim)
{
	struct db *db = sim_hq_db(sim);

	for (int i = 0; db && i < sim->command_count && sim->failure[0] == '\0'; i++) {
		const struct sim_command *command = &sim->commands[i];
		char *line = command->home >= 0 ? line_of(sim, command) : NULL;
		cJSON *json = line ? json_parse(line, strlen(line), NULL, 0) : NULL;
		const char *actor = json ? json_text(json, "actor") : NULL;

		if (actor &&
			db_has(db,
				"SELECT 1 FROM history WHERE id >= $1 || '.' AND id < $1 || '/' AND actor <> $2"
				" UNION ALL SELECT 1 FROM ledger WHERE id >= $1 || '.' AND id < $1 || '/'"
				" AND actor <> $2",
				"tt", command->id, actor))
			sim_fail(sim, "rule 9: %s of %s stands under another name", command->id,
				actor);
		cJSON_Delete(json);
		free(line);
	}
}

void sim_check(struct sim *sim)
{
	for (int i = 0; i < sim->home_count && sim->failure[0] == '\0'; i++) {
		struct sim_home *home = &sim->homes[i];

		for (int seat = 0; seat < home->seat_count; seat++) {
			console_changed(&home->seats[seat]); /* a whole copy may have come */
			sim_rule_5_screen(home, &home->seats[seat], true);
		}
		rule_1_all_done(home);
		sim_rule_3_rows(home);
		sim_rule_4_cursor(home);
		sim_rule_9_kept(home);
	}
	if (sim->failure[0] == '\0') {
		rule_1_no_loss(sim);
		rule_7_clocks(sim);
		rule_8_healed(sim);
		rule_9_actors(sim);
		sim_rule_2_once(sim);
		sim_rule_6_goods(sim);
	}
}
