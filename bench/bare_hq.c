#include "bench/bare_hq.h"

#include "bench/kit.h"
#include "model/json.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAITING_MAX 256
#define NOW INT64_C(1772416800000)

struct post {
	struct MHD_Connection *connection;
	struct text body, answer;
	bool answered;
};

static struct db *db;
static struct post *waiting[WAITING_MAX];
static int waiting_count;
static int64_t seq;

static void give_position(const char *table, const char *key)
{
	seq++;
	db_run(db,
		"INSERT INTO feed(feed, seq, tbl, key, hash, at) VALUES ('store:x', $1, $2, $3, $4, $5)"
		" ON CONFLICT (feed, tbl, key) DO UPDATE SET seq = excluded.seq,"
		" hash = excluded.hash, at = excluded.at",
		"ittii", seq, table, key, seq * 1000003, NOW);
}

static void write_rows(const char *id, const char *sku, int64_t qty_milli)
{
	char row[64], key[100];
	snprintf(row, sizeof row, "%s.1", id);
	db_run(db,
		"INSERT INTO stock (store, sku, on_hand, damaged, in_stock, opened) VALUES ('x', $1, $2, 0, 1, 0)"
		" ON CONFLICT (store, sku) DO UPDATE SET on_hand = stock.on_hand + excluded.on_hand",
		"ti", sku, qty_milli);
	db_run(db,
		"INSERT INTO ledger (id, store, sku, qty, damaged, reason, doc_kind, doc, at, actor)"
		" VALUES ($1, 'x', $2, $3, 0, 'found', 'stock', $4, $5, 'bench')",
		"ttiti", row, sku, qty_milli, id, NOW);
	db_run(db,
		"INSERT INTO history (id, doc_kind, doc, store, op, actor, at, text)"
		" VALUES ($1, 'stock', $1, 'x', 'stock.adjust', 'bench', $2, 'r: 1')",
		"ti", id, NOW);
	snprintf(key, sizeof key, "[\"x\",\"%s\"]", sku);
	give_position("stock", key);
	snprintf(key, sizeof key, "[\"%s\"]", row);
	give_position("ledger", key);
	snprintf(key, sizeof key, "[\"%s\"]", id);
	give_position("history", key);
}

static void run_line(const char *bytes, size_t length, struct text *answer)
{
	cJSON *line = cJSON_ParseWithLength(bytes, length);
	const cJSON *item = json_list(json_object(line, "data"), "lines")->child;
	const char *id = json_text(line, "id"), *sku = json_text(item, "sku");
	char verdict[200];
	snprintf(verdict, sizeof verdict,
		"{\"id\":\"%s\",\"status\":\"applied\",\"feeds\":{\"store:x\":\"%lld\"},\"result\":{}}",
		id, (long long)seq + 3);
	if (!db_has(db, "SELECT hash, status, verdict FROM command WHERE id = $1", "t", id) &&
		db_has(db, "SELECT 1 FROM store WHERE id = $1", "t", json_text(line, "store")) &&
		db_has(db, "SELECT 1 FROM product WHERE sku = $1", "t", sku) &&
		db_has(db, "SELECT on_hand, damaged FROM stock WHERE store = 'x' AND sku = $1", "t",
			sku))
		write_rows(id, sku, json_int(item, "qty", 0) * 1000);
	db_run(db,
		"INSERT INTO command(id, hash, op, status, verdict, at, token)"
		" VALUES ($1, '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', $2,"
		" 'applied', $3, $4, '0123456789abcdef')",
		"ttti", id, json_text(line, "op"), verdict, NOW);
	text_addf(answer, "%s\n", verdict);
	cJSON_Delete(line);
}

static void answer_waiting(void)
{
	int64_t before;
	if (waiting_count == 0)
		return;
	db_begin(db);
	seq = before = db_get_int(db, 0, "SELECT seq FROM feed_head WHERE feed = 'store:x'", "");
	for (int i = 0; i < waiting_count; i++)
		for (const char *at = text_get(&waiting[i]->body), *end; (end = strchr(at, '\n'));
			at = end + 1)
			run_line(at, (size_t)(end - at), &waiting[i]->answer);
	db_run(db,
		"UPDATE feed_head SET seq = $1, row_count = row_count + $2 WHERE feed = 'store:x'",
		"ii", seq, seq - before);
	if (!db_commit(db))
		bench_give_up(db_message(db));
	for (; waiting_count > 0; waiting_count--) {
		waiting[waiting_count - 1]->answered = true;
		MHD_resume_connection(waiting[waiting_count - 1]->connection);
	}
}

static enum MHD_Result send_answer(struct post *post)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(
		post->answer.length, post->answer.bytes, MHD_RESPMEM_MUST_FREE);
	enum MHD_Result result = MHD_queue_response(post->connection, MHD_HTTP_OK, response);
	MHD_destroy_response(response);
	text_free(&post->body);
	free(post);
	return result;
}

static enum MHD_Result on_post(void *ctx, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *upload, size_t *size, void **state)
{
	struct post *post = *state;
	(void)ctx, (void)url, (void)method, (void)version;
	if (!post) {
		*state = post = calloc(1, sizeof *post);
		*post = (struct post){.connection = connection,
			.body = TEXT_INIT(1024 * 1024),
			.answer = TEXT_INIT(1024 * 1024)};
	} else if (*size > 0) {
		text_add_bytes(&post->body, upload, *size);
		*size = 0;
	} else if (post->answered) {
		*state = NULL;
		return send_answer(post);
	} else {
		if (waiting_count == WAITING_MAX)
			bench_give_up("too many connections");
		waiting[waiting_count++] = post;
		MHD_suspend_connection(connection);
	}
	return MHD_YES;
}

_Noreturn void bare_hq_serve(const char *path, void (*tell)(const char *url))
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	char error[200], url[64];
	db = db_open(path, &(struct db_options){.durability = DB_DURABLE, .must_exist = true},
		error, sizeof error);
	struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0,
		NULL, NULL, on_post, NULL, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_END);
	if (!db || !daemon)
		bench_give_up("the bare server does not start");
	snprintf(url, sizeof url, "http://127.0.0.1:%u",
		MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
	tell(url);
	struct pollfd poll_on = {
		.fd = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd,
		.events = POLLIN};
	for (bool resumed = false;;) {
		unsigned MHD_LONG_LONG wait_ms;
		bool soon = resumed || MHD_get_timeout(daemon, &wait_ms) == MHD_YES;
		poll(&poll_on, 1, soon ? 0 : -1);
		MHD_run(daemon);
		resumed = waiting_count > 0;
		answer_waiting();
	}
}
