/** Who to be on a NATS server. Files are read again for each connection, since credentials are renewed. */
export type Identity =
  | { readonly kind: 'user'; readonly user: string; readonly password: string }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'creds' | 'nkey'; readonly file: string };
