#!/bin/bash
# The program countertop-hq does what its command line says, and ends within 5 s with a long-poll open.
set -u
hq=${builddir:?}/countertop-hq
dir=$(mktemp -d)
db=sqlite:$dir/hq.db
server=
trap '[[ $server ]] && kill "$server" 2>/dev/null; rm -rf "$dir"' EXIT
count=0

# ok WHAT COMMAND…: one line of TAP
ok() {
	local what=$1
	shift
	count=$((count + 1))
	if "$@"; then echo "ok $count - $what"; else echo "not ok $count - $what"; fi
}

# exits CODE WORD…: does countertop-hq with these words end with the code, and say why?
exits() {
	local code=$1
	shift
	timeout 20 "$hq" "$@" >"$dir/out" 2>"$dir/err"
	[[ $? == "$code" ]] && { [[ $code == 0 ]] || [[ -s $dir/err ]]; }
}

# request HEADERS [BODY]: one request on a connection of its own; the answer goes to $dir/answer
request() {
	exec 5<>"/dev/tcp/127.0.0.1/$port" || return
	printf '%s\r\nHost: x\r\nConnection: close\r\n\r\n%s' "$1" "${2:-}" >&5
	timeout 20 cat <&5 >"$dir/answer" 2>/dev/null
	exec 5<&- 5>&-
}

answers() { # answers TEXT HEADERS [BODY]
	local text=$1
	shift
	request "$@"
	grep -qF -- "$text" "$dir/answer"
}

get() { # get TEXT PATH: with the token
	answers "$1" "GET $2 HTTP/1.1"$'\r\n'"Authorization: Bearer $token"
}

