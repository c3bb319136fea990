/* Commands a second of the reference HQ over HTTP beside its limit program (bare_hq.h), in the same run and
 * on the same tables, in two ways: batches of 200 lines on one connection, as a console drains a week's
 * queue, and single commands on 16 connections at once, as shops work. The command is `stock.adjust`: it
 * reads what it judges by, and writes a stock, a ledger and a history row. The budget is 0.6 (design,
 * section 5); rates of the disk and of libmicrohttpd itself cancel out of the ratio. */
#include "bench/bare_hq.h"
#include "bench/kit.h"
#include "hq/hq.h"
#include "hq/http.h"

#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW INT64_C(1772416800000)
#define LINES 200
#define SEATS 16
#define SKUS 5000
#define ROUNDS 3

static int told[2]; /* a server's address comes through this pipe */
static char token[HQ_SECRET_SIZE];
static int ids;

static void tell_url(const char *url)
{
	if (write(told[1], url, strlen(url) + 1) < 0)
		_exit(1);
}

/* ---- commands ---- */

static void add_line(struct text *body, const char *op, const char *store, const char *data)
{
	text_addf(body,
		"{\"id\":\"019ca000-0000-7000-8000-%012d\",\"op\":\"%s\",\"v\":1,"
		"\"at\":\"2026-03-02T02:00:00.000Z\",\"store\":%s,\"actor\":\"bench\",\"data\":%s}\n",
		++ids, op, store, data);
}

static void add_adjustment(struct text *body)
{
	char data[200];
	snprintf(data, sizeof data,
		"{\"kind\":\"found\",\"reason\":\"behind the shelf\",\"lines\":[{\"sku\":\"S%05d\",\"qty\":1}]}",
		(int)(ids * 7919L % SKUS));
	add_line(body, "stock.adjust", "\"x\"", data);
}

/* ---- the servers ---- */

static void hand_in(struct hq *hq, struct text *body)
{
	char bearer[HQ_SECRET_SIZE + 16];
	snprintf(bearer, sizeof bearer, "Bearer %s", token);
	struct hq_request request = {.method = "POST",
		.path = "/v1/commands",
		.authorization = bearer,
		.body = text_get(body),
		.body_length = body->length};
	struct hq_answer answer;
	hq_handle(hq, &request, &answer, NOW);
	if (answer.status != 200 || strstr(text_get(&answer.body), "\"code\""))
		bench_give_up(text_get(&answer.body));
	hq_answer_free(&answer);
	text_clear(body);
}

static void fill(struct hq *hq)
{
	struct text body = TEXT_INIT(HQ_BODY_MAX);
	char data[200];
	add_line(&body, "store.put", "null",
		"{\"id\":\"x\",\"name\":\"X\",\"kind\":\"shop\",\"enabled\":true}");
	hand_in(hq, &body);
	for (int i = 0; i < SKUS; i++) {
		snprintf(data, sizeof data, "{\"sku\":\"S%05d\",\"name\":\"Green Tea %d\"}", i, i);
		add_line(&body, "product.put", "null", data);
		snprintf(data, sizeof data,
			"{\"store\":\"x\",\"lines\":[{\"sku\":\"S%05d\",\"qty\":10}]}", i);
		add_line(&body, "stock.open", "null", data);
		if (i % (LINES / 2) == LINES / 2 - 1)
			hand_in(hq, &body);
	}
	text_free(&body);
}

/* HQ's database, and a copy for the bare server. */
static void make_databases(const char *folder)
{
	char path[BENCH_FOLDER_SIZE + 32], error[300] = "";
	struct hq_token_wish wish = {.role = "hq"};
	snprintf(path, sizeof path, "sqlite:%s/hq.db", folder);
	struct hq *hq = hq_open(&(struct hq_options){.url = path, .create = true, .relaxed = true},
		error, sizeof error);
	if (!hq || !hq_make_token(hq, &wish, NOW, token, error, sizeof error))
		bench_give_up(error);
	fill(hq);
	snprintf(path, sizeof path, "%s/bare.db", folder);
	if (!hq_backup(hq, path, error, sizeof error))
		bench_give_up(error);
	hq_close(hq);
}

static void serve_hq(const char *folder)
{
	char database[BENCH_FOLDER_SIZE + 32], error[300];
	snprintf(database, sizeof database, "sqlite:%s/hq.db", folder);
	struct hq *hq = hq_open(&(struct hq_options){.url = database}, error, sizeof error);
	if (hq && hq_start(hq))
		http_serve(hq, &(struct http_options){.listen = "127.0.0.1:0", .ready = tell_url},
			error, sizeof error);
}

static void serve_bare(const char *folder)
{
	char path[BENCH_FOLDER_SIZE + 32];
	snprintf(path, sizeof path, "%s/bare.db", folder);
	bare_hq_serve(path, tell_url);
}

static pid_t start(void (*serve)(const char *folder), const char *folder, int *port)
{
	char url[100] = "";
	if (pipe(told) != 0)
		bench_give_up("no pipe");
	pid_t server = fork();
	if (server == 0) {
		serve(folder);
		_exit(1);
	}
	if (server < 0 || read(told[0], url, sizeof url) <= 0 || !strrchr(url, ':'))
		bench_give_up("no server");
	*port = atoi(strrchr(url, ':') + 1);
	close(told[0]);
	close(told[1]);
	return server;
}

