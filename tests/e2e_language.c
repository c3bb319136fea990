/* In zh_TW no English is left on any screen, and columns stand straight, at every size. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/e2e_kit.h"
#include "tests/e2e_words.h"

/* Characters are held a moment, for they might be a scan; other keys act at once. */
#define QUIET_MS 20
#define QUIET_TYPED_MS 50

/* Keys, and a text that must be on the screen then; NULL: whatever is there. */
struct step {
	const char *keys;
	const char *expected;
};

static const struct step documents[] = {
	{"<f2>", "待確認"},
	{"<tab>", "待出庫"},
	{"<tab><tab><tab>", "已取消"},
	{"<enter>", "來源店家"},
	{"<tab>", "歷程"},
	{"<f1>", "按鍵"},
	{"<pagedown>", NULL},
	{"<pagedown><pagedown><pagedown>", NULL},
	{"<end>", NULL},
	{"<esc>", NULL},
	{"<esc>", "已取消"},
	{"i", "進倉單"},
	{"<tab>", "待入庫"},
	{"<enter>", "來源店家"},
	{"<enter>", NULL},
	{"<esc>", NULL},
	{"c", NULL},
	{"<f1>", "按鍵"},
	{"<end>", NULL},
	{"<esc>", NULL},
	{"<esc>", NULL},
	{"k", NULL},
	{"<esc>", NULL},
	{"<esc>", NULL},
	{"<tab><tab>", "部份點收"},
	{"<enter>", "來源店家"},
	{"k", NULL},
	{"<end><enter>", NULL},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"<esc>", NULL},
	{"<esc>", NULL},
	{"<esc>", NULL},
	{"/", "搜尋"},
	{"<esc>", NULL},
	{"f", NULL},
	{"<esc>", NULL},
	{"<home><f1>", "按鍵"},
	{"<pagedown><pagedown>", NULL},
	{"<end>", NULL},
	{"<esc>", NULL},
};

static const struct step creating[] = {
	{"<f2>o", "出倉單"},
	{"n", "第三方"},
	{"<enter>", "目的店家"},
	{"ximen", "西門店"},
	{"<enter>", "預計到貨日"},
	{"31/31<enter>", NULL},
	{"<ctrl+u><ctrl+s>", NULL},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"n", NULL},
	{"TE0101<enter>", NULL},
	{"<ctrl+s>", "TE0101"},
	{"f", NULL},
	{"n", NULL},
	{"d", NULL},
	{"y", NULL},
	{"<esc>", NULL},
};

static const struct step accepting[] = {
	{"<f2>i", "進倉單"},
	{"<home><backtab>", NULL},
	{"<f2>o<tab>", NULL},
	{"s", NULL},
	{"<enter>", NULL},
	{"<esc>", NULL},
	{"x", NULL},
	{"<esc>", NULL},
	{"r", NULL},
	{"<f7>", "待辦"},
	{"<esc>", NULL},
};

static const struct step stocktakes[] = {
	{"<f3>", "盤點"},
	{"<tab><tab>", NULL},
	{"<backtab><backtab>", NULL},
	{"<enter>", "盤點量"},
	{"<tab>", NULL},
	{"<tab><tab>", NULL},
	{"h", NULL},
	{"<esc>", NULL},
	{"i", NULL},
	{"<esc>", NULL},
	{"z", "認領者"},
	{"n", NULL},
	{"b1<enter>", "盤點區 B1"},
	{"12", "乘下一次掃描"},
	{"*", "下一次掃描 ×"},
	{"<esc>", NULL},
	{"z", "B1"},
	{"<end>r", "核對總數"},
	{"7<enter>", "核對總數不符"},
	{"a", "再盤"},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"<esc><esc>", NULL},
	{"n", NULL},
	{"<f1>", "按鍵"},
	{"<esc><esc>", NULL},
	{"h", "> 掃描紀錄"},
	{"<space>", "已標記 1 筆"},
	{"r", "改盤點區"},
	{"<esc>", NULL},
	{"u", NULL},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"<esc>", "> 掃描紀錄"},
	{"<esc>", "盤點量"},
	{"/", NULL},
	{"<esc>", NULL},
	{"<f1>", "按鍵"},
	{"<pagedown><pagedown>", NULL},
	{"<end><esc>", NULL},
	{"c", NULL},
	{"<esc>", NULL},
	{"t", NULL},
	{"o", NULL},
	{"f", NULL},
	{"<esc>", NULL},
	{"p", NULL},
	{"y", NULL},
	{"e", NULL},
	{"y", NULL},
	{"x", NULL},
	{"<esc>", NULL},
	{"<home>l", NULL},
	{"<esc>", NULL},
	{"s", "盤差量大的在前"},
	{"s", "金額大的在前"},
	{"s", "最近盤點的在前"},
	{"s", NULL},
	{"<space>", "已標記 1 項"},
	{"a", "已標記 681 項"},
	{"a", "已標記 0 項"},
	{"<esc>", NULL},
	{"<home><down><enter>", "不符合"},
	{"l", NULL},
	{"<esc>", NULL},
	{"o", "要複盤嗎"},
	{"n", NULL},
	{"<space>o", "已標記的品項（1）"},
	{"<esc>", NULL},
	{"t", "預演"},
	{"<space>", NULL},
	{"s", "盤差量大的在前"},
	{"b", "只看低於零"},
	{"b", NULL},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"t", "無法復原"},
	{"<esc>", NULL},
	{"<esc>", NULL},
	{"<esc>", NULL},
	{"<down><enter>", "已校正"},
	{"g", NULL},
	{"r", "要沖回這次校正嗎"},
	{"n", NULL},
	{"<esc>", NULL},
	{"<home>", NULL},
	{"n", "範圍"},
	{"<tab>", NULL},
	{"<down><down>", NULL},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"<esc>", NULL},
	{"<esc>", NULL},
	{"/", NULL},
	{"<esc>", NULL},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
};

