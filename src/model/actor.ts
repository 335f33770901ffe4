/** Who asks something of the API, as the token file names them. */
export interface Actor {
  readonly name: string;
  /** Without it everything but secrets can be looked at, and nothing changed. */
  readonly mayWrite: boolean;
}

/** A token as the API knows it: by its digest, never by itself. */
export interface TokenEntry {
  /** SHA-256, in hexadecimal. */
  readonly digest: string;
  readonly actor: Actor;
}
