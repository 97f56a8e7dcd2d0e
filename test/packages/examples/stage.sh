# A machine of its own: no objects, no other processes, no network, no state. $COMMANDS is a folder with the commands.
set -u
cd "$STAGE" || exit 1
export HOME=$STAGE/home PATH=$COMMANDS:$PATH LC_ALL=C.UTF-8 TERM=xterm TZ=UTC
unset XDG_STATE_HOME NO_COLOR FORCE_COLOR
mkdir -p home real local work
eval "$POSIX_PLACES"
ip link set lo up
mount -t tmpfs none /srv
mount --bind /usr/local/bin real
cp -as "$STAGE/real/." local/
mount --bind local /usr/local/bin
mount -t tmpfs none /var/lib
mkdir -p /var/lib/prometheus/node-exporter
for file in passwd group hosts; do cp "/etc/$file" "$file"; done
grep -q '^www-data:' passwd || echo 'www-data:x:33:33::/:/bin/false' >>passwd
grep -q '^users:' group || echo 'users:x:100:' >>group
echo '127.0.0.1 example.org' >>hosts
for file in passwd group hosts; do mount --bind "$file" "/etc/$file"; done
cd work || exit 1

# With the ids 0 to 5.
queues() { perl -e 'msgget($_, 01600) // die for 0x90 .. 0x95'; }
# Until a text is on the terminal; what does not come within three minutes does not come.
shown() { local n; for n in {1..3600}; do grep -qF -- "$1" out && return; sleep 0.05; done; }
yes_typed() { shown '[y/N]'; printf 'y\r'; }
get() { exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'GET %s HTTP/1.0\r\n\r\n' "$2" >&3 && cat <&3; }
serve() {
  local log; log=$(mktemp -p .)
  time-server "$@" >"$log" 2>&1 & server=$!; disown
  until grep -q listening "$log"; do sleep 0.05; done
}
nats() { nats-server -a 127.0.0.1 -js -sd "$STAGE/streams" >nats.log 2>&1 & disown; until grep -q 'Server is ready' nats.log; do sleep 0.05; done; }
killed() { kill -KILL "$1"; while [ -e "/proc/$1" ]; do sleep 0.05; done; }
# Two hours later.
later() { LD_PRELOAD=$(ls /usr/lib/*/faketime/libfaketime.so.1) && export LD_PRELOAD FAKETIME=+2h FAKETIME_DONT_FAKE_MONOTONIC=1; }
# A bridge that has moved a message, and has ended.
bridged() {
  timeq-bridge "$@" >bridge.log 2>&1 & local bridge=$!
  until timeq-bridge status "$2" >/dev/null 2>&1; do sleep 0.05; done
  ipctools send "$2" moved
  ipctools wait "$2" --until messages=0 --timeout 1m
  kill -INT $bridge; wait $bridge
}

after=
failed=0
check() { # LINE, EXIT CODE, WANTED CODE, WANTED CONDITION
  if [ "$2" = "$3" ] && eval "$4"; then return; fi
  failed=1
  printf '%s\n' "--- $1" "exit code $2, wanted $3, and: $4" '--- out'; cat out
  printf '%s\n' '--- err'; cat err
}
example() { # LINE CODE WANTS SHELL
  printf '%s\n%s\n' "$1" "$after" >line
  "$4" line >out 2>err </dev/null
  check "$1" $? "$2" "$3"
}
typed() { # LINE CODE WANTS KEYS
  : >out; : >err
  eval "$4" | script -qefc "stty rows 24 cols 80; $1" /dev/null >out
  check "$1" "${PIPESTATUS[1]}" "$2" "$3"
}
running() { # LINE CODE WANTS UNTIL
  printf '%s\n' "$1" >line
  setsid bash line >out 2>err </dev/null & local pid=$!
  until eval "$4" >/dev/null 2>&1 || ! kill -0 $pid 2>/dev/null; do sleep 0.05; done
  kill -INT -- "-$pid"; wait $pid
  check "$1" $? "$2" "$3"
}