static const struct step tickets[] = {
	{"<f4>", "票券訂單"},
	{"<enter>", NULL},
	{"<tab>", NULL},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"<esc>", NULL},
	{"<tab>", "核銷紀錄"},
	{"x", NULL},
	{"<esc>", NULL},
	{"f", "訂單號碼"},
	{"<esc>", NULL},
	{"s", NULL},
	{"/", NULL},
	{"<esc>", NULL},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"c", NULL},
	{"CT1001<enter>", NULL},
	{"<esc>", NULL},
	{"c", NULL},
	{"CT1002-M4PX<enter>", "咖啡券"},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"<enter>", "已核銷"},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"<esc>", NULL},
	{"c", NULL},
	{"CT1006-Z5GJ<enter>", NULL},
	{"<enter>", NULL},
	{"<esc>", NULL},
	{"c", NULL},
	{"CT1011-T4MQ<enter>", NULL},
	{"<enter>", NULL},
	{"<esc>", NULL},
};

static const struct step products[] = {
	{"<f5>", "商品"},
	{"/", NULL},
	{"咖", NULL},
	{"<enter>", NULL},
	{"<enter>", "各店庫存"},
	{"<end><enter>", "異動"},
	{"<tab>", "異動"},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"<tab>", "進行中"},
	{"<enter>", NULL},
	{"<tab>", NULL},
	{"<esc>", NULL},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
};

static const struct step reports[] = {
	{"<f2>u", "天數"},
	{"<enter>", "來源店家"},
	{"<esc><esc>b", "報表"},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"<enter>", "庫存量"},
	{"f", NULL},
	{"s", NULL},
	{"<enter>", NULL},
	{"<esc><down><enter>", "淨變動"},
	{"f", "日期"},
	{"<tab>", NULL},
	{"<esc>", NULL},
	{"<esc><down><down><enter>", "差異"},
	{"r", NULL},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"<f12>", "報表"},
	{"<end><enter>", "各人員核銷"},
	{"<esc>", NULL},
};

static const struct step orders[] = {
	{"<f11>", "未結束"},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"f", "只看部分訂單"},
	{"<esc>", NULL},
	{"/", "搜尋"},
	{"<esc>", NULL},
	{"t", NULL},
	{"<esc>", NULL},
	{"o", NULL},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"<esc><home><enter>", "預留紀錄"},
	{"<tab>", NULL},
	{"<tab>", NULL},
	{"<tab>", NULL},
	{"<tab>", "累計"},
	{"<tab>", NULL},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"a", "受理訂單"},
	{"<esc>", NULL},
	{"x", "其餘全部"},
	{"<enter>", "[ 返回 ]"},
	{"<esc>i", "部分：選擇數量"},
	{"<down><enter>", "已選"},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"+f", "虛擬商品隨請款交付"},
	{"y", "已儲存"},
	{"r", "退回存貨"},
	{"+f", "款項退還"},
	{"<esc><esc>y", NULL},
	{"s", NULL},
	{"<f1>", "按鍵"},
	{"<end><esc><esc>", NULL},
	{"<esc>", "未結束"},
	{"n", "訂單：稍後出貨"},
	{"<right><enter><enter><enter>", "櫃台銷售"},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"n", "新增一項"},
	{"<esc>d", "捨棄"},
	{"y", "未結束"},
};

static const struct step inbox[] = {
	{"<f6>", "收件匣"},
	{"a", "待裁定"},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"<enter>", "待裁定"},
	{"<down><down>", NULL},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"i", "重複核銷案的經過"},
	{"<end><esc>", NULL},
	{"c", "向哪一筆核銷追討"},
	{"<enter>", "備註"},
	{"<enter>", "[ 追討 ]"},
	{"n", NULL},
	{"h", "備註"},
	{"<esc>", NULL},
	{"r", "備註"},
	{"<esc><esc><esc>", NULL},
	{"<tab>", NULL},
	{"<enter>", NULL},
	{"<esc>", NULL},
	{"d", NULL},
	{"<esc>", NULL},
	{"<tab>", NULL},
	{"<f1>", "按鍵"},
	{"<end><esc>", NULL},
	{"=", NULL},
	{"<esc>", NULL},
	{"<f9>", "登入"},
};

