/* The rules of design.md §4, once everything has come to rest: rows and goods. */
#include "model/json.h"
#include "model/table.h"
#include "net/ndjson.h"
#include "tests/sim.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- 2: one set of effects ---- */

/* The line of a command, from wherever it is; the caller frees it. */
static char *line_of(struct sim *sim, const struct sim_command *command)
{
	char *line = command->line ? text_copy(command->line) : NULL;

	for (int i = 0; !line && i < sim->home_count; i++)
		line = db_get_text(sim->homes[i].seats[0].outbox,
			"SELECT line FROM command WHERE id = $1", "t", command->id);
	return line;
}

static void expect_receipt(struct db *db, const char *id, const cJSON *data)
{
	const cJSON *line;

	cJSON_ArrayForEach(line, json_list(data, "lines"))
	{
		int64_t qty = 0;

		json_qty_of(line, "qty", &qty);
		db_run(db, "INSERT INTO temp.due VALUES ($1, 'received', $2, $3, $4)", "ttti", id,
			json_text(data, "movement"), json_text(line, "sku"), qty);
	}
}

/* What the command, as it was saved, must have done once at HQ, where HQ applied it. */
static void expect(struct db *db, const char *id, const char *line)
{
	cJSON *json = json_parse(line, strlen(line), NULL, 0);
	const char *op = json_text(json, "op");
	const cJSON *data = json_object(json, "data");

	if (!db_has(db, "SELECT 1 FROM command WHERE id = $1 AND status = 'applied'", "t", id))
		; /* refused, parked, or not there */
	else if (strcmp(op, "inbound.receive") == 0)
		expect_receipt(db, id, data);
	else if (strcmp(op, "ticket.redeem") == 0 && !json_text(data, "of"))
		db_run(db, "INSERT INTO temp.due VALUES ($1, 'redeemed', $2, '', $3)", "tti", id,
			json_text(data, "code"), json_int(data, "qty", 0));
	cJSON_Delete(json);
}

#define OF_NO_APPLIED(table)                                                        \
	"SELECT 1 FROM " table " t WHERE NOT EXISTS (SELECT 1 FROM command c WHERE" \
	" c.id = substr(t.id, 1, 36) AND c.status = 'applied')"

/* What the entries of each line add up to, told once more: of its last round, in each zone, what the newest
 * pass has since the last typed quantity. */
#define COUNTED                                                                            \
	"WITH live AS (SELECT * FROM count_entry WHERE undone = 0 AND mode <> 'zero'),"    \
	" last_round AS (SELECT stocktake, sku, max(round) AS round FROM count_entry"      \
	" WHERE undone = 0 GROUP BY stocktake, sku),"                                      \
	" newest AS (SELECT e.stocktake, e.sku, e.round, e.zone, max(e.pass) AS pass"      \
	" FROM live e JOIN last_round r USING (stocktake, sku, round)"                     \
	" GROUP BY e.stocktake, e.sku, e.round, e.zone),"                                  \
	" whole AS (SELECT e.stocktake, e.sku, sum(e.qty) AS qty, max(e.at) AS last_at"    \
	" FROM live e JOIN newest p USING (stocktake, sku, round, zone, pass)"             \
	" WHERE NOT EXISTS (SELECT 1 FROM live t WHERE t.stocktake = e.stocktake"          \
	" AND t.sku = e.sku AND t.round = e.round AND t.zone = e.zone AND t.pass = e.pass" \
	" AND t.mode = 'set' AND (t.at > e.at OR (t.at = e.at AND t.no > e.no)))"          \
	" GROUP BY e.stocktake, e.sku)"

