import type { Place, ProblemData } from '../problem/problem.ts'

// Everything that a contract or a value can do wrong, in words. No value is ever handed to these.

export const syntax = (text: string, place: Place): ProblemData => ({
  code: 'contract/syntax',
  summary: 'A line of the environment contract cannot be read.',
  detail: `${text.charAt(0).toUpperCase()}${text.slice(1)}.`,
  place,
  fix: ['See docs/reference/contract.md for the syntax.'],
})

export const unknownDecorator = (name: string, place: Place, why: string): ProblemData => ({
  code: 'contract/unknown-decorator',
  summary: 'The environment contract has a decorator that means nothing there.',
  detail: `\`@${name}\` ${why}.`,
  place,
  fix: ['Correct its spelling or remove it; docs/reference/contract.md lists every one.'],
})

export const refusedFeature = (name: string, why: string, place: Place): ProblemData => ({
  code: 'contract/not-honoured',
  summary: 'The environment contract asks for something that Zarpe cannot honour.',
  detail: `\`@${name}\`: ${why}.`,
  place,
  fix: [`Remove \`@${name}\`.`],
})

export const badType = (variable: string, mistake: string, place: Place): ProblemData => ({
  code: 'contract/bad-type',
  summary: 'The type of a variable is not usable.',
  detail: `\`${variable}\`: ${mistake}.`,
  place,
  fix: ['docs/reference/contract.md lists every type with its options.'],
})

export const notEvaluated = (
  what: string,
  names: string[],
  place: Place,
  fix: string,
): ProblemData => ({
  code: 'contract/not-evaluated',
  summary: 'The environment contract uses a function that Zarpe does not evaluate.',
  detail: `${what} uses ${names.map((name) => `${name}()`).join(', ')}, so it cannot be known here.`,
  place,
  fix: [fix],
})

export const twice = (variable: string, line: number, place: Place): ProblemData => ({
  code: 'contract/twice',
  summary: 'A variable stands in the environment contract twice.',
  detail: `\`${variable}\` is in line ${line} already.`,
  place,
  fix: ['Remove one of the two.'],
})

export const secretDefault = (variable: string, place: Place): ProblemData => ({
  code: 'contract/secret-default',
  summary: 'A secret has a default in the environment contract.',
  detail: [
    `\`${variable}\` is a secret by its decorator, its type or its name, and what a committed file holds`,
    'is known to many; a release that lacks a value of its own would use that one without a word.',
  ].join(' '),
  place,
  fix: [`Write ${variable}= without a value, or mark it @public if it is no secret.`],
})

export const missingValue = (
  variable: string,
  expected: string,
  at: { place: Place; file: string; environment: string; why: string; generates: boolean },
): ProblemData => ({
  code: 'contract/missing-value',
  summary: 'A required variable has no value.',
  detail: `\`${variable}\` must be set in ${at.environment}: expected is ${expected}.${at.why}`,
  place: at.place,
  fix: [
    ...(at.generates ? [`zarpe env generate ${variable} --env ${at.environment}`] : []),
    `zarpe env set ${variable} --env ${at.environment}    # or in ${at.file}: ${variable}=…`,
  ],
})

export const badValue = (
  variable: string,
  wrong: string,
  expected: string,
  at: { place: Place; declared: Place; more: string[]; generates: boolean; environment: string },
): ProblemData => ({
  code: 'contract/bad-value',
  summary: 'A value is not what the environment contract says.',
  detail: `\`${variable}\`: ${wrong}. Expected is ${expected} (${at.declared.file}:${at.declared.line}).`,
  place: at.place,
  fix: [
    ...(at.place.file.endsWith('.age')
      ? encryptedFix(variable, at.environment, at.generates)
      : plainFix(variable, at.environment, at.generates)),
    ...at.more,
  ],
})

const plainFix = (variable: string, environment: string, generates: boolean) => [
  `zarpe env set ${variable} --env ${environment}    # with another value`,
  ...(generates ? [`Or remove it, then: zarpe env generate ${variable} --env ${environment}`] : []),
]

const encryptedFix = (variable: string, environment: string, generates: boolean) => [
  `zarpe secrets set ${variable} --env ${environment}    # with another value`,
  ...(generates ? [`zarpe secrets rotate ${variable} --generate --env ${environment}`] : []),
]

export const placeholderValue = (variable: string, place: Place): ProblemData => ({
  code: 'contract/placeholder',
  summary: 'A secret holds a word that stands for a value.',
  detail: `\`${variable}\` was never filled in; everybody can guess what it holds.`,
  place,
  fix: [`Set ${variable} to its real value.`],
})

export const notServed = (
  variable: string,
  element: number,
  served: string[],
  place: Place,
): ProblemData => ({
  code: 'contract/not-served',
  summary: 'A list of hosts names one that no route serves.',
  detail: `Element ${element} of \`${variable}\` is none of the domains of this environment: ${served.join(', ')}.`,
  place,
  fix: [
    'Correct the host, or add a route for it in zarpe.yml.',
    `If it is another product's, name it in .env.schema: also=[…] in the type of ${variable}`,
  ],
})

export const hostMissing = (
  variable: string,
  domain: string,
  service: string,
  place: Place,
): ProblemData => ({
  code: 'contract/host-missing',
  summary: 'A list of hosts lacks a domain that leads to the app.',
  detail: `The route of ${domain} leads to "${service}", which has \`${variable}\` and would refuse every request for it.`,
  place,
  fix: [`Add ${domain} to ${variable}.`],
})

export const noService = (
  variable: string,
  services: string[],
  hasElsewhere: boolean,
  place: Place,
): ProblemData => ({
  code: 'contract/no-service',
  summary: 'A URL leads to a host that no service has.',
  detail: `The host in \`${variable}\` has no dot, so it must be a service of the Compose file: ${services.join(', ')}.`,
  place,
  fix: [
    'Correct the host.',
    hasElsewhere
      ? `If DNS knows it without a dot, say so in .env.schema: elsewhere=true in the type of ${variable}`
      : `If DNS knows it without a dot, declare ${variable} as string in .env.schema.`,
  ],
})

export const ownContainer = (variable: string, place: Place): ProblemData => ({
  code: 'contract/own-container',
  summary: 'A URL leads to the container that uses it.',
  detail: `The host in \`${variable}\` is this machine, and in a container that is the container alone, not the server.`,
  place,
  fix: ['Write the name of the service that is meant.'],
})

export const wrongPort = (
  variable: string,
  service: string,
  ports: number[],
  place: Place,
): ProblemData => ({
  code: 'contract/wrong-port',
  summary: 'A URL leads to a port on which the service does not listen.',
  detail: `\`${variable}\` leads to "${service}", whose Compose definition tells of ${ports.join(', ')}.`,
  place,
  fix: ['Correct the port, or add it to `expose` of the service.'],
})

export const strayValue = (variable: string, declared: string): string =>
  `${variable} is not in the contract; did you mean ${declared}?`
