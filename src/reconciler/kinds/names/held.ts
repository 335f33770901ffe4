import {
  type Address,
  LOAD_BALANCER,
  launchTemplateAddress,
  scalingGroupAddress,
  targetGroupAddress,
} from "../../../model/address.ts";
import type { HeldName } from "../../../model/held-name.ts";
import type { KindName } from "../../../model/kind-name.ts";
import { declaredAlarms } from "../alarm/declared.ts";
import { kindNamed } from "../registry.ts";
import type { WebServiceSpec } from "../web-service.ts";

/** The hash at the end of a name that we give, or an alarm's owner at its beginning: see names.ts. */
const GIVEN = /-[0-9a-f]{8}$|^[^/]+\/[^/]+\/[^/]+\//;

type Child = readonly [kind: KindName, address: Address, child: { readonly name?: string }];

/**
 * The names that a stored spec pins, but for those of policies, which are their groups' alone. Asked for every service, so
 * nothing is worked out but the names.
 */
export function heldNamesIn(spec: WebServiceSpec): HeldName[] {
  const { region } = spec;
  const groups = Object.entries(spec.autoScalingGroups);
  const children: Child[] = [
    ["loadBalancer", LOAD_BALANCER, spec.loadBalancer],
    ...Object.entries(spec.targetGroups).map(
      ([key, child]): Child => ["targetGroup", targetGroupAddress(key), child],
    ),
    ...groups.map(([key, child]): Child => ["autoScalingGroup", scalingGroupAddress(key), child]),
    ...groups.map(
      ([key, { launchTemplate }]): Child => [
        "launchTemplate",
        launchTemplateAddress(scalingGroupAddress(key)),
        launchTemplate,
      ],
    ),
    ...declaredAlarms(spec).map(({ address, alarm }): Child => ["alarm", address, alarm]),
  ];
  return children.flatMap(([kind, address, { name }]) =>
    name === undefined
      ? []
      : [
          {
            kind,
            title: kindNamed(kind).title,
            region,
            name,
            path: `spec.${address}.name`,
            isLikeGiven: GIVEN.test(name),
          },
        ],
  );
}