static const struct {
	const char *what, *sql;
} effects[] = {
	{"a ledger row of no applied command", OF_NO_APPLIED("ledger")},
	{"a history row of no applied command", OF_NO_APPLIED("history")},
	{"an exception of no applied command", OF_NO_APPLIED("exception")},
	{"a count of no applied command", OF_NO_APPLIED("count_entry")},
	{"a redemption of no applied command", OF_NO_APPLIED("redemption")},
	{"a document of no applied command", OF_NO_APPLIED("movement")},
	{"a reservation of no applied command", OF_NO_APPLIED("reservation")},
	{"a sales order of no applied command", OF_NO_APPLIED("sales_order")},
	{"a shipment of no applied command", OF_NO_APPLIED("shipment")},
	{"a sheet of no applied command", OF_NO_APPLIED("stocktake")},
	{"goods received more or less than once",
		"SELECT 1 FROM movement_line m WHERE received <> (SELECT COALESCE(sum(qty), 0) FROM temp.due d"
		" WHERE kind = 'received' AND d.doc = m.movement AND d.sku = m.sku)"},
	{"a redemption more or less than once",
		"SELECT 1 FROM temp.due d WHERE kind = 'redeemed' AND qty <> (SELECT COALESCE(sum(qty), 0)"
		" FROM redemption r WHERE r.id = d.id)"},
	{"an applied count without its entry",
		"SELECT 1 FROM command c WHERE op = 'stocktake.count' AND status = 'applied' AND NOT EXISTS"
		" (SELECT 1 FROM count_entry e WHERE e.id = c.id) AND NOT EXISTS (SELECT 1 FROM exception x"
		" WHERE x.command = c.id)"},
	{"a counted line that is not what its entries add up to",
		COUNTED
		" SELECT 1 FROM stocktake_line n LEFT JOIN whole w ON w.stocktake = n.stocktake AND w.sku = n.sku"
		" LEFT JOIN last_round r ON r.stocktake = n.stocktake AND r.sku = n.sku"
		" WHERE COALESCE(n.counted, -1) <> COALESCE(w.qty, CASE WHEN r.round IS NULL THEN -1 ELSE 0 END)"},
	{"a counted line whose book is not that of its last entry",
		COUNTED
		" SELECT 1 FROM stocktake_line n JOIN whole w ON w.stocktake = n.stocktake AND w.sku = n.sku"
		" JOIN stocktake s ON s.id = n.stocktake WHERE s.reverses IS NULL"
		" AND s.status NOT IN ('matched', 'corrected', 'void') AND (n.counted_at <> w.last_at OR (NOT EXISTS"
		" (SELECT 1 FROM ledger g WHERE g.store = n.store AND g.sku = n.sku AND g.at = w.last_at) AND"
		" n.book <> COALESCE((SELECT sum(g.qty) FROM ledger g WHERE g.store = n.store AND g.sku = n.sku"
		" AND g.at <= w.last_at), 0)))"},
	{"a command that failed for no reason of the contract",
		"SELECT 1 FROM command WHERE verdict LIKE '%\"code\":\"fault\"%'"},
};

void sim_rule_2_once(struct sim *sim)
{
	struct db *db = sim_hq_db(sim);
	bool all_known = true;

	if (!db)
		return;
	db_run(db, "CREATE TEMP TABLE due (id TEXT, kind TEXT, doc TEXT, sku TEXT, qty INTEGER)",
		"");
	for (int i = 0; i < sim->command_count; i++) {
		char *line = line_of(sim, &sim->commands[i]);

		if (line)
			expect(db, sim->commands[i].id, line);
		/* Its screen died over it, and its outbox was lost. */
		all_known = all_known && (line || sim->commands[i].home < 0);
		free(line);
	}
	for (size_t i = 0; i < sizeof effects / sizeof *effects && all_known; i++)
		if (db_has(db, effects[i].sql, ""))
			sim_fail(sim, "rule 2: HQ has %s", effects[i].what);
	if (db_failed(db))
		sim_fail(sim, "rule 2: %s", db_message(db));
}

/* ---- 3: the cache is HQ's rows ---- */

#define FEEDS_MAX 8
#define ROWS_MAX 8192

struct comparison {
	struct sim_home *home;
	uint64_t rows[ROWS_MAX]; /* hashes of their names: a row in two feeds comes twice */
	int row_count;
	struct {
		char name[FEED_NAME_MAX];
		uint64_t sum; /* of the rows as they were sent */
	} feeds[FEEDS_MAX];
	int feed_count;
	char *cursor; /* of the next page; NULL at the end */
};

