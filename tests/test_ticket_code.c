/* Codes of tickets as people and scanners give them, and as they are shown to whoever may not read them. */
#include "tests/model_fixture.h"

#include "model/ticket.h"

#include <string.h>

#define COUNT_OF(list) ((int)(sizeof(list) / sizeof((list)[0])))

static const struct {
	const char *typed, *code; /* NULL: malformed */
} codes[] = {
	{"ABC123", "ABC123"},
	{"abc-123", "ABC-123"},
	{"  abc 123\t\r\n", "ABC123"},
	{"ａｂｃ１２３－４", "ABC123-4"},
	{"ABC　123", "ABC123"},
	{"ABC\xe2\x80\x93"
	 "123",
		"ABC-123"}, /* an en dash */
	{"]Q3ABC123", "ABC123"},
	{"\\000026ABC123", "ABC123"},
	{"]Q3\\000026abc123", "ABC123"},
	{"https://shop.example/t/abc-123", "ABC-123"},
	{"https://shop.example/t/abc-123/", "ABC-123"},
	{"https://shop.example/t/abc-123?utm=x#top", "ABC-123"},
	{"https://shop.example/redeem?x=1&code=abc-123&y=2", "ABC-123"},
	{"https://shop.example/redeem?Code=%61bc%2D123", "ABC-123"},
	{"\\000026https://shop.example/abc-123", "ABC-123"},
	{"1234567890123456789012345678901234567890", "1234567890123456789012345678901234567890"},
	{"12345678901234567890123456789012345678901", NULL},
	{"ABC12", NULL},
	{"", NULL},
	{"   ", NULL},
	{"ABC_123", NULL},
	{"ABC123'; DROP", NULL},
	{"票券ABC123", NULL},
	{"ABC123\xff", NULL},
	{"https://shop.example", NULL},
	{"https://shop.example/", NULL},
	{"https://shop.example/t/abc_123", NULL},
};

static void codes_are_read(void **state)
{
	/* A code is found in whatever a scanner or a person enters; anything else is malformed. */
	(void)state;
	for (int i = 0; i < COUNT_OF(codes); i++) {
		char code[TICKET_CODE_SIZE];
		bool normal = ticket_code_normal(codes[i].typed, code, sizeof(code));
		if (normal != (codes[i].code != NULL) ||
			(normal && strcmp(code, codes[i].code) != 0))
			fail_msg("%s: %s %s", codes[i].typed, normal ? "read as" : "malformed",
				code);
	}
	char small[4];
	assert_false(ticket_code_normal("ABC123", small, sizeof(small)));
}

static void codes_and_phones_are_masked(void **state)
{
	/* Of a code its end is shown, of a short one less; of a phone its last three digits, of a short one none. */
	static const struct {
		const char *whole, *masked;
	} masked[] =
		{
			{"ABCDEF-12345", "****2345"},
			{"ABCDEF1234", "****1234"},
			{"ABCDEF123", "****23"},
			{"AB", "****"},
			{"", "****"},
			{"票券一二三四五六七八九", "****六七八九"},
		},
	  phones[] = {
		  {"0912345678", "*******678"},
		  {"0912-345 678", "****-*** 678"},
		  {"+886 2 2345-6789 #12", "+*** * ****-***9 *12"},
		  {"119", "***"},
		  {"電話 0912345678", "** *******678"},
		  {"", ""},
	  };
	(void)state;
	char out[64], small[6];
	for (int i = 0; i < COUNT_OF(masked); i++) {
		ticket_code_mask(masked[i].whole, out, sizeof(out));
		assert_string_equal(out, masked[i].masked);
	}
	for (int i = 0; i < COUNT_OF(phones); i++) {
		ticket_phone_mask(phones[i].whole, out, sizeof(out));
		assert_string_equal(out, phones[i].masked);
	}
	ticket_phone_mask("0912345678", small, sizeof(small));
	assert_string_equal(small, "*****");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_read),
		cmocka_unit_test(codes_and_phones_are_masked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
