/** How services that know each other in a circle are put together. */
import type { Parts } from "../services.ts";

/**
 * Parts to hand to the services while they are built. To read one before `bind` has been called is a bug of ours,
 * and throws.
 */
export function lateBound(): { readonly parts: Parts; readonly bind: (built: Parts) => void } {
  let all: Parts | undefined;
  const read = <Name extends keyof Parts>(name: Name): Parts[Name] => {
    if (all === undefined) throw new Error(`'${name}' was read before the account was complete`);
    return all[name];
  };
  return {
    parts: {
      get ec2() {
        return read("ec2");
      },
      get elb() {
        return read("elb");
      },
      get autoScaling() {
        return read("autoScaling");
      },
      get cloudWatch() {
        return read("cloudWatch");
      },
      get load() {
        return read("load");
      },
      get ssm() {
        return read("ssm");
      },
      get acm() {
        return read("acm");
      },
      get iam() {
        return read("iam");
      },
      get sns() {
        return read("sns");
      },
      get sqs() {
        return read("sqs");
      },
      get events() {
        return read("events");
      },
    },
    bind: (built) => {
      all = built;
    },
  };
}
