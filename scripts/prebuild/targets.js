// The platforms that an addon is shipped for. Every other one builds it from source.

/**
 * - `name`: as src/addon/load-addon.ts puts it together: platform, architecture, C library
 * - `machine`: as readelf names the architecture
 * - `compiler`: the C compiler; `debianPackages`: where it comes from
 * - `newestGlibc`: the newest symbols of glibc that the addon may ask for; undefined: no glibc at all
 * - `emulator`: what runs the target's programs where the machine is another one
 */
export const targets = [
  {
    name: 'linux-x64-glibc',
    about: 'Debian, Ubuntu, Fedora, RHEL 7 and later, SUSE ...',
    machine: 'Advanced Micro Devices X86-64',
    compiler: 'x86_64-linux-gnu-gcc',
    debianPackages: 'gcc libc6-dev',
    newestGlibc: [2, 17],
    emulator: ['qemu-x86_64', '-L', '/usr/x86_64-linux-gnu'],
  },
  {
    name: 'linux-arm64-glibc',
    about: 'the same on arm64',
    machine: 'AArch64',
    compiler: 'aarch64-linux-gnu-gcc',
    debianPackages: 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross',
    newestGlibc: [2, 17],
    emulator: ['qemu-aarch64', '-L', '/usr/aarch64-linux-gnu'],
  },
  {
    name: 'linux-x64-musl',
    about: 'Alpine Linux, Void Linux (musl)',
    machine: 'Advanced Micro Devices X86-64',
    compiler: 'x86_64-linux-gnu-gcc',
    debianPackages: 'gcc musl-dev',
    emulator: ['qemu-x86_64'],
  },
  {
    name: 'linux-arm64-musl',
    about: 'the same on arm64',
    machine: 'AArch64',
    compiler: 'aarch64-linux-gnu-gcc',
    debianPackages: 'gcc-aarch64-linux-gnu',
    emulator: ['qemu-aarch64'],
  },
];

/** The architecture in the names that Node.js uses: x64 or arm64. */
export function architectureOf(target) {
  return target.name.split('-')[1];
}
