/**
 * User data: mostly a text, and sometimes none, such as an archive that cloud-init unpacks
 * (docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html). AWS has both in base64.
 */

/** Begins what stands for bytes that are no text. No text of a spec holds this character. */
const BYTES = "\u0000base64:";

interface UserDataSpec {
  readonly userData?: string;
  readonly userDataBase64?: string;
}

/** What is behind the digest that is compared: the text, or what stands for the bytes. */
export function userDataBehind({ userData, userDataBase64 }: UserDataSpec): string | undefined {
  return userDataBase64 === undefined ? userData : userDataIn(userDataBase64);
}

/** The same of what AWS answers with. */
export function userDataIn(encoded: string): string {
  const bytes = Buffer.from(encoded, "base64");
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) ? text : `${BYTES}${bytes.toString("base64")}`;
}

/** As AWS takes it. */
export function encodedUserData(behind: string): string {
  return behind.startsWith(BYTES)
    ? behind.slice(BYTES.length)
    : Buffer.from(behind, "utf8").toString("base64");
}

/** As a spec has it: legible where it can be. */
export function userDataPart(encoded: string): UserDataSpec {
  const behind = userDataIn(encoded);
  return behind.startsWith(BYTES) ? { userDataBase64: behind.slice(BYTES.length) } : { userData: behind };
}
