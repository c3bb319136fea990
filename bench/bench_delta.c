/* A pull of 1,000 changed products beside the bare parsing and upserting of the same lines, and what it costs
 * on the line when nothing changes: 300 bytes and one round trip a turn of the long-poll (design, section 5). */
#include "bench/kit.h"
#include "hq/hq.h"
#include "hq/http.h"
#include "model/json.h"
#include "net/transport_curl.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NOW INT64_C(1772416800000)
#define CHANGED 1000
#define ROUNDS 5

/* ---- changed rows ---- */

/* The line and the row of a product whose price is another now. */
static void changed_line(int products, int i, int price, struct text *line, struct bench_row *row)
{
	bench_row(products, 2 + i * (products / CHANGED), row);
	char *at = strstr(row->json.bytes, "\"price\":");
	at[8] = (char)('1' + price % 9); /* as many digits as before, so that nothing else moves */
	text_clear(line);
	text_addf(line, "{\"feed\":\"%s\",\"seq\":\"%d\",\"table\":\"%s\",\"key\":%s,\"row\":%s}",
		row->feed, products * 2 + i, row->table, text_get(&row->key), text_get(&row->json));
}

static double ours(struct console *console, int products, int price, const cJSON *sums)
{
	struct bench_row row = {.key = TEXT_INIT(TEXT_SMALL), .json = TEXT_INIT(TEXT_SMALL)};
	struct text line = TEXT_INIT(TEXT_SMALL);
	bool differs;
	double start = bench_seconds();
	if (!console_stage_begin(console))
		bench_give_up("no staging");
	for (int i = 0; i < CHANGED; i++) {
		changed_line(products, i, price, &line, &row);
		cJSON *json = json_parse(text_get(&line), line.length, NULL, 0);
		console_stage_row(console, json, text_get(&row.json), row.json.length);
		cJSON_Delete(json);
	}
	if (!console_stage_end(console, "c2") || !console_land(console, sums, NOW, &differs))
		bench_give_up("the changes did not land");
	double took = bench_seconds() - start;
	text_free(&row.key);
	text_free(&row.json);
	text_free(&line);
	return took;
}

static double bare(struct db *db, int products, int price)
{
	struct bench_row row = {.key = TEXT_INIT(TEXT_SMALL), .json = TEXT_INIT(TEXT_SMALL)};
	struct text line = TEXT_INIT(TEXT_SMALL);
	double start = bench_seconds();
	db_begin(db);
	for (int i = 0; i < CHANGED; i++) {
		changed_line(products, i, price, &line, &row);
		cJSON *json = cJSON_ParseWithLength(text_get(&line), line.length);
		const cJSON *put = json_object(json, "row");
		db_run(db,
			"INSERT INTO product (sku, name, price) VALUES ($1, $2, $3) ON CONFLICT (sku) DO UPDATE"
			" SET name = excluded.name, price = excluded.price",
			"tti", json_text(put, "sku"), json_text(put, "name"),
			json_int(put, "price", 0));
		cJSON_Delete(json);
	}
	db_commit(db);
	double took = bench_seconds() - start;
	text_free(&row.key);
	text_free(&row.json);
	text_free(&line);
	return took;
}

static struct db *bare_open(const char *home, int products)
{
	char path[BENCH_FOLDER_SIZE + 16], error[200];
	struct db_options options = {.durability = DB_RELAXED};
	snprintf(path, sizeof path, "%s/bare.db", home);
	struct db *db = db_open(path, &options, error, sizeof error);
	if (!db)
		bench_give_up(error);
	db_script(
		db, "CREATE TABLE product (sku TEXT PRIMARY KEY, name TEXT, price INTEGER) STRICT");
	db_run(db,
		"WITH RECURSIVE k(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM k WHERE i < $1 - 1)"
		" INSERT INTO product SELECT printf('P%07d', i), 'name ' || i, i FROM k",
		"i", (int64_t)products);
	return db;
}

static void bench_changes(int products)
{
	char home[BENCH_FOLDER_SIZE];
	struct console console = {0};
	cJSON *sums = cJSON_Parse("{\"catalogue\":null,\"store:x\":null}");
	bench_folder(home);
	bench_console(&console, home, "http://127.0.0.1:1");
	bench_fill(&console, products);
	struct db *db = bare_open(home, products);
	for (int i = 0; i < ROUNDS; i++) {
		double mine = ours(&console, products, i + 1, sums),
		       least = bare(db, products, i + 1);
		printf("pull of %d changed rows of %d: %.1f ms, bare upserts %.1f ms, ratio %.2f\n",
			CHANGED, products, mine * 1e3, least * 1e3, least / mine);
	}
	db_close(db);
	cJSON_Delete(sums);
	console_close(&console);
	bench_sweep(home);
}

/* ---- a turn of the long-poll ---- */

