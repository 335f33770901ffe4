/** The part of the library that is used; it brings no types. */
declare module "json-merge-patch" {
  /** RFC 7396; may change `target`. */
  export function apply(target: unknown, patch: unknown): unknown;
  /** What makes the one of the other; `undefined` where they are equal. */
  export function generate(before: unknown, after: unknown): unknown;
}
