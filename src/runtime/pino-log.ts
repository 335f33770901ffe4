import { type DestinationStream, type LevelWithSilent, pino } from "pino";
import type { Clock, Log } from "../ports.ts";

/** Names of fields whose values never reach a line, wherever they stand; compared without case, `-` and `_`. */
const SECRET_NAMES = new Set([
  "accesskeyid",
  "authorization",
  "clientsecret",
  "cookie",
  "password",
  "secret",
  "secretaccesskey",
  "sessiontoken",
  "setcookie",
  "token",
  "userdata",
]);
const HIDDEN = "[hidden]";
/** A field that nests deeper is an object that was never meant for a line. */
const DEEPEST = 6;

/** JSON lines: `level` as a word, `time` in ISO 8601 UTC of the given clock, the fields, `message`. */
export function pinoLog(options: {
  level: LevelWithSilent;
  clock: Clock;
  destination: DestinationStream;
}): Log {
  const logger = pino(
    {
      level: options.level,
      base: null,
      messageKey: "message",
      timestamp: () => `,"time":"${new Date(options.clock.nowMs()).toISOString()}"`,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => shown(fields, 0) as Record<string, unknown>,
      },
    },
    options.destination,
  );
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}

/** A copy in which secrets are hidden and errors can be read. */
function shown(value: unknown, depth: number): unknown {
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Error) return errorFields(value, depth);
  if (depth >= DEEPEST) return "[deep]";
  if (Array.isArray(value)) return value.map((item) => shown(item, depth + 1));
  if (value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      isSecret(name) && member !== undefined ? HIDDEN : shown(member, depth + 1),
    ]),
  );
}

/** Only what an error says of itself: an SDK error carries the whole answer of AWS. */
function errorFields(error: Error, depth: number): Record<string, unknown> {
  const cause =
    error.cause instanceof Error && depth < DEEPEST ? errorFields(error.cause, depth + 1) : undefined;
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    ...(cause === undefined ? {} : { cause }),
  };
}

function isSecret(name: string): boolean {
  return SECRET_NAMES.has(name.toLowerCase().replace(/[-_]/g, ""));
}
