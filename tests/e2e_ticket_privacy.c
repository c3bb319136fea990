/* Codes of tickets and phone numbers of buyers are personal data: they stand in the databases, on the page of
 * a ticket that was scanned and in JSON for programs, and nowhere in what the programs say or leave behind. */
#include <ctype.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/text.h"
#include "tests/e2e_kit.h"
#include "tests/e2e_parts.h"

#define SECRETS_MAX 300
#define SECRET_BYTES 48

/* Of the demo: one unit; ten units, up to two with the line down; one only with HQ; two units, split below. */
#define SINGLE "CT1001-A7K2"
#define TEN "CT1002-M4PX"
#define STRICT "CT1012-BBBB"
#define TWO "PV-SPLIT-7788"
#define LOOSE "PV-LOOSE-5566"
#define NOBODYS "PV-NOBODY-3344"

static char secrets[SECRETS_MAX][SECRET_BYTES]; /* lower case */
static int secret_count;

static void in_lower_case(char *text)
{
	for (; *text; text++)
		*text = (char)tolower((unsigned char)*text);
}

static void keep_secret(const char *secret)
{
	if (!secret || !secret[0])
		return;
	assert_true(secret_count < SECRETS_MAX);
	snprintf(secrets[secret_count], SECRET_BYTES, "%s", secret);
	in_lower_case(secrets[secret_count++]);
}

static void expect_clean(const char *what, const char *bytes, size_t size)
{
	char *copy = malloc(size + 1);

	assert_non_null(copy);
	for (size_t i = 0; i < size; i++)
		copy[i] = (char)tolower((unsigned char)bytes[i]);
	for (int i = 0; i < secret_count; i++)
		if (memmem(copy, size, secrets[i], strlen(secrets[i])))
			fail_msg("%s holds %s: %.2000s", what, secrets[i], bytes);
	free(copy);
}

static void expect_clean_text(const char *what, const char *text)
{
	expect_clean(what, text, strlen(text));
}

/* Every code and phone number HQ has, and those that only somebody typed. */
static void collect_secrets(void)
{
	cJSON *tickets = e2e_get("/v1/tickets?limit=1000");
	const cJSON *ticket;

	secret_count = 0;
	cJSON_ArrayForEach(ticket, tickets)
	{
		keep_secret(cJSON_GetStringValue(cJSON_GetObjectItem(ticket, "code")));
		keep_secret(cJSON_GetStringValue(cJSON_GetObjectItem(ticket, "phone")));
	}
	cJSON_Delete(tickets);
	keep_secret(NOBODYS);
	assert_true(secret_count > 30);
}

/* ---- the command line ---- */

/* A verdict is for programs, and its result names the code; what it says does not. */
static void expect_clean_verdict(const char *what, const char *out)
{
	cJSON *verdict = cJSON_Parse(out);
	char *rest;

	if (!verdict) {
		expect_clean_text(what, out);
		return;
	}
	cJSON_DeleteItemFromObject(verdict, "result");
	rest = cJSON_PrintUnformatted(verdict);
	expect_clean_text(what, rest);
	cJSON_free(rest);
	cJSON_Delete(verdict);
}

/* One run, its words separated by single blanks, and its exit code. */
struct run {
	int code;
	const char *words;
};

static void run_one(const struct e2e_home *home, const struct run *run)
{
	static struct e2e_output output;
	char copy[E2E_PATH_BYTES + 100], *rest = copy, *words[12] = {NULL};
	int count = 0;

	snprintf(copy, sizeof copy, "%s", run->words);
	while (rest && count < 11)
		words[count++] = strsep(&rest, " ");
	e2e_countertop(&output, home, words[0], words[1], words[2], words[3], words[4], words[5],
		words[6], words[7], words[8], words[9], words[10], NULL);
	if (output.code != run->code)
		fail_msg("%s: %d %s", run->words, output.code, output.err);
	expect_clean_text(run->words, output.err);
	if (strcmp(words[0], "do") == 0)
		expect_clean_verdict(run->words, output.out);
	else
		expect_clean_text(run->words, output.out);
}

static void run_all(const struct e2e_home *home, const struct run *runs)
{
	for (; runs->words; runs++)
		run_one(home, runs);
}

#define AS_MANAGER " --staff chang"