static uint64_t *sum_of(struct comparison *c, const char *feed)
{
	int i = 0;

	while (i < c->feed_count && strcmp(c->feeds[i].name, feed) != 0)
		i++;
	if (i == FEEDS_MAX)
		i = 0;
	if (i == c->feed_count)
		snprintf(c->feeds[c->feed_count++].name, FEED_NAME_MAX, "%s", feed);
	return &c->feeds[i].sum;
}

static void count_row(struct comparison *c, const char *table, const char *key)
{
	char name[200];
	uint64_t hash;
	int i = 0;

	snprintf(name, sizeof name, "%s %s", table, key);
	hash = sim_hash(name, strlen(name));
	while (i < c->row_count && c->rows[i] != hash)
		i++;
	if (i == c->row_count && i < ROWS_MAX)
		c->rows[c->row_count++] = hash;
}

struct feed_look {
	const char *feed;
	bool found;
};

static void look_at_feed(void *ctx, const char *feed)
{
	struct feed_look *look = ctx;

	look->found = look->found || strcmp(feed, look->feed) == 0;
}

/* A row that has left this feed is sent for it too, if it is in another one of the device's. */
static bool is_in_feed(const cJSON *line)
{
	struct feed_look look = {.feed = json_text(line, "feed")};

	table_feeds(table_find(json_text(line, "table")), json_object(line, "row"), look_at_feed,
		&look);
	return look.found;
}

static void compare_row(struct comparison *c, const cJSON *line, struct span bytes)
{
	struct sim *sim = c->home->sim;
	const char *table = json_text(line, "table");
	unsigned char digest[crypto_hash_sha256_BYTES];
	struct text ours = TEXT_INIT(TEXT_LARGE);
	char *key = cJSON_PrintUnformatted(json_list(line, "key"));
	uint64_t hash = 0;

	crypto_hash_sha256(digest, (const unsigned char *)bytes.bytes, bytes.length);
	for (int i = 0; i < 8; i++)
		hash = hash << 8 | digest[i];
	if (is_in_feed(line))
		*sum_of(c, json_text(line, "feed")) += hash;
	if (!table_row_json(c->home->seats[0].cache, table_find(table), key, &ours))
		sim_fail(sim, "rule 3: %s lacks %s %s", c->home->store, table, key);
	else if (ours.length != bytes.length || memcmp(ours.bytes, bytes.bytes, bytes.length) != 0)
		sim_fail(sim, "rule 3: %s has %s %s as %.150s, HQ as %.*s", c->home->store, table,
			key, text_get(&ours), bytes.length > 150 ? 150 : (int)bytes.length,
			bytes.bytes);
	count_row(c, table, key);
	text_free(&ours);
	cJSON_free(key);
}

static void compare_sums(struct comparison *c, const cJSON *sums)
{
	const cJSON *sum;

	cJSON_ArrayForEach(sum, sums)
	{
		uint64_t theirs = strtoull(cJSON_GetStringValue(sum), NULL, 10);
		uint64_t kept = (uint64_t)db_get_int(c->home->seats[0].cache, 0,
			"SELECT sum FROM feed_state WHERE feed = $1", "t", sum->string);

		if (*sum_of(c, sum->string) != theirs || kept != theirs)
			sim_fail(c->home->sim,
				"rule 3: the sum of %s is %llu of the rows, %llu at HQ, %llu at %s",
				sum->string, (unsigned long long)*sum_of(c, sum->string),
				(unsigned long long)theirs, (unsigned long long)kept,
				c->home->store);
	}
}

