import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { temporaryFolder } from '../helpers/folder.js';
import { run } from '../helpers/process.js';

interface KeyPair {
  getPublicKey(): string;
  getSeed(): Uint8Array;
  sign(bytes: Uint8Array): Uint8Array;
}
// Its types do not compile under exactOptionalPropertyTypes.
const { createAccount, createOperator, createUser } = createRequire(import.meta.url)(
  '@nats-io/nkeys',
) as Record<'createAccount' | 'createOperator' | 'createUser', () => KeyPair>;

/** A folder for secrets, which goes with the test. */
export function secretsFolder(t: TestContext): (name: string, text: string) => string {
  const folder = temporaryFolder(t);
  return (name, text) => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
}

/** A user of an NKey: what a server has to know of it, and the file that it signs in with. */
export function nkeyUser(secret: ReturnType<typeof secretsFolder>): { configuration: string; file: string } {
  const user = createUser();
  const file = secret('user.nk', `${Buffer.from(user.getSeed()).toString()}\n`);
  return { configuration: `authorization { users: [{ nkey: ${user.getPublicKey()} }] }`, file };
}

function jwt(name: string, subject: KeyPair, issuer: KeyPair, nats: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    jti: name,
    iat: Math.floor(Date.now() / 1000),
    iss: issuer.getPublicKey(),
    name,
    sub: subject.getPublicKey(),
    nats: { ...nats, version: 2 },
  };
  const head = `${part({ typ: 'JWT', alg: 'ed25519-nkey' })}.${part(claims)}`;
  return `${head}.${Buffer.from(issuer.sign(Buffer.from(head))).toString('base64url')}`;
}

/** A user by JWT, with an operator and an account of its own. */
export function jwtUser(secret: ReturnType<typeof secretsFolder>): { configuration: string; file: string } {
  const [operator, account, user] = [createOperator(), createAccount(), createUser()];
  const limits = {
    subs: -1,
    data: -1,
    payload: -1,
    imports: -1,
    exports: -1,
    wildcards: true,
    conn: -1,
    leaf: -1,
  };
  const operatorJwt = jwt('operator', operator, operator, { type: 'operator' });
  const accountJwt = jwt('account', account, operator, { type: 'account', limits });
  const userJwt = jwt('user', user, account, {
    type: 'user',
    pub: {},
    sub: {},
    subs: -1,
    data: -1,
    payload: -1,
  });
  const configuration = [
    `operator: ${operatorJwt}`,
    'resolver: MEMORY',
    `resolver_preload: { ${account.getPublicKey()}: ${accountJwt} }`,
  ].join('\n');
  const file = secret(
    'user.creds',
    [
      '-----BEGIN NATS USER JWT-----',
      userJwt,
      '------END NATS USER JWT------',
      '',
      '-----BEGIN USER NKEY SEED-----',
      Buffer.from(user.getSeed()).toString(),
      '------END USER NKEY SEED------',
      '',
    ].join('\n'),
  );
  return { configuration, file };
}

/** Certificates of an authority of the test's own, for a server on 127.0.0.1 and for a client. */
export async function certificates(t: TestContext): Promise<{
  configuration: string;
  ca: string;
  cert: string;
  key: string;
}> {
  const secret = secretsFolder(t);
  const file = (name: string): string => secret(name, '');
  const openssl = async (...words: string[]): Promise<void> => {
    const { code, stderr } = await run(t, 'openssl', words);
    if (code !== 0) throw new Error(stderr);
  };
  const [ca, caKey] = [file('ca.pem'), file('ca.key')];
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  await openssl('req', '-x509', ...newKey, '-subj', '/CN=test authority', '-keyout', caKey, '-out', ca);
  const signed = async (name: string, extension: string): Promise<[string, string]> => {
    const [cert, key, request] = [file(`${name}.pem`), file(`${name}.key`), file(`${name}.csr`)];
    await openssl(
      'req',
      ...newKey.slice(0, -2),
      '-new',
      '-subj',
      `/CN=${name}`,
      '-keyout',
      key,
      '-out',
      request,
    );
    const extensions = secret(`${name}.ext`, extension);
    const by = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-days', '2', '-extfile', extensions];
    await openssl('x509', '-req', '-in', request, ...by, '-out', cert);
    return [cert, key];
  };
  const [serverCert, serverKey] = await signed('server', 'subjectAltName=IP:127.0.0.1');
  const [cert, key] = await signed('client', 'extendedKeyUsage=clientAuth');
  const paths = { cert_file: serverCert, key_file: serverKey, ca_file: ca };
  const lines = Object.entries(paths).map(([name, path]) => `${name}: ${JSON.stringify(path)}`);
  return { configuration: `tls { ${lines.join(', ')}, verify: true }`, ca, cert, key };
}