/* At ximen, with HQ on the line. */
static const struct run with_hq[] = {
	{0, "do ticket.redeem code=" SINGLE " qty=1 mode=online --wait" AS_MANAGER},
	{3, "do ticket.redeem code=" SINGLE " qty=1 mode=online --wait" AS_MANAGER},
	{3, "do ticket.redeem code=" TEN " qty=50 mode=online --wait" AS_MANAGER},
	{3, "do ticket.redeem code=" NOBODYS " qty=1 mode=online --wait" AS_MANAGER},
	{0, "do ticket.redeem code=" NOBODYS " qty=1 mode=offline --wait" AS_MANAGER},
	{0,
		"do ticket.redeem code=https://t.example/?code=" TEN
		" qty=1 mode=online --wait" AS_MANAGER},
	{3, "do ticket.redeem code=a/b qty=1 mode=online" AS_MANAGER},
	{2, "do ticket.redeem " TEN AS_MANAGER},
	{2, "do ticket.redeem code=" TEN " code=" TEN},
	{2, "do ticket.redeem code=" TEN " qty=many mode=online"},
	{3, "do ticket.redeem code=" TEN " qty=1 mode=" STRICT AS_MANAGER},
	{3, "do ticket.redeem code=" TEN " qty=1 mode=online"},
	{3, "do ticket.split code=" TEN " into=[\"" NOBODYS "\"]" AS_MANAGER},
	{3, "do ticket.block code=" STRICT AS_MANAGER},
	{0, NULL},
};

/* At ximen, with HQ gone. */
static const struct run without_hq[] = {
	{1, "sync --once"},
	{4, "do ticket.redeem code=" LOOSE " qty=1 mode=online --wait" AS_MANAGER},
	{4, "do ticket.redeem code=" LOOSE " qty=1 mode=offline --wait" AS_MANAGER},
	{4, "do ticket.refused code=" STRICT " qty=1 result=needs_online" AS_MANAGER},
	{1, "doctor"},
	{0, "show tickets"},
	{0, NULL},
};

static const struct run lists[] = {
	{0, "sync --once"},
	{0, "show tickets"},
	{0, "show tickets " SINGLE},
	{1, "show tickets " NOBODYS},
	{2, "show tickets " NOBODYS " store=xinyi"},
	{0, "show ticket_orders"},
	{0, "show redemptions"},
	{0, "show refused_scans"},
	{0, "show dossiers"},
	{0, "show dossiers " LOOSE},
	{1, "show dossiers " SINGLE},
	{0, "show exceptions"},
	{0, "show history"},
	{0, "report redemptions_days"},
	{0, "report redemptions_products"},
	{0, "report redemptions_stores"},
	{0, "report redemptions_staff"},
	{0, "doctor"},
	{0, "doctor --json"},
	{0, NULL},
};

static void export_all(const struct e2e_home *home)
{
	static const char *const kinds[] = {"tickets", "ticket_orders", "redemptions",
		"refused_scans", "dossiers", "exceptions"};
	char line[E2E_PATH_BYTES + 100], path[E2E_PATH_BYTES], name[60];

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		snprintf(name, sizeof name, "%s.csv", kinds[i]);
		e2e_path(path, name);
		snprintf(line, sizeof line, "export %s %.300s --force", kinds[i], path);
		run_one(home, &(struct run){0, line});
	}
}

/* ---- HQ ---- */

static void issue(const char *order, const char *code, int units, const char *more)
{
	char data[400];

	snprintf(data, sizeof data,
		"{\"order\":\"%s\",\"buyer\":\"Ms Privacy\",\"phone\":\"0987654321\",\"lines\":["
		"{\"code\":\"%s\",\"product\":\"TK0101\",\"units\":%d%s}]}",
		order, code, units, more);
	e2e_command(NULL, "ticket.issue", data);
}

