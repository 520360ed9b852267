import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import {
  checkpointBody,
  readCheckpoint,
  readNote,
  readVerifierKey,
  type VerifierKey,
  verifierKeyText,
} from '../../shared/proof/note'
import { verifyProof, type WhyNotProved } from '../../shared/proof/verify'
import { readConfig } from '../core/config'
import { signCheckpoint } from '../proof/checkpoint'
import { publicKeyOf, sha256, verifyEd25519 } from '../proof/crypto'
import { makeLogKeys, readLogKeys, retireLogKeys, rotateLogKeys } from '../proof/keys'
import { openLogs } from '../proof/logs'
import { consistencyFile, publicLogs } from '../proof/prove'
import { cosign, keepCosignature } from '../proof/witness'
import { type Asked, type Command, tell } from './command'
import { clock, withDatabase } from './open'

const text = { type: 'string' } as const

export const proofCommands: Command[] = [
  {
    name: 'verify',
    takes: ['file'],
    options: { key: text },
    summary:
      'Checks a .tlog-proof without network and database; --key: verifier keys, or a file of them. Exits with 1 if it proves nothing.',
    run: verify,
  },
  {
    name: 'keys show',
    takes: [],
    options: {},
    summary: 'The verifier keys of every log, and the public keys in PEM: what is to be published.',
    run: keysShow,
  },
  {
    name: 'keys new',
    takes: [],
    options: {},
    summary: 'Makes the file MULIN_LOG_KEY_FILE with a first key, unless it is there.',
    run: ({ json }) => changeKeys(json, makeLogKeys),
  },
  {
    name: 'keys rotate',
    takes: [],
    options: {},
    summary: 'A new key in front; from here on it signs together with the old ones.',
    run: ({ json }) => changeKeys(json, rotateLogKeys),
  },
  {
    name: 'keys retire',
    takes: [],
    options: {},
    summary: 'Only the newest key goes on signing; the private halves of the others are destroyed.',
    run: ({ json }) => changeKeys(json, retireLogKeys),
  },
  {
    name: 'checkpoint',
    takes: [],
    options: {},
    summary: 'Seals what is committed and signs every log as it stands.',
    run: checkpoint,
  },
  {
    name: 'consistency',
    takes: ['old', 'new'],
    options: { log: text },
    summary:
      'The proof that the checkpoint of <new> leaves goes on from that of <old>, as a witness takes it (0: nothing seen yet).',
    run: consistency,
  },
  {
    name: 'witness',
    takes: ['request'],
    options: { name: text, key: text, log: text, seen: text },
    summary:
      'Cosigns a request of `mulin consistency`: --name of the witness, --key its PEM, --log the log’s verifier keys, --seen the file it remembers in.',
    run: witness,
  },
  {
    name: 'cosignature',
    takes: ['file'],
    options: {},
    summary: 'Keeps the line a witness answered with; its key must be in MULIN_LOG_WITNESSES.',
    run: cosignature,
  },
]

const SENTENCES: Record<WhyNotProved, string> = {
  FORM: 'This is no proof file.',
  KEY: 'None of these keys signed it.',
  SIGNATURE: 'A signature in it is wrong.',
  INCLUSION: 'What it carries is not in the log it names.',
  ANNEX: 'The lines in it are not those that were sealed.',
  NAME: 'The name in it is not the one that was sealed.',
}

