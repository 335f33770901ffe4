import { randomBytes } from "node:crypto";

/** A word of 256 bits that nobody can guess. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}
