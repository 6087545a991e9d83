import { passwordPath } from '../places.ts'
import type { Where } from './connection.ts'

// What the shell is asked. A script is constant text: what differs comes as JSON in its environment.

export type Question =
  | { ask: 'hello' }
  /** How many documents each collection has, about: what the server itself keeps count of. */
  | { ask: 'estimates' }
  /** Every collection with all that can be known of it. Writers wait for it: never asked of a live server. */
  | { ask: 'everything' }
  /** Of each of these how many documents it has; null where there is none. */
  | { ask: 'counts'; collections: { database: string; name: string }[] }
  | { ask: 'shutdown' }

export const questionVariable = 'ZARPE_QUESTION'

export const asked = (where: Where, question: Question): string =>
  `${questionVariable}=${JSON.stringify({ where, ...question })}`

/** Stands before the answer, among whatever else the shell has to say. */
export const answerMark = 'zarpe-answer:'

/** The one script, for mongosh. Databases that a server keeps for itself are left out. */
export const script = `const fs = require('fs')
const crypto = require('crypto')
const question = JSON.parse(process.env.${questionVariable})
const { host, port, user } = question.where
const connection = new Mongo('mongodb://' + host + ':' + port + '/?directConnection=true')
const admin = connection.getDB('admin')
if (user !== null) {
  const password = JSON.parse(fs.readFileSync('${passwordPath}', 'utf8').slice('password: '.length))
  admin.auth(user, password)
}
const digest = (value) => crypto.createHash('sha256').update(EJSON.stringify(value)).digest('hex')
const sorted = (list, key) => list.sort((a, b) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0))
const databases = () =>
  admin.runCommand({ listDatabases: 1, nameOnly: true }).databases.map((each) => each.name)
    .filter((name) => name !== 'local' && name !== 'config').sort()
const collections = (database) =>
  sorted(connection.getDB(database).getCollectionInfos(), 'name')
    .filter((each) => !each.name.startsWith('system.'))
const estimates = () =>
  databases().flatMap((database) =>
    collections(database).filter((each) => each.type !== 'view').map((each) => ({
      database,
      name: each.name,
      documents: connection.getDB(database).getCollection(each.name).estimatedDocumentCount(),
    })))
const bucketsOf = (timeSeries) => 'system.buckets.' + timeSeries
const everything = () =>
  databases().flatMap((database) => {
    const hashes = connection.getDB(database).runCommand({ dbHash: 1 })
    if (hashes.ok !== 1) throw new Error('dbHash of a database failed')
    return collections(database).map((each) => {
      const collection = connection.getDB(database).getCollection(each.name)
      const isView = each.type === 'view'
      const indexes = isView ? [] : sorted(collection.getIndexes(), 'name')
      return {
        database,
        name: each.name,
        type: each.type,
        documents: isView ? 0 : collection.countDocuments({}),
        md5: isView ? null : (hashes.collections[each.name] ?? hashes.collections[bucketsOf(each.name)] ?? null),
        definitionSha256: digest({ options: each.options, indexes }),
      }
    })
  })
const logins = () => {
  const found = ['system.users', 'system.roles'].map((name) =>
    sorted(admin.getCollection(name).find({}).toArray(), '_id')
      .map((each) => ({ _id: each._id, roles: each.roles, privileges: each.privileges, credentials: each.credentials })))
  return { count: found[0].length, sha256: digest(found) }
}
const answers = {
  hello: () => {
    const hello = admin.runCommand({ hello: 1 })
    return { version: admin.version(), replicaSet: hello.setName ?? null }
  },
  estimates,
  everything: () => ({ collections: everything(), logins: logins() }),
  counts: () =>
    question.collections.map(({ database, name }) => {
      const isThere = collections(database).some((each) => each.name === name)
      return isThere ? connection.getDB(database).getCollection(name).countDocuments({}) : null
    }),
  shutdown: () => {
    try { admin.shutdownServer() } catch (error) { /* it hangs up instead of answering */ }
    return null
  },
}
print('${answerMark}' + JSON.stringify(answers[question.ask]()))
`