start() { # start PORT
	exec 3< <(exec "$hq" serve --listen "127.0.0.1:$1" --db "$db")
	server=$!
	read -r -t 20 line <&3
	port=${line##*:}
	[[ $line =~ ^listening\ on\ http://127\.0\.0\.1:[1-9][0-9]*$ ]]
}

stop() { # stop SIGNAL: within 5 s and with code 0
	local from=$SECONDS
	kill "-$1" "$server"
	wait "$server"
	local code=$?
	server=
	((code == 0 && SECONDS - from < 5))
}

ok 'no verb is a usage error' exits 2
ok 'an unknown verb is a usage error' exits 2 dance --db "$db"
ok 'an unknown option is a usage error' exits 2 init --db "$db" --colour
ok 'a missing --db is a usage error' exits 2 serve
ok 'a missing value is a usage error' exits 2 init --db
ok 'serve needs a database' exits 1 serve --db "$db"
ok 'PostgreSQL is not built in' exits 1 init --db postgresql://localhost/x
ok 'help' exits 0 --help
ok 'demo makes a database' exits 0 demo --db "$db"
ok 'demo prints staff with PINs' grep -q '^chen .* manager .*[0-9]' "$dir/out"
ok 'demo refuses an existing database' exits 1 demo --db "$db"
ok 'init refuses an existing database' exits 1 init --db "$db"
ok 'init makes one, options anywhere' exits 0 --db "sqlite:$dir/empty.db" init
ok 'the database is for its owner alone' test "$(stat -c %a "$dir/hq.db")" = 600
ok 'plain HTTP is for this machine' exits 1 serve --db "$db" --listen 0.0.0.0:0
ok 'a listen address must be one' exits 1 serve --db "$db" --listen nonsense
ok 'serve says where it listens' start 0
token=$("$hq" token --db "$db" --role hq)
ok 'token prints just the secret, while HQ serves' test "${token//[A-Za-z0-9_-]/}" = '' -a -n "$token"
ok 'health' answers '{"status":"ok"}' 'GET /v1/health HTTP/1.1'
ok 'a token lets in' get '"epoch":' /v1/hello
ok 'a second HQ does not take the same port' exits 1 serve --db "$db" --listen "127.0.0.1:$port"
ok 'no token does not' answers '401' 'GET /v1/hello HTTP/1.1'
ok 'the query is decoded' get '"sku":"TE0101"' '/v1/stock?store=%78inyi&sku=TE0101'
code=$("$hq" enrol-code --store xinyi --db "$db")
body="{\"code\":\"$code\"}"
ok 'an enrol code enrols' answers '"stores":["xinyi"]' "POST /v1/enrol HTTP/1.1"$'\r\n'"Content-Length: ${#body}" "$body"
ok 'but once' answers 'code_unknown' "POST /v1/enrol HTTP/1.1"$'\r\n'"Content-Length: ${#body}" "$body"
ok 'an unknown store is named' exits 1 enrol-code --store nowhere --db "$db"
ok 'a body whose length is told twice is refused' answers ' 400 ' \
	$'POST /v1/commands HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 2' '{}'
ok 'a body with length and chunks is refused' answers ' 400 ' \
	$'POST /v1/commands HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked' $'0\r\n\r\n'
printf -v large '%*s' 1100000 ''
ok 'a body over 1 MiB is refused' answers ' 413 ' \
	"POST /v1/commands HTTP/1.1"$'\r\n'"Authorization: Bearer $token"$'\r\n'"Content-Length: 1100000" "$large"
line='{"id":"01999999-0000-7000-8000-000000000001","op":"product.put","v":1,"at":"2026-01-01T00:00:00.000Z","actor":"x","data":{"sku":"NEW1","name":"New"}}'
ok 'a command is answered' answers '"status":"applied"' \
	"POST /v1/commands HTTP/1.1"$'\r\n'"Authorization: Bearer $token"$'\r\n'"Content-Length: ${#line}" "$line"
ok 'the audit of a sound ledger is quiet' exits 0 audit --db "$db"
ok 'backup while HQ serves' exits 0 backup --db "$db" "$dir/copy.db"
ok 'backup leaves nothing else behind' test "$(cd "$dir" && echo copy*)" = copy.db

# A console that got lost, and was found again.
console() { timeout 60 "$builddir/countertop" --home "$dir/home" "$@" >"$dir/out" 2>"$dir/err"; }
waiting() { console doctor; grep -q "$1 commands wait" "$dir/out"; }
enrol() { console enrol "http://127.0.0.1:$port" "$("$hq" enrol-code --store xinyi --db "$db")"; }
shut_out() {
	local id
	id=$("$hq" tokens --db "$db" | sed -n 's/\tdevice\t.*\t-\t.*//p' | tail -n 1)
	exits 0 revoke "$id" --db "$db" && ! exits 0 revoke "$id" --db "$db"
}
told() { ! console sync --once && grep -q 'does not accept this console' "$dir/err"; }
queue() {
	COUNTERTOP_PIN=1200 console "do" stock.adjust kind=found reason=behind \
		'lines=[{"sku":"TE0101","qty":7}]' --staff chen
	local code=$?
	cp "$dir/out" "$dir/queued"
	((code == 4))
}
ok 'a console is enrolled' enrol
ok 'and pulls' console sync --once
ok 'a command is queued' queue
ok 'revoke needs an id' exits 2 revoke --db "$db"
ok 'nobody is shut out by a wrong id' exits 1 revoke nobody --db "$db"
ok 'a lost console is shut out, once' shut_out
ok 'it is told so in words' told
ok 'and keeps its queue' waiting 1
ok 'enrolled again' enrol
ok 'it sends what it kept' console sync --once
ok 'all of it' waiting 0
ok 'and it is done' get '"applied"' "/v1/commands/$(sed -n 's/.*"id":"\([^"]*\)".*/\1/p' "$dir/queued")"

# Sixteen connections at once; the last two send the same command.
crowd() {
	local fd n fds=() line
	for ((n = 1; n <= 16; n++)); do
		exec {fd}<>"/dev/tcp/127.0.0.1/$port" || return
		fds+=("$fd")
	done
	for ((n = 1; n <= 16; n++)); do
		printf -v line '{"id":"01999999-0000-7000-8000-%012d","op":"stock.adjust","v":1,"at":"2026-01-01T00:00:00.000Z","store":"xinyi","actor":"x","data":{"kind":"found","reason":"r","lines":[{"sku":"TE0101","qty":1}]}}' \
			$((n < 16 ? 100 + n : 115))
		printf 'POST /v1/commands HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s' \
			"$token" "${#line}" "$line" >&"${fds[n - 1]}"
	done
	for fd in "${fds[@]}"; do
		timeout 20 cat <&"$fd"
		exec {fd}>&-
	done >"$dir/answer"
	(($(grep -c '"status":"applied"' "$dir/answer") == 15 &&
		$(grep -c '"status":"replayed","first":"applied"' "$dir/answer") == 1))
}
ok 'sixteen connections at once get a verdict each, the same id one effect' crowd

# A long-poll that waits: HQ has counted it once /metrics says so.
request "GET /v1/heads HTTP/1.1"$'\r\n'"Authorization: Bearer $token"
etag=$(tr -d '\r' <"$dir/answer" | sed -n 's/^ETag: //p')
requests() { # nothing if HQ did not answer
	request 'GET /metrics HTTP/1.1' || return
	sed -n 's/^countertop_requests_total //p' "$dir/answer"
}
before=$(requests)
exec 6<>"/dev/tcp/127.0.0.1/$port"
printf 'GET /v1/heads?wait=60 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nIf-None-Match: %s\r\n\r\n' \
	"$token" "$etag" >&6
asked=0
for ((try = 0; try < 200; try++)); do
	now=$(requests)
	[[ $now ]] || continue
	asked=$((asked + 1))
	((now > before + asked)) && break
done
ok 'SIGTERM ends HQ within 5 s with a long-poll open' stop TERM
ok 'the long-poll was answered' grep -q '^HTTP/1.1 304' <(timeout 20 cat <&6)
exec 6<&- 6>&-
ok 'HQ serves the same database on the same port again' start "$port"
ok 'and still knows what was done' get '"sku":"NEW1"' /v1/products/NEW1
ok 'SIGINT ends it too' stop INT
echo "1..$count"
