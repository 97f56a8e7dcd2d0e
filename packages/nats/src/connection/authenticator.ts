import { readFileSync } from 'node:fs';
import type { Authenticator } from '@nats-io/transport-node';
import { NatsError } from '../nats-error.js';
import type { Identity } from './identity.js';
import { readable } from './readable.js';

const JWT = /^-+BEGIN NATS USER JWT-+\s+(\S+)\s+-+END/m;
/** The seed of a user's key pair: a prefix, 32 bytes and a checksum in base32. */
const SEED = /\bSU[A-Z2-7]{56}\b/;

/**
 * The authenticator of an identity.
 * @throws {NatsError} WRONG_SETTING, NOT_PERMITTED where a file is not there, may not be read, or has something else in it
 */
export async function authenticatorOf(identity: Identity): Promise<Authenticator> {
  const nats = await import('@nats-io/transport-node');
  switch (identity.kind) {
    case 'user':
      return nats.usernamePasswordAuthenticator(identity.user, identity.password);
    case 'token':
      return nats.tokenAuthenticator(identity.token);
    case 'creds':
    case 'nkey': {
      const read = secretsOf(identity.kind, identity.file);
      let last = read();
      return (nonce) => {
        try {
          last = read();
        } catch {
          // The file is being replaced. Use the earlier content; the server refuses it if it has expired.
        }
        const { jwt, seed } = last;
        return (jwt === undefined ? nats.nkeyAuthenticator(seed) : nats.jwtAuthenticator(jwt, seed))(nonce);
      };
    }
  }
}

interface Secrets {
  readonly jwt: string | undefined;
  readonly seed: Uint8Array;
}

function secretsOf(kind: 'creds' | 'nkey', file: string): () => Secrets {
  return () => {
    const text = readable(file, () => readFileSync(file, 'utf8'));
    const seed = SEED.exec(text)?.[0];
    const jwt = kind === 'creds' ? JWT.exec(text)?.[1] : undefined;
    if (seed !== undefined && (kind === 'nkey' || jwt !== undefined)) return { jwt, seed: Buffer.from(seed) };
    const what = kind === 'nkey' ? 'the seed of a user (SU...)' : 'a user JWT and a seed, as nsc writes them';
    throw new NatsError('WRONG_SETTING', `${file} does not have ${what}`);
  };
}