static int told[2]; /* the server's address comes through this pipe */

static void tell_url(const char *url)
{
	if (write(told[1], url, strlen(url) + 1) < 0)
		_exit(1);
}

static pid_t serve(const char *folder, char *url, size_t size, char token[HQ_SECRET_SIZE])
{
	char database[BENCH_FOLDER_SIZE + 32], error[300];
	struct hq_token_wish wish = {.role = "hq"};
	snprintf(database, sizeof database, "sqlite:%s/hq.db", folder);
	struct hq *hq = hq_open(
		&(struct hq_options){.url = database, .create = true}, error, sizeof error);
	if (!hq || !hq_make_token(hq, &wish, NOW, token, error, sizeof error) || pipe(told) != 0)
		bench_give_up(error);
	hq_close(hq);
	pid_t server = fork();
	if (server == 0) {
		hq = hq_open(&(struct hq_options){.url = database}, error, sizeof error);
		if (hq && hq_start(hq))
			http_serve(hq,
				&(struct http_options){.listen = "127.0.0.1:0", .ready = tell_url},
				error, sizeof error);
		_exit(1);
	}
	if (server < 0 || read(told[0], url, size - 1) <= 0)
		bench_give_up("no server");
	return server;
}

static int tcp(const char *url, bool listens, int *port)
{
	const char *colon = url ? strrchr(url, ':') : NULL;
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	address.sin_port = htons((uint16_t)(colon ? atoi(colon + 1) : 0));
	if (listens ? bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, 4) != 0 ||
				getsockname(fd, (struct sockaddr *)&address, &size) != 0
		    : connect(fd, (struct sockaddr *)&address, size) != 0)
		bench_give_up("no socket");
	if (port)
		*port = ntohs(address.sin_port);
	return fd;
}

/* Reads headers, and a body as long as they say. */
static size_t read_message(int fd, char *bytes, size_t size)
{
	size_t got = 0, want = size;
	while (got < want && got < size - 1) {
		ssize_t more = read(fd, bytes + got, size - 1 - got);
		if (more <= 0)
			break;
		got += (size_t)more;
		bytes[got] = '\0';
		char *end = strstr(bytes, "\r\n\r\n"), *length = strstr(bytes, "Content-Length: ");
		if (end)
			want = (size_t)(end + 4 - bytes) + (length ? (size_t)atoi(length + 16) : 0);
	}
	return got;
}

/* Carries one exchange of the real transport to the real HQ, and counts the bytes of both ways. */
static size_t exchange(struct transport_curl *curl, int listener, const char *url,
	struct request *request, char *etag)
{
	char bytes[8192];
	struct transport transport = transport_curl_of(curl);
	struct response response;
	transport.submit(transport.ctx, SLOT_POLL, request);
	transport_curl_wait(curl, &listener, 1, 1000);
	int from = accept(listener, NULL, NULL), to = tcp(url, false, NULL);
	transport_curl_wait(curl, NULL, 0, 50);
	size_t count = read_message(from, bytes, sizeof bytes);
	if (write(to, bytes, count) != (ssize_t)count)
		bench_give_up("HQ hangs up");
	size_t answered = read_message(to, bytes, sizeof bytes);
	if (write(from, bytes, answered) != (ssize_t)answered)
		bench_give_up("the transport hangs up");
	close(to);
	close(from);
	while (!transport.take(transport.ctx, SLOT_POLL, &response))
		transport_curl_wait(curl, NULL, 0, 100);
	snprintf(etag, 128, "%s", response.etag);
	if (response.fault != FAULT_NONE || (response.status != 200 && response.status != 304))
		bench_give_up("the long-poll failed");
	text_free(&response.body);
	return count + answered;
}

static void bench_turn(void)
{
	char folder[BENCH_FOLDER_SIZE], url[100] = "", here[64], token[HQ_SECRET_SIZE],
					etag[128] = "", again[128];
	int port;
	bench_folder(folder);
	pid_t server = serve(folder, url, sizeof url, token);
	int listener = tcp(NULL, true, &port);
	struct transport_curl *curl = transport_curl_open();
	snprintf(here, sizeof here, "http://127.0.0.1:%d", port);
	struct request request = {.method = "GET",
		.base = here,
		.path = "/v1/heads?wait=25",
		.token = token,
		.etag = etag,
		.timeout_ms = 40000,
		.waits = true};
	exchange(curl, listener, url, &request, etag);
	request.path = "/v1/heads?wait=1";
	size_t bytes = exchange(curl, listener, url, &request, again);
	bench_at_most("a turn of the long-poll without changes", (double)bytes, 300, " bytes");
	transport_curl_close(curl);
	close(listener);
	kill(server, SIGTERM);
	waitpid(server, NULL, 0);
	bench_sweep(folder);
}

int main(void)
{
	bench_changes(100000);
	bench_turn();
	return 0;
}