static void compare_page(struct comparison *c, const char *page, size_t length)
{
	struct ndjson lines = {page, length};
	struct span line, bytes;

	while (ndjson_next(&lines, &line) && c->home->sim->failure[0] == '\0') {
		cJSON *json = json_parse(line.bytes, line.length, NULL, 0);

		if (json_text(json, "to")) {
			free(c->cursor);
			c->cursor = text_copy(json_text(json, "to"));
		}
		if (json_text(json, "table") && ndjson_member(line, "row", &bytes) &&
			bytes.bytes[0] == '{')
			compare_row(c, json, bytes);
		if (json_bool(json, "end", false) && !json_bool(json, "more", true)) {
			compare_sums(c, json_object(json, "sums"));
			free(c->cursor);
			c->cursor = NULL;
		}
		cJSON_Delete(json);
	}
}

static int64_t cache_rows(struct db *db)
{
	int count;
	const struct table *tables = table_all(&count);
	int64_t rows = 0;

	for (int i = 0; i < count; i++) {
		struct text sql = TEXT_INIT(TEXT_SMALL);

		text_addf(&sql, "SELECT count(*) FROM \"%s\"", tables[i].name);
		rows += db_get_int(db, 0, text_get(&sql), "");
		text_free(&sql);
	}
	return rows;
}

static void get_page(struct comparison *c, const struct console_device *device)
{
	struct sim *sim = c->home->sim;
	struct text token = TEXT_INIT(TEXT_SMALL), query = TEXT_INIT(TEXT_SMALL);
	struct hq_answer answer;
	struct hq_request request = {
		.method = "GET", .path = "/v1/changes", .epoch = device->epoch};

	text_addf(&token, "Bearer %s", device->token);
	text_addf(&query, "after=%s&limit=200", c->cursor);
	request.authorization = text_get(&token);
	request.query = text_get(&query);
	sim_ask(sim, &request, &answer);
	if (answer.status == 200)
		compare_page(c, text_get(&answer.body), answer.body.length);
	else
		sim_fail(sim, "rule 3: changes answers %d %.200s", answer.status,
			text_get(&answer.body));
	hq_answer_free(&answer);
	text_free(&token);
	text_free(&query);
}

void sim_rule_3_rows(struct sim_home *home)
{
	struct sim *sim = home->sim;
	static struct comparison c;
	struct console_device device;

	c = (struct comparison){.home = home, .cursor = text_copy("")};
	console_device(&home->seats[0], &device);
	while (c.cursor && sim->failure[0] == '\0')
		get_page(&c, &device);
	if (sim->failure[0] == '\0' && cache_rows(home->seats[0].cache) != c.row_count)
		sim_fail(sim, "rule 3: %s has %lld rows, HQ sends %d", home->store,
			(long long)cache_rows(home->seats[0].cache), c.row_count);
	free(c.cursor);
	console_device_free(&device);
}

/* ---- 6: goods and tickets are conserved ---- */

static const char goods_here[] =
	"SELECT (SELECT sum(on_hand + damaged) FROM stock WHERE sku = $1) +"
	" (SELECT COALESCE(sum(max(shipped - received - written_off - sent_back, 0)), 0)"
	" FROM movement_line WHERE sku = $1)";
static const char goods_came[] =
	"SELECT (SELECT COALESCE(sum(qty + damaged), 0) FROM ledger WHERE sku = $1"
	" AND reason NOT IN ('ship', 'receive', 'close', 'extra')) -"
	" (SELECT COALESCE(sum(written_off), 0) FROM movement_line WHERE sku = $1)";
static const char stock_wrong[] =
	"SELECT 1 FROM stock s WHERE on_hand <> (SELECT COALESCE(sum(qty), 0) FROM ledger l"
	" WHERE l.store = s.store AND l.sku = s.sku) OR damaged <> (SELECT COALESCE(sum(damaged), 0)"
	" FROM ledger l WHERE l.store = s.store AND l.sku = s.sku)";
/* Every code with what was spent and given on to the codes it was split into; then the redemptions that stand. */
#define TICKETS                                                                                 \
	"WITH t AS (SELECT k.*, (SELECT COALESCE(sum(qty), 0) FROM redemption r"                \
	" WHERE r.code = k.code) AS spent, (SELECT COALESCE(sum(units), 0) FROM ticket p"       \
	" WHERE p.parent = k.code) AS given FROM ticket k),"                                    \
	" stands AS (SELECT * FROM redemption r WHERE kind = 'redeem' AND NOT EXISTS (SELECT 1" \
	" FROM redemption v WHERE v.of = r.id)) "
