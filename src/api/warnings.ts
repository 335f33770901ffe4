/** Warnings beside an answer, as Kubernetes's clients print them (RFC 7234, 5.5; kubernetes.io/blog/2020/09/03/warnings). */
import type { FastifyReply } from "fastify";
import { LIMITS } from "../model/limits.ts";
import type { WebService } from "../model/object.ts";
import type { Dependencies } from "./dependencies.ts";

/** Not said by a cache, and not for a moment only. */
const PERSISTENT = 299;

export function warn(
  reply: FastifyReply,
  { warnings }: Pick<Dependencies, "warnings">,
  objects: readonly WebService[],
): void {
  const texts = [...new Set(objects.flatMap((object) => warnings(object)))].slice(0, LIMITS.warnings);
  if (texts.length > 0)
    reply.header(
      "warning",
      texts.map((text) => `${PERSISTENT} - ${quoted(text)}`),
    );
}

/** A header is ASCII. */
function quoted(text: string): string {
  const ascii = text.replace(/[^\x20-\x7e]/g, "?").slice(0, LIMITS.warningCharacters);
  return `"${ascii.replace(/[\\"]/g, "\\$&")}"`;
}
