import { ExpectedError } from './expected-error.js';

const platforms = new Set(['linux', 'darwin', 'freebsd']);
const architectures = new Set(['x64', 'arm64', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el']);

/** Throws where there is no System V IPC, or where a C long is not 64 bits wide. */
export function checkPlatform(platform = process.platform, architecture = process.arch) {
  if (!platforms.has(platform)) {
    throw new ExpectedError(
      `Timeq needs System V IPC and ${platform} has none: run it on Linux, macOS or FreeBSD (on Windows, install WSL 2)`,
    );
  }
  if (!architectures.has(architecture)) {
    throw new ExpectedError(
      `Timeq needs a 64-bit Node.js and this one is built for ${architecture}: install a 64-bit one from https://nodejs.org`,
    );
  }
}
