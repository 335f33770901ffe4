/**
 * Which database has written last to a service's part of AWS, and how far it had come: `<database's uuid>/<number>`. It
 * stands in a tag, and tells a database that was restored from an older copy that it is one.
 */
export interface Epoch {
  /** Uuid of the database; a copy of the file has the same. */
  readonly database: string;
  /** Moves with each generation of which something was written. */
  readonly number: number;
}

/** What a database knows of the epochs of one service. */
export interface KnownEpoch {
  /** Its own highest: sent, or seen and confirmed by a person. */
  readonly number: number;
  /** The generation that it stands for; absent: of none, so that the next write is given a higher one. */
  readonly generation?: number;
  /** AWS has answered that it stands there. */
  readonly written?: { readonly id: string; readonly atMs: number };
  /** Uuids of other databases → their highest that does not matter any more. */
  readonly accepted?: Readonly<Record<string, number>>;
}

/** So many other databases are remembered by a service. */
const OTHERS = 10;

export function textOfEpoch({ database, number }: Epoch): string {
  return `${database}/${number}`;
}

/** `undefined` of what is none. */
export function epochOf(text: string | undefined): Epoch | undefined {
  const [, database, number] = /^([0-9a-f-]{36})\/([1-9][0-9]{0,14})$/.exec(text ?? "") ?? [];
  return database === undefined || number === undefined ? undefined : { database, number: Number(number) };
}

/** The number under which a generation is written. */
export function numberFor(known: KnownEpoch, generation: number): number {
  return known.generation === generation ? known.number : Math.max(generation, known.number + 1);
}

/** It is asked about no more, and what is written next is later than it. */
export function withAccepted(known: KnownEpoch, own: string, { database, number }: Epoch): KnownEpoch {
  if (database === own) return { ...without(known), number: Math.max(known.number, number) };
  const { [database]: before = 0, ...others } = known.accepted ?? {};
  const kept = Object.entries(others).slice(1 - OTHERS);
  return {
    ...known,
    accepted: { ...Object.fromEntries(kept), [database]: Math.max(before, number) },
  };
}

function without({ generation: _of, written: _where, ...known }: KnownEpoch): KnownEpoch {
  return known;
}
