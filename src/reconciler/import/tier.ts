/** From a load balancer or a group that runs to the manifest of everything that belongs to it. Reads, and stores nothing. */
import { InvalidSpecError } from "../../model/errors.ts";
import type { ImportedManifest, ImportRequest } from "../../model/import.ts";
import { API_VERSION } from "../../model/object.ts";
import { iso } from "../../model/time.ts";
import type { Clock, CloudForRegion } from "../../ports.ts";
import { admit } from "../kinds/admission.ts";
import { required } from "../kinds/required.ts";
import { readingOnly } from "../narrow-clouds.ts";
import { readerOf } from "../observe.ts";
import { fitted } from "./fitting.ts";
import { alarmsNear } from "./near-alarms.ts";
import { neighbourhoodOf } from "./neighbourhood.ts";
import { keysOf, placesOf } from "./places.ts";
import { readAlarmTags, readDetails, readSurroundings } from "./read.ts";

export interface ImportDependencies {
  readonly cloudFor: CloudForRegion;
  readonly clock: Clock;
}

/**
 * @throws NothingToImportError what it begins with is not there
 * @throws InvalidSpecError what must be decided first, or what no spec can hold
 * @throws CloudError AWS could not be read
 */
export async function importTier(
  { cloudFor, clock }: ImportDependencies,
  request: ImportRequest,
  signal: AbortSignal,
): Promise<ImportedManifest> {
  const reader = readerOf(readingOnly(cloudFor(request.region)), () => clock.nowMs(), signal);
  const around = await readSurroundings(reader, request);
  const near = neighbourhoodOf(around, request);
  if (near.faults.length > 0) throw new InvalidSpecError(near.faults);
  const keys = keysOf(near);
  const details = await readDetails(reader, around, near);
  const { dimension } = placesOf(around.loadBalancer, keys, []);
  const alarms = alarmsNear(around.alarms, {
    isOurs: (name, value) => dimension(name, value) !== undefined,
    policies: [...details.groups.values()].flatMap(({ policies }) => policies),
    choices: near.choices,
  });
  const alarmTags = await readAlarmTags(
    reader,
    alarms.held.map(({ AlarmArn }) => required(AlarmArn, "AlarmArn")),
  );
  const drafted = {
    region: request.region,
    around,
    near,
    keys,
    details,
    alarms: alarms.held,
    alarmTags,
    vetoes: new Map<string, string>(),
    nowMs: reader.nowMs(),
  };
  const { spec, notCompared, neighbours } = fitted(drafted, admit);
  return {
    apiVersion: API_VERSION,
    kind: "WebService",
    metadata: { name: request.key.name, namespace: request.key.namespace },
    spec,
    status: {
      import: {
        from: required(around.loadBalancer.LoadBalancerArn, "LoadBalancerArn"),
        readAt: iso(reader.nowMs()),
        notCompared,
        neighbours: [...near.neighbours, ...neighbours, ...alarms.told],
        unread: details.unread,
      },
    },
  };
}
