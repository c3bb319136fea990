#include "net/probe.h"

#include "model/i18n.h"
#include "model/json.h"
#include "model/when.h"
#include "net/run.h"
#include "net/transport_curl.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define PROBE_TIMEOUT_MS 8000

static bool ask(const char *url, const char *token, struct response *response)
{
	struct transport_curl *curl = transport_curl_open();
	struct transport transport;

	if (!curl)
		return false;
	transport = transport_curl_of(curl);
	transport.submit(transport.ctx, SLOT_PULL,
		&(struct request){.method = "GET",
			.base = url,
			.path = "/v1/hello",
			.token = token,
			.timeout_ms = PROBE_TIMEOUT_MS});
	while (!transport.take(transport.ctx, SLOT_PULL, response))
		transport_curl_wait(curl, NULL, 0, 250);
	transport_curl_close(curl);
	return true;
}

static void read_versions(const cJSON *hello, struct probe *probe)
{
	const cJSON *version;
	size_t used = 0;

	cJSON_ArrayForEach(version, json_list(hello, "versions"))
	{
		if (!cJSON_IsString(version))
			continue;
		if (strcmp(version->valuestring, NET_API_VERSION) == 0)
			probe->speaks = true;
		if (used < sizeof probe->versions)
			used += (size_t)snprintf(probe->versions + used,
				sizeof probe->versions - used, "%s%.20s", used ? ", " : "",
				version->valuestring);
	}
}

/* HQ looked at its clock somewhere between our question and its answer. */
static void read_hello(const cJSON *hello, const struct sync_time *asked, struct probe *probe)
{
	const char *time = json_text(hello, "time");
	int64_t hq_ms;

	if (!json_text(hello, "epoch") || !time || !when_parse(time, &hq_ms))
		return;
	probe->read = true;
	probe->ahead_ms = hq_ms - (asked->wall_ms + probe->took_ms / 2);
	read_versions(hello, probe);
}

void probe_hq(const char *url, const char *token, struct probe *probe)
{
	struct response response = {0};
	struct sync_time asked = run_now();
	char error[80];
	cJSON *hello = NULL;

	memset(probe, 0, sizeof *probe);
	if (!ask(url, token, &response)) {
		trouble_say(probe->trouble, N_("The network library cannot be started."));
		return;
	}
	probe->took_ms = run_now().boot_ms - asked.boot_ms;
	probe->reached = trouble_reached_hq(&response) && response.status != 404;
	probe->let_in = probe->reached && response.status != 401 && response.status != 403;
	if (probe->reached && response.status == 200)
		hello = json_parse(
			text_get(&response.body), response.body.length, error, sizeof error);
	if (hello)
		read_hello(hello, &asked, probe);
	if (!probe->read)
		trouble_of(&response, probe->trouble);
	cJSON_Delete(hello);
	text_free(&response.body);
}

bool probe_syncer(const char *home)
{
	struct text path = TEXT_INIT(TEXT_SMALL);
	bool held = false;
	int fd;

	text_addf(&path, "%s/syncer.lock", home);
	fd = text_ok(&path) ? open(text_get(&path), O_RDONLY | O_CLOEXEC) : -1;
	text_free(&path);
	if (fd < 0)
		return false;
	held = flock(fd, LOCK_SH | LOCK_NB) != 0;
	close(fd);
	return held;
}