#define STEPS(table)                                          \
	{                                                     \
#table, table, sizeof(table) / sizeof(*table) \
	}
static const struct {
	const char *name;
	const struct step *steps;
	size_t count;
} walks[] = {
	STEPS(documents),
	STEPS(creating),
	STEPS(accepting),
	STEPS(stocktakes),
	STEPS(tickets),
	STEPS(products),
	STEPS(reports),
	STEPS(orders),
	STEPS(inbox),
};

static void look(struct screen *screen, const char *where)
{
	words_expect_chinese(screen, where);
	words_expect_aligned(screen, where);
}

static void press(struct screen *screen, const struct step *step)
{
	size_t length = strlen(step->keys);

	screen_send(screen, step->keys);
	screen_settle(screen, step->keys[length - 1] == '>' ? QUIET_MS : QUIET_TYPED_MS);
	if (step->expected)
		screen_expect(screen, step->expected);
}

static void walk(struct screen *screen, int rows, int cols)
{
	for (size_t i = 0; i < sizeof walks / sizeof *walks; i++) {
		for (size_t j = 0; j < walks[i].count; j++) {
			const struct step *step = &walks[i].steps[j];
			char where[200];

			snprintf(where, sizeof where, "%dx%d, %s, step %zu, after %s", cols, rows,
				walks[i].name, j + 1, step->keys);
			press(screen, step);
			look(screen, where);
		}
	}
}

static const struct step signing_in[] = {
	{"<f1>", "按鍵"},
	{"<esc>", "登入"},
	{"chen<enter>", "PIN"},
	{"1<enter>", NULL},
	{"1200<enter>", NULL},
};

static void walk_at(int rows, int cols)
{
	struct e2e_home home;
	struct screen *screen;

	e2e_enrol(&home, "xinyi");
	words_learn(&home);
	screen = e2e_console(
		&home, &(struct e2e_look){.rows = rows, .cols = cols, .language = "zh_TW"});
	screen_expect(screen, "登入");
	look(screen, "the start");
	for (size_t i = 0; i < sizeof signing_in / sizeof *signing_in; i++) {
		press(screen, &signing_in[i]);
		look(screen, signing_in[i].keys);
	}
	screen_expect_gone(screen, "PIN");
	walk(screen, rows, cols);
}

static void chinese_at_80_columns(void **state)
{
	(void)state;
	walk_at(24, 80);
}

static void chinese_at_60_columns(void **state)
{
	(void)state;
	walk_at(16, 60);
}

static void chinese_at_200_columns(void **state)
{
	(void)state;
	walk_at(50, 200);
}

static void the_help_of_the_command_line_is_chinese(void **state)
{
	/* A verb without words of its own is not told by the head of the catalogue, gettext's answer to "". */
	char path[E2E_PATH_BYTES], line[E2E_PATH_BYTES + 80], said[16384];
	FILE *help;

	(void)state;
	e2e_program(path, "countertop");
	snprintf(line, sizeof line, "LC_ALL=C.UTF-8 LANGUAGE=zh_TW '%s' --help", path);
	help = popen(line, "r");
	assert_non_null(help);
	said[fread(said, 1, sizeof said - 1, help)] = '\0';
	assert_int_equal(pclose(help), 0);
	assert_non_null(strstr(said, "選項"));
	assert_null(strstr(said, "Project-Id-Version"));
	assert_null(strstr(said, " \n"));
}

static const struct step offline[] = {
	{"<enter>", NULL},
	{"<esc>", NULL},
	{"<f6>", "收件匣"},
	{"<tab><tab>", NULL},
	{"<enter>", NULL},
	{"<esc>", NULL},
	{"w", NULL},
	{"<esc>", NULL},
};

static void chinese_with_the_line_down(void **state)
{
	/* Also what is said only then: offline, not confirmed, refused, waiting. */
	struct e2e_home home;
	struct screen *screen;

	(void)state;
	e2e_enrol(&home, "xinyi");
	words_learn(&home);
	screen = e2e_console(&home, &(struct e2e_look){.language = "zh_TW"});
	e2e_sign_in(screen, "chen");
	e2e_hq_stop();
	screen_expect(screen, "離線");
	look(screen, "offline");
	screen_scan(screen, "CT1002-M4PX");
	screen_expect(screen, "咖啡券");
	look(screen, "a ticket offline");
	screen_send(screen, "<enter>");
	screen_expect_row(screen, -1, "未送出 1");
	look(screen, "accepted, not confirmed");
	screen_send(screen, "<esc>");
	screen_scan(screen, "CT1012-BBBB");
	screen_expect(screen, "禮品券");
	for (size_t i = 0; i < sizeof offline / sizeof *offline; i++) {
		press(screen, &offline[i]);
		look(screen, offline[i].keys);
	}
	screen_resize(screen, 5, 20);
	screen_expect(screen, "20x5");
	look(screen, "too small");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		e2e_test(chinese_at_80_columns),
		e2e_test(chinese_at_60_columns),
		e2e_test(chinese_at_200_columns),
		e2e_test(chinese_with_the_line_down),
		e2e_test(the_help_of_the_command_line_is_chinese),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