/* Lines that cannot be carried out as they are, or not even read; each names a code. Without their ids. */
static const char *const bad_lines[] = {
	"\"op\":\"ticket.redeem\",\"store\":\"xinyi\",\"data\":{\"code\":\"" TEN "\"",
	"\"op\":\"ticket.vanish\",\"v\":1,\"at\":\"2026-11-21T08:00:00.000Z\","
	"\"store\":\"xinyi\",\"actor\":\"test\",\"data\":{\"code\":\"" TEN "\"}}",
	"\"op\":\"ticket.redeem\",\"v\":1,\"at\":\"2026-11-21T08:00:00.000Z\","
	"\"store\":\"xinyi\",\"actor\":\"test\",\"data\":{\"code\":\"" TEN "\",\"qty\":\"" TEN
	"\",\"mode\":\"online\"}}",
	"\"op\":\"ticket.redeem\",\"v\":1,\"at\":\"2026-11-21T08:00:00.000Z\","
	"\"store\":\"xinyi\",\"actor\":\"test\",\"data\":{\"code\":\"" TEN
	"\",\"qty\":1,\"mode\":\"" TEN "\"}}",
	"\"op\":\"ticket.redeem\",\"v\":1,\"at\":\"2026-11-21T08:00:00.000Z\","
	"\"store\":\"xinyi\",\"actor\":\"test\",\"data\":{\"code\":\"" NOBODYS
	"\",\"qty\":1,\"mode\":\"online\"}}",
	"\"op\":\"ticket.redeem\",\"v\":1,\"at\":\"2026-11-21T08:00:00.000Z\","
	"\"store\":\"xinyi\",\"actor\":\"test\",\"data\":{\"code\":\"" NOBODYS
	"\",\"qty\":1,\"mode\":\"offline\"}}",
	"\"op\":\"ticket.split\",\"v\":1,\"at\":\"2026-11-21T08:00:00.000Z\","
	"\"store\":null,\"actor\":\"test\",\"data\":{\"code\":\"" TWO "\",\"into\":[\"" TEN
	"\",\"" SINGLE "\"]}}",
	"\"op\":\"ticket.refund\",\"v\":1,\"at\":\"2026-11-21T08:00:00.000Z\","
	"\"store\":null,\"actor\":\"test\",\"data\":{\"order\":\"PV-1\",\"code\":\"" TEN "\"}}",
	"\"op\":\"ticket.issue\",\"v\":1,\"at\":\"2026-11-21T08:00:00.000Z\","
	"\"store\":null,\"actor\":\"test\",\"data\":{\"order\":\"PV-9\",\"buyer\":\"X\",\"lines\":["
	"{\"code\":\"" TEN "\",\"product\":\"TK0101\",\"units\":1}]}}",
	"\"op\":\"ticket.settle\",\"v\":1,\"at\":\"2026-11-21T08:00:00.000Z\","
	"\"store\":\"xinyi\",\"actor\":\"test\",\"data\":{\"code\":\"" TEN
	"\",\"outcome\":\"honour\"}}",
};

static void post_bad_lines(void)
{
	for (size_t i = 0; i < sizeof bad_lines / sizeof *bad_lines; i++) {
		char line[600], id[40], *answer;

		snprintf(id, sizeof id, "01990000-0000-7000-8000-0000000000%02zx", i);
		snprintf(line, sizeof line, "{\"id\":\"%s\",%s", id, bad_lines[i]);
		answer = e2e_post(line);
		expect_clean_verdict(bad_lines[i], answer);
		free(answer);
		/* The same id with other bytes, too. */
		line[strlen(line) - 1] = ' ';
		answer = e2e_post(line);
		expect_clean_verdict(bad_lines[i], answer);
		free(answer);
	}
}

/* What HQ tells whoever watches over it, and what it says to a wrong question. */
static void ask_around(void)
{
	static const char *const paths[] = {"/metrics", "/v1/health", "/v1/tickets/" NOBODYS,
		"/v1/dossiers/" NOBODYS, "/v1/tickets?number=" NOBODYS "&colour=red"};
	long status;

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		char *answer = e2e_answer(e2e_token(), paths[i], &status);

		expect_clean_text(paths[i], answer);
		free(answer);
		answer = e2e_answer("wrong", paths[i], &status);
		expect_clean_text(paths[i], answer);
		free(answer);
	}
	cJSON_Delete(e2e_get("/v1/tickets/" TEN));
	cJSON_Delete(e2e_get("/v1/redemptions?code=" TEN));
}

/* ---- the syncer and the screen ---- */

static bool has_syncer(void *ctx)
{
	const struct e2e_home *home = ctx;

	return e2e_lock_holder(home->path, "syncer.lock") > 0;
}

/* One whose words are kept, before a screen can start its own. */
static void start_syncer(struct e2e_job *job, struct e2e_home *home)
{
	e2e_begin(job, home, "sync", NULL);
	e2e_wait(has_syncer, home, "the syncer");
}

