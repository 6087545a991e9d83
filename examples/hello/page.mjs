const escape = (text) => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** The one page there is. */
export const page = ({ version, release, container }) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Hello</title>
<link rel="stylesheet" href="/style.css">
<h1>Hello from the harbour</h1>
<p>This page is served by one of two containers behind the edge.</p>
<dl>
  <dt>Version</dt><dd>${escape(version)}</dd>
  <dt>Release</dt><dd>${escape(release)}</dd>
  <dt>Container</dt><dd>${escape(container)}</dd>
</dl>
</html>
`

/** A file of its own: the page's Content-Security-Policy in zarpe.yml allows no style inside it. */
export const style = `body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 18vh auto; padding: 0 1rem;
  color: #1d2b3a; background: #f4f8fb }
h1 { font-size: 2.6rem; margin: 0 }
dl { display: grid; grid-template-columns: 7rem 1fr; gap: .3rem 1rem }
dt { color: #5b7186 } dd { margin: 0; font-family: ui-monospace, monospace }
`
