import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Actor } from "../../model/actor.ts";
import {
  CONFIRMED_FIELD,
  CSRF_FIELD,
  type Deed,
  DIGEST_FIELD,
  EPOCH_FIELD,
  EVENT_FIELD,
  FLEET_DEEDS,
  type FleetDeed,
  GENERATION_FIELD,
  REASON_FIELD,
  SERVICE_DEEDS,
  type ServiceDeed,
} from "../../model/deeds.ts";
import { LIMITS } from "../../model/limits.ts";
import { type ObjectKey, textOfKey } from "../../model/object.ts";
import { leadTo } from "../access/flash.ts";
import type { FormTokens } from "../access/form-tokens.ts";
import type { Dependencies } from "../dependencies.ts";
import { ApiError } from "../error.ts";
import { accept } from "./accept.ts";
import { type AnnotatingDependencies, approve, confirmEpoch, passNow, pause, resume } from "./annotations.ts";
import { correct } from "./correct.ts";
import type { SteeringDependencies } from "./decision.ts";
import { type DriftTarget, nothingLeft } from "./drift-target.ts";
import { ignore } from "./ignore.ts";
import { pauseForAll } from "./pause-for-all.ts";
import { rollBack } from "./rollback.ts";

/** Bytes of a form: a reason, a token, and little else. */
const FORM_BYTES = 16_384;

type FormDependencies = AnnotatingDependencies &
  SteeringDependencies &
  Pick<Dependencies, "requestReconcileOfAll">;

/** A form that was sent, by somebody who may. */
interface Sent {
  readonly actor: Actor | undefined;
  /** Why; absent where nothing is said. */
  readonly reason: string | undefined;
  /** Empty where it has no such member. */
  readonly field: (name: string) => string;
}

const OF_SERVICE: Readonly<
  Record<ServiceDeed, (deps: FormDependencies, key: ObjectKey, sent: Sent) => Promise<unknown>>
> = {
  pause,
  resume,
  "pass-now": passNow,
  approve: async (deps, key, { actor, field }) => {
    confirmed(field);
    await approve(deps, key, { actor, digest: field(DIGEST_FIELD) });
  },
  "confirm-epoch": async (deps, key, { actor, field }) => {
    confirmed(field);
    await confirmEpoch(deps, key, { actor, epoch: field(EPOCH_FIELD) });
  },
  accept: (deps, key, sent) => decided(deps, key, sent, accept),
  correct: (deps, key, sent) => decided(deps, key, sent, correct),
  ignore: (deps, key, sent) => decided(deps, key, sent, ignore),
  rollback: async (deps, key, { actor, reason, field }) => {
    confirmed(field);
    await rollBack(deps, key, { actor, reason, generation: Number(field(GENERATION_FIELD)) });
  },
};

const OF_FLEET: Readonly<Record<FleetDeed, (deps: FormDependencies, sent: Sent) => unknown>> = {
  "pause-all": (deps, { actor, reason = "" }) => pauseForAll(deps, { paused: true, reason }, actor),
  "resume-all": (deps, { actor, reason = "" }) => pauseForAll(deps, { paused: false, reason }, actor),
};

/**
 * Where the forms of the pages are sent, without a script: done, they lead back to their page, which says so. A token that
 * may only look is refused before (see access/security.ts), as is a page of another site.
 */
export function registerForms(app: FastifyInstance, deps: FormDependencies, tokens: FormTokens): void {
  const sentBy = (request: FastifyRequest): Sent => {
    const form = new URLSearchParams(Buffer.isBuffer(request.body) ? request.body.toString("utf8") : "");
    const field = (name: string) => form.get(name) ?? "";
    tokens.check(request, field(CSRF_FIELD));
    return { actor: request.actor, reason: reasonIn(field), field };
  };
  const done = (request: FastifyRequest, reply: FastifyReply, page: string, deed: Deed, of: string) => {
    deps.log.info({ deed, of, actor: request.actor?.name }, "done from a page");
    return leadTo(request, reply, { page, done: deed });
  };

  for (const deed of SERVICE_DEEDS) {
    app.post<{ Params: { namespace: string; name: string } }>(
      `/status/:namespace/:name/${deed}`,
      { bodyLimit: FORM_BYTES },
      async (request, reply) => {
        const { namespace, name } = request.params;
        const sent = sentBy(request);
        await OF_SERVICE[deed](deps, { namespace, name }, sent);
        const page = `/status/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
        return done(request, reply, page, deed, textOfKey({ namespace, name }));
      },
    );
  }
  for (const deed of FLEET_DEEDS) {
    // A name with a dot, which no namespace has.
    app.post(`/status/all.${deed}`, { bodyLimit: FORM_BYTES }, async (request, reply) => {
      const sent = sentBy(request);
      OF_FLEET[deed](deps, sent);
      return done(request, reply, "/status", deed, "all");
    });
  }
}

/** A page that leads back and says what was done must not say so where nothing was. @throws ApiError 409 */
async function decided(
  deps: FormDependencies,
  key: ObjectKey,
  sent: Sent,
  deed: typeof accept,
): Promise<void> {
  const { verb, events, isDecidedBefore } = await deed(deps, eventOf(key, sent), {
    actor: sent.actor,
    reason: sent.reason,
  });
  const [event] = events;
  if (isDecidedBefore && event !== undefined) throw nothingLeft(event, verb);
}

function eventOf({ namespace, name }: ObjectKey, { field }: Sent): DriftTarget {
  return { namespace, event: field(EVENT_FIELD), of: name };
}

/** @throws ApiError 422 */
export function reasonIn(field: (name: string) => string): string | undefined {
  const reason = field(REASON_FIELD).trim();
  const most = LIMITS.reasonCharacters;
  if (reason.length > most)
    throw new ApiError(
      422,
      `nothing was done: a reason takes at most ${most} characters, and this one has ${reason.length}`,
    );
  return reason === "" ? undefined : reason;
}

/** @throws ApiError 400 */
function confirmed(field: Sent["field"]): void {
  if (field(CONFIRMED_FIELD) === "yes") return;
  throw new ApiError(
    400,
    "this cannot be undone, and nothing was done yet: go back, tick the box that says that you have read it, and send it again",
  );
}
