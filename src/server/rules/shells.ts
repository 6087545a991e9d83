import { paths } from '../paths.ts'
import { missingPackages, type Rule, wantedFile } from './rule.ts'

const idleSeconds = 1_800

// Only at the prompt of a login: a program that runs there runs on, and what is kept open on
// purpose, in tmux or screen, stays. Neither exported nor fixed: scripts don't see it, and whoever
// must can switch it off with TMOUT=0.
const content = `# Written by zarpe setup.
case "$-" in
  *i*) [ -n "$TMUX$STY" ] || TMOUT=${idleSeconds} ;;
esac
`

/** SSH takes no password, but the console of a hoster does, and so does sudo. */
export const shells: Rule = {
  id: 'shells',
  why: 'a shell that was left open closes after half an hour',
  wanted: (facts) => [
    ...missingPackages(
      facts,
      ['libpam-pwquality'],
      'no password that is soon guessed, for sudo or the console of the hoster',
    ),
    ...wantedFile(facts, { path: paths.shells, content, mode: '0644' }, shells.why),
  ],
}
