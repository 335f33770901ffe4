import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Actor } from "../../model/actor.ts";
import {
  CONFIRMED_FIELD,
  CSRF_FIELD,
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
import { type ObjectKey, textOfKey } from "../../model/object.ts";
import type { FormTokens } from "../access/form-tokens.ts";
import type { Dependencies } from "../dependencies.ts";
import { ApiError } from "../error.ts";
import { accept } from "./accept.ts";
import { type AnnotatingDependencies, approve, confirmEpoch, passNow, pause, resume } from "./annotations.ts";
import { correct } from "./correct.ts";
import type { SteeringDependencies } from "./decision.ts";
import type { DriftTarget } from "./drift-target.ts";
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
  accept: (deps, key, sent) => accept(deps, eventOf(key, sent), sent),
  correct: (deps, key, sent) => correct(deps, eventOf(key, sent), sent),
  ignore: async (deps, key, sent) => ignore(deps, eventOf(key, sent), sent),
  rollback: async (deps, key, { actor, field }) => {
    confirmed(field);
    await rollBack(deps, key, { actor, generation: Number(field(GENERATION_FIELD)) });
  },
};

const OF_FLEET: Readonly<Record<FleetDeed, (deps: FormDependencies, sent: Sent) => unknown>> = {
  "pause-all": (deps, { actor, field }) =>
    pauseForAll(deps, { paused: true, reason: field(REASON_FIELD) }, actor),
  "resume-all": (deps, { actor, field }) =>
    pauseForAll(deps, { paused: false, reason: field(REASON_FIELD) }, actor),
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
    return { actor: request.actor, field };
  };
  const done = (reply: FastifyReply, page: string, deed: string, of: string, actor: Actor | undefined) => {
    deps.log.info({ deed, of, actor: actor?.name }, "done from a page");
    return reply.redirect(`${page}?done=${deed}`, 303);
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
        return done(reply, page, deed, textOfKey({ namespace, name }), sent.actor);
      },
    );
  }
  for (const deed of FLEET_DEEDS) {
    // A name with a dot, which no namespace has.
    app.post(`/status/all.${deed}`, { bodyLimit: FORM_BYTES }, async (request, reply) => {
      const sent = sentBy(request);
      OF_FLEET[deed](deps, sent);
      return done(reply, "/status", deed, "all", sent.actor);
    });
  }
}

function eventOf({ namespace, name }: ObjectKey, { field }: Sent): DriftTarget {
  return { namespace, event: field(EVENT_FIELD), of: name };
}

/** @throws ApiError 400 */
function confirmed(field: Sent["field"]): void {
  if (field(CONFIRMED_FIELD) === "yes") return;
  throw new ApiError(
    400,
    "this cannot be undone, and nothing was done yet: go back, tick the box that says that you have read it, and send it again",
  );
}
