import assert from 'node:assert/strict';
import test from 'node:test';
import { processesIn } from './source.js';

const ID = '0123456789abcdef'.repeat(4);

const UNITS: readonly (readonly [cgroup: string, unit: string | undefined])[] = [
  ['0::/system.slice/cron.service\n', 'cron.service'],
  ['0::/user.slice/user-1000.slice/session-3.scope\n', 'session-3.scope'],
  [`0::/system.slice/docker-${ID}.scope\n`, 'docker 0123456789ab'],
  [`12:cpu:/docker/${ID}\n1:name=systemd:/docker/${ID}\n`, 'docker 0123456789ab'],
  [`0::/machine.slice/libpod-${ID}.scope/container\n`, 'podman 0123456789ab'],
  [`0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-${ID}.scope\n`, 'containerd 0123456789ab'],
  [`0::/kubepods/besteffort/pod1/${ID}\n`, 'container 0123456789ab'],
  ['0::/\n', undefined],
  ['', undefined],
];

for (const [cgroup, unit] of UNITS) {
  test(`the unit of ${JSON.stringify(cgroup.slice(0, 50))} is ${unit}`, () => {
    const processes = processesIn(() => cgroup);
    assert.equal(processes.unit(5), unit);
  });
}
