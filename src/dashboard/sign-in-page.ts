import type { SignInModel } from "../model/status-page.ts";
import { html } from "./html.ts";
import { opening } from "./page.ts";

/** The form for a token: a page without scripts, so that a browser's password manager finds its way. */
export function signInPage({ version, next, problem }: SignInModel): string {
  return html`${opening({ title: "Sign in · Holdfast", assets: "/sign-in/assets" })}
</head>
<body>
<main id="main" class="sign-in">
<h1><img src="/sign-in/assets/mark.svg" alt="" width="28" height="28">Holdfast</h1>
<form method="post" action="/sign-in" class="panel">
${problem !== undefined && html`<p class="problem" role="alert" id="problem">${problem}</p>`}
<input type="hidden" name="next" value="${next}">
<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required autofocus${problem !== undefined && html` aria-invalid="true" aria-describedby="problem"`}>
<button type="submit">Sign in</button>
<p class="note">One of the tokens in the file that the daemon was started with (<code>--token-file</code>). Signed in already? <a href="${next}">Go on</a>.</p>
</form>
</main>
<footer class="foot"><p>Holdfast ${version}</p></footer>
</body>
</html>
`.text;
}
