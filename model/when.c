#include "model/when.h"

#include <stdio.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

struct civil {
	int64_t year;
	int month, day, hour, minute, second, ms;
};

/* Days since 1970-01-01 of a proleptic Gregorian date, by counting years from March, so that the
 * leap day comes last. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

static struct civil civil_of(int64_t ms)
{
	int64_t days = ms / DAY_MS - (ms % DAY_MS < 0);
	int64_t rest = ms - days * DAY_MS;
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	struct civil c = {.day = (int)(doy - (153 * mp + 2) / 5 + 1),
		.month = (int)(mp < 10 ? mp + 3 : mp - 9)};
	c.year = yoe + era * 400 + (c.month <= 2);
	c.hour = (int)(rest / 3600000);
	c.minute = (int)(rest / 60000 % 60);
	c.second = (int)(rest / 1000 % 60);
	c.ms = (int)(rest % 1000);
	return c;
}

void when_format(int64_t ms, char *out)
{
	struct civil c = civil_of(ms);
	snprintf(out, WHEN_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", (int)c.year, c.month, c.day,
		c.hour, c.minute, c.second, c.ms);
}

static bool digits(const char **text, int count, int *value)
{
	*value = 0;
	for (; count > 0; count--, (*text)++) {
		if (**text < '0' || **text > '9')
			return false;
		*value = *value * 10 + (**text - '0');
	}
	return true;
}

static bool expect(const char **text, const char *any)
{
	if (!**text || !strchr(any, **text))
		return false;
	(*text)++;
	return true;
}

static bool date_valid(int year, int month, int day)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (month < 1 || month > 12 || day < 1)
		return false;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return day <= lengths[month - 1] + (leap && month == 2);
}

static bool parse_date(const char **text, int *year, int *month, int *day)
{
	return digits(text, 4, year) && expect(text, "-") && digits(text, 2, month) &&
		expect(text, "-") && digits(text, 2, day) && date_valid(*year, *month, *day);
}

static bool parse_offset(const char **text, int *minutes)
{
	*minutes = 0;
	if (expect(text, "Zz"))
		return true;
	int sign = **text == '-' ? -1 : 1, hour, minute;
	if (!expect(text, "+-") || !digits(text, 2, &hour) || !expect(text, ":") ||
		!digits(text, 2, &minute))
		return false;
	*minutes = sign * (hour * 60 + minute);
	return hour < 24 && minute < 60;
}

bool when_parse(const char *text, int64_t *ms)
{
	int year, month, day, hour, minute, second, fraction = 0, offset;
	if (!parse_date(&text, &year, &month, &day) || !expect(&text, "Tt ") ||
		!digits(&text, 2, &hour) || !expect(&text, ":") || !digits(&text, 2, &minute) ||
		!expect(&text, ":") || !digits(&text, 2, &second))
		return false;
	if (expect(&text, ".")) {
		int place = 100;
		if (*text < '0' || *text > '9')
			return false;
		for (; *text >= '0' && *text <= '9'; text++, place /= 10)
			fraction += place * (*text - '0');
	}
	if (!parse_offset(&text, &offset) || *text || hour > 23 || minute > 59 || second > 60)
		return false;
	*ms = days_from_civil(year, month, day) * DAY_MS +
		(((int64_t)hour * 60 + minute - offset) * 60 + second) * 1000 + fraction;
	return true;
}

void when_local_date(int64_t ms, int64_t tz_minutes, char *out)
{
	struct civil c = civil_of(ms + tz_minutes * 60000);
	snprintf(out, WHEN_SIZE, "%04d-%02d-%02d", (int)c.year, c.month, c.day);
}

void when_local_time(int64_t ms, int64_t tz_minutes, char *out)
{
	struct civil c = civil_of(ms + tz_minutes * 60000);
	snprintf(out, WHEN_SIZE, "%02d:%02d", c.hour, c.minute);
}

void when_local_stamp(int64_t ms, int64_t tz_minutes, char *out)
{
	struct civil c = civil_of(ms + tz_minutes * 60000);
	snprintf(out, WHEN_SIZE, "%04d%02d%02d-%02d%02d", (int)c.year, c.month, c.day, c.hour,
		c.minute);
}

bool when_day_start(const char *date, int64_t tz_minutes, int64_t *ms)
{
	int year, month, day;
	if (!parse_date(&date, &year, &month, &day) || *date)
		return false;
	*ms = days_from_civil(year, month, day) * DAY_MS - tz_minutes * 60000;
	return true;
}

bool when_is_date(const char *date)
{
	int64_t ms;
	return when_day_start(date, 0, &ms);
}
