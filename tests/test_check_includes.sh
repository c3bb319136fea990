#!/bin/bash
# The include check lets right includes pass and names each wrong one with its file and line.
set -u
srcdir=${srcdir:-.}
root=$(mktemp -d) || exit 1
trap 'rm -rf "$root"' EXIT
number=0

# try WANTED FILE INCLUDE: the check's exit status for a tree with that one line in that one file
try() {
	local wanted=$1 file=$2 include=$3 said status=0
	rm -rf "${root:?}"/*
	mkdir -p "$root"/{model,net,tui,hq}
	printf '/* A file. */\n#include %s\n' "$include" >"$root/$file"
	said=$("$srcdir/tests/check_includes" "$root") || status=1
	number=$((number + 1))
	if [[ $status != "$wanted" ]] || { [[ $wanted == 1 ]] && [[ $said != "$file:2: "* ]]; }; then
		printf 'not '
	fi
	echo "ok $number - $file with $include is $( ((wanted)) && echo refused || echo allowed)"
}

try 0 model/a.c '"model/b.h"'
try 1 model/a.c '"tui/b.h"'
try 1 model/a.c '"net/b.h"'
try 1 model/a.h '"hq/b.h"'
try 1 model/a.c '"b.h"'
try 1 model/a.c '"../model/b.h"'
try 0 tui/a.c '"model/b.h"'
try 1 tui/a.c '"net/b.h"'
try 1 tui/a.c '"hq/b.h"'
try 0 tui/main.c '"net/b.h"'
try 1 tui/main.c '"hq/b.h"'
try 0 net/a.c '"model/b.h"'
try 1 net/a.c '"tui/b.h"'
try 0 hq/a.c '"model/b.h"'
try 1 hq/a.c '"net/b.h"'
try 0 tui/term.c '<ncursesw/curses.h>'
try 0 tui/draw.c '<curses.h>'
try 1 tui/list.c '<curses.h>'
try 1 tui/list.c '<panel.h>'
try 0 net/transport_curl.c '<curl/curl.h>'
try 1 net/sync.c '<curl/curl.h>'
try 0 hq/http.c '<microhttpd.h>'
try 1 hq/main.c '<microhttpd.h>'
try 0 model/db_sqlite.c '<sqlite3.h>'
try 1 hq/admin.c '<sqlite3.h>'
try 0 tui/a.c '<string.h>'
echo "1..$number"
