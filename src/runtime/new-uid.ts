import type { Rng } from "../ports.ts";

/** A version 4 UUID (RFC 9562) from the given randomness: the same rng in the same state gives the same one. */
export function newUid(rng: Rng): string {
  const bytes = Uint8Array.from({ length: 16 }, () => Math.floor(rng.next() * 256));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Buffer.from(bytes).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
