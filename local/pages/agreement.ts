/** Stands in for the agreement that people accept before a first PIN: deployed, it is where `pages.consentUrl` says. */
import { html } from './html.ts'

export const agreementPage = (): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Sample agreement · local Latchkey</title>
</head>
<body>
<h1>Sample agreement</h1>
<p>Here stands what people agree to before they set a PIN. A deployed stage leads to its own: <code>pages.consentUrl</code>, of the agreement that <code>consent</code> names.</p>
</body>
</html>
`.text