#define TICKET_RESULTS                                                                                 \
	"'unknown', 'superseded', 'refunded', 'blocked', 'not_here', 'not_yet', 'expired', 'used_up'," \
	" 'insufficient'"

struct rule {
	const char *what, *sql; /* finds what breaks it; the first column says which */
};

static const struct rule ticket_rules[] = {
	{"units of a code that is dead are neither redeemed nor refunded nor given on",
		TICKETS "SELECT code FROM t WHERE status IN ('refunded', 'superseded')"
			" AND spent + refunded + given < units"},
	{"a living code was refunded or split",
		TICKETS "SELECT code FROM t WHERE status IN ('active', 'blocked')"
			" AND refunded + given > 0"},
	{"more is redeemed, refunded and given on than there is, and no exception of a redemption that"
	 " stands says so",
		TICKETS
		"SELECT code FROM t WHERE spent + refunded + given - units > (SELECT COALESCE(sum(qty), 0)"
		" FROM stands s WHERE s.code = t.code AND s.mode = 'offline' AND EXISTS (SELECT 1"
		" FROM exception x WHERE x.command = s.id AND x.kind <> 'clock'))"},
	{"more was spent than there is, without a dossier that says so",
		TICKETS
		"SELECT code FROM t WHERE spent > units AND NOT EXISTS (SELECT 1 FROM dossier d"
		" WHERE d.code = t.code AND d.spent = t.spent AND d.status <> 'void')"},
	{"a dossier of a code that is not overspent is not void",
		TICKETS "SELECT d.code FROM dossier d LEFT JOIN t ON t.code = d.code"
			" WHERE t.code IS NULL OR (t.spent <= t.units AND d.status <> 'void')"},
	{"a dossier does not name the stores that redeemed",
		TICKETS "SELECT d.code FROM dossier d WHERE d.status <> 'void' AND d.stores <>"
			" (SELECT json_group_array(store) FROM (SELECT DISTINCT store FROM stands s"
			" WHERE s.code = d.code ORDER BY store))"},
	{"a store that a ticket is for does not learn what was redeemed of it, or all do of one that is bound",
		"SELECT r.id FROM redemption r JOIN ticket k ON k.code = r.code WHERE"
		" (k.stores = '[]') <> (r.stores = '[]') OR EXISTS (SELECT 1 FROM json_each(k.stores) e"
		" WHERE e.value NOT IN (SELECT value FROM json_each(r.stores)))"},
	{"a void is not of one redemption of that code at that store, or not the only one",
		"SELECT v.id FROM redemption v LEFT JOIN redemption r ON r.id = v.of WHERE v.kind = 'void'"
		" AND (r.id IS NULL OR r.kind <> 'redeem' OR r.code <> v.code OR r.store <> v.store"
		" OR r.qty <> -v.qty OR 1 < (SELECT count(*) FROM redemption o WHERE o.of = r.id))"},
	{"a scan was refused that is not on record",
		"SELECT id FROM command WHERE op = 'ticket.redeem' AND status = 'rejected'"
		" AND json_extract(verdict, '$.code') IN (" TICKET_RESULTS
		") AND id NOT IN (SELECT id FROM refused_scan WHERE by_hq)"},
	{"a refused scan is on record that HQ did not refuse and no terminal told",
		"SELECT f.id FROM refused_scan f LEFT JOIN command c ON c.id = f.id WHERE c.id IS NULL"
		" OR c.op <> CASE WHEN f.by_hq THEN 'ticket.redeem' ELSE 'ticket.refused' END"
		" OR c.status <> CASE WHEN f.by_hq THEN 'rejected' ELSE 'applied' END"},
};

