import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import {
  CSRF_FIELD,
  GENERATION_FIELD,
  REASON_FIELD,
  SHOWN_FIELD,
  SPEC_FIELD,
  STEP_FIELD,
  UID_FIELD,
  WRITE_STEP,
} from "../../model/deeds.ts";
import { LIMITS } from "../../model/limits.ts";
import { type ObjectKey, textOfKey } from "../../model/object.ts";
import type { EditModel } from "../../model/status-page.ts";
import { leadTo } from "../access/flash.ts";
import type { FormTokens } from "../access/form-tokens.ts";
import type { Dependencies } from "../dependencies.ts";
import { ApiError, apiErrorOf } from "../error.ts";
import { contextOf } from "../status-model.ts";
import { existing } from "../writer.ts";
import {
  type EditAsked,
  type EditDependencies,
  EditedMeanwhile,
  previewEdit,
  shownOf,
  textOfSpec,
  writeEdit,
} from "./edit.ts";
import { reasonIn } from "./forms.ts";

/** A text of the largest size takes three times as much in a form, and something comes with it. */
const FORM_BYTES = LIMITS.bodyBytes * 3 + 16_384;

type PageDependencies = EditDependencies & Pick<Dependencies, "clock" | "world" | "dashboard" | "log">;

interface EditRoute {
  Params: ObjectKey;
}

/**
 * The spec of a service as a form. Whatever is wrong with what is sent, the form comes back as it was, with what is wrong
 * beside it: nothing of what somebody has typed is lost.
 */
export function registerEditPage(app: FastifyInstance, deps: PageDependencies, tokens: FormTokens): void {
  const path = "/status/:namespace/:name/edit";
  const show = (
    request: FastifyRequest,
    reply: FastifyReply,
    model: Omit<EditModel, keyof ReturnType<typeof contextOf> | "actor" | "forms">,
  ) => {
    const { actor } = request;
    const page = deps.dashboard.editPage({
      ...contextOf(deps),
      ...(actor !== undefined && { actor }),
      forms: { csrf: tokens.tokenFor(request, reply) },
      ...model,
    });
    return reply.type("text/html; charset=utf-8").send(page);
  };

  app.get<EditRoute>(path, async (request, reply) => {
    if (request.actor?.mayWrite === false)
      throw new ApiError(403, `the token ${request.actor.name} may look at everything and change nothing`);
    const { namespace, name } = request.params;
    const object = existing(deps.store, { namespace, name });
    const { uid, generation } = object.metadata;
    return show(request, reply, {
      ...{ namespace, name, uid, generation, text: textOfSpec(deps, object), reason: "" },
    });
  });

  app.post<EditRoute>(path, { bodyLimit: FORM_BYTES }, async (request, reply) => {
    const { namespace, name } = request.params;
    const key = { namespace, name };
    const form = new URLSearchParams(Buffer.isBuffer(request.body) ? request.body.toString("utf8") : "");
    const field = (of: string) => form.get(of) ?? "";
    // A browser sends the lines of a form with CR LF. https://html.spec.whatwg.org/#form-submission-algorithm
    const text = field(SPEC_FIELD).replaceAll("\r\n", "\n");
    const typed = {
      ...{ namespace, name, uid: field(UID_FIELD), text, reason: field(REASON_FIELD) },
      generation: Number(field(GENERATION_FIELD)),
    };
    try {
      // Whatever else is wrong, another site's page was refused before: the text is of the person who sends it.
      tokens.check(request, field(CSRF_FIELD));
      const asked: EditAsked = { ...typed, actor: request.actor, reason: reasonIn(field) };
      checkSize(text);
      const wasShown = field(SHOWN_FIELD) === shownOf(asked);
      const isToBeWritten = field(STEP_FIELD) === WRITE_STEP;
      if (isToBeWritten && wasShown) {
        await writeEdit(deps, key, asked);
        deps.log.info({ deed: "edit", of: textOfKey(key), actor: request.actor?.name }, "done from a page");
        const page = `/status/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
        return leadTo(request, reply, { page, done: "edit" });
      }
      const preview = await previewEdit(deps, key, asked);
      return show(request, reply, {
        ...typed,
        preview: { ...preview, ...(isToBeWritten && { isAnother: true }) },
      });
    } catch (error) {
      const known = apiErrorOf(error);
      // Of what is gone there is no form.
      if (known === undefined || known.code === 404) throw error;
      reply.code(known.code).headers(known.extras.headers ?? {});
      const faults = (known.extras.causes ?? []).map((cause) => ({
        path: cause.field,
        message: cause.message,
      }));
      const problem = { message: known.message, faults };
      if (!(error instanceof EditedMeanwhile)) return show(request, reply, { ...typed, problem });
      const { uid, generation } = error.now.metadata;
      return show(request, reply, { ...typed, uid, generation, problem, meanwhile: error.differences });
    }
  });
}

/** @throws ApiError 413 */
function checkSize(text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > LIMITS.bodyBytes)
    throw new ApiError(413, `the text has ${bytes} bytes; ${LIMITS.bodyBytes} are allowed`);
}
