/** A container's id of 64 digits, and the words that engines put in front of it. */
const CONTAINER = /^(?:(?<engine>[a-z-]+?)-(?:conmon-)?)?(?<id>[0-9a-f]{64})(?:\.scope)?$/;

const ENGINES: Readonly<Record<string, string>> = {
  docker: 'docker',
  libpod: 'podman',
  'cri-containerd': 'containerd',
  crio: 'cri-o',
};

/** As many digits of an id as `docker ps` shows. */
const SHORT_ID = 12;

/**
 * The container or the systemd unit of a process, from its /proc/PID/cgroup (cgroups(7)): `docker 0123456789ab`,
 * `cron.service`, `session-3.scope`; undefined if it is in neither.
 */
export function unitIn(cgroup: string): string | undefined {
  const lines = cgroup.trimEnd().split('\n');
  // The first hierarchy of cgroups version 1 that systemd uses, or the only one of version 2.
  const line =
    lines.find((each) => /^\d+:name=systemd:./.test(each)) ?? lines.find((each) => each.startsWith('0::'));
  const parts = line?.split(':').slice(2).join(':').split('/') ?? [];
  for (const [index, part] of [...parts.entries()].toReversed()) {
    const { engine, id } = CONTAINER.exec(part)?.groups ?? {};
    if (id !== undefined) {
      const name = ENGINES[engine ?? parts[index - 1] ?? ''] ?? 'container';
      return `${name} ${id.slice(0, SHORT_ID)}`;
    }
    if (/\.(?:service|scope)$/.test(part)) return part;
  }
  return undefined;
}
