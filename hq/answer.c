#include "hq/answer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#define GZIP_FROM 1024 /* shorter bodies fit one packet anyway */

static const struct {
	int status;
	const char *code;
	const char *title;
} problems[] = {
	[PROBLEM_BAD_REQUEST] = {400, "bad_request", "The request is wrong"},
	[PROBLEM_UNAUTHORIZED] = {401, "unauthorized", "The token is missing or not valid"},
	[PROBLEM_FORBIDDEN] = {403, "forbidden", "The token does not allow this"},
	[PROBLEM_NOT_FOUND] = {404, "not_found", "There is no such thing"},
	[PROBLEM_CODE_UNKNOWN] = {404, "code_unknown", "The enrolment code is not valid"},
	[PROBLEM_NOT_ALLOWED] = {405, "not_allowed", "The method is not allowed here"},
	[PROBLEM_EPOCH_CHANGED] = {409, "epoch_changed", "HQ was restored: pull everything again"},
	[PROBLEM_RESYNC] = {410, "resync",
		"Changes since then are not known: pull everything again"},
	[PROBLEM_TOO_LARGE] = {413, "too_large", "The request is too large"},
	[PROBLEM_FAULT] = {500, "fault", "HQ failed"},
	[PROBLEM_UNAVAILABLE] = {503, "unavailable", "HQ cannot work now"},
};

struct text *answer_begin(struct hq_answer *answer, int status, const char *content_type)
{
	answer->status = status;
	answer->content_type = content_type;
	text_clear(&answer->body);
	return &answer->body;
}

struct text *answer_json(struct hq_answer *answer, int status)
{
	return answer_begin(answer, status, "application/json");
}

/* Opens the object; what is special to a problem follows, then the closing brace. */
static struct text *problem_open(struct hq_answer *answer, enum problem problem, const char *detail)
{
	/* A body that broke its maximum is of no more use. */
	text_free(&answer->body);
	answer->body = TEXT_INIT(HQ_ANSWER_MAX);
	struct text *body = answer_begin(
		answer, problems[problem].status, "application/problem+json");

	answer->no_store = true;
	answer->etag[0] = '\0';
	text_clear(&answer->link);
	text_addf(
		body, "{\"type\":\"urn:countertop:problem:%s\",\"title\":", problems[problem].code);
	text_add_json(body, problems[problem].title);
	text_addf(body, ",\"status\":%d,\"code\":\"%s\",\"detail\":", problems[problem].status,
		problems[problem].code);
	text_add_json(body, detail);
	return body;
}

void answer_problem(struct hq_answer *answer, enum problem problem, const char *format, ...)
{
	char detail[400];
	va_list args;

	va_start(args, format);
	vsnprintf(detail, sizeof(detail), format, args);
	va_end(args);
	text_add(problem_open(answer, problem, detail), "}\n");
}

void answer_epoch_changed(struct hq *hq, struct hq_answer *answer)
{
	struct text *body = problem_open(answer, PROBLEM_EPOCH_CHANGED,
		"This database is not the one the console knows. Pull from nothing and offer"
		" the commands of the last 14 days again.");

	text_add(body, ",\"epoch\":");
	text_add_json(body, hq_epoch(hq));
	text_add(body, "}\n");
}

void answer_fault(struct hq *hq, struct hq_answer *answer)
{
	bool passing = db_failed(hq->db) == DB_BUSY || db_failed(hq->db) == DB_FULL;

	answer_problem(answer, passing ? PROBLEM_UNAVAILABLE : PROBLEM_FAULT,
		"The database says: %s", db_message(hq->db));
	if (passing)
		answer->retry_after_s = 1;
	db_rollback(hq->db);
}

/* The word gzip with no q=0 behind it. */
static bool accepts_gzip(const char *accepted)
{
	const char *word = accepted ? strcasestr(accepted, "gzip") : NULL;

	if (!word)
		return false;
	const char *q = strcasestr(word, "q=0");
	const char *comma = strchr(word, ',');

	return !q || (comma && comma < q) ||
		(q[3] == '.' && strspn(q + 4, "0") != strspn(q + 4, "0123456789"));
}

void answer_compress(struct hq_answer *answer, const char *accept_encoding)
{
	z_stream stream = {0};

	if (answer->body.length < GZIP_FROM || !text_ok(&answer->body) ||
		!accepts_gzip(accept_encoding) ||
		deflateInit2(&stream, 3, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		return;
	size_t room = deflateBound(&stream, answer->body.length);
	char *packed = malloc(room);

	stream.next_in = (Bytef *)answer->body.bytes;
	stream.avail_in = (uInt)answer->body.length;
	stream.next_out = (Bytef *)packed;
	stream.avail_out = (uInt)room;
	if (packed && deflate(&stream, Z_FINISH) == Z_STREAM_END) {
		text_clear(&answer->body);
		text_add_bytes(&answer->body, packed, stream.total_out);
		answer->gzip = true;
	}
	deflateEnd(&stream);
	free(packed);
}

void hq_answer_free(struct hq_answer *answer)
{
	text_free(&answer->body);
	text_free(&answer->link);
	answer->status = 0;
}
