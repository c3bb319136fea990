#include "net/trouble.h"

#include "model/i18n.h"
#include "model/json.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const fault_words[FAULT_COUNT] = {
	[FAULT_NONE] = "",
	[FAULT_UNREACHABLE] = N_("HQ cannot be reached. Work goes on here and is sent later."),
	[FAULT_TIMEOUT] = N_("HQ does not answer in time. Work goes on here and is sent later."),
	[FAULT_CUT] = N_("The line broke in the middle of HQ's answer; it is asked for again."),
	[FAULT_TLS] = N_(
		"HQ's certificate is not trusted. Check the address and this machine's clock."),
	[FAULT_NO_TLS] = N_(
		"No encrypted line to HQ comes about. Work goes on here; check the address if it stays so."),
	[FAULT_NOT_HTTP] = N_("Something else than HQ answers at HQ's address. Check the address."),
	[FAULT_TOO_LARGE] = N_("HQ's answer is larger than this console takes."),
	[FAULT_INSECURE] = N_(
		"Plain http is only for HQ on this same machine. Use an https address."),
	[FAULT_BAD_URL] = N_("HQ's address is not a web address such as https://hq.example.com"),
	[FAULT_OTHER] = N_("Talking to HQ failed. Work goes on here and is sent later."),
};

static const struct {
	int status;
	const char *words;
} status_words[] = {
	{400, N_("HQ answered 400: it cannot read what this console sent. Report it.")},
	{401, N_("HQ does not accept this console any more. Enrol it again; nothing is lost meanwhile.")},
	{403, N_("HQ does not let this console do that. Ask HQ; nothing is lost meanwhile.")},
	{404, N_("There is no HQ at this address. Check the address.")},
	{409, N_("HQ answered 409, and again: it and this console do not agree. Report it.")},
	{410, N_("HQ answered 410, and again: all data are to be fetched anew. Report it.")},
	{413, N_("HQ refuses a command for its size. Report it.")},
	{429, N_("HQ asks to be left alone for a while. Work goes on here and is sent later.")},
	{500, N_("HQ answered 500: it has failed. Work goes on here and is sent later.")},
	{502, N_("HQ answered 502: something on the way to it fails. Work goes on here and is sent later.")},
	{503, N_("HQ cannot work now. Work goes on here and is sent later.")},
	{504, N_("HQ answered 504: something on the way to it waits in vain. Work goes on here and is sent later.")},
};

void trouble_say(char text[TROUBLE_SIZE], const char *sentence)
{
	size_t length = strlen(sentence);

	if (length >= TROUBLE_SIZE) {
		length = TROUBLE_SIZE - 1;
		while (length > 0 && ((unsigned char)sentence[length] & 0xC0) == 0x80)
			length--;
	}
	memcpy(text, sentence, length);
	text[length] = '\0';
}

/* HQ never sends anyone elsewhere: that is a network that wants a login first. */
static bool is_redirect(int status)
{
	return status >= 300 && status < 400 && status != 304;
}

static bool looks_like_a_page(const struct response *response)
{
	const char *body = text_get(&response->body);

	if (strncasecmp(response->type, "text/html", 9) == 0 || is_redirect(response->status))
		return true;
	while (*body == ' ' || *body == '\n' || *body == '\r' || *body == '\t')
		body++;
	return *body == '<';
}

bool trouble_reached_hq(const struct response *response)
{
	return response->fault == FAULT_NONE && !looks_like_a_page(response);
}

static const char *words_of(const struct response *response)
{
	if (response->fault != FAULT_NONE)
		return fault_words[response->fault];
	if (looks_like_a_page(response))
		return N_(
			"A web page answers at HQ's address. Check the address, or log in to the network.");
	if (response->status == 200)
		return N_("HQ's answer cannot be read or was cut short; it is asked for again.");
	for (size_t i = 0; i < sizeof status_words / sizeof *status_words; i++)
		if (status_words[i].status == response->status)
			return status_words[i].words;
	return N_(
		"HQ answered in a way this console does not know. Work goes on here and is sent later.");
}

void trouble_of(const struct response *response, char text[TROUBLE_SIZE])
{
	trouble_say(text, words_of(response));
}

void trouble_type(const struct response *response, char *type, size_t size)
{
	char error[80];
	cJSON *problem = NULL;
	const char *word = NULL;

	type[0] = '\0';
	if (response->body.length > 0)
		problem = json_parse(
			text_get(&response->body), response->body.length, error, sizeof error);
	if (problem)
		word = json_text(problem, "type");
	if (word) {
		size_t from = strlen(word);

		while (from > 0 && !strchr("/:#", word[from - 1]))
			from--;
		snprintf(type, size, "%s", word + from);
	}
	cJSON_Delete(problem);
}