async function verify({ positionals: [file = ''], values, json }: Asked): Promise<number> {
  const keys = await keysIn(values.key)
  const begun = performance.now()
  const { proved, whyNot } = await verifyProof(readFileSync(file, 'utf8'), keys, { sha256, verify: verifyEd25519 })
  const ms = Math.round((performance.now() - begun) * 10) / 10
  if (proved === null) {
    tell(json, { proved: false, whyNot, ms }, SENTENCES[whyNot])
    return 1
  }
  const { checkpoint: seen, leaf, index, name, witnesses } = proved
  tell(
    json,
    { proved: true, index, size: seen.size, origin: seen.origin, name, leaf, witnesses, ms },
    [
      `Proved: leaf ${index} of the ${seen.size} of ${seen.origin} (${ms} ms).`,
      ...(name === null ? [] : [`name: ${name}`]),
      ...Object.entries(leaf).map(
        ([field, value]) => `${field}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
      ),
      witnesses.length === 0
        ? 'No witness cosigned it: that the log shows everybody the same is its operator’s word.'
        : `Seen by ${witnesses.map((one) => one.name).join(', ')}.`,
    ].join('\n'),
  )
  return 0
}

/** Verifier keys one after the other, or a file with one a line. */
async function keysIn(given: string | boolean | undefined): Promise<VerifierKey[]> {
  if (typeof given !== 'string') return []
  const lines = existsSync(given) ? readFileSync(given, 'utf8') : given
  const keys = await Promise.all(lines.split(/\s+/).map((line) => readVerifierKey(line, sha256)))
  return keys.filter((one): one is VerifierKey => one !== null)
}

function keysShow({ json }: Asked): Promise<number> {
  return withDatabase(false, async ({ db, config }) => {
    const logs = await publicLogs(db, config.log)
    const pems = readLogKeys(config.log.keyFile).known.map((one) =>
      publicKeyOf(one).export({ type: 'spki', format: 'pem' }).toString(),
    )
    const vkeys = logs.flatMap((log) => log.keys.map(verifierKeyText))
    tell(json, { vkeys, pems }, [...vkeys, '', ...pems].join('\n'))
    return 0
  })
}

async function changeKeys(json: boolean, change: (file: string) => ReturnType<typeof makeLogKeys>): Promise<number> {
  const { keyFile } = readConfig().log
  const { signing, known } = change(keyFile)
  tell(
    json,
    { file: keyFile, signing: signing.length, known: known.length },
    `${keyFile}: ${signing.length} keys sign, ${known.length} are known.`,
  )
  return 0
}

function checkpoint({ json }: Asked): Promise<number> {
  return withDatabase(true, async ({ db, config, now }) => {
    const notes = []
    for (const log of await openLogs(db, config.log)) notes.push(await signCheckpoint(db, config.log, log, now()))
    tell(json, { notes }, notes.join('\n'))
    return 0
  })
}

function consistency({ positionals: [old = '', now = ''], values, json }: Asked): Promise<number> {
  return withDatabase(false, async ({ db, config }) => {
    const logs = await openLogs(db, config.log)
    const log = logs.find((one) => one.name === values.log) ?? (logs.length === 1 ? logs[0] : undefined)
    const request = log === undefined ? null : await consistencyFile(db, log.regionId, Number(old), Number(now))
    if (request === null) {
      console.error(
        log === undefined
          ? `--log: one of ${logs.map((one) => one.name).join(' ')}`
          : `${log.name}: no checkpoint of ${now} leaves, or ${old} is more`,
      )
      return 2
    }
    if (json) tell(true, { request }, '')
    else process.stdout.write(request)
    return 0
  })
}

async function witness({ positionals: [file = ''], values, json }: Asked): Promise<number> {
  const { name, key, log, seen } = values
  if (typeof name !== 'string' || typeof key !== 'string' || typeof seen !== 'string') {
    console.error('--name, --key and --seen are needed')
    return 2
  }
  const remembered = existsSync(seen) ? (JSON.parse(readFileSync(seen, 'utf8')) as Record<string, string>) : {}
  const request = readFileSync(file, 'utf8')
  const origin = readNote(request.slice(request.indexOf('\n\n') + 2))?.body.split('\n')[0] ?? ''
  const before = remembered[origin]
  const done = await cosign(
    request,
    before === undefined ? null : readCheckpoint(before),
    await keysIn(log),
    { name, keyPem: readFileSync(key, 'utf8') },
    clock(),
  )
  if (typeof done === 'string') {
    tell(json, { cosigned: false, why: done }, done)
    return 1
  }
  writeFileSync(seen, `${JSON.stringify({ ...remembered, [origin]: checkpointBody(done.checkpoint) }, null, 2)}\n`)
  if (json) tell(true, { cosigned: true, ...done, checkpoint: undefined }, '')
  else process.stdout.write(done.line)
  return 0
}

function cosignature({ positionals: [file = ''], json }: Asked): Promise<number> {
  return withDatabase(true, async ({ db, config }) => {
    const why = await keepCosignature(db, config.log, readFileSync(file, 'utf8'))
    tell(json, { kept: why === null, why }, why ?? 'Kept.')
    return why === null ? 0 : 1
  })
}
