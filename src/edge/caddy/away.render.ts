import type { EdgeApp } from '../model.ts'
import { literally } from './literal.ts'

/** What the edge answers itself when nobody behind it does: an app that is down, being restored, or not reached. */

/** Seconds. Longer than most restarts take, shorter than anybody's patience. */
const retryAfter = '10'

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="${retryAfter}">
<title>Back in a moment</title>
<h1>Back in a moment</h1>
<p>This site does not answer just now. This page tries again by itself.</p>
</html>
`

const common = {
  'Retry-After': [retryAfter],
  // Nobody between here and the browser may keep it: it is over in a moment.
  'Cache-Control': ['no-store'],
  'X-Content-Type-Options': ['nosniff'],
}

const answer = (type: string, body: string) => [
  {
    handler: 'static_response',
    status_code: '{http.error.status_code}',
    headers: { ...common, 'Content-Type': [`${type}; charset=utf-8`] },
    body,
  },
]

/** Only where the edge itself found nobody: an error that an app has answered goes through as it is. */
const nobodyThere = { expression: '{http.error.status_code} in [502, 503, 504]' }

const toBrowsers = { ...nobodyThere, header: { Accept: ['*text/html*'] } }

/** The variable of a request that says whose page its sender gets if nobody answers it. */
const pageOf = 'zarpe_page_of'

/** Marks a request for an app that has a page of its own; error routes know no more of what was asked for. */
export const marksPage = ({ project, maintenancePage }: EdgeApp) =>
  maintenancePage === undefined ? [] : [{ handler: 'vars', [pageOf]: project }]

const ownPages = (apps: EdgeApp[]) =>
  apps
    .toSorted((left, right) => (left.project < right.project ? -1 : 1))
    .flatMap(({ project, maintenancePage }) =>
      maintenancePage === undefined
        ? []
        : [
            {
              match: [{ ...toBrowsers, vars: { [pageOf]: [project] } }],
              handle: answer('text/html', literally(maintenancePage)),
              terminal: true,
            },
          ],
    )

/**
 * Routes for requests that could not be handed on. 503 (no task), 502 (none that could be reached) and 504 come with
 * `Retry-After` (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after), which crawlers and clients honour.
 */
export const whileAway = (apps: EdgeApp[]) => [
  ...ownPages(apps),
  { match: [toBrowsers], handle: answer('text/html', page), terminal: true },
  {
    match: [nobodyThere],
    handle: answer('text/plain', 'This site does not answer just now; try again in a moment.\n'),
    terminal: true,
  },
]
