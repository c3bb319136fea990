/* Building answers: JSON bodies and problems (RFC 9457). */
#ifndef COUNTERTOP_HQ_ANSWER_H
#define COUNTERTOP_HQ_ANSWER_H

#include "hq/core.h"

enum problem {
	PROBLEM_BAD_REQUEST,
	PROBLEM_UNAUTHORIZED,
	PROBLEM_FORBIDDEN,
	PROBLEM_NOT_FOUND,
	PROBLEM_CODE_UNKNOWN,
	PROBLEM_NOT_ALLOWED,
	PROBLEM_EPOCH_CHANGED,
	PROBLEM_RESYNC,
	PROBLEM_TOO_LARGE,
	PROBLEM_FAULT,
	PROBLEM_UNAVAILABLE,
};

/* Starts a body of the type with the status; what was begun before is dropped. */
struct text *answer_begin(struct hq_answer *answer, int status, const char *content_type);
struct text *answer_json(struct hq_answer *answer, int status);
/* A problem with a sentence that says what happened and what to do now. */
void answer_problem(struct hq_answer *answer, enum problem problem, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The problem with the present epoch in it. */
void answer_epoch_changed(struct hq *hq, struct hq_answer *answer);
/* The database failed: undoes the transaction and answers 503 where trying again may help, else 500. */
void answer_fault(struct hq *hq, struct hq_answer *answer);
/* Compresses a body worth it if the request accepts that. */
void answer_compress(struct hq_answer *answer, const char *accept_encoding);

#endif
