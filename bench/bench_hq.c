/* Commands a second of the reference HQ over HTTP, beside bare libmicrohttpd that parses the same lines and
 * commits the same batch at once. Both get batches of 200 lines, as a console sends them. The budget is 0.6
 * (design, section 5). */
#include "bench/kit.h"
#include "hq/hq.h"
#include "hq/http.h"
#include "model/json.h"

#include <curl/curl.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW INT64_C(1772416800000)
#define LINES 200
#define BATCHES 25
#define ROUNDS 3

static int told[2]; /* a server's address comes through this pipe */

static void tell_url(const char *url)
{
	if (write(told[1], url, strlen(url) + 1) < 0)
		_exit(1);
}

/* ---- the bare server ---- */

static struct db *bare_db;

static void bare_batch(const char *body, struct text *answer)
{
	db_begin(bare_db);
	for (const char *at = body, *end; (end = strchr(at, '\n')); at = end + 1) {
		cJSON *line = cJSON_ParseWithLength(at, (size_t)(end - at));
		const cJSON *data = json_object(line, "data");
		const char *id = json_text(line, "id");
		db_run(bare_db, "INSERT INTO command (id, op) VALUES ($1, $2)", "tt", id,
			json_text(line, "op"));
		db_run(bare_db,
			"INSERT INTO product (sku, name) VALUES ($1, $2) ON CONFLICT (sku) DO UPDATE SET name ="
			" excluded.name",
			"tt", json_text(data, "sku"), json_text(data, "name"));
		text_addf(answer, "{\"id\":\"%s\",\"status\":\"applied\"}\n", id);
		cJSON_Delete(line);
	}
	db_commit(bare_db);
}

