/** What colours say on a page, for terminals. */
import type { Tone } from "./marks.ts";

/** One character for each tone, all different without colour. */
export const SIGNS: Record<Tone, string> = {
  ok: "●",
  warn: "!",
  bad: "x",
  info: "~",
  unknown: "?",
  idle: "-",
};
/** SGR codes: https://www.ecma-international.org/publications-and-standards/standards/ecma-48/ */
export const COLOURS: Record<string, string> = {
  [SIGNS.ok]: "32",
  [SIGNS.warn]: "33",
  [SIGNS.bad]: "31",
  [SIGNS.info]: "36",
  [SIGNS.unknown]: "35",
};