/* As the power does; the screen starts another one. */
static void end_syncer(const struct e2e_job *job)
{
	static struct e2e_output output;

	kill(job->pid, SIGKILL);
	e2e_join(&output, job);
	expect_clean_text("the syncer's output", output.out);
	expect_clean_text("the syncer's errors", output.err);
}

static bool is_past(void *ctx)
{
	return e2e_now_ms() > *(int64_t *)ctx;
}

/* The same code twice within 300 ms would be one scan. */
static void scan(struct screen *screen, const char *code)
{
	int64_t end_ms = e2e_now_ms() + 350;

	e2e_wait(is_past, &end_ms, "the time between two scans");
	screen_scan(screen, code);
	screen_expect(screen, "Quantity");
	screen_send(screen, "<enter>");
}

static void at_the_counter(struct screen *screen)
{
	screen_expect_row(screen, -1, "online");
	scan(screen, "https://tickets.example/r?code=" STRICT);
	screen_expect(screen, "OK: REDEEMED");
	screen_send(screen, "<esc>");
	scan(screen, NOBODYS);
	screen_expect(screen, "UNKNOWN");
	screen_send(screen, "<esc>");
	e2e_hq_kill();
	screen_expect_row(screen, -1, "offline");
	scan(screen, LOOSE);
	screen_expect(screen, "ACCEPTED, NOT CONFIRMED");
	screen_send(screen, "<esc>");
	scan(screen, TWO);
	screen_expect(screen, "NEEDS HQ ON THE LINE");
	screen_send(screen, "<esc>");
}

/* ---- what is left behind ---- */

static int look_at(const char *path, const struct stat *stat, int kind, struct FTW *walk)
{
	const char *name = path + walk->base;
	char *bytes;
	FILE *file;

	/* The databases are what they are for. */
	if (kind != FTW_F || !S_ISREG(stat->st_mode) || strstr(name, ".db"))
		return 0;
	file = fopen(path, "rb");
	bytes = calloc(1, (size_t)stat->st_size + 1);
	assert_non_null(file);
	assert_non_null(bytes);
	expect_clean(path, bytes, fread(bytes, 1, (size_t)stat->st_size, file));
	free(bytes);
	fclose(file);
	return 0;
}

static bool nothing_unsent(void *ctx)
{
	return e2e_unsent(ctx) == 0;
}

static void nothing_that_is_said_holds_a_code(void **state)
{
	/* Redeemed, refused, accepted offline, redeemed twice, split, blocked, bad lines, HQ and syncer ended and
	 * started again: no output, no log and no file but the databases holds a code or a phone number. */
	struct e2e_home xinyi, ximen;
	struct e2e_job syncer;
	struct screen *screen;
	cJSON *dossier;

	(void)state;
	issue("PV-1", TWO, 2, "");
	issue("PV-2", LOOSE, 1, ",\"offline\":{\"allowed\":true,\"most\":1,\"cache_hours\":24}");
	collect_secrets();
	e2e_enrol(&xinyi, "xinyi");
	e2e_enrol(&ximen, "ximen");
	setenv("COUNTERTOP_PIN", "1300", 1);
	run_all(&ximen, with_hq);
	start_syncer(&syncer, &xinyi);
	screen = e2e_console_of(&xinyi, "lee");
	at_the_counter(screen);
	run_all(&ximen, without_hq);
	end_syncer(&syncer);
	e2e_hq_start();
	run_one(&xinyi, &(struct run){0, "sync --once"});
	run_one(&ximen, &(struct run){0, "sync --once"});
	e2e_wait(nothing_unsent, &xinyi, "the screen's commands");
	e2e_command(NULL, "ticket.split",
		"{\"code\":\"" TWO "\",\"into\":[\"" TWO "-1\",\"" TWO "-2\"]}");
	e2e_command(NULL, "ticket.block", "{\"code\":\"" TWO "-1\"}");
	e2e_command(NULL, "ticket.refund", "{\"order\":\"PV-1\"}");
	post_bad_lines();
	ask_around();
	dossier = e2e_get("/v1/dossiers/" LOOSE);
	assert_non_null(dossier); /* both stores redeemed its one unit */
	cJSON_Delete(dossier);
	collect_secrets();
	run_all(&ximen, lists);
	export_all(&ximen);
	e2e_close(screen);
	e2e_hq_stop();
	run_one(&ximen, &(struct run){1, "doctor"});
	assert_int_equal(nftw(e2e_folder(), look_at, 8, FTW_PHYS), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(nothing_that_is_said_holds_a_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
