/** Deeds that scenarios ask for, and that the seeds do not draw: what a seed tells would else be another history. */
import type { AwsCall, Deed } from "./saboteur.ts";

const elb = (operation: string, input: object): AwsCall => ["elasticloadbalancing", operation, input];

export const RARE_DEEDS = {
  "adds a certificate to the list": ({ listeners }, pick) => {
    const it = pick(listeners.filter((item) => item.it.Protocol === "HTTPS"));
    const Certificates = [{ CertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/def-456" }];
    return [it && elb("AddListenerCertificates", { ListenerArn: it.it.ListenerArn, Certificates })];
  },
} satisfies Record<string, Deed>;

export type RareDeedName = keyof typeof RARE_DEEDS;