static enum MHD_Result bare_answer(void *ctx, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *upload, size_t *size, void **state)
{
	struct text *body = *state;
	(void)ctx, (void)url, (void)method, (void)version;
	if (!body) {
		*state = body = calloc(1, sizeof *body);
		*body = TEXT_INIT(1024 * 1024);
		return MHD_YES;
	}
	if (*size > 0) {
		text_add_bytes(body, upload, *size);
		*size = 0;
		return MHD_YES;
	}
	struct text answer = TEXT_INIT(1024 * 1024);
	bare_batch(text_get(body), &answer);
	struct MHD_Response *response = MHD_create_response_from_buffer(
		answer.length, answer.bytes, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result result = MHD_queue_response(connection, MHD_HTTP_OK, response);
	MHD_destroy_response(response);
	text_free(&answer);
	text_free(body);
	free(body);
	*state = NULL;
	return result;
}

static void serve_bare(const char *folder)
{
	char path[BENCH_FOLDER_SIZE + 16], error[200], url[64];
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	snprintf(path, sizeof path, "%s/bare.db", folder);
	bare_db = db_open(
		path, &(struct db_options){.durability = DB_DURABLE}, error, sizeof error);
	db_script(bare_db,
		"CREATE TABLE command (id TEXT PRIMARY KEY, op TEXT) STRICT;"
		"CREATE TABLE product (sku TEXT PRIMARY KEY, name TEXT) STRICT");
	struct MHD_Daemon *daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL,
		bare_answer, NULL, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_END);
	if (!daemon)
		_exit(1);
	snprintf(url, sizeof url, "http://127.0.0.1:%u",
		MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
	tell_url(url);
	pause();
}

/* ---- HQ ---- */

static void serve_hq(const char *folder)
{
	char database[BENCH_FOLDER_SIZE + 32], error[300];
	snprintf(database, sizeof database, "sqlite:%s/hq.db", folder);
	struct hq *hq = hq_open(&(struct hq_options){.url = database}, error, sizeof error);
	if (hq && hq_start(hq))
		http_serve(hq, &(struct http_options){.listen = "127.0.0.1:0", .ready = tell_url},
			error, sizeof error);
}

static void make_hq(const char *folder, char token[HQ_SECRET_SIZE])
{
	char database[BENCH_FOLDER_SIZE + 32], error[300];
	struct hq_token_wish wish = {.role = "hq"};
	snprintf(database, sizeof database, "sqlite:%s/hq.db", folder);
	struct hq *hq = hq_open(
		&(struct hq_options){.url = database, .create = true}, error, sizeof error);
	if (!hq || !hq_make_token(hq, &wish, NOW, token, error, sizeof error))
		bench_give_up(error);
	hq_close(hq);
}

/* ---- the client ---- */

static void make_batch(struct text *body, int first)
{
	text_clear(body);
	for (int i = first; i < first + LINES; i++)
		text_addf(body,
			"{\"id\":\"019ca000-0000-7000-8000-%012d\",\"op\":\"product.put\",\"v\":1,"
			"\"at\":\"2026-03-02T02:00:00.000Z\",\"actor\":\"bench\",\"data\":{\"sku\":\"P%07d\","
			"\"name\":\"Green Tea %d\",\"barcodes\":[],\"category\":\"c\",\"vendor\":\"v\",\"price\":%d}}\n",
			i, i, i, i % 900);
}

static size_t count_applied(char *bytes, size_t size, size_t count, void *ctx)
{
	struct text *answer = ctx;
	text_add_bytes(answer, bytes, size * count);
	return size * count;
}

/* Lines a second. */
static double push(const char *base, const char *token, int first)
{
	struct text body = TEXT_INIT(1024 * 1024), answer = TEXT_INIT(1024 * 1024);
	char url[120], bearer[120];
	int applied = 0;
	CURL *curl = curl_easy_init();
	struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/x-ndjson");
	snprintf(url, sizeof url, "%s/v1/commands", base);
	snprintf(bearer, sizeof bearer, "Authorization: Bearer %s", token);
	headers = curl_slist_append(curl_slist_append(headers, bearer), "Expect:");
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, count_applied);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
	double start = bench_seconds();
	for (int i = 0; i < BATCHES; i++) {
		make_batch(&body, first + i * LINES);
		text_clear(&answer);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)body.length);
		curl_easy_setopt(curl, CURLOPT_POSTFIELDS, text_get(&body));
		if (curl_easy_perform(curl) != CURLE_OK)
			bench_give_up("the server does not answer");
		for (const char *at = text_get(&answer); (at = strstr(at, "\"applied\"")); at++)
			applied++;
	}
	double took = bench_seconds() - start;
	if (applied != LINES * BATCHES)
		bench_give_up(text_get(&answer));
	curl_easy_cleanup(curl);
	curl_slist_free_all(headers);
	text_free(&body);
	text_free(&answer);
	return LINES * BATCHES / took;
}

static pid_t start(void (*serve)(const char *folder), const char *folder, char *url, size_t size)
{
	if (pipe(told) != 0)
		bench_give_up("no pipe");
	pid_t server = fork();
	if (server == 0) {
		serve(folder);
		_exit(1);
	}
	if (server < 0 || read(told[0], url, size) <= 0)
		bench_give_up("no server");
	close(told[0]);
	close(told[1]);
	return server;
}

int main(void)
{
	char folder[BENCH_FOLDER_SIZE], token[HQ_SECRET_SIZE], hq_url[100], bare_url[100];
	double best = 0;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	bench_folder(folder);
	make_hq(folder, token);
	pid_t hq = start(serve_hq, folder, hq_url, sizeof hq_url);
	pid_t bare = start(serve_bare, folder, bare_url, sizeof bare_url);
	for (int i = 0; i < ROUNDS; i++) {
		double least = push(bare_url, token, i * LINES * BATCHES);
		double ours = push(hq_url, token, i * LINES * BATCHES);
		printf("commands at HQ: %.0f/s, bare %.0f/s, ratio %.2f\n", ours, least,
			ours / least);
		best = ours / least > best ? ours / least : best;
	}
	bench_at_least("commands at HQ", best, 0.6);
	kill(hq, SIGTERM);
	kill(bare, SIGKILL);
	waitpid(hq, NULL, 0);
	waitpid(bare, NULL, 0);
	bench_sweep(folder);
	return 0;
}