/* ---- the client: as many connections as seats, each with one request under way ---- */

struct seat {
	int socket;
	struct text answer;
};

static void ask(struct seat *seat, int port, int lines)
{
	struct text body = TEXT_INIT(HQ_BODY_MAX), request = TEXT_INIT(HQ_BODY_MAX * 2);
	for (int i = 0; i < lines; i++)
		add_adjustment(&body);
	text_addf(&request,
		"POST /v1/commands HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
		"Content-Type: application/x-ndjson\r\nContent-Length: %zu\r\n\r\n%s",
		port, token, body.length, text_get(&body));
	for (size_t sent = 0; sent < request.length;) {
		ssize_t now = send(seat->socket, request.bytes + sent, request.length - sent, 0);
		if (now <= 0)
			bench_give_up("the server does not listen");
		sent += (size_t)now;
	}
	text_clear(&seat->answer);
	text_free(&body);
	text_free(&request);
}

/* Reads what is there; true once the answer is whole. */
static bool hear(struct seat *seat)
{
	char bytes[65536];
	ssize_t count = recv(seat->socket, bytes, sizeof bytes, 0);
	if (count <= 0)
		bench_give_up("the server does not answer");
	text_add_bytes(&seat->answer, bytes, (size_t)count);
	const char *head = text_get(&seat->answer), *end = strstr(head, "\r\n\r\n"),
		   *length = strstr(head, "Content-Length: ");
	return end && length &&
		seat->answer.length >= (size_t)(end + 4 - head) + strtoul(length + 16, NULL, 10);
}

static int count_applied(const struct text *answer)
{
	int count = 0;
	for (const char *at = text_get(answer); (at = strstr(at, "\"applied\"")); at++)
		count++;
	return count;
}

static void seat_open(struct seat *seat, int port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	*seat = (struct seat){
		.socket = socket(AF_INET, SOCK_STREAM, 0), .answer = TEXT_INIT(TEXT_LARGE)};
	if (connect(seat->socket, (struct sockaddr *)&address, sizeof address) != 0)
		bench_give_up("cannot connect");
}

/* Commands a second. */
static double push(int port, int seat_count, int lines, int total)
{
	struct seat seats[SEATS];
	struct pollfd polls[SEATS];
	int asked = 0, applied = 0;
	for (int i = 0; i < seat_count; i++) {
		seat_open(&seats[i], port);
		polls[i] = (struct pollfd){.fd = seats[i].socket, .events = POLLIN};
	}
	double start_s = bench_seconds();
	for (int i = 0; i < seat_count; i++, asked += lines)
		ask(&seats[i], port, lines);
	while (applied < total && poll(polls, (nfds_t)seat_count, 10000) > 0) {
		for (int i = 0; i < seat_count; i++) {
			if (!polls[i].revents || !hear(&seats[i]))
				continue;
			if (count_applied(&seats[i].answer) != lines)
				bench_give_up(text_get(&seats[i].answer));
			applied += lines;
			if (asked < total)
				ask(&seats[i], port, lines), asked += lines;
		}
	}
	double took_s = bench_seconds() - start_s;
	for (int i = 0; i < seat_count; i++) {
		close(seats[i].socket);
		text_free(&seats[i].answer);
	}
	return total / took_s;
}

/* The best of each against the other: what else the machine does only takes away. */
static void compare(const char *what, const int ports[2], int seats, int lines, int total)
{
	double best_bare = 0, best = 0;
	for (int i = 0; i < ROUNDS; i++) {
		double bare = push(ports[1], seats, lines, total);
		double ours = push(ports[0], seats, lines, total);
		printf("%s: %.0f/s, bare %.0f/s\n", what, ours, bare);
		best_bare = bare > best_bare ? bare : best_bare;
		best = ours > best ? ours : best;
	}
	bench_at_least(what, best / best_bare, 0.6);
}

/* Microseconds of processor time a command, to the server's end. */
static double end_server(pid_t server, int signal, int commands)
{
	struct rusage used;
	kill(server, signal);
	wait4(server, NULL, 0, &used);
	return ((double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
		       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec)) /
		commands;
}

int main(void)
{
	char folder[BENCH_FOLDER_SIZE];
	int ports[2];
	signal(SIGPIPE, SIG_IGN);
	bench_folder(folder);
	make_databases(folder);
	pid_t hq = start(serve_hq, folder, &ports[0]);
	pid_t bare = start(serve_bare, folder, &ports[1]);
	int drained = bench_size(20000, 6000), single = bench_size(16000, 4800);
	compare("commands at HQ, 200 a request", ports, 1, LINES, drained);
	compare("commands at HQ, 16 connections", ports, SEATS, 1, single);
	double ours_us = end_server(hq, SIGTERM, ROUNDS * (drained + single));
	double bare_us = end_server(bare, SIGKILL, ROUNDS * (drained + single));
	printf("processor time a command: %.0f us, bare %.0f us\n", ours_us, bare_us);
	bench_sweep(folder);
	return 0;
}
