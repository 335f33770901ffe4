/** What the simulated account promises to do with the calls of Systems Manager as AWS does, and where AWS says so. */
import { type Behaviour, documented } from "../account/documented.ts";

const API = "https://docs.aws.amazon.com/systems-manager/latest/APIReference";
const GUIDE = "https://docs.aws.amazon.com/systems-manager/latest/userguide";

export const SSM_BEHAVIOURS: readonly Behaviour[] = documented("ssm", "ssm", [
  [
    "selectors",
    "A parameter is asked for by its name or its ARN, and with :<version> behind it that version is answered; a version that is not there is ParameterVersionNotFound.",
    `${API}/API_GetParameter.html`,
  ],
  [
    "overwrite",
    "A parameter that is there is written again only with Overwrite, and gets the next version then.",
    `${API}/API_PutParameter.html`,
  ],
  ["versions", "A parameter has at most 100 versions.", `${GUIDE}/sysman-paramstore-versions.html`],
  [
    "reserved-names",
    "Nobody but Amazon makes a parameter whose name begins with aws or ssm.",
    `${GUIDE}/sysman-parameter-name-constraints.html`,
  ],
  [
    "image-type",
    "The data type aws:ec2:image takes the id of an image and nothing else.",
    `${GUIDE}/parameter-store-ec2-aliases.html`,
  ],
  [
    "image-parameters",
    "Amazon keeps the ids of its newest images in public parameters below /aws/service/, whose ARNs name no account.",
    `${GUIDE}/parameter-store-public-parameters-ami.html`,
  ],
]);
