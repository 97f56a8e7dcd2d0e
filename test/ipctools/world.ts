import { bin, root } from '../helpers/node.js';
import { quoted } from '../helpers/shell.js';

/**
 * What scenes of cleaning begin with, after what all scenes have. A world has a pid namespace of its own, and no process in
 * it can know who else is in its IPC namespace: so `ipctools stale` and `clean` assume that no process is. `ipctools-only`
 * assumes nothing.
 * - `snippet TEXT ARGUMENTS...` runs JavaScript that may import the project's packages;
 * - `background TEXT ARGUMENTS...` starts it, and waits until it has written a line, which is then in $line;
 * - `serve` starts a time server at key 0x80, and waits until it listens; its pid is in $server;
 * - `killed PID` kills a process, and waits until it is no more.
 */
export const tools = `
cd ${quoted(root)}
ipctools-only() { ${quoted(process.execPath)} ${quoted(bin('ipctools'))} "$@"; }
ipctools() {
  case "\${1-}" in
    stale | clean) ipctools-only "$@" --assume-unseen-idle ;;
    *) ipctools-only "$@" ;;
  esac
}
snippet() { ${quoted(process.execPath)} --input-type=module --eval "$@"; }
background() {
  local said; said=$(mktemp)
  ${quoted(process.execPath)} --input-type=module --eval "$@" >"$said" & last=$!
  disown
  until [ -s "$said" ]; do sleep 0.02; done
  line=$(cat "$said")
  rm "$said"
}
serve() {
  local said; said=$(mktemp)
  ${quoted(process.execPath)} ${quoted(bin('time-server'))} >"$said" 2>&1 & server=$!
  disown
  until grep -q listening "$said"; do sleep 0.02; done
  rm "$said"
}
killed() {
  kill -KILL "$1"
  while grep -q '^State:.[^Z]' "/proc/$1/status" 2>/dev/null; do sleep 0.02; done
}
`;
