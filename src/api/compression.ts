/**
 * Compressed answers, by Node's own zlib: a page of a large fleet has megabytes that shrink to a tenth. Watches are not
 * answered through here.
 */
import { type Readable, Stream } from "node:stream";
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from "node:zlib";
import type { FastifyInstance } from "fastify";

type Encoding = "br" | "gzip";

/** Less is not worth the time. */
const LEAST_BYTES = 1_024;
const COMPRESSIBLE = /^(text\/|application\/(json|javascript)|image\/svg\+xml)/;
/** Brotli's default is the slowest, for files that are compressed once. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };

export function registerCompression(app: FastifyInstance): void {
  app.addHook("onSend", (request, reply, payload: unknown, done) => {
    const type = String(reply.getHeader("content-type") ?? "");
    if (!COMPRESSIBLE.test(type) || reply.hasHeader("content-encoding")) return done(null, payload);
    reply.header("vary", varyOf(reply.getHeader("vary")));
    const encoding = encodingOf(request.headers["accept-encoding"]);
    if (encoding === undefined || request.method === "HEAD") return done(null, payload);
    if (payload instanceof Stream) {
      const packed = encoding === "br" ? createBrotliCompress(BROTLI) : createGzip();
      (payload as Readable).on("error", (error) => packed.destroy(error));
      packed.on("close", () => (payload as Readable).destroy());
      reply.header("content-encoding", encoding).removeHeader("content-length");
      return done(null, (payload as Readable).pipe(packed));
    }
    if (typeof payload !== "string" && !Buffer.isBuffer(payload)) return done(null, payload);
    if (Buffer.byteLength(payload) < LEAST_BYTES) return done(null, payload);
    const finish = (error: Error | null, packed: Buffer) => {
      if (error !== null) return done(error);
      reply.header("content-encoding", encoding).removeHeader("content-length");
      done(null, packed);
    };
    if (encoding === "br") brotliCompress(payload, BROTLI, finish);
    else gzip(payload, finish);
  });
}

/** The one that is preferred here among those that are taken. https://www.rfc-editor.org/rfc/rfc9110#name-accept-encoding */
function encodingOf(accepted = ""): Encoding | undefined {
  const taken = new Map(
    accepted.split(",").map((entry) => {
      const [name = "", ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
      const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2) ?? "1";
      return [name, Number(quality)];
    }),
  );
  const qualityOf = (name: string) => taken.get(name) ?? taken.get("*") ?? 0;
  return (["br", "gzip"] as const).find((name) => qualityOf(name) > 0);
}

function varyOf(before: unknown): string {
  return typeof before === "string" && before !== "" ? `${before}, accept-encoding` : "accept-encoding";
}
