#!/bin/bash
# The commands of doc/web-shop.md, run as they stand there, do what the page says. Only the port is another: one
# that is free.
set -u
dir=$(mktemp -d)
server=
trap '[[ $server ]] && kill "$server" 2>/dev/null; rm -rf "$dir"' EXIT
page=${srcdir:?}/doc/web-shop.md
PATH=${builddir:?}:$PATH
count=0

# ok WHAT COMMAND…: one line of TAP
ok() {
	local what=$1
	shift
	count=$((count + 1))
	if "$@"; then echo "ok $count - $what"; else echo "not ok $count - $what"; fi
}

# Where HQ listens, once it says so.
address() {
	local line
	read -r -t 20 line <"$dir/listening"
	echo "${line#listening on }"
}

# The fenced commands of the page, with another port.
# shellcheck disable=SC2016 # These are the backticks of the page.
commands() {
	sed -n '/^```sh$/,/^```$/{/^```/!p}' "$page" | sed \
		-e "s|--listen 127.0.0.1:8080 &|--listen 127.0.0.1:0 >listening \&|" \
		-e "s|^HQ=http://127.0.0.1:8080|HQ=\$(address)|"
}

told=0
# tells TEXT…: is this the next thing that was answered?
tells() {
	local text
	for text; do
		grep -qF -- "$text" <<<"${answers[told]}" && continue
		echo "# ${answers[told]}"
		told=$((told + 1))
		return 1
	done
	told=$((told + 1))
}

cd "$dir" || exit 1
mkfifo listening
commands >page.sh
# shellcheck source=/dev/null
. ./page.sh >answers 2>errors
server=$!
mapfile -t answers <answers

ok 'the page has commands' grep -q '^send order.place' page.sh
ok 'nothing went wrong' test ! -s errors
ok 'HQ is there' tells '{"status":"ok"}'
ok 'what may be promised is said' tells '"sku":"20-BMX"' '"salable":3}'
ok 'an order is placed' tells '"status":"applied"' '"status":"open"'
ok 'more than may be promised is refused' tells '"status":"rejected"' '"not_salable"'
ok 'it waits for its payment' tells '"status":"pending_payment"'
ok 'it is paid' tells '"status":"processing"'
ok 'it is billed' tells '"status":"applied"'
ok 'HQ says where to ship from' tells '{"sku":"20-BMX","store":"ec","qty":1}' '"shippable":true'
ok 'what is shipped and billed is complete' tells '"status":"complete"'
ok 'and so it is read' tells '"number":"W-200001"' '"status":"complete"' '"outstanding":0'
ok 'nothing is left to cancel, and that is no error' tells '"status":"applied"'
ok 'a bicycle comes back' tells '"status":"applied"'
ok 'the ledger has every promise and its end' tells '"order_placed"' '"invoice_created"' '"shipment_created"'
ok 'another order is placed' tells '"status":"applied"'
ok 'and not twice' tells '"status":"replayed"' '"first":"applied"'
ok 'it took one of what may be promised' tells '"salable":2}'

# What may be promised of 33-BikeFun at the start, and so many fewer.
bike_fun() { sed -n 's/.*"sku":"33-BikeFun".*"salable":\([0-9]*\).*/\1/p' <<<"${answers[told]}"; }
start=$(bike_fun)
fewer() { tells "\"salable\":$((start - $1))}"; }
# tells_sum NUMBER: do the quantities of the next answer sum to it?
tells_sum() {
	local qty sum=0
	while read -r qty; do sum=$((sum + qty)); done \
		< <(grep -o '"qty":-\?[0-9]*' <<<"${answers[told]}" | cut -d: -f2)
	((sum == $1)) && tells '"order_placed"' '"order_canceled"' '"shipment_created"'
}
ok 'of the shirts there are some' fewer 0
ok 'the family places its order' tells '"status":"applied"' '"status":"open"'
ok 'three shirts are promised' fewer 3
ok 'two are cancelled' tells '"status":"applied"'
ok 'and may be promised again' fewer 1
ok 'it is paid' tells '"status":"processing"'
ok 'it is billed' tells '"status":"processing"'
ok 'bicycles are at ec, shirts at taichung' tells '{"sku":"24-ParkBike","store":"ec","qty":2}' \
	'{"sku":"54-BikeLife","store":"taichung","qty":2}' '"shippable":true'
ok 'the bicycles leave' tells '"status":"processing"'
ok 'the shirts leave, and it is complete' tells '"status":"complete"'
ok 'what left was promised before' fewer 1
ok 'its lines tell all of it' tells '"cancelled":2' '"outstanding":0' '"shipped":2'
ok 'one shirt comes back' tells '"status":"applied"'
ok 'to the store it came from' tells '"store":"taichung"' '"on_hand":10,'
ok 'its promises sum to nothing' tells_sum 0
ok 'the page has no more answers' test "${#answers[@]}" = "$told"
ok 'the ledger is as it should be' countertop-hq audit --db "sqlite:$dir/shop.db"
echo "1..$count"
