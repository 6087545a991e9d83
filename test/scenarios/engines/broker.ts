import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../../scripts/bundle.ts'
import { inside } from '../../../src/lab/vps.ts'
import { inService, onServer, project, server } from './shelf.ts'

/** What the test's broker is told, with names and kinds that are easily lost. */
export const brokerFixture = readFileSync(
  join(root, 'test', 'fixtures', 'engines', 'broker.json'),
  'utf8',
)

/** Where restores keep definitions on the server. */
export const keptFolder = `/var/lib/zarpe/projects/${project}/definitions`

export const ctl = (script: string, input?: string) => inService('mq', script, input)

const asked = [
  '[{amqqueue:get_name(Q), amqqueue:get_type(Q), amqqueue:get_arguments(Q)} || Q <- rabbit_amqqueue:list()]',
  'rabbit_auth_backend_internal:list_permissions()',
  'rabbit_binding:list_explicit()',
  'rabbit_policy:list()',
  'rabbit_runtime_parameters:list()',
  '[element(1, rabbit_access_control:check_user_pass_login(<<"reader">>, <<"read it">>))]',
  'rabbit_vhost:list_names()',
]

/** What the broker itself knows, past any export. Each program of it takes a second: one asks for all. */
export const brokerState = async () => {
  const printed = await ctl(
    `rabbitmqctl eval '[lists:sort(Each) || Each <- [${asked.join(', ')}]].'`,
  )
  return printed.replaceAll(/\s+/g, '')
}

/** Somebody gives more rights, another password, and a virtual host that no backup has. */
export const brokerChange = `rabbitmqctl eval '
  rabbit_auth_backend_internal:set_permissions(<<"reader">>, <<"/">>, <<".*">>, <<".*">>, <<".*">>, <<"test">>),
  rabbit_auth_backend_internal:change_password(<<"reader">>, <<"other">>, <<"test">>),
  rabbit_vhost:add(<<"since">>, <<"test">>).'`

type Definitions = Record<string, Record<string, unknown>[]>

/** Lets a copy hold other definitions, as its catalogue then says too; its manifest tells what it held. */
const forgeScript = `
copy=$(find /var/backups/zarpe/$2 -name "$1.tar"); manifest="\${copy%.tar}.json"; entry=/var/lib/zarpe/projects/$2/backups/$1.json
rm -rf /root/forged /root/kept; mkdir /root/forged /root/kept; cp "$copy" "$manifest" /root/kept; cp "$entry" /root/kept/entry
cat > /root/forged/definitions.json
tar --create --file "$copy" --directory /root/forged .
sum=$(sha256sum < "$copy" | cut -d' ' -f1); size=$(stat -c %s "$copy")
sed --in-place "0,/\\"sha256\\": \\"[0-9a-f]*\\"/s//\\"sha256\\": \\"$sum\\"/; 0,/\\"bytes\\": [0-9]*/s//\\"bytes\\": $size/" "$manifest"
sed --in-place "s/\\"sha256\\": \\"[0-9a-f]*\\"/\\"sha256\\": \\"$sum\\"/; s/\\"bytes\\": [0-9]*/\\"bytes\\": $size/
  s/\\"manifestSha256\\": \\"[0-9a-f]*\\"/\\"manifestSha256\\": \\"$(sha256sum < "$manifest" | cut -d' ' -f1)\\"/" "$entry"`

const healScript = `
copy=$(find /var/backups/zarpe/$2 -name "$1.tar"); mv /root/kept/entry /var/lib/zarpe/projects/$2/backups/$1.json
mv /root/kept/* "\${copy%/*}"; rm -r /root/forged /root/kept`

/** Takes a queue from a copy and lets a user do more, for as long as `act` takes: its manifest alone can tell. */
export const forged = async (id: string, act: () => Promise<void>) => {
  const copy = await onServer(`find /var/backups/zarpe/${project} -name ${id}.tar`)
  const text = await onServer(`tar --extract --to-stdout --file ${copy} ./definitions.json`)
  const definitions = JSON.parse(text) as Definitions
  definitions['queues']!.pop()
  definitions['permissions']![0]!['write'] = 'anything'
  const run = async (script: string, input = '') => {
    const { code, stderr } = await inside(server, ['sh', '-euc', script, 'sh', id, project], {
      input,
    })
    if (code !== 0) throw new Error(stderr)
  }
  await run(forgeScript, JSON.stringify(definitions))
  try {
    await act()
  } finally {
    await run(healScript)
  }
}
