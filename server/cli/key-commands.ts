import { closeSync, openSync, readdirSync, readFileSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { dayOf } from '../../shared/core/time'
import { addKeys, pageOfKeys, type WrappedKey } from '../core/key-store'
import { keyProgress, rotateKeys, sweepKeys } from '../person/keys'
import { longestSetting } from '../region/settings'
import { type Asked, type Command, tell } from './command'
import { withDatabase } from './open'
import { newProgress } from './progress'

const PAGE = 1000
const DAY_MS = 86_400_000
const BACKUP = /^keys-(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)\d*Z\.ndjson$/

export const keyCommands: Command[] = [
  {
    name: 'person-keys show',
    takes: [],
    options: {},
    summary: 'How many persons’ keys are wrapped by which key-encryption key.',
    run: show,
  },
  {
    name: 'person-keys rotate',
    takes: [],
    options: {},
    summary: 'Wraps every person’s key with the first key of MULIN_KEK and sweeps away keys of nobody.',
    run: rotate,
  },
  {
    name: 'person-keys backup',
    takes: ['folder'],
    options: { keep: { type: 'string' } },
    summary:
      'Writes the wrapped keys into a file of their own and deletes such files older than --keep days (else the setting keyBackupDays).',
    run: backup,
  },
  {
    name: 'person-keys restore',
    takes: ['file'],
    options: {},
    summary: 'Puts back the keys of a backup that are missing, but of nobody who was erased.',
    run: restore,
  },
]

function show({ json }: Asked): Promise<number> {
  return withDatabase(false, async ({ db, config }) => {
    const progress = await keyProgress(db, config.keys)
    const lines = progress.byKek.map((one) => `${one.kekId}  ${one.keys}`)
    tell(json, progress, [`${progress.suite}: ${progress.keys} keys, ${progress.waiting} wait`, ...lines].join('\n'))
    return 0
  })
}

function rotate({ json }: Asked): Promise<number> {
  return withDatabase(true, async ({ db, config }) => {
    const { waiting } = await keyProgress(db, config.keys)
    const bar = newProgress('换钥', json)
    let done = 0
    const rewrapped = await rotateKeys(db, config.keys, { onKey: () => bar.step(++done, waiting) })
    const swept = await sweepKeys(db)
    bar.end()
    tell(json, { rewrapped, swept }, `${rewrapped} keys wrapped anew, ${swept} of nobody swept away.`)
    return 0
  })
}

function backup({ positionals: [folder = ''], values, json }: Asked): Promise<number> {
  const asked = values.keep === undefined ? null : Number(values.keep)
  if (asked !== null && (!Number.isInteger(asked) || asked < 1)) {
    console.error('--keep: days, a whole number from 1')
    return Promise.resolve(2)
  }
  return withDatabase(false, async ({ db, now }) => {
    const at = now()
    // after these days nobody who was erased can be read in any older backup
    const keep = asked ?? (await longestSetting(db, 'keyBackupDays', dayOf(at)))
    const file = join(folder, `keys-${at.toISOString().replace(/[:.]/g, '')}.ndjson`)
    const handle = openSync(file, 'wx', 0o600)
    let keys = 0
    try {
      for (let after = ''; ; ) {
        const page = await pageOfKeys(db, after, PAGE)
        for (const row of page) writeSync(handle, `${JSON.stringify(row)}\n`)
        keys += page.length
        const last = page.at(-1)
        if (last === undefined || page.length < PAGE) break
        after = last.personId
      }
    } finally {
      closeSync(handle)
    }
    const old = oldBackups(folder, at, keep)
    for (const name of old) unlinkSync(join(folder, name))
    tell(
      json,
      { file, keys, deleted: old },
      `${keys} keys in ${file}; ${old.length} backups were over and are deleted.`,
    )
    return 0
  })
}

/** By the time in their names: copying a file makes it look young. */
function oldBackups(folder: string, at: Date, keepDays: number): string[] {
  const before = new Date(at.getTime() - keepDays * DAY_MS)
  return readdirSync(folder).filter((name) => {
    const [, day, hour, minute] = BACKUP.exec(name) ?? []
    return day !== undefined && new Date(`${day}T${hour}:${minute}:00.000Z`) < before
  })
}

function restore({ positionals: [file = ''], json }: Asked): Promise<number> {
  const rows = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as WrappedKey)
  return withDatabase(true, async ({ db }) => {
    let restored = 0
    for (let from = 0; from < rows.length; from += PAGE) {
      const page = rows.slice(from, from + PAGE)
      restored += await db.$transaction(async (tx) => {
        const known = await tx.person.findMany({
          where: { id: { in: page.map((one) => one.personId) }, erasedAt: null },
          select: { id: true },
        })
        const living = new Set(known.map((one) => one.id))
        const wanted = page.filter((one) => living.has(one.personId))
        await addKeys(tx, wanted)
        return wanted.length
      })
    }
    tell(json, { read: rows.length, restored }, `${rows.length} keys read, ${restored} belong to somebody here.`)
    return 0
  })
}