#define OUTSTANDING \
	"(l.ordered - l.cancelled - l.shipped - l.unsent)" /* all goods here are physical */

static const struct rule order_rules[] = {
	{"the ledger of an order and SKU is not what is outstanding, below 0",
		"SELECT l.order_number FROM order_line l WHERE -" OUTSTANDING " <> (SELECT"
		" COALESCE(sum(r.qty), 0) FROM reservation r WHERE r.order_number = l.order_number"
		" AND r.sku = l.sku)"},
	{"a figure of an order is below 0 or above what it is a part of",
		"SELECT l.order_number FROM order_line l WHERE " OUTSTANDING
		" < 0 OR l.refunded > l.invoiced"
		" OR l.invoiced > l.ordered - l.cancelled OR l.unsent > l.refunded"},
	{"what may be promised is not what stock and ledger say",
		"SELECT x.sku FROM salable x WHERE x.on_hand <> (SELECT sum(on_hand) FROM stock k"
		" WHERE k.sku = x.sku) OR x.reserved <> (SELECT sum(r.qty) FROM reservation r"
		" WHERE r.sku = x.sku)"},
};

static void check_rules(struct sim *sim, struct db *db, const struct rule *rules, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *which = db_get_text(db, rules[i].sql, "");

		if (which)
			sim_fail(sim, "rule 6: %s: %s", rules[i].what, which);
		free(which);
	}
}

static void tell_goods(struct sim *sim, struct db *db, const char *sku)
{
	struct db_rows *rows = db_query(db,
		"SELECT reason, store, sum(qty), sum(damaged) FROM ledger WHERE sku = $1 GROUP BY 1, 2"
		" UNION ALL SELECT movement, from_store || '>' || to_store || ' ' || shipped || ' -'"
		" || written_off || ' <' || sent_back, received, damaged FROM movement_line WHERE sku = $1",
		"t", sku);

	while (db_next(rows))
		sim_tell(sim, "%s: %s %s %lld %lld", sku, db_text(rows, 0), db_text(rows, 1),
			(long long)db_int(rows, 2), (long long)db_int(rows, 3));
	db_done(rows);
}

void sim_rule_6_goods(struct sim *sim)
{
	struct db *db = sim_hq_db(sim);

	for (int i = 0; db && i < SIM_SKUS; i++) {
		char sku[16];
		int64_t here, came;

		snprintf(sku, sizeof sku, "S%d", i);
		here = db_get_int(db, 0, goods_here, "t", sku);
		came = db_get_int(db, 0, goods_came, "t", sku);
		tell_goods(sim, db, sku);
		if (here != came)
			sim_fail(sim, "rule 6: of %s there are %lld thousandths, and %lld came",
				sku, (long long)here, (long long)came);
	}
	if (db && db_has(db, stock_wrong, ""))
		sim_fail(sim, "rule 6: a stock line of HQ is not the sum of its ledger");
	if (db) {
		check_rules(sim, db, ticket_rules, sizeof ticket_rules / sizeof *ticket_rules);
		check_rules(sim, db, order_rules, sizeof order_rules / sizeof *order_rules);
	}
	if (db && db_failed(db))
		sim_fail(sim, "rule 6: %s", db_message(db));
}

/* ---- 9: nothing that was saved goes away or changes ---- */

void sim_rule_9_kept(struct sim_home *home)
{
	struct sim *sim = home->sim;

	if (!home->behind.outbox)
		return;
	for (int i = 0; i < sim->command_count && sim->failure[0] == '\0'; i++) {
		const struct sim_command *command = &sim->commands[i];
		char *line;

		if (command->home != home->index || !command->saved || command->orphan)
			continue;
		line = db_get_text(home->behind.outbox, "SELECT line FROM command WHERE id = $1",
			"t", command->id);
		if (!line)
			sim_fail(sim, "rule 9: %s no longer has %s, which it called saved",
				home->store, command->id);
		else if (command->line && strcmp(line, command->line) != 0)
			sim_fail(sim, "rule 9: %s changed %s", home->store, command->id);
		free(line);
	}
}
